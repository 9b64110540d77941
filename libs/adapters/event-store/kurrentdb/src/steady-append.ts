import { setTimeout as sleep } from 'node:timers/promises';
import type { Batches } from './batch-stream';
import type { Verdict } from './verdict';
import type { WireAppend } from './wire-append';

const PAUSE_MS_MAX = 200;
const TRY_MS_MIN = 20;

/** Longer with every try, and never the same for two. */
export const pauseAfter = (tries: number): Promise<void> => sleep(Math.random() * Math.min(PAUSE_MS_MAX, 2 ** (tries + 1)));

/**
 * Appends the very same events at the same place again until the answer is definite or the time is up. `notHandled`: no try was ever taken;
 * `open`: one may have been.
 * Units: untilMs in milliseconds of performance.now().
 */
export const appendSteadily = async (batches: Batches, append: WireAppend, untilMs: number): Promise<Verdict> => {
  let open: Verdict | undefined;
  let last: Verdict = { kind: 'notHandled', detail: 'no time left' };
  for (let tries = 1; ; tries++) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= (tries === 1 ? 0 : TRY_MS_MIN)) return open ?? last; // A try without time would only leave it open.
    last = await batches.send(append, leftMs);
    const settled = settledBy(last, open, append.after);
    if (settled) return settled;
    if (last.kind !== 'notHandled') open = last.kind === 'open' ? last : open;
    await pauseAfter(tries);
  }
};

/** What a try settles, when another before it is open or none is. */
const settledBy = (verdict: Verdict, open: Verdict | undefined, after: number): Verdict | undefined => {
  if (verdict.kind === 'refused') return open ?? verdict;
  // A stream that is behind may yet come to where an open try fits; one that is past it shows that no try has been stored.
  const isMissed = verdict.kind === 'elsewhere' && (!open || verdict.head > after);
  return verdict.kind === 'done' || isMissed ? verdict : undefined;
};
