import type { Reply } from '../engine/client';
import { bodyOf, codeOf, isReplay } from './judge';
import type { Step } from './step';

/** What came of the calls of the day, counted. Plain data: it is kept between two starts of an interrupted sample. */
export type Tally = {
  posts: number;
  settled: number;
  partlyCash: number;
  late: number;
  replayed: number;
  cancelled: number;
  reversed: number;
  activated: number;
  refused: Record<string, number>;
  mismatches: number;
  /** The first of them, in words. */
  examples: string[];
};

const EXAMPLES_MAX = 8;

export const emptyTally = (): Tally => ({
  posts: 0,
  settled: 0,
  partlyCash: 0,
  late: 0,
  replayed: 0,
  cancelled: 0,
  reversed: 0,
  activated: 0,
  refused: {},
  mismatches: 0,
  examples: [],
});

const countDone = (tally: Tally, what: Step['what'], reply: Reply): void => {
  if (what === 'repeat') tally.replayed += isReplay(reply) ? 1 : 0;
  else if (what === 'cancellation') tally.cancelled += 1;
  else if (what === 'reversal') tally.reversed += 1;
  else if (what === 'activation') tally.activated += 1;
  else {
    tally.settled += 1;
    if (what === 'late') tally.late += 1;
    if (bodyOf(reply).cashPayment !== '0.00') tally.partlyCash += 1;
  }
};

/** Counts one answer of the day, in place. */
export const count = (tally: Tally, what: Step['what'], reply: Reply): void => {
  tally.posts += 1;
  if (reply.status < 300) {
    countDone(tally, what, reply);
    return;
  }
  const code = codeOf(reply);
  tally.refused[code] = (tally.refused[code] ?? 0) + 1;
};

export const mismatch = (tally: Tally, words: string): void => {
  tally.mismatches += 1;
  if (tally.examples.length < EXAMPLES_MAX) tally.examples.push(words);
};

/** Adds what one holder's story came to, in place. */
export const add = (sum: Tally, part: Tally): void => {
  sum.posts += part.posts;
  sum.settled += part.settled;
  sum.partlyCash += part.partlyCash;
  sum.late += part.late;
  sum.replayed += part.replayed;
  sum.cancelled += part.cancelled;
  sum.reversed += part.reversed;
  sum.activated += part.activated;
  sum.mismatches += part.mismatches;
  sum.examples.push(...part.examples.slice(0, EXAMPLES_MAX - sum.examples.length));
  for (const [code, times] of Object.entries(part.refused)) sum.refused[code] = (sum.refused[code] ?? 0) + times;
};
