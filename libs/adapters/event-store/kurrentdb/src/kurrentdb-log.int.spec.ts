import { createHash } from 'node:crypto';
import { type EventStore, Unavailable } from '#libs/application';
import { appendOf, claimOn, collect, range, revisionsOf, storedEvent } from '../../../../../test/contract/appends';
import type { ScriptedKurrentDb } from '../../../../../test/support/scripted-kurrentdb';
import { HASTY, onKurrentDb } from '../../../../../test/support/scripted-kurrentdb/on-kurrentdb';
import { DamagedLogError } from './errors';
import { openKurrentDbContentStore, openKurrentDbEventReader } from './event-store';

const place = onKurrentDb();
afterEach(place.letGo);

const indexes = async (store: Pick<EventStore, 'readLog'>, from = 0): Promise<number[]> =>
  (await collect(store.readLog(from))).map(({ logIndex }) => logIndex);
const write = async (store: EventStore, count: number, prefix = 'account'): Promise<void> => {
  for (const n of range(0, count))
    await store.append(appendOf(`${prefix}-${n}`, 'no-stream', 1, { claims: [claimOn(`${prefix}-key-${n}`)] }));
};
/** A follower that keeps what it has seen. */
const follower = (store: EventStore, from: number) => {
  const stop = new AbortController();
  const seen: { logIndex: number; stream: string; revision: number }[] = [];
  const ended = (async () => {
    for await (const { logIndex, stream, revision } of store.subscribe(from, stop.signal)) seen.push({ logIndex, stream, revision });
  })();
  const until = async (count: number): Promise<void> => {
    for (let n = 0; seen.length < count && n < 400; n++) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { seen, ended, until, stop: () => stop.abort() };
};

describe('KurrentDB: the log index', () => {
  it('counts our events and nothing else: not claims, metadata, marks, content, or another log on the same server', async () => {
    const server = await place.serve();
    const [store, other] = [await place.open(server, { marksEvery: 5 }), await place.open(server, { log: 'spec2' })];
    for (const n of range(0, 12)) {
      await store.append(appendOf(`account-${n}`, 'no-stream', 2, { claims: [claimOn(`key-${n}`)] }));
      await other.append(appendOf(`account-${n}`, 'no-stream', 1, { claims: [claimOn(`key-${n}`)] }));
    }
    expect(await indexes(store)).toEqual(range(0, 24));
    expect(await indexes(other)).toEqual(range(0, 12));
    expect(await store.lastLogIndex()).toBe(23);
  });

  it('is the same in every reader, whoever starts where', async () => {
    const server = await place.serve();
    const [one, other] = [await place.open(server, { marksEvery: 10 }), await place.open(server)];
    await Promise.all([write(one, 40), write(other, 40, 'other')]);
    await one.lastLogIndex();
    const reader = await openKurrentDbEventReader({ ...HASTY, url: server.url });
    const whole = await collect(one.readLog(0));
    expect(whole.map(({ logIndex }) => logIndex)).toEqual(range(0, 80));
    for (const from of [0, 7, 10, 11, 39, 79, 80]) {
      expect(await collect(reader.readLog(from))).toEqual(whole.slice(from));
      expect(await collect(other.readLog(from))).toEqual(whole.slice(from));
    }
    await reader.close();
  });

  it('is written down now and then, so that a reader does not count from the beginning', async () => {
    const server = await place.serve();
    const store = await place.open(server, { marksEvery: 10 });
    await write(store, 35);
    await store.lastLogIndex();
    await store.close();
    expect(server.log.stream('spec.index')).toHaveLength(3);
    const next = await place.open(server);
    expect(await next.lastLogIndex()).toBe(34);
    await write(next, 10, 'more');
    expect(await next.lastLogIndex()).toBe(44);
    await next.close();
    expect(server.log.stream('spec.index')).toHaveLength(4);
    expect(await indexes(await place.open(server), 31)).toEqual(range(31, 45));
  });

  it('throws when what was written down is not what is counted: then events have gone, or come in between', async () => {
    const server = await place.serve();
    const store = await place.open(server, { marksEvery: 10 });
    await write(store, 15);
    await store.lastLogIndex();
    await store.close();
    server.log.delete('spec:account-3'); // As an administrator could.
    const next = await place.open(server);
    await collect(next.readLog(0)).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await write(next, 20, 'more');
    await expect(indexes(next)).rejects.toThrow(DamagedLogError);
  });
});

describe('KurrentDB: a subscription', () => {
  it('goes on from where it stopped when the server ends it, without a gap or a repeat', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    await store.append(appendOf('account-1', 'no-stream', 50));
    const following = follower(store, 20);
    await following.until(30);
    for (const n of range(0, 6)) {
      server.dropCalls();
      await store.append(appendOf('account-1', 49 + n * 3, 3));
      if (n % 2 === 0) await following.until(33 + n * 3);
    }
    await following.until(48);
    expect(following.seen.map(({ logIndex }) => logIndex)).toEqual(range(20, 68));
    expect(following.seen.map(({ revision }) => revision)).toEqual(range(20, 68));
    following.stop();
    await following.ended;
  });

  it('comes back when the server was away', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    const following = follower(store, 0);
    await store.append(appendOf('account-1', 'no-stream', 5));
    await following.until(5);
    server.kill();
    const next = await place.serve({ port: server.port, log: server.log });
    const other = await place.open(next);
    await other.append(appendOf('account-1', 4, 5));
    await following.until(10);
    expect(following.seen.map(({ logIndex }) => logIndex)).toEqual(range(0, 10));
    following.stop();
    await following.ended;
  });

  it('throws when the outage lasts, so that the reader knows', async () => {
    const server = await place.serve();
    const store = await place.open(server, { outageMs: 100 });
    const following = follower(store, 0);
    await store.append(appendOf('account-1', 'no-stream', 2));
    await following.until(2);
    server.kill();
    await expect(following.ended).rejects.toThrow(Unavailable);
  });

  it('takes no more from the server than its reader has room for', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    const filler = 'x'.repeat(20_000);
    for (const n of range(0, 24)) {
      const first = n * 25;
      const events = range(first, first + 25).map((revision) => storedEvent('account-1', revision, { filler }));
      await store.append({ ...appendOf('account-1', first === 0 ? 'no-stream' : first - 1), events: events as never });
    }
    const stop = new AbortController();
    const slow = store.subscribe(0, stop.signal)[Symbol.asyncIterator]();
    expect((await slow.next()).value).toMatchObject({ logIndex: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.followed).toBeLessThan(450);
    const rest: number[] = [];
    for (let one = await slow.next(); !one.done; one = await slow.next()) {
      rest.push(one.value.logIndex);
      if (one.value.logIndex === 599) stop.abort();
    }
    expect(rest).toEqual(range(1, 600));
  });
});

