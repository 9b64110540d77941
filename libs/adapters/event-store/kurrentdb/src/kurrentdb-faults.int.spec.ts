import type { EventStore } from '#libs/application';
import { APPENDED, appendOf, claimOn, collect, range, revisionsOf, storedEvent } from '../../../../../test/contract/appends';
import type { Fault, ScriptedKurrentDb } from '../../../../../test/support/scripted-kurrentdb';
import { onKurrentDb } from '../../../../../test/support/scripted-kurrentdb/on-kurrentdb';

const place = onKurrentDb();
afterEach(place.letGo);

const OUTAGE = { kind: 'unavailable', cause: 'outage' };
const revisions = async (store: EventStore, stream: string): Promise<number[]> => revisionsOf(await collect(store.readForward(stream)));

describe('KurrentDB: whatever becomes of an answer, the append stands once and is acknowledged', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['the request is lost', 'loseRequest'],
    ['the answer is lost', 'loseAnswer'],
    ['the answer comes twice', 'twice'],
    ['the server says timeout and has stored it', 'timeoutStored'],
    ['the server says timeout and has not', 'timeoutLost'],
    ['the call ends before it is stored', 'droppedBefore'],
    ['the call ends after it was stored', 'droppedAfter'],
    ['the node is not ready', 'notReady'],
    ['the node is busy', 'busy'],
  ];
  it.each(faults)('%s', async (_, fault) => {
    const server = await place.serve();
    const store = await place.open(server);
    await store.append(appendOf('account-1', 'no-stream'));
    server.next(fault);
    const claims = [claimOn('settlement-1', 1)];
    expect(await store.append(appendOf('account-1', 0, 2, { claims }))).toEqual(APPENDED);
    expect(await store.append(appendOf('account-1', 2))).toEqual(APPENDED);
    expect(await revisions(store, 'account-1')).toEqual([0, 1, 2, 3]);
    expect(await store.findClaim('settlement-1')).toMatchObject({ revision: 2 });
    expect(await store.lastLogIndex()).toBe(3);
  });

  it.each(faults)('%s, three times in a row and while 30 others are under way', async (_, fault) => {
    const server = await place.serve();
    const store = await place.open(server);
    server.next(fault, 'account-7', 3);
    const results = await Promise.all(range(0, 31).map((n) => store.append(appendOf(`account-${n}`, 'no-stream'))));
    expect(results).toEqual(results.map(() => APPENDED));
    expect(await store.lastLogIndex()).toBe(30);
  });

  it('sends the very same events at the very same place again', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    server.next('loseRequest', ':account-1', 2);
    await store.append(appendOf('account-1', 'no-stream', 2));
    const sent = server.asked.filter(({ name }) => name.endsWith(':account-1') && !name.startsWith('$$'));
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ after, ids }) => JSON.stringify([after, ids]))).size).toBe(1);
  });
});

describe('KurrentDB: an outcome that is open', () => {
  it('is unknown, and a read-back that shows nothing proves nothing: the append lands after it', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 200, tryMs: 500 });
    const append = appendOf('account-1', 'no-stream', 2);
    server.next('late');
    expect(await store.append(append)).toMatchObject({ kind: 'unknown' });
    const patient = await place.open(server);
    expect(await revisions(patient, 'account-1')).toEqual([]);
    server.letGo();
    expect(await revisions(patient, 'account-1')).toEqual([0, 1]);
    expect(await patient.append(append)).toEqual(APPENDED);
    expect(await revisions(patient, 'account-1')).toEqual([0, 1]);
  });

  it('is settled by the same append again; the late one then changes nothing', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 200, tryMs: 500 });
    const append = appendOf('account-1', 'no-stream', 2);
    server.next('late');
    expect(await store.append(append)).toMatchObject({ kind: 'unknown' });
    const patient = await place.open(server);
    expect(await patient.append(append)).toEqual(APPENDED);
    server.letGo();
    expect(await revisions(patient, 'account-1')).toEqual([0, 1]);
  });

  it('is a conflict for another decision under the same ids once the late one stands', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 200, tryMs: 500 });
    server.next('late');
    await store.append(appendOf('account-1', 'no-stream'));
    server.letGo();
    const later = appendOf('account-1', 'no-stream', 1, { events: [storedEvent('account-1', 0, { decidedLater: true })] });
    expect(await (await place.open(server)).append(later)).toEqual({ kind: 'conflict', actual: 0 });
  });

  it('stays unknown when the server refuses afterwards: a try before may have been stored', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 600 });
    server.next('loseAnswer');
    server.next('denied', 'spec:', 100);
    expect(await store.append(appendOf('account-1', 'no-stream'))).toMatchObject({ kind: 'unknown' });
    expect(await revisions(await place.open(server), 'account-1')).toEqual([0]);
  });

  it('is unknown for no longer than the deadline of the call', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 200 });
    server.next('loseRequest', 'spec:', 100);
    expect(await store.append(appendOf('account-1', 'no-stream'))).toMatchObject({ kind: 'unknown' });
  });
});

