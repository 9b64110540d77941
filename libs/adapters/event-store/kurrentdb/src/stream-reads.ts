import type { Claim, StoredEvent } from '#libs/application';
import { recordIn, standsAt } from './claim-record';
import type { Connection } from './connection';
import { getContent } from './content';
import { damaged } from './errors';
import type { Names } from './names';
import { pageSteadily } from './pages';
import { eventOf, fencesUpTo, isFence, type Stored, storedOf } from './record';

const PAGE_EVENTS = 256;
const FIRST_BACKWARD_EVENTS = 32; // A closing is seldom far.

export type StreamParts = Readonly<{ connection: Connection; names: Names; callDeadlineMs: number }>;
export type StreamReads = Readonly<{
  readForward: (stream: string, from?: number) => AsyncGenerator<StoredEvent>;
  readBackward: (stream: string) => AsyncGenerator<StoredEvent>;
  readEvent: (stream: string, revision: number) => Promise<StoredEvent | undefined>;
  findClaim: (key: string) => Promise<Claim | undefined>;
}>;

/** An event whose bytes lie by themselves is given them. Throws: on outage or damage. */
export const whole = async (parts: StreamParts, stored: Stored): Promise<StoredEvent> => {
  const { content } = stored.beside;
  if (content === undefined) return eventOf(stored, parts.names);
  const bytes = await getContent({ ...parts, batches: NO_BATCHES }, content);
  if (!bytes) throw damaged(`缺内容 ${content}`, `content ${content} is missing`);
  return eventOf(stored, parts.names, bytes);
};
const NO_BATCHES = { send: () => Promise.reject(new Error('a reader appends nothing')), close: () => undefined };

const gap = (stream: string, revision: number) => damaged(`${stream} 缺第 ${revision} 条`, `${stream}: ${revision} is missing`);

/** Reads of one stream. Fences are passed over: places of the server and revisions of the port differ by them. */
export const streamReads = (parts: StreamParts): StreamReads => {
  const { connection, names, callDeadlineMs } = parts;
  const page = async (name: string, from: number | 'end', count: number, backwards = false): Promise<Stored[]> =>
    (await pageSteadily(connection, { name, from, count, backwards }, callDeadlineMs)).map(storedOf);

  const readForward = async function* (stream: string, from = 0): AsyncGenerator<StoredEvent> {
    const name = names.event(stream);
    let place = from; // At or before where the event is: fences only move events on.
    let next = from;
    for (;;) {
      const stored = await page(name, place, PAGE_EVENTS);
      for (const one of stored) {
        if (one.place !== place++) throw gap(stream, next);
        if (isFence(one.raw) || one.revision < from) continue;
        if (one.revision !== next++) throw gap(stream, next - 1);
        yield await whole(parts, one);
      }
      if (stored.length < PAGE_EVENTS) return;
    }
  };

  /** The stored, newest first, fences among them. */
  const backwards = async function* (name: string): AsyncGenerator<Stored> {
    let from: number | 'end' = 'end';
    for (let count = FIRST_BACKWARD_EVENTS; ; count = Math.min(2 * count, PAGE_EVENTS)) {
      const stored = await page(name, from, count, true);
      yield* stored;
      const oldest: Stored | undefined = stored.at(-1);
      if (oldest?.place === 0 || (!oldest && from === 'end')) return;
      if (stored.length < count) throw gap(names.streamOf(name), (oldest?.revision ?? 0) - 1);
      from = (oldest?.place ?? 0) - 1;
    }
  };

  const readBackward = async function* (stream: string): AsyncGenerator<StoredEvent> {
    let next: number | undefined;
    for await (const one of backwards(names.event(stream))) {
      next ??= one.place - fencesUpTo(one);
      if (isFence(one.raw)) continue;
      if (one.revision !== next) throw gap(stream, next);
      next--;
      yield await whole(parts, one);
    }
  };

  return {
    readForward,
    readBackward,
    readEvent: async (stream, revision) => {
      let place = revision;
      for (let count = 1; ; count = PAGE_EVENTS) {
        const stored = await page(names.event(stream), place, count);
        const found = stored.find((one) => !isFence(one.raw) && one.revision === revision);
        if (found) return whole(parts, found);
        if (stored.length < count || stored.some((one) => one.revision > revision)) return undefined;
        place += stored.length;
      }
    },
    findClaim: async (key) => {
      const [newest] = await pageSteadily(connection, { name: names.claim(key), from: 'end', backwards: true, count: 1 }, callDeadlineMs);
      if (!newest) return undefined;
      const record = recordIn(newest);
      const [at] = await page(names.event(record.stream), record.place, 1);
      if (!at || !standsAt(record, at)) return undefined;
      const { commandHash, stream, revision, eventId } = record;
      return { key, commandHash, stream, revision, eventId };
    },
  };
};
