import { type EventStore, eventId } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { APPENDED, appendOf, claimOn, collect, fresh, HASH, range, revisionsOf, shapeOf, storedEvent } from './appends';

/** What an append answers, and what it leaves behind. */
export const appendingContract = (store: () => EventStore): void => {
  describe('exact revision', () => {
    it('appends to a new stream with no-stream, and then right after the last revision', async () => {
      const stream = fresh('account');
      expect(await store().append(appendOf(stream, 'no-stream', 2))).toEqual(APPENDED);
      expect(await store().append(appendOf(stream, 1))).toEqual(APPENDED);
      expect(revisionsOf(await collect(store().readForward(stream)))).toEqual([0, 1, 2]);
    });

    it('answers conflict with the actual revision, and stores nothing, when the writer is behind', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream', 3));
      const late = appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, { other: true }, eventId(stream, 91))] });
      expect(await store().append(late)).toEqual({ kind: 'conflict', actual: 2 });
      const again = appendOf(stream, 'no-stream', 1, { events: [storedEvent(stream, 0, {}, eventId(stream, 92))] });
      expect(await store().append(again)).toEqual({ kind: 'conflict', actual: 2 });
      expect(revisionsOf(await collect(store().readForward(stream)))).toEqual([0, 1, 2]);
    });

    it('answers conflict when the writer is ahead: a stream has no holes', async () => {
      const stream = fresh('account');
      expect(await store().append(appendOf(stream, 4))).toEqual({ kind: 'conflict', actual: 'no-stream' });
      await store().append(appendOf(stream, 'no-stream'));
      expect(await store().append(appendOf(stream, 4))).toEqual({ kind: 'conflict', actual: 0 });
      expect(revisionsOf(await collect(store().readForward(stream)))).toEqual([0]);
    });

    it('lets exactly one of many writers at one revision through', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream'));
      const results = await Promise.all(
        range(0, 50).map((n) =>
          store().append(appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, { n }, eventId(`${stream}-${n}`, 0))] })),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === 'conflict')).toHaveLength(49);
      expect(results).toContainEqual({ kind: 'conflict', actual: 1 });
      const [, winner] = await collect(store().readForward(stream));
      const won = results.findIndex(({ kind }) => kind === 'appended');
      expect(winner?.id).toBe(eventId(`${stream}-${won}`, 0));
    });
  });

  describe('all or none', () => {
    it('stores all events and claims of an append, next to each other in the log', async () => {
      const stream = fresh('account');
      const keys = [fresh('settlement'), fresh('visit')] as const;
      const claims = [claimOn(keys[0], 0), claimOn(keys[1], 2)];
      expect(await store().append(appendOf(stream, 'no-stream', 3, { claims }))).toEqual(APPENDED);
      const events = await collect(store().readForward(stream));
      const last = await collect(store().readLog((await store().lastLogIndex()) - 2));
      expect(last.map(shapeOf)).toEqual(events.map(shapeOf));
      const found = { commandHash: HASH, stream };
      expect(await store().findClaim(keys[0])).toEqual({ ...found, key: keys[0], revision: 0, eventId: events[0]?.id });
      expect(await store().findClaim(keys[1])).toEqual({ ...found, key: keys[1], revision: 2, eventId: events[2]?.id });
    });

    it('stores no event and no other claim when one claim is taken', async () => {
      const [holder, stream] = [fresh('account'), fresh('account')];
      const [taken, free] = [fresh('settlement'), fresh('visit')];
      await store().append(appendOf(holder, 'no-stream', 1, { claims: [claimOn(taken)] }));
      const before = await store().lastLogIndex();
      const claims = [claimOn(free, 0), claimOn(taken, 1)];
      expect(await store().append(appendOf(stream, 'no-stream', 2, { claims }))).toEqual({ kind: 'claimTaken', key: taken });
      expect(await collect(store().readForward(stream))).toEqual([]);
      expect(await store().findClaim(free)).toBeUndefined();
      expect(await store().lastLogIndex()).toBe(before);
      expect(await store().append(appendOf(stream, 'no-stream', 2, { claims: [claimOn(free)] }))).toEqual(APPENDED);
    });

    it('leaves no claim behind when the revision was the wrong one: a failed attempt does not poison the key', async () => {
      const [stream, key] = [fresh('account'), fresh('settlement')];
      expect(await store().append(appendOf(stream, 7, 1, { claims: [claimOn(key)] }))).toEqual({ kind: 'conflict', actual: 'no-stream' });
      expect(await store().findClaim(key)).toBeUndefined();
      expect(await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }))).toEqual(APPENDED);
    });
  });

  describe('claims', () => {
    it('tells claimTaken before conflict when both are true', async () => {
      const [stream, key] = [fresh('account'), fresh('settlement')];
      await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }));
      const events = nonEmpty([storedEvent(stream, 6, {}, eventId(stream, 66))]);
      expect(await store().append(appendOf(stream, 5, 1, { events, claims: [claimOn(key)] }))).toEqual({ kind: 'claimTaken', key });
    });

    it('gives one key to exactly one of 200 that race for it from 200 streams', async () => {
      const key = fresh('settlement');
      const streams = range(0, 200).map(() => fresh('account'));
      const results = await Promise.all(
        streams.map((stream) => store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }))),
      );
      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === 'claimTaken')).toHaveLength(199);
      const winner = streams[results.findIndex(({ kind }) => kind === 'appended')];
      expect((await store().findClaim(key))?.stream).toBe(winner);
      const stored = await Promise.all(streams.map((stream) => collect(store().readForward(stream))));
      expect(stored.filter((events) => events.length > 0)).toHaveLength(1);
    });

    it('finds a claim at once after the answer, and none under a key that nobody took', async () => {
      const [stream, key] = [fresh('account'), fresh('settlement')];
      await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }));
      expect(await store().findClaim(key)).toMatchObject({ key, stream, revision: 0 });
      expect(await store().findClaim(`${key}0`)).toBeUndefined();
      expect(await store().findClaim(key.slice(0, -1))).toBeUndefined();
    });
  });

  describe('repeats', () => {
    it('answers appended to the very same append, and doubles nothing', async () => {
      const [stream, key] = [fresh('account'), fresh('settlement')];
      const append = appendOf(stream, 'no-stream', 2, { claims: [claimOn(key, 1)] });
      expect(await store().append(append)).toEqual(APPENDED);
      await store().append(appendOf(stream, 1, 3));
      const before = await store().lastLogIndex();
      expect(await store().append(append)).toEqual(APPENDED);
      expect(await Promise.all([store().append(append), store().append(append)])).toEqual([APPENDED, APPENDED]);
      expect(await store().lastLogIndex()).toBe(before);
      expect(revisionsOf(await collect(store().readForward(stream)))).toEqual([0, 1, 2, 3, 4]);
    });

    it('stores it once when the same append comes twice at the same time', async () => {
      const stream = fresh('account');
      const append = appendOf(stream, 'no-stream', 1, { claims: [claimOn(fresh('settlement'))] });
      expect(await Promise.all(range(0, 8).map(() => store().append(append)))).toEqual(range(0, 8).map(() => APPENDED));
      expect(await collect(store().readForward(stream))).toHaveLength(1);
    });

    it('answers conflict to the same id with other bytes at the same place', async () => {
      const stream = fresh('account');
      const id = eventId(stream, 0);
      await store().append(appendOf(stream, 'no-stream'));
      const later = appendOf(stream, 'no-stream', 1, { events: [storedEvent(stream, 0, { decidedLater: true }, id)] });
      expect(await store().append(later)).toEqual({ kind: 'conflict', actual: 0 });
    });

    it('answers by the claim when a command comes again that stands elsewhere: its events have the same ids', async () => {
      const [stream, other] = [fresh('account'), fresh('account')];
      const [id, key] = [eventId(stream, 0), fresh('settlement')];
      const claims = [claimOn(key)];
      await store().append(appendOf(stream, 'no-stream', 1, { claims }));
      const moved = appendOf(stream, 0, 1, { events: [storedEvent(stream, 1, {}, id)], claims });
      expect(await store().append(moved)).toEqual({ kind: 'claimTaken', key });
      const elsewhere = appendOf(other, 'no-stream', 1, { events: [storedEvent(other, 0, {}, id)], claims });
      expect(await store().append(elsewhere)).toEqual({ kind: 'claimTaken', key });
      expect(await collect(store().readForward(other))).toEqual([]);
    });

    it('answers conflict when these very events come with other claims, and takes none of them', async () => {
      const [stream, key, other] = [fresh('account'), fresh('settlement'), fresh('visit')];
      await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] }));
      expect(await store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(other)] }))).toEqual({ kind: 'conflict', actual: 0 });
      expect(await store().findClaim(other)).toBeUndefined();
      expect(await store().findClaim(key)).toMatchObject({ stream, revision: 0 });
    });

    it('answers conflict when only the beginning of the append stands', async () => {
      const stream = fresh('account');
      await store().append(appendOf(stream, 'no-stream'));
      expect(await store().append(appendOf(stream, 'no-stream', 2))).toEqual({ kind: 'conflict', actual: 0 });
      expect(await collect(store().readForward(stream))).toHaveLength(1);
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
          store().append(appendOf(stream, 'no-stream', 1, { lane })),
          store().append(appendOf(stream, 0, 1, { lane })),
        ]),
      );
      expect(results).toEqual(results.map(() => APPENDED));
    });
  });

  describe('misuse', () => {
    it('throws at an event whose place is not right after the expected revision, and at a claim on no event', async () => {
      const stream = fresh('account');
      await expect(store().append(appendOf(stream, 0, 1, { events: [storedEvent(stream, 0)] }))).rejects.toThrow();
      await expect(store().append(appendOf(stream, 'no-stream', 1, { events: [storedEvent(fresh('other'), 0)] }))).rejects.toThrow();
      await expect(store().append(appendOf(stream, 'no-stream', 1, { claims: [claimOn(fresh('key'), 1)] }))).rejects.toThrow();
      expect(await collect(store().readForward(stream))).toEqual([]);
    });
  });
};
