import type { Connection } from './connection';
import { readOutage } from './errors';
import type { Names } from './names';
import { isFinal, wordOf } from './pages';
import { pauseAfter } from './steady-append';
import { answersOf, followRequest, isSame, type Position, type Raw, rawOf } from './wire-read';

export type FollowParts = Readonly<{
  connection: Connection;
  names: Names;
  /** How long a subscription tries to come back before it gives up. Units: milliseconds. */
  outageMs: number;
}>;

/** One call; ends when the reader lets go. Throws: what ended the call. */
const followOnce = async function* (parts: FollowParts, after: Position | undefined, signal: AbortSignal): AsyncGenerator<Raw> {
  const call = await parts.connection.read(followRequest(parts.names.eventPrefix, after), { leader: false });
  for await (const answer of answersOf(call, signal)) {
    const raw = rawOf(answer);
    if (raw && !isSame(raw.position, after)) yield raw;
  }
  if (!signal.aborted) throw new Error('the server has ended the subscription');
};

/**
 * Our events after a position, in the order of the server, as they come, until `signal` aborts. A call that ends is begun again after the last
 * event that came: the server does not resume. Throws: Unavailable when the outage lasts, or asking again does not help.
 */
export const follow = async function* (parts: FollowParts, from: Position | undefined, signal: AbortSignal): AsyncGenerator<Raw> {
  let after = from;
  let outSinceMs: number | undefined;
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      for await (const raw of followOnce(parts, after, signal)) {
        after = raw.position;
        outSinceMs = undefined;
        tries = 1;
        yield raw;
      }
    } catch (thrown) {
      const error = thrown as Error;
      outSinceMs ??= performance.now();
      if (isFinal(error) || performance.now() >= outSinceMs + parts.outageMs) throw readOutage(wordOf(error));
      await pauseAfter(tries);
    }
  }
};
