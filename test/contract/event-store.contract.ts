import type { Append, AppendResult, EventStore, ExpectedRevision, LoggedEvent, NewClaim, StoredEvent } from '#libs/application';
import { eventId } from '#libs/application';
import { canonicalJson, nonEmpty } from '#libs/kernel';

export type StoreUnderTest = Readonly<{
  store: EventStore;
  /** Closes the store and opens it again on the same log. */
  reopen: () => Promise<EventStore>;
  dispose: () => Promise<void>;
}>;

const HASH = `1:${'a'.repeat(64)}`;
let serial = 0;
/** A name that no other spec of the run uses: some stores keep their log from one spec to the next. */
const fresh = (prefix: string): string => `${prefix}-${process.pid.toString(36)}${(serial++).toString(36)}`;

export const storedEvent = (stream: string, revision: number, data: object = {}, id = eventId(stream, revision)): StoredEvent => {
  const type = 'SwipeSettled.v1';
  const bytes = Buffer.from(canonicalJson({ data, decidedAt: '2026-03-01T01:00:00.000Z', id, meta: {}, revision, stream, type }));
  return { id, type, stream, revision, bytes };
};
export const claimOn = (key: string, eventIndex = 0): NewClaim => ({ key, commandHash: HASH, eventIndex });
export const appendOf = (stream: string, expected: ExpectedRevision, count = 1, more: Partial<Append> = {}): Append => {
  const first = expected === 'no-stream' ? 0 : expected + 1;
  const events = nonEmpty(Array.from({ length: count }, (_, i) => storedEvent(stream, first + i)));
  return { stream, expected, events, claims: [], lane: 'interactive', ...more };
};
export const collect = async (events: AsyncIterable<LoggedEvent>): Promise<LoggedEvent[]> => {
  const all: LoggedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};
const APPENDED: AppendResult = { kind: 'appended' };
const shapeOf = ({ id, type, stream, revision, bytes }: StoredEvent) => ({
  id,
  type,
  stream,
  revision,
  text: Buffer.from(bytes).toString(),
});
const revisionsOf = (events: readonly StoredEvent[]): number[] => events.map(({ revision }) => revision);
const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** Takes `count` events from a subscription and lets go of it. */
const follow = async (store: EventStore, from: number, count: number): Promise<LoggedEvent[]> => {
  const stop = new AbortController();
  const seen: LoggedEvent[] = [];
  for await (const event of store.subscribe(from, stop.signal)) {
    seen.push(event);
    if (seen.length === count) stop.abort();
  }
  return seen;
};