describe('KurrentDB: what is definitely not stored', () => {
  it('is an outage when the node has never begun with it', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 400, tryMs: 10_000 });
    server.next('notReady', 'spec:', 1_000);
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual(OUTAGE);
  });

  it('is an outage when the claim could not be written: the event was never sent', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 200 });
    server.next('loseAnswer', '.claim:', 100);
    expect(await store.append(appendOf('account-1', 'no-stream', 1, { claims: [claimOn('settlement-1')] }))).toEqual(OUTAGE);
    const patient = await place.open(server);
    expect(await patient.findClaim('settlement-1')).toBeUndefined();
    expect(await revisions(patient, 'account-1')).toEqual([]);
  });

  it('is read-only when the user may not write', async () => {
    const server = await place.serve();
    const store = await place.open(server, { tryMs: 10_000 });
    server.next('denied');
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual({ kind: 'unavailable', cause: 'readOnly' });
  });

  it('throws at an append beyond what the server takes at all', async () => {
    const server = await place.serve({ maxAppendSize: 2_000 });
    const store = await place.open(server, { tryMs: 10_000 });
    await expect(store.append(appendOf('account-1', 'no-stream', 100))).rejects.toThrow(/MaxAppendSize 2000/);
  });
});

describe('KurrentDB: the wire', () => {
  it('carries many appends on one call', async () => {
    const server = await place.serve();
    const store = await place.open(server, { tryMs: 10_000 });
    const before = server.calls;
    await Promise.all(range(0, 200).map((n) => store.append(appendOf(`account-${n}`, 'no-stream'))));
    expect(server.calls - before).toBeLessThanOrEqual(1);
  });

  it('never tells the server a deadline by the clock of the engine', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    await store.append(appendOf('account-1', 'no-stream', 1, { claims: [claimOn('settlement-1')] }));
    expect(server.asked.filter(({ deadline }) => deadline)).toEqual([]);
  });

  it('keeps what waits of one store apart from that of another: when one server goes, the appends to the other are answered', async () => {
    const [one, other] = [await place.serve(), await place.serve()];
    const [first, second] = [await place.open(one), await place.open(other)];
    one.next('loseRequest', 'spec:', 50);
    other.next('late', 'spec:', 50);
    const waiting = range(0, 10).map((n) => first.append(appendOf(`account-${n}`, 'no-stream')));
    const there = range(0, 10).map((n) => second.append(appendOf(`account-${n}`, 'no-stream')));
    one.dropCalls();
    other.letGo();
    expect(await Promise.all([...waiting, ...there])).toEqual(range(0, 20).map(() => APPENDED));
  });

  it('goes to the leader when the node does not lead', async () => {
    const leader = await place.serve();
    const follower = await place.serve({ log: leader.log });
    const store = await place.open(follower);
    follower.next({ notLeader: leader.port }, 'spec:', 1_000);
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED);
    expect(leader.asked.some(({ name }) => name.endsWith(':account-1'))).toBe(true);
  });

  it('comes back by itself after the server was away, and has lost and doubled nothing', async () => {
    const server = await place.serve();
    const store = await place.open(server, { callDeadlineMs: 100 });
    await store.append(appendOf('account-1', 'no-stream'));
    server.kill();
    const away = await store.append(appendOf('account-1', 0));
    expect(['unknown', 'unavailable']).toContain(away.kind);
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(/cannot be read/);
    await place.serve({ port: server.port, log: server.log });
    let again = await store.append(appendOf('account-1', 0));
    for (let tries = 0; again.kind !== 'appended' && tries < 100; tries++) again = await store.append(appendOf('account-1', 0));
    expect(again).toEqual(APPENDED);
    expect(await revisions(store, 'account-1')).toEqual([0, 1]);
  });

  it('lets interactive appends pass jobs, and refuses what would wait too long', async () => {
    const server: ScriptedKurrentDb = await place.serve();
    const store = await place.open(server, { inFlightMax: 2, callDeadlineMs: 800 });
    server.next('late', ':job', 1_000);
    const jobs = range(0, 3).map((n) => store.append(appendOf(`job-${n}`, 'no-stream', 1, { lane: 'job' })));
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED);
    const kinds = (await Promise.all(jobs)).map((result) => (result.kind === 'unavailable' ? result.cause : result.kind));
    expect(kinds).toEqual(['unknown', 'busy', 'busy']);
  });
});
