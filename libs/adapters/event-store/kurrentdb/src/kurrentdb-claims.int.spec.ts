import { type Append, type EventStore, eventId, type NewClaim } from '#libs/application';
import { APPENDED, appendOf, claimOn, collect, range, revisionsOf, storedEvent } from '../../../../../test/contract/appends';
import type { ScriptedKurrentDb } from '../../../../../test/support/scripted-kurrentdb';
import { onKurrentDb } from '../../../../../test/support/scripted-kurrentdb/on-kurrentdb';
import { FENCE } from './record';

const place = onKurrentDb();
afterEach(place.letGo);

const KEY = 'settlement-1';
const UNKNOWN = { kind: 'unknown' };
const TAKEN = { kind: 'claimTaken', key: KEY };
const otherHash = (key: string): NewClaim => ({ ...claimOn(key), commandHash: `1:${'b'.repeat(64)}` });
const revisions = async (store: EventStore, stream: string): Promise<number[]> => revisionsOf(await collect(store.readForward(stream)));
const fences = (server: ScriptedKurrentDb): number => server.log.all.filter(({ type }) => type === FENCE).length;

/** One engine has written its claim and dies before its event is stored; `late`: its event is still under way. */
const crashed = async (server: ScriptedKurrentDb, append: Append, how: 'late' | 'loseRequest' = 'loseRequest'): Promise<void> => {
  const store = await place.open(server, { callDeadlineMs: 100, tryMs: 500 });
  server.next(how);
  let result = await store.append(append);
  while (server.toCome > 0) result = await store.append(append); // A busy machine has not come as far as the event.
  expect(result).toMatchObject(UNKNOWN);
};
const claimed = appendOf('account-1', 'no-stream', 1, { claims: [claimOn(KEY)] });
/** The same settlement, on another account: what a second card leads to. */
const elsewhere = appendOf('account-2', 'no-stream', 1, { claims: [otherHash(KEY)] });

describe('KurrentDB: an engine dies between the claim and its event', () => {
  it('leaves a claim that holds nothing', async () => {
    const server = await place.serve();
    await crashed(server, claimed);
    expect(server.log.stream('spec.claim:settlement-1')).toHaveLength(1);
    const other = await place.open(server);
    expect(await other.findClaim(KEY)).toBeUndefined();
    expect(await other.lastLogIndex()).toBe(-1);
  });

  it('lets the same command go on in another engine at once, without a fence', async () => {
    const server = await place.serve();
    await crashed(server, claimed);
    const other = await place.open(server, { claimPatienceMs: 60_000 });
    expect(await other.append(claimed)).toEqual(APPENDED);
    expect(await other.findClaim(KEY)).toMatchObject({ stream: 'account-1', revision: 0 });
    expect(fences(server)).toBe(0);
  });

  it('lets the same command go on with another decision; of the two only one stands, and the claim is its', async () => {
    const server = await place.serve();
    await crashed(server, claimed, 'late');
    const other = await place.open(server);
    const decidedLater = { ...claimed, events: [storedEvent('account-1', 0, { decidedLater: true })] as const };
    expect(await other.append(decidedLater)).toEqual(APPENDED);
    server.letGo();
    expect(await revisions(other, 'account-1')).toEqual([0]);
    expect(await other.append(claimed)).toEqual({ kind: 'conflict', actual: 0 });
    expect(await other.findClaim(KEY)).toMatchObject({ stream: 'account-1', revision: 0 });
  });

  it('lets another command take the key over, and the event that is still under way can then never come', async () => {
    const server = await place.serve();
    await crashed(server, claimed, 'late');
    const other = await place.open(server);
    expect(await other.append(elsewhere)).toEqual(APPENDED);
    server.letGo();
    expect(await revisions(other, 'account-1')).toEqual([]);
    expect(await other.findClaim(KEY)).toMatchObject({ stream: 'account-2', revision: 0 });
    expect(await other.append(claimed)).toEqual(TAKEN);
    expect(await collect(other.readLog(0))).toHaveLength(1);
    expect(fences(server)).toBe(1);
  });

  it('tells another command that the key is taken when the event comes while it waits', async () => {
    const server = await place.serve();
    await crashed(server, claimed, 'late');
    const other = await place.open(server, { claimPatienceMs: 60_000, callDeadlineMs: 5_000 });
    const taking = other.append(elsewhere);
    await new Promise((resolve) => setTimeout(resolve, 60));
    server.letGo();
    expect(await taking).toEqual(TAKEN);
    expect(await revisions(other, 'account-2')).toEqual([]);
    expect(fences(server)).toBe(0);
  });

  it('lets another command take over at once when another event has the place: nothing can come there', async () => {
    const server = await place.serve();
    await crashed(server, claimed);
    const other = await place.open(server, { claimPatienceMs: 60_000 });
    const another = appendOf('account-1', 'no-stream', 1, { events: [storedEvent('account-1', 0, {}, eventId('another', 0))] });
    expect(await other.append(another)).toEqual(APPENDED);
    expect(await other.append(elsewhere)).toEqual(APPENDED);
    expect(fences(server)).toBe(0);
  });

  it('lets the same command take its own claim over when it has to come at a later revision', async () => {
    const server = await place.serve();
    await crashed(server, claimed);
    const other = await place.open(server, { claimPatienceMs: 60_000 });
    const another = appendOf('account-1', 'no-stream', 1, { events: [storedEvent('account-1', 0, {}, eventId('another', 0))] });
    await other.append(another);
    const id = eventId('account-1', 0);
    const later = appendOf('account-1', 0, 1, { events: [storedEvent('account-1', 1, {}, id)], claims: [claimOn(KEY)] });
    expect(await other.append(later)).toEqual(APPENDED);
    expect(await other.append(later)).toEqual(APPENDED);
    expect(await other.append(claimed)).toEqual(TAKEN);
    expect(await other.findClaim(KEY)).toMatchObject({ revision: 1, eventId: id });
  });

  it('gives a key to one of two commands that both find it left behind', async () => {
    const server = await place.serve();
    await crashed(server, claimed);
    const [one, other] = [await place.open(server), await place.open(server)];
    const third = appendOf('account-3', 'no-stream', 1, { claims: [{ ...claimOn(KEY), commandHash: `1:${'c'.repeat(64)}` }] });
    const results = await Promise.all([one.append(elsewhere), other.append(third)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['appended', 'claimTaken']);
    expect(await collect(one.readLog(0))).toHaveLength(1);
  });

  it('holds no key for an event that does not have it: another try of the same command wanted another', async () => {
    const server = await place.serve();
    await crashed(server, appendOf('account-1', 'no-stream', 1, { claims: [claimOn(KEY), claimOn('visit-1#0')] }), 'late');
    await crashed(
      server,
      appendOf('account-1', 'no-stream', 1, {
        events: [storedEvent('account-1', 0, { decidedLater: true })],
        claims: [claimOn(KEY), claimOn('visit-1#1')],
      }),
    );
    server.letGo();
    const store = await place.open(server);
    expect(await store.findClaim(KEY)).toMatchObject({ revision: 0 });
    expect(await store.findClaim('visit-1#0')).toMatchObject({ revision: 0 });
    expect(await store.findClaim('visit-1#1')).toBeUndefined();
    expect(await store.append(appendOf('account-2', 'no-stream', 1, { claims: [otherHash('visit-1#1')] }))).toEqual(APPENDED);
  });
});

describe('KurrentDB: two engines want one key', () => {
  it('gives it to exactly one of 60 that race for it from 60 streams through two engines', async () => {
    const server = await place.serve();
    const stores = [await place.open(server, { claimPatienceMs: 1_000 }), await place.open(server, { claimPatienceMs: 1_000 })];
    const race = (store: EventStore, engine: number) =>
      range(0, 30).map((n) => store.append(appendOf(`account-${engine}-${n}`, 'no-stream', 1, { claims: [claimOn(KEY)] })));
    const results = await Promise.all(stores.flatMap(race));
    expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'claimTaken')).toHaveLength(59);
    expect(await stores[0]?.lastLogIndex()).toBe(0);
    expect(fences(server)).toBe(0);
  });

  it('lets two that want the same two keys the other way round both come to an end', async () => {
    const server = await place.serve();
    const stores = [await place.open(server), await place.open(server)];
    const ways = [
      ['a', 'b'],
      ['b', 'a'],
    ];
    for (const round of range(0, 10)) {
      const results = await Promise.all(
        stores.map((store, n) =>
          store.append(
            appendOf(`account-${round}-${n}`, 'no-stream', 1, { claims: (ways[n] ?? []).map((key) => claimOn(`${key}${round}`)) }),
          ),
        ),
      );
      expect(results.map(({ kind }) => kind).sort()).toEqual(['appended', 'claimTaken']);
    }
  });
});

