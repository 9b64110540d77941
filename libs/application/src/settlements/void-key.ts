import {
  decodeVoidEvent,
  encodeVoidEvent,
  type SettlementKeyVoided,
  settlementVoid,
  type VoidFacts,
  type VoidSettlementKey,
  type VoidState,
  voidStream,
} from '#libs/medical-account';
import { citedFacts, type FactSources } from '../accounts/account-facts';
import { findPosting } from '../accounts/postings';
import { answerOf, refused } from '../answers';
import type { Answer, UndoAnswer } from '../engine';
import type { Tracing } from '../envelope';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Gathered } from '../streams/request';
import { undoAnswerOf } from './settlement-view';

export type VoidOrder = Readonly<{
  institutionCode: string;
  serial: string;
  voidedKey: string;
  voidedSerial: string;
  key: string;
  commandHash: string;
  note: string | null;
  tracing: Tracing;
}>;
export type KeyVoider = Readonly<{ voidKey: (order: VoidOrder) => Promise<Answer<UndoAnswer> | 'settledMeanwhile'> }>;

/** Takes a key under which nothing stands, so that nothing can settle under it any more. Idempotency: by the reversal's own serial. */
export const keyVoider = (parts: StreamParts, institutionAt: FactSources['institutionAt']): KeyVoider => {
  const runner = new CommandRunner<VoidSettlementKey, SettlementKeyVoided, VoidState, Readonly<{ code: string }>, VoidFacts>({
    ...parts,
    cacheBytes: 1_000_000,
    aggregate: { decider: settlementVoid, decode: decodeVoidEvent, encode: { event: encodeVoidEvent }, sizeOf: () => 1_000 },
  });

  const voidKey: KeyVoider['voidKey'] = async ({ institutionCode, serial, voidedKey, voidedSerial, key, commandHash, note, tracing }) => {
    const stream = voidStream(institutionCode, voidedSerial);
    const command: VoidSettlementKey = { type: 'VoidSettlementKey', data: { key, commandHash, institutionCode, serial, voidedKey, note } };
    const gather = async ({ voided }: VoidState, decidedAt: string): Promise<Gathered<VoidFacts>> => {
      const [{ facts: institution, revision }, own] = await Promise.all([
        institutionAt(institutionCode, { judgedAt: decidedAt, isNow: true, operatorCode: null, terminalCode: null }),
        voided ? undefined : findPosting(parts.store, key),
      ]);
      const facts: VoidFacts = { decidedAt, institution, postings: own ? [own] : [] };
      const claims = [...new Set([key, voidedKey])].map((claimed) => ({ key: claimed, commandHash }));
      return { facts, recordedFacts: citedFacts(facts, { institution: revision }), claims };
    };
    const outcome = await runner.run({ stream, key, command, gather, tracing, lane: 'interactive' });
    if (outcome.kind === 'claimTaken') return outcome.key === voidedKey ? 'settledMeanwhile' : refused([{ code: 'serial-already-used' }]);
    if (outcome.kind === 'refused' && outcome.refusals[0].code === 'settlement-key-voided') {
      const { state } = await runner.load(stream);
      return refused([
        { code: 'settlement-key-already-voided', serial: voidedSerial, firstAt: state.voided?.decidedAt ?? outcome.decidedAt },
      ]);
    }
    return answerOf(
      outcome,
      async ([event]) => undoAnswerOf(event),
      async (original) => undoAnswerOf(original),
    );
  };
  return { voidKey };
};
