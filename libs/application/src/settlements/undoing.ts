import type { Recorded } from '#libs/kernel';
import { type CancelSettlement, type MedicalAccountEvent, type ReverseSettlement, settlementKey } from '#libs/medical-account';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRequest, type AccountRunner, accountIdOf, poolingAreaOf } from '../accounts/account-streams';
import { findPosting } from '../accounts/postings';
import { answerOf, refused } from '../answers';
import type { Answer, CancellationOrder, ReversalOrder, UndoAnswer } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { SettleHandOvers } from '../persons/hand-overs';
import { commandHash } from '../streams/command-identity';
import type { Attempts } from './attempts';
import { undoAnswerOf } from './settlement-view';
import type { KeyVoider } from './void-key';

export type UndoingParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  factsFor: FactsFor;
  attempts: Attempts;
  voider: KeyVoider;
  secret: Uint8Array;
  settle: SettleHandOvers;
}>;

/** Cancellations and reversals: they go to the account that holds their target, which its claim tells. */
export class Undoing {
  constructor(private readonly parts: UndoingParts) {}

  /** Idempotency: institution and the cancellation's own serial. A refusal is kept as an attempt. */
  async cancel(order: CancellationOrder, tracing: Tracing): Promise<Answer<UndoAnswer>> {
    const { targetSerial, ...same } = order;
    const { institutionCode, serial, reason, amountFen, fundReturnedFen } = order;
    if (serial === targetSerial) return refused([{ code: 'serial-already-used' }]);
    const targetKey = settlementKey(institutionCode, targetSerial);
    const stream = await this.accountOf(targetKey);
    if (stream === undefined) return refused([{ code: 'settlement-not-found', institutionCode, serial: targetSerial }]);
    const says = ['CancelSettlement', institutionCode, serial, targetSerial, reason, amountFen, fundReturnedFen];
    const own = { key: settlementKey(institutionCode, serial), commandHash: commandHash(this.parts.secret, says) };
    return this.run(stream, { type: 'CancelSettlement', data: { ...own, ...same, settlementKey: targetKey } }, tracing);
  }

  /** Of a settlement, of a cancellation, or of a key that nothing stands under. Idempotency: institution and the reversal's own serial. */
  async reverse(order: ReversalOrder, tracing: Tracing): Promise<Answer<UndoAnswer>> {
    const { targetSerial, ...same } = order;
    const { institutionCode, serial, note } = order;
    if (serial === targetSerial) return refused([{ code: 'serial-already-used' }]);
    const targetKey = settlementKey(institutionCode, targetSerial);
    const says = ['ReverseSettlement', institutionCode, serial, targetSerial];
    const own = { key: settlementKey(institutionCode, serial), commandHash: commandHash(this.parts.secret, says) };
    for (;;) {
      const stream = await this.accountOf(targetKey);
      if (stream !== undefined) return this.run(stream, { type: 'ReverseSettlement', data: { ...own, ...same, targetKey } }, tracing);
      const voided = { voidedKey: targetKey, voidedSerial: targetSerial };
      const answer = await this.parts.voider.voidKey({ ...own, ...voided, institutionCode, serial, note, tracing });
      if (answer !== 'settledMeanwhile') return answer;
    }
  }

  /** The account stream on which something stands under a key; undefined: nothing, or nothing any more. */
  private async accountOf(targetKey: string): Promise<string | undefined> {
    const target = await findPosting(this.parts.reader, targetKey);
    return target && target.original.type !== 'SettlementKeyVoided.v1' ? target.original.stream : undefined;
  }

  private async sendOn(stream: string, tracing: Tracing): Promise<void> {
    const { state } = await this.parts.accounts.load(stream);
    if (state.succession.handOvers.length > 0) await this.parts.settle(accountIdOf(stream), tracing);
  }

  private async run(stream: string, command: CancelSettlement | ReverseSettlement, tracing: Tracing): Promise<Answer<UndoAnswer>> {
    const { accounts, factsFor, attempts } = this.parts;
    const poolingArea = poolingAreaOf((await accounts.glance(stream)).state) ?? '';
    const { key, institutionCode } = command.data;
    const gather = factsFor(command, { stream, poolingArea });
    const request: AccountRequest = { stream, key, command, gather, tracing, lane: 'interactive' };
    const outcome = await accounts.run(request);
    const instead = await attempts.keep(outcome, institutionCode, request);
    // The money of a settlement whose account was merged goes on to the survivor, at once or with who comes by next.
    if (outcome.kind === 'recorded' || outcome.kind === 'replayed') await this.sendOn(stream, tracing);
    return (
      instead ??
      answerOf(
        outcome,
        async (events) => undoAnswerOf(answering(events, key)),
        async (original) => undoAnswerOf(original),
      )
    );
  }
}

const answering = (events: readonly Recorded<MedicalAccountEvent>[], key: string): Recorded<MedicalAccountEvent> => {
  const event = events.find(({ data }) => 'key' in data && data.key === key);
  if (!event) throw new Error('an undo was answered by no event');
  return event;
};
