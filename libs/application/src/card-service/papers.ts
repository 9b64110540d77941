import { randomUUID } from 'node:crypto';
import {
  type CardServiceRefusal,
  decodePaperEvent,
  type PaperCommand,
  type PaperEvent,
  type PaperFacts,
  type PaperState,
  paper,
} from '#libs/card-service';
import type { NonEmpty, Recorded } from '#libs/kernel';
import { answerOf } from '../answers';
import type { Answer } from '../engine';
import type { Tracing } from '../envelope';
import { clockOnly } from '../streams/clock-only';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import { laneOf } from './lane';

export type PaperRunner = CommandRunner<PaperCommand, PaperEvent, PaperState, CardServiceRefusal, PaperFacts>;
export const paperRunner = (parts: StreamParts): PaperRunner =>
  new CommandRunner({ ...parts, cacheBytes: 8_000_000, aggregate: { decider: paper, decode: decodePaperEvent, sizeOf: () => 1_000 } });

type Written = Exclude<PaperCommand, { type: 'CountPrint' }>;

/** What is written on a paper's stream once. Idempotency: by the command's key, which is claimed. Throws: on outage. */
export const writeOnce = async (
  runner: PaperRunner,
  stream: string,
  command: Written,
  tracing: Tracing,
): Promise<Answer<Recorded<PaperEvent>>> => {
  const { key, commandHash } = command.data;
  const gather = clockOnly([{ key, commandHash }]);
  const outcome = await runner.run({ stream, key, command, gather, tracing, lane: laneOf(tracing) });
  return answerOf(
    outcome,
    async (events) => events[0],
    async (original) => original,
  );
};

/** Counts a print of a paper. Idempotency: none, every print is a print. Throws: on outage. */
export const countPrint = async (
  runner: PaperRunner,
  { stream, document }: Readonly<{ stream: string; document: string }>,
  tracing: Tracing,
): Promise<Answer<number>> => {
  const key = `print-${randomUUID()}`;
  const command: PaperCommand = { type: 'CountPrint', data: { key, document } };
  const outcome = await runner.run({ stream, key, command, gather: clockOnly(), tracing, lane: 'interactive' });
  const numberOf = ([first]: NonEmpty<PaperEvent>): number => {
    if (first.type !== 'DocumentPrinted.v1') throw new Error('a print was recorded as something else');
    return first.data.number;
  };
  return answerOf(
    outcome,
    async (events) => numberOf(events),
    async (original) => numberOf([original]),
  );
};
