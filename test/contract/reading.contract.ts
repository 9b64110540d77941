import type { EventStore, LoggedEvent } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { APPENDED, appendOf, claimOn, collect, fresh, range, revisionsOf, shapeOf, storedEvent } from './appends';

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

/** What a reader gets, and in which order. */
export const readingContract = (store: () => EventStore): void => {
  describe('bytes', () => {
    it('gives back exactly what was appended: all planes of Unicode, and events of a megabyte', async () => {
      const stream = fresh('account');
      const data = { text: '医保个人账户 𠮷 é \u0000 \ud83c\udfe5 \u2028"\\', big: '分'.repeat(400_000) };
      const events = nonEmpty([storedEvent(stream, 0, data), storedEvent(stream, 1), storedEvent(stream, 2, data)]);
      expect(await store().append(appendOf(stream, 'no-stream', 3, { events }))).toEqual(APPENDED);
      expect((await collect(store().readForward(stream))).map(shapeOf)).toEqual(events.map(shapeOf));
    });

    it('takes bytes that are a view into a larger buffer, and keeps none that the caller changes afterwards', async () => {
      const stream = fresh('account');
      const event = storedEvent(stream, 0);
      const room = Buffer.alloc(event.bytes.byteLength + 200, 'x');
      room.set(event.bytes, 100);
      const view = room.subarray(100, 100 + event.bytes.byteLength);
      await store().append(appendOf(stream, 'no-stream', 1, { events: [{ ...event, bytes: view }] }));
      room.fill('y');
      expect((await collect(store().readForward(stream))).map(shapeOf)).toEqual([shapeOf(event)]);
    });

    it('tells streams and keys apart to the last character, also of Chinese and of different case', async () => {
      const base = fresh('医院');
      const streams = [base, `${base} `, `${base}甲`, `${base}A`, `${base}a`];
      for (const stream of streams) {
        expect(await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(`settlement-${stream}`)] }))).toEqual(APPENDED);
      }
      for (const stream of streams) expect((await store().findClaim(`settlement-${stream}`))?.stream).toBe(stream);
    });
  });

  describe('reading', () => {
    it('reads a stream of more than a thousand events forward, from anywhere, and backward', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream', 700));
      await store().append(appendOf(stream, 699, 800));
      expect(revisionsOf(await collect(store().readForward(stream)))).toEqual(range(0, 1500));
      expect(revisionsOf(await collect(store().readForward(stream, 1234)))).toEqual(range(1234, 1500));
      expect(revisionsOf(await collect(store().readForward(stream, 1500)))).toEqual([]);
      expect(revisionsOf(await collect(store().readBackward(stream)))).toEqual(range(0, 1500).reverse());
      expect((await collect(store().readForward(stream))).every((event) => event.stream === stream)).toBe(true);
    });

    it('lets the reader stop early, forward and backward', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream', 100));
      const seen: number[] = [];
      for await (const { revision } of store().readBackward(stream)) {
        seen.push(revision);
        if (revision === 97) break;
      }
      for await (const { revision } of store().readForward(stream)) {
        seen.push(revision);
        break;
      }
      expect(seen).toEqual([99, 98, 97, 0]);
      expect(await store().append(appendOf(stream, 99))).toEqual(APPENDED);
    });

    it('reads an unknown stream as empty', async () => {
      const stream = fresh('account');
      expect(await collect(store().readForward(stream))).toEqual([]);
      expect(await collect(store().readBackward(stream))).toEqual([]);
      expect(await store().readEvent(stream, 0)).toBeUndefined();
    });

    it('reads the event at a place, and nothing beside it', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream', 3));
      const event = await store().readEvent(stream, 1);
      expect(event && shapeOf(event)).toEqual(shapeOf(storedEvent(stream, 1)));
      expect(await store().readEvent(stream, 3)).toBeUndefined();
    });

    it('numbers the log densely over all streams, in the order of the answers of one writer', async () => {
      const start = (await store().lastLogIndex()) + 1;
      const [one, two] = [fresh('account'), fresh('account')];
      await store().append(appendOf(one, 'no-stream', 2));
      await store().append(appendOf(two, 'no-stream', 600));
      await store().append(appendOf(fresh('account'), 3)); // A conflict leaves no gap.
      await store().append(appendOf(one, 1, 600));
      const log = await collect(store().readLog(start));
      expect(log.map(({ logIndex }) => logIndex)).toEqual(range(start, start + 1202));
      expect(log.map(({ stream }) => stream)).toEqual([
        ...range(0, 2).map(() => one),
        ...range(0, 600).map(() => two),
        ...range(0, 600).map(() => one),
      ]);
      expect(await store().lastLogIndex()).toBe(start + 1201);
      expect(await collect(store().readLog(start + 1202))).toEqual([]);
      const all = await collect(store().readLog(0));
      expect(all.map(({ logIndex }) => logIndex)).toEqual(range(0, start + 1202));
    });
  });

  describe('following', () => {
    it('catches up and goes on live, without a gap or a repeat, while appends go on', async () => {
      const from = (await store().lastLogIndex()) + 1;
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream', 700));
      const following = follow(store(), from, 1_000);
      const sendMore = async (): Promise<void> => {
        for (const n of range(0, 60)) await store().append(appendOf(stream, 699 + n * 5, 5));
      };
      const [seen] = await Promise.all([following, sendMore()]);
      expect(seen.map(({ logIndex }) => logIndex)).toEqual(range(from, from + 1_000));
      expect(revisionsOf(seen)).toEqual(range(0, 1_000));
    });

    it('brings an append that comes after everything was read', async () => {
      const from = (await store().lastLogIndex()) + 1;
      const following = [follow(store(), from, 1), follow(store(), from, 1)];
      await new Promise((resolve) => setTimeout(resolve, 30));
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream'));
      for (const seen of await Promise.all(following)) expect(seen.map(shapeOf)).toEqual([shapeOf(storedEvent(stream, 0))]);
    });

    it('ends when the reader lets go, before it started and while it waits', async () => {
      const stopped = AbortSignal.abort();
      expect(await collect(store().subscribe(0, stopped))).toEqual([]);
      const stop = new AbortController();
      const waiting = collect(store().subscribe((await store().lastLogIndex()) + 1, stop.signal));
      await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      expect(await waiting).toEqual([]);
    });
  });
};
