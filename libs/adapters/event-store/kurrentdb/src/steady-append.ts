import { setTimeout as sleep } from 'node:timers/promises';
import type { Batches } from './batch-stream';
import type { Verdict } from './verdict';
import type { WireAppend } from './wire-append';

const PAUSE_MS_MAX = 200;

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
    if (leftMs <= 0) return open ?? last;
    last = await batches.send(append, leftMs);
    if (last.kind === 'done') return last;
    // A stream that is behind may yet come to where an earlier try fits; one that is past it shows that no try has been stored.
    if (last.kind === 'elsewhere' && (!open || last.head > append.after)) return last;
    if (last.kind === 'refused') return open ?? last;
    if (last.kind !== 'notHandled') open = last.kind === 'open' ? last : open;
    await pauseAfter(tries);
  }
};
