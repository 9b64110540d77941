import { type EventStore, eventId } from '#libs/application';
import { appendingContract } from './appending.contract';
import { APPENDED, appendOf, claimOn, collect, fresh, range, shapeOf, storedEvent } from './appends';
import { readingContract } from './reading.contract';

export type StoreUnderTest = Readonly<{
  store: EventStore;
  /** Closes the store and opens it again on the same log. */
  reopen: () => Promise<EventStore>;
  dispose: () => Promise<void>;
}>;

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

    appendingContract(() => store);
    readingContract(() => store);

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