describe('KurrentDB: damage is told, never answered around', () => {
  const damagedLog = async (change: (server: ScriptedKurrentDb) => void): Promise<EventStore> => {
    const server = await place.serve();
    const store = await place.open(server);
    for (const n of range(0, 20)) {
      const events = [storedEvent('account-1', n, { amountFen: 5_860_000 + n })] as const;
      await store.append(appendOf('account-1', n === 0 ? 'no-stream' : n - 1, 1, { events, claims: [claimOn(`key-${n}`)] }));
    }
    change(server);
    return store;
  };
  const falsified = (data: Uint8Array): Buffer => Buffer.from(Buffer.from(data).toString('utf8').replace('5860007', '9860007'), 'utf8');

  it('throws at a digit that has changed in an amount, by every way to the event', async () => {
    const store = await damagedLog(({ log }) => log.falsify('spec:account-1', 7, (event) => ({ ...event, data: falsified(event.data) })));
    await expect(collect(store.readLog(0))).rejects.toThrow(DamagedLogError);
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(DamagedLogError);
    await expect(collect(store.readBackward('account-1'))).rejects.toThrow(DamagedLogError);
    await expect(store.readEvent('account-1', 7)).rejects.toThrow(DamagedLogError);
    await expect(store.findClaim('key-7')).rejects.toThrow(DamagedLogError);
    expect(await store.readEvent('account-1', 6)).toBeDefined();
  });

  it('throws at a change of what stands beside an event: its id, its keys', async () => {
    const store = await damagedLog(({ log }) =>
      log.falsify('spec:account-1', 7, (event) => ({
        ...event,
        metadata: Buffer.from(Buffer.from(event.metadata).toString().replace('key-7', 'key-8')),
      })),
    );
    await expect(store.readEvent('account-1', 7)).rejects.toThrow(DamagedLogError);
    await expect(store.findClaim('key-7')).rejects.toThrow(DamagedLogError);
  });

  it('throws at a stream of which the server keeps only the newest events', async () => {
    const store = await damagedLog(({ log }) => {
      const left = log.stream('spec:account-1').slice(12);
      log.delete('spec:account-1');
      (log as unknown as { streams: Map<string, unknown[]> }).streams.set('spec:account-1', [...left]);
    });
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(/0 is missing/);
    await expect(collect(store.readBackward('account-1'))).rejects.toThrow(/is missing/);
  });

  it('throws at bytes that were set aside and are gone or changed', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    const big = storedEvent('account-1', 0, { filler: 'x'.repeat(1_500_000) });
    await store.append(appendOf('account-1', 'no-stream', 1, { events: [big] }));
    const name = server.log.all.find((event) => event.name.startsWith('spec.content:'))?.name ?? '';
    expect(revisionsOf(await collect(store.readForward('account-1')))).toEqual([0]);
    server.log.falsify(name, 1, (event) => ({ ...event, data: Buffer.from(event.data).fill('y', 5, 6) }));
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(DamagedLogError);
    server.log.delete(name);
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(/is missing/);
  });

  it('has no content of which only the beginning was stored, and takes the whole of it afterwards', async () => {
    const server = await place.serve();
    const contents = await openKurrentDbContentStore({ ...HASTY, url: server.url, callDeadlineMs: 200 });
    const bytes = Buffer.alloc(1_500_000, '药');
    server.next('loseRequest', '.content:');
    server.next('denied', '.content:');
    await expect(contents.put(bytes)).rejects.toThrow(Unavailable);
    await contents.close();
    const patient = await openKurrentDbContentStore({ ...HASTY, url: server.url });
    expect(await patient.get(createHash('sha256').update(bytes).digest('hex'))).toBeUndefined();
    const hash = await patient.put(bytes);
    expect(Buffer.from((await patient.get(hash)) ?? []).equals(bytes)).toBe(true);
    await patient.close();
  });
});
