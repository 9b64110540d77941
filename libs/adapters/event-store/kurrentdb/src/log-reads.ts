import type { LoggedEvent } from '#libs/application';
import { type FollowParts, follow } from './follow';
import { AT_BEGIN, type Count, type LogIndex } from './log-index';
import { steadily } from './pages';
import { isFence, storedOf } from './record';
import { whole } from './stream-reads';
import { allRequest, answersOf, isSame, type Raw, rawOf } from './wire-read';

const PAGE_EVENTS = 500;
/** A page may lie behind much that is not ours. */
const PAGE_MS = 60_000;
const COUNT_MS = 15_000; // From where this reader has counted to last; whoever asks waits for it.

export type LogParts = FollowParts & Readonly<{ index: LogIndex; callDeadlineMs: number }>;

export type LogReads = Readonly<{
  readLog: (fromLogIndex: number) => AsyncGenerator<LoggedEvent>;
  lastLogIndex: () => Promise<number>;
  subscribe: (fromLogIndex: number, signal: AbortSignal) => AsyncGenerator<LoggedEvent>;
}>;

/** Reads of the log in the order of the server, numbered as they come. Claims, fences, metadata and foreign streams are not of the log. */
export const logReads = (parts: LogParts): LogReads => {
  const { connection, names, index, callDeadlineMs } = parts;
  let farthest: Count = AT_BEGIN; // The farthest that this reader has counted.
  let counting: Promise<unknown> = Promise.resolve();

  /** The next events after a count; fewer than a page: there are no more. */
  const pageAfter = ({ after }: Count, deadlineMs: number): Promise<readonly Raw[]> =>
    steadily(callDeadlineMs, async () => {
      const found: Raw[] = [];
      const request = allRequest(names.eventPrefix, after, PAGE_EVENTS + 1);
      for await (const answer of answersOf(await connection.read(request, { leader: true, deadlineMs }))) {
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
      const page = await pageAfter(count, PAGE_MS);
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
      const page = await pageAfter(count, COUNT_MS);
      count = page.reduce(step, count);
      if (page.length < PAGE_EVENTS) return count.next - 1;
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
      for await (const raw of follow(parts, count.after, signal)) {
        const { next } = count;
        count = step(count, raw);
        if (count.next === next || next < fromLogIndex) continue;
        yield { ...(await whole(parts, storedOf(raw))), logIndex: next };
      }
    },
  };
};