describe('KurrentDB: a stream with a fence in it', () => {
  const fencedStream = async () => {
    const server = await place.serve();
    const first = await place.open(server);
    await first.append(appendOf('account-1', 'no-stream', 3));
    await crashed(server, appendOf('account-1', 2, 2, { claims: [claimOn(KEY, 1)] }), 'late');
    expect(await first.append(elsewhere)).toEqual(APPENDED);
    server.letGo();
    expect(fences(server)).toBe(1);
    return { server, first };
  };

  it('goes on at the revision that the port knows, in every engine, and is read without a gap', async () => {
    const { server, first } = await fencedStream();
    expect(await first.append(appendOf('account-1', 2, 2))).toEqual(APPENDED);
    const other = await place.open(server);
    expect(await other.append(appendOf('account-1', 4, 1, { claims: [claimOn('settlement-2')] }))).toEqual(APPENDED);
    expect(await first.append(appendOf('account-1', 5))).toEqual(APPENDED);
    expect(await revisions(other, 'account-1')).toEqual(range(0, 7));
    expect(revisionsOf(await collect(other.readForward('account-1', 4)))).toEqual([4, 5, 6]);
    expect(revisionsOf(await collect(other.readBackward('account-1')))).toEqual(range(0, 7).reverse());
    for (const revision of range(0, 7)) expect((await other.readEvent('account-1', revision))?.revision).toBe(revision);
    expect(await other.readEvent('account-1', 7)).toBeUndefined();
    expect(await other.findClaim('settlement-2')).toMatchObject({ revision: 5 });
    expect((await collect(other.readLog(0))).map(({ logIndex }) => logIndex)).toEqual(range(0, 8));
  });

  it('answers repeats and conflicts on both sides of the fence as if there were none', async () => {
    const { server, first } = await fencedStream();
    const after = appendOf('account-1', 2, 2);
    await first.append(after);
    for (const store of [first, await place.open(server)]) {
      expect(await store.append(appendOf('account-1', 'no-stream', 3))).toEqual(APPENDED);
      expect(await store.append(after)).toEqual(APPENDED);
      const late = { ...after, events: [storedEvent('account-1', 3, {}, eventId('late', 0))] as const };
      expect(await store.append(late)).toEqual({ kind: 'conflict', actual: 4 });
      expect(await store.append(appendOf('account-1', 9))).toEqual({ kind: 'conflict', actual: 4 });
    }
    expect(await revisions(first, 'account-1')).toEqual(range(0, 5));
  });
});
