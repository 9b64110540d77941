import { randomUUID } from 'node:crypto';
import type { Command, Decider, Event } from '#libs/kernel';
import type { Answer, Settlements } from '../engine';
import { clockOnly, type DecidedAt } from '../streams/clock-only';
import { CommandRunner, type StreamParts } from '../streams/command-runner';

type CountPrint = Command<'CountPrint', { institutionCode: string; serial: string }>;
/** Stream `receiptPrint-<institution>-<serial>`: number 1 is the original, every further one a reprint. */
export type ReceiptPrinted = Event<'ReceiptPrinted.v1', { institutionCode: string; serial: string; number: number }>;
type State = { prints: number };

const receiptPrints: Decider<CountPrint, ReceiptPrinted, State, never, DecidedAt> = {
  decide: ({ data }, { prints }, { decidedAt }) => ({
    kind: 'accepted',
    events: [{ type: 'ReceiptPrinted.v1', decidedAt, data: { ...data, number: prints + 1 } }],
  }),
  due: () => [],
  evolve: (_state, { data }) => ({ prints: data.number }),
  initialState: () => ({ prints: 0 }),
  isClosing: () => true, // Each print carries the whole count.
};

export const decodeReceiptPrint = (type: string, data: unknown): Pick<ReceiptPrinted, 'type' | 'data'> => {
  if (type !== 'ReceiptPrinted.v1') throw new Error(`unknown event type ${type} in a stream of receipt prints`);
  return { type, data: data as ReceiptPrinted['data'] };
};

export type PrintCounter = Readonly<{ count: Settlements['countPrint'] }>;

/** Counts prints of a receipt. Idempotency: none, every print is a print. Throws: on outage. */
export const printCounter = (parts: StreamParts): PrintCounter => {
  const cacheBytes = 1_000_000;
  const runner = new CommandRunner<CountPrint, ReceiptPrinted, State, never, DecidedAt>({
    ...parts,
    cacheBytes,
    aggregate: { decider: receiptPrints, decode: decodeReceiptPrint, sizeOf: () => 100 },
  });
  const count: PrintCounter['count'] = async (institutionCode, serial, tracing): Promise<Answer<number>> => {
    const stream = `receiptPrint-${institutionCode}-${serial}`;
    const outcome = await runner.run({
      stream,
      key: `print-${randomUUID()}`,
      command: { type: 'CountPrint', data: { institutionCode, serial } },
      gather: clockOnly(),
      tracing,
      lane: 'interactive',
    });
    if (outcome.kind === 'recorded') return { kind: 'done', replayed: false, value: outcome.events[0].data.number };
    if (outcome.kind === 'outcomeUnknown' || outcome.kind === 'contended' || outcome.kind === 'unavailable') return outcome;
    throw new Error(`a print ended as ${outcome.kind}`);
  };
  return { count };
};
