import type { LoggedEvent } from '#libs/application';
import type { Connection } from './connection';
import { readOutage } from './errors';
import { AT_BEGIN, type Count, type LogIndex } from './log-index';
import type { Names } from './names';
import { isFinal, steadily, wordOf } from './pages';
import { isFence, storedOf } from './record';
import { pauseAfter } from './steady-append';
import { whole } from './stream-reads';
import { allRequest, answersOf, followRequest, type Position, type Raw, rawOf } from './wire-read';

const PAGE_EVENTS = 500;
/** A page may lie behind much that is not ours. */
const PAGE_MS = 60_000;

export type LogParts = Readonly<{
  connection: Connection;
  names: Names;
  index: LogIndex;
  callDeadlineMs: number;
  /** How long a subscription tries to come back before it gives up. Units: milliseconds. */
  outageMs: number;
}>;

export type LogReads = Readonly<{
  readLog: (fromLogIndex: number) => AsyncGenerator<LoggedEvent>;
  lastLogIndex: () => Promise<number>;
  subscribe: (fromLogIndex: number, signal: AbortSignal) => AsyncGenerator<LoggedEvent>;
}>;

const isSame = (a: Position, b: Position | undefined): boolean => a.commit === b?.commit && a.prepare === b.prepare;

/** Reads of the log in the order of the server, numbered as they come. Claims, fences, metadata and foreign streams are not of the log. */
export const logReads = (parts: LogParts): LogReads => {
  const { connection, names, index, callDeadlineMs, outageMs } = parts;
  let farthest: Count = AT_BEGIN; // The farthest that this reader has counted.
  let counting: Promise<unknown> = Promise.resolve();

  /** The next events after a count; fewer than a page: there are no more. */
  const pageAfter = ({ after }: Count): Promise<readonly Raw[]> =>
    steadily(callDeadlineMs, async () => {
      const found: Raw[] = [];
      const request = allRequest(names.eventPrefix, after, PAGE_EVENTS + 1);
      for await (const answer of answersOf(await connection.read(request, { leader: true, deadlineMs: PAGE_MS }))) {
        const raw = rawOf(answer);
        if (raw && !isSame(raw.position, after)) found.push(raw);
      }
      return found;
    });

  /** The count after an event; fences move the position on and not the index. */
  const step = (count: Count, raw: Raw): Count => {
    if (isFence(raw)) return { next: count.next, after: raw.position };
    index.counted(count.next, raw.position);
    const next = { next: count.next + 1, after: raw.position };
    if (next.next > farthest.next) farthest = next;
    return next;
  };

  const countBefore = async (logIndex: number): Promise<Count> =>
    farthest.next <= logIndex && logIndex - farthest.next < PAGE_EVENTS ? farthest : index.before(logIndex);

  const readLog = async function* (fromLogIndex: number): AsyncGenerator<LoggedEvent> {
    let count = await countBefore(fromLogIndex);
    for (;;) {
      const page = await pageAfter(count);
      for (const raw of page) {
        const { next } = count;
        count = step(count, raw);
        if (count.next > next && next >= fromLogIndex) yield { ...(await whole(parts, storedOf(raw))), logIndex: next };
      }
      if (page.length < PAGE_EVENTS) return;
    }
  };

  const countToEnd = async (): Promise<number> => {
    let count = farthest.next > 0 ? farthest : await index.before(Number.MAX_SAFE_INTEGER);
    for (;;) {
      const page = await pageAfter(count);
      count = page.reduce(step, count);
      if (page.length < PAGE_EVENTS) return count.next - 1;
    }
  };

  /** One call of a subscription; ends when the reader lets go. Throws: what ended the call. */
  const followFrom = async function* (count: Count, signal: AbortSignal): AsyncGenerator<Raw> {
    const call = await connection.read(followRequest(names.eventPrefix, count.after), { leader: false });
    for await (const answer of answersOf(call, signal)) {
      const raw = rawOf(answer);
      if (raw) yield raw;
    }
    if (!signal.aborted) throw new Error('the server has ended the subscription');
  };

  /** From where it stopped, again and again. Throws: Unavailable when the outage lasts. */
  const follow = async function* (from: Count, signal: AbortSignal): AsyncGenerator<Raw> {
    let after = from.after;
    let untilMs = performance.now() + outageMs;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        for await (const raw of followFrom({ ...from, after }, signal)) {
          if (isSame(raw.position, after)) continue;
          after = raw.position;
          untilMs = performance.now() + outageMs;
          tries = 1;
          yield raw;
        }
      } catch (thrown) {
        const error = thrown as Error;
        if (isFinal(error) || performance.now() >= untilMs) throw readOutage(wordOf(error));
        if (tries === 1) untilMs = performance.now() + outageMs;
        await pauseAfter(tries);
      }
    }
  };

  return {
    readLog,
    lastLogIndex: () => {
      const last = counting.then(countToEnd);
      counting = last.catch(() => undefined);
      return last;
    },
    subscribe: async function* (fromLogIndex, signal) {
      if (signal.aborted) return;
      let count = await countBefore(fromLogIndex);
      for await (const raw of follow(count, signal)) {
        const { next } = count;
        count = step(count, raw);
        if (count.next === next || next < fromLogIndex) continue;
        yield { ...(await whole(parts, storedOf(raw))), logIndex: next };
        if (signal.aborted) return;
      }
    },
  };
};