/** Everything that the port promises, for every store alike. */
export const eventStoreContract = (name: string, makeStore: () => Promise<StoreUnderTest>): void => {
  describe(`${name}: the promises of an event store`, () => {
    let under: StoreUnderTest;
    let store: EventStore;
    beforeAll(async () => {
      under = await makeStore();
      store = under.store;
    });
    afterAll(async () => {
      await store.close();
      await under.dispose();
    });

    describe('exact revision', () => {
      it('appends to a new stream with no-stream, and then right after the last revision', async () => {
        const stream = fresh('account');
        expect(await store.append(appendOf(stream, 'no-stream', 2))).toEqual(APPENDED);
        expect(await store.append(appendOf(stream, 1))).toEqual(APPENDED);
        expect(revisionsOf(await collect(store.readForward(stream)))).toEqual([0, 1, 2]);
      });

      it('answers conflict with the actual revision, and stores nothing, when the writer is behind', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream', 3));
        const late = appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, { other: true }, eventId(stream, 91))] });
        expect(await store.append(late)).toEqual({ kind: 'conflict', actual: 2 });
        const again = appendOf(stream, 'no-stream', 1, { events: [storedEvent(stream, 0, {}, eventId(stream, 92))] });
        expect(await store.append(again)).toEqual({ kind: 'conflict', actual: 2 });
        expect(revisionsOf(await collect(store.readForward(stream)))).toEqual([0, 1, 2]);
      });

      it('answers conflict when the writer is ahead: a stream has no holes', async () => {
        const stream = fresh('account');
        expect(await store.append(appendOf(stream, 4))).toEqual({ kind: 'conflict', actual: 'no-stream' });
        await store.append(appendOf(stream, 'no-stream'));
        expect(await store.append(appendOf(stream, 4))).toEqual({ kind: 'conflict', actual: 0 });
        expect(revisionsOf(await collect(store.readForward(stream)))).toEqual([0]);
      });

      it('lets exactly one of many writers at one revision through', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream'));
        const results = await Promise.all(
          range(0, 50).map((n) =>
            store.append(appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, { n }, eventId(`${stream}-${n}`, 0))] })),
          ),
        );
        expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
        expect(results.filter(({ kind }) => kind === 'conflict')).toHaveLength(49);
        expect(results).toContainEqual({ kind: 'conflict', actual: 1 });
        const [, winner] = await collect(store.readForward(stream));
        const won = results.findIndex(({ kind }) => kind === 'appended');
        expect(winner?.id).toBe(eventId(`${stream}-${won}`, 0));
      });
    });

    describe('all or none', () => {
      it('stores all events and claims of an append, next to each other in the log', async () => {
        const stream = fresh('account');
        const keys = [fresh('settlement'), fresh('visit')] as const;
        const claims = [claimOn(keys[0], 0), claimOn(keys[1], 2)];
        expect(await store.append(appendOf(stream, 'no-stream', 3, { claims }))).toEqual(APPENDED);
        const events = await collect(store.readForward(stream));
        const [{ logIndex: first } = { logIndex: -1 }] = events;
        expect(events.map(({ logIndex }) => logIndex)).toEqual([first, first + 1, first + 2]);
        const found = { commandHash: HASH, stream };
        expect(await store.findClaim(keys[0])).toEqual({ ...found, key: keys[0], revision: 0, eventId: events[0]?.id });
        expect(await store.findClaim(keys[1])).toEqual({ ...found, key: keys[1], revision: 2, eventId: events[2]?.id });
      });

      it('stores no event and no other claim when one claim is taken', async () => {
        const [holder, stream] = [fresh('account'), fresh('account')];
        const [taken, free] = [fresh('settlement'), fresh('visit')];
        await store.append(appendOf(holder, 'no-stream', 1, { claims: [claimOn(taken)] }));
        const before = await store.lastLogIndex();
        const claims = [claimOn(free, 0), claimOn(taken, 1)];
        expect(await store.append(appendOf(stream, 'no-stream', 2, { claims }))).toEqual({ kind: 'claimTaken', key: taken });
        expect(await collect(store.readForward(stream))).toEqual([]);
        expect(await store.findClaim(free)).toBeUndefined();
        expect(await store.lastLogIndex()).toBe(before);
        expect(await store.append(appendOf(stream, 'no-stream', 2, { claims: [claimOn(free)] }))).toEqual(APPENDED);
      });

      it('leaves no claim behind when the revision was the wrong one: a failed attempt does not poison the key', async () => {
        const [stream, key] = [fresh('account'), fresh('settlement')];
        expect(await store.append(appendOf(stream, 7, 1, { claims: [claimOn(key)] }))).toEqual({ kind: 'conflict', actual: 'no-stream' });
        expect(await store.findClaim(key)).toBeUndefined();
        expect(await store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }))).toEqual(APPENDED);
      });
    });

    describe('claims', () => {
      it('tells claimTaken before conflict when both are true', async () => {
        const [stream, key] = [fresh('account'), fresh('settlement')];
        await store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }));
        const events = nonEmpty([storedEvent(stream, 6, {}, eventId(stream, 66))]);
        expect(await store.append(appendOf(stream, 5, 1, { events, claims: [claimOn(key)] }))).toEqual({ kind: 'claimTaken', key });
      });

      it('gives one key to exactly one of 200 that race for it from 200 streams', async () => {
        const key = fresh('settlement');
        const streams = range(0, 200).map(() => fresh('account'));
        const results = await Promise.all(
          streams.map((stream) => store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }))),
        );
        expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
        expect(results.filter(({ kind }) => kind === 'claimTaken')).toHaveLength(199);
        const winner = streams[results.findIndex(({ kind }) => kind === 'appended')];
        expect((await store.findClaim(key))?.stream).toBe(winner);
        const stored = await Promise.all(streams.map((stream) => collect(store.readForward(stream))));
        expect(stored.filter((events) => events.length > 0)).toHaveLength(1);
      });

      it('finds a claim at once after the answer, and none under a key that nobody took', async () => {
        const [stream, key] = [fresh('account'), fresh('settlement')];
        await store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }));
        expect(await store.findClaim(key)).toMatchObject({ key, stream, revision: 0 });
        expect(await store.findClaim(`${key}0`)).toBeUndefined();
        expect(await store.findClaim(key.slice(0, -1))).toBeUndefined();
      });
    });

    describe('repeats', () => {
      it('answers appended to the very same append, and doubles nothing', async () => {
        const [stream, key] = [fresh('account'), fresh('settlement')];
        const append = appendOf(stream, 'no-stream', 2, { claims: [claimOn(key, 1)] });
        expect(await store.append(append)).toEqual(APPENDED);
        await store.append(appendOf(stream, 1, 3));
        const before = await store.lastLogIndex();
        expect(await store.append(append)).toEqual(APPENDED);
        expect(await Promise.all([store.append(append), store.append(append)])).toEqual([APPENDED, APPENDED]);
        expect(await store.lastLogIndex()).toBe(before);
        expect(revisionsOf(await collect(store.readForward(stream)))).toEqual([0, 1, 2, 3, 4]);
      });

      it('stores it once when the same append comes twice at the same time', async () => {
        const stream = fresh('account');
        const append = appendOf(stream, 'no-stream', 1, { claims: [claimOn(fresh('settlement'))] });
        expect(await Promise.all(range(0, 8).map(() => store.append(append)))).toEqual(range(0, 8).map(() => APPENDED));
        expect(await collect(store.readForward(stream))).toHaveLength(1);
      });

      it('answers conflict to the same id with other bytes at the same place', async () => {
        const stream = fresh('account');
        const id = eventId(stream, 0);
        await store.append(appendOf(stream, 'no-stream'));
        const later = appendOf(stream, 'no-stream', 1, { events: [storedEvent(stream, 0, { decidedLater: true }, id)] });
        expect(await store.append(later)).toEqual({ kind: 'conflict', actual: 0 });
      });

      it('answers conflict to an id that stands elsewhere already, also in another stream', async () => {
        const [stream, other] = [fresh('account'), fresh('account')];
        const id = eventId(stream, 0);
        await store.append(appendOf(stream, 'no-stream'));
        const moved = appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, {}, id)] });
        expect(await store.append(moved)).toEqual({ kind: 'conflict', actual: 0 });
        const elsewhere = appendOf(other, 'no-stream', 1, { events: [storedEvent(other, 0, {}, id)] });
        expect(await store.append(elsewhere)).toEqual({ kind: 'conflict', actual: 'no-stream' });
        expect(await collect(store.readForward(other))).toEqual([]);
      });

      it('answers conflict when only the beginning of the append stands', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream'));
        expect(await store.append(appendOf(stream, 'no-stream', 2))).toEqual({ kind: 'conflict', actual: 0 });
        expect(await collect(store.readForward(stream))).toHaveLength(1);
      });
    });

    describe('bytes', () => {
      it('gives back exactly what was appended: all planes of Unicode, and events of a megabyte', async () => {
        const stream = fresh('account');
        const data = { text: '医保个人账户 𠮷 é \u0000 \ud83c\udfe5 \u2028"\\', big: '分'.repeat(400_000) };
        const events = nonEmpty([storedEvent(stream, 0, data), storedEvent(stream, 1), storedEvent(stream, 2, data)]);
        expect(await store.append(appendOf(stream, 'no-stream', 3, { events }))).toEqual(APPENDED);
        expect((await collect(store.readForward(stream))).map(shapeOf)).toEqual(events.map(shapeOf));
      });

      it('takes bytes that are a view into a larger buffer, and keeps none that the caller changes afterwards', async () => {
        const stream = fresh('account');
        const event = storedEvent(stream, 0);
        const room = Buffer.alloc(event.bytes.byteLength + 200, 'x');
        room.set(event.bytes, 100);
        const view = room.subarray(100, 100 + event.bytes.byteLength);
        await store.append(appendOf(stream, 'no-stream', 1, { events: [{ ...event, bytes: view }] }));
        room.fill('y');
        expect((await collect(store.readForward(stream))).map(shapeOf)).toEqual([shapeOf(event)]);
      });

      it('tells streams and keys apart to the last character, also of Chinese and of different case', async () => {
        const base = fresh('医院');
        const streams = [base, `${base} `, `${base}甲`, `${base}A`, `${base}a`];
        for (const stream of streams) {
          expect(await store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(`settlement-${stream}`)] }))).toEqual(APPENDED);
        }
        for (const stream of streams) expect((await store.findClaim(`settlement-${stream}`))?.stream).toBe(stream);
      });
    });

    describe('reading', () => {
      it('reads a stream of more than a thousand events forward, from anywhere, and backward', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream', 700));
        await store.append(appendOf(stream, 699, 800));
        expect(revisionsOf(await collect(store.readForward(stream)))).toEqual(range(0, 1500));
        expect(revisionsOf(await collect(store.readForward(stream, 1234)))).toEqual(range(1234, 1500));
        expect(revisionsOf(await collect(store.readForward(stream, 1500)))).toEqual([]);
        expect(revisionsOf(await collect(store.readBackward(stream)))).toEqual(range(0, 1500).reverse());
        expect((await collect(store.readForward(stream))).every((event) => event.stream === stream)).toBe(true);
      });

      it('lets the reader stop early, forward and backward', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream', 100));
        const seen: number[] = [];
        for await (const { revision } of store.readBackward(stream)) {
          seen.push(revision);
          if (revision === 97) break;
        }
        for await (const { revision } of store.readForward(stream)) {
          seen.push(revision);
          break;
        }
        expect(seen).toEqual([99, 98, 97, 0]);
        expect(await store.append(appendOf(stream, 99))).toEqual(APPENDED);
      });

      it('reads an unknown stream as empty', async () => {
        const stream = fresh('account');
        expect(await collect(store.readForward(stream))).toEqual([]);
        expect(await collect(store.readBackward(stream))).toEqual([]);
        expect(await store.readEvent(stream, 0)).toBeUndefined();
      });

      it('reads the event at a place, and nothing beside it', async () => {
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream', 3));
        const event = await store.readEvent(stream, 1);
        expect(event && shapeOf(event)).toEqual(shapeOf(storedEvent(stream, 1)));
        expect(event?.logIndex).toBe((await store.lastLogIndex()) - 1);
        expect(await store.readEvent(stream, 3)).toBeUndefined();
      });

      it('numbers the log densely over all streams, in the order of the answers of one writer', async () => {
        const start = (await store.lastLogIndex()) + 1;
        const [one, two] = [fresh('account'), fresh('account')];
        await store.append(appendOf(one, 'no-stream', 2));
        await store.append(appendOf(two, 'no-stream', 600));
        await store.append(appendOf(fresh('account'), 3)); // A conflict leaves no gap.
        await store.append(appendOf(one, 1, 600));
        const log = await collect(store.readLog(start));
        expect(log.map(({ logIndex }) => logIndex)).toEqual(range(start, start + 1202));
        expect(log.map(({ stream }) => stream)).toEqual([
          ...range(0, 2).map(() => one),
          ...range(0, 600).map(() => two),
          ...range(0, 600).map(() => one),
        ]);
        expect(await store.lastLogIndex()).toBe(start + 1201);
        expect(await collect(store.readLog(start + 1202))).toEqual([]);
        const all = await collect(store.readLog(0));
        expect(all.map(({ logIndex }) => logIndex)).toEqual(range(0, start + 1202));
      });
    });

    describe('following', () => {
      it('catches up and goes on live, without a gap or a repeat, while appends go on', async () => {
        const from = (await store.lastLogIndex()) + 1;
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream', 700));
        const following = follow(store, from, 1_000);
        const sendMore = async (): Promise<void> => {
          for (const n of range(0, 60)) await store.append(appendOf(stream, 699 + n * 5, 5));
        };
        const [seen] = await Promise.all([following, sendMore()]);
        expect(seen.map(({ logIndex }) => logIndex)).toEqual(range(from, from + 1_000));
        expect(revisionsOf(seen)).toEqual(range(0, 1_000));
      });

      it('brings an append that comes after everything was read', async () => {
        const from = (await store.lastLogIndex()) + 1;
        const following = [follow(store, from, 1), follow(store, from, 1)];
        await new Promise((resolve) => setTimeout(resolve, 30));
        const stream = fresh('account');
        await store.append(appendOf(stream, 'no-stream'));
        for (const seen of await Promise.all(following)) expect(seen.map(shapeOf)).toEqual([shapeOf(storedEvent(stream, 0))]);
      });

      it('ends when the reader lets go, before it started and while it waits', async () => {
        const stopped = AbortSignal.abort();
        expect(await collect(store.subscribe(0, stopped))).toEqual([]);
        const stop = new AbortController();
        const waiting = collect(store.subscribe((await store.lastLogIndex()) + 1, stop.signal));
        await new Promise((resolve) => setTimeout(resolve, 20));
        stop.abort();
        expect(await waiting).toEqual([]);
      });
    });

    describe('lanes', () => {
      it('settles jobs and interactive appends alike, each stream in its order', async () => {
        const streams = range(0, 40).map((n) => ({
          stream: fresh('account'),
          lane: n % 2 === 0 ? ('job' as const) : ('interactive' as const),
        }));
        const results = await Promise.all(
          streams.flatMap(({ stream, lane }) => [
            store.append(appendOf(stream, 'no-stream', 1, { lane })),
            store.append(appendOf(stream, 0, 1, { lane })),
          ]),
        );
        expect(results).toEqual(results.map(() => APPENDED));
      });
    });

    describe('misuse', () => {
      it('throws at an event whose place is not right after the expected revision, and at a claim on no event', async () => {
        const stream = fresh('account');
        await expect(store.append(appendOf(stream, 0, 1, { events: [storedEvent(stream, 0)] }))).rejects.toThrow();
        await expect(store.append(appendOf(stream, 'no-stream', 1, { events: [storedEvent(fresh('other'), 0)] }))).rejects.toThrow();
        await expect(store.append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(fresh('key'), 1)] }))).rejects.toThrow();
        expect(await collect(store.readForward(stream))).toEqual([]);
      });
    });

    describe('closing and opening again', () => {
      it('keeps events, claims, revisions and the order of the log', async () => {
        const [stream, key] = [fresh('account'), fresh('settlement')];
        const append = appendOf(stream, 'no-stream', 3, { claims: [claimOn(key, 2)] });
        await store.append(append);
        const before = (await collect(store.readLog(0))).map((event) => [event.logIndex, shapeOf(event)]);
        const claim = await store.findClaim(key);
        store = await under.reopen();
        expect((await collect(store.readLog(0))).map((event) => [event.logIndex, shapeOf(event)])).toEqual(before);
        expect(await store.findClaim(key)).toEqual(claim);
        expect(await store.append(append)).toEqual(APPENDED);
        expect(await store.append(appendOf(stream, 1, 1, { events: [storedEvent(stream, 2, {}, eventId(stream, 77))] }))).toEqual({
          kind: 'conflict',
          actual: 2,
        });
        expect(await store.append(appendOf(stream, 2))).toEqual(APPENDED);
        expect(await store.lastLogIndex()).toBe(before.length);
      });

      it('finishes what it has, refuses what comes after, and may be asked to close twice', async () => {
        const streams = range(0, 300).map(() => fresh('account'));
        const running = streams.map((stream) => store.append(appendOf(stream, 'no-stream')));
        const closing = store.close();
        expect(await store.append(appendOf(fresh('account'), 'no-stream'))).toEqual({ kind: 'unavailable', cause: 'closing' });
        expect(await Promise.all(running)).toEqual(streams.map(() => APPENDED));
        await Promise.all([closing, store.close()]);
        store = await under.reopen();
        for (const stream of streams) expect(await store.readEvent(stream, 0)).toBeDefined();
      });
    });
  });
};
