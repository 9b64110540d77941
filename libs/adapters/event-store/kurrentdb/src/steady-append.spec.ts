import type { Batches } from './batch-stream';
import { appendSteadily } from './steady-append';
import type { Verdict } from './verdict';

const APPEND = { name: 'spec:account-1', after: 4, events: [] };
const DONE: Verdict = { kind: 'done' };
const OPEN: Verdict = { kind: 'open', detail: 'no answer in time' };
const NOT_HANDLED: Verdict = { kind: 'notHandled', detail: 'Server Is Busy' };
const DENIED: Verdict = { kind: 'refused', why: 'rights', detail: '' };
const at = (head: number): Verdict => ({ kind: 'elsewhere', head });

/** Tries that end like this, one after the other; the last for ever. */
const settled = (...verdicts: Verdict[]): Promise<Verdict> => {
  let tries = 0;
  const batches: Batches = {
    send: async () => verdicts[Math.min(tries++, verdicts.length - 1)] ?? OPEN,
    close: () => undefined,
  };
  return appendSteadily(batches, APPEND, performance.now() + 60);
};

describe('KurrentDB: tries of one append', () => {
  it.each<[string, Verdict[], Verdict]>([
    ['is done when a later try is', [OPEN, NOT_HANDLED, DONE], DONE],
    ['misses at once when the stream is elsewhere and no try is open', [NOT_HANDLED, at(7)], at(7)],
    ['misses after an open try when the stream has passed the place: it has not been stored', [OPEN, at(5)], at(5)],
    ['stays open after an open try while the stream is still behind: it may come to where that try fits', [OPEN, at(2)], OPEN],
    ['misses when the stream is behind and no try is open', [at(2)], at(2)],
    ['is refused at once when no try is open', [NOT_HANDLED, DENIED], DENIED],
    ['stays open when it is refused after an open try', [OPEN, DENIED], OPEN],
    ['has not been handled when no try ever was', [NOT_HANDLED], NOT_HANDLED],
    ['stays open when the tries after an open one are not handled', [OPEN, NOT_HANDLED], OPEN],
  ])('%s', async (_, verdicts, expected) => {
    expect(await settled(...verdicts)).toEqual(expected);
  });
});
