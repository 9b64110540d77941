import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '#libs/application';
import { appendOf, claimOn, collect, storedEvent } from '../../../../../test/contract/appends';
import { DamagedLogError } from './damaged-log';
import { openSqliteEventReader } from './event-reader';
import { openSqliteEventStore } from './event-store';
import { noFaults, setFault } from './faults';
import { DataFolderInUseError } from './writer-lock';

let folder: string;
let opened: EventStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yika-faults-'));
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
  rmSync(folder, { recursive: true });
});
const open = async (more: Partial<Parameters<typeof openSqliteEventStore>[0]> = {}): Promise<EventStore> => {
  const store = await openSqliteEventStore({ folder, ...more });
  opened.push(store);
  return store;
};
const APPENDED = { kind: 'appended' };
const OUTAGE = { kind: 'unavailable', cause: 'outage' };
const indexesOf = async (store: EventStore): Promise<number[]> => (await collect(store.readLog(0))).map(({ logIndex }) => logIndex);

describe('SQLite: an error at COMMIT is unknown until it is looked up', () => {
  it('tells that nothing is stored when the commit had no effect; the key is free and the log goes on without a gap', async () => {
    const faults = noFaults();
    const store = await open({ faults });
    const append = appendOf('account-1', 'no-stream', 2, { claims: [claimOn('settlement-1')] });
    setFault(faults, 'commitFailsBefore', 1);
    expect(await store.append(append)).toEqual(OUTAGE);
    expect(await store.findClaim('settlement-1')).toBeUndefined();
    expect(await indexesOf(store)).toEqual([]);
    expect(await store.append(append)).toEqual(APPENDED);
    expect(await indexesOf(store)).toEqual([0, 1]);
  });

  it('tells that it is stored when the commit took effect although it failed; once', async () => {
    const faults = noFaults();
    const store = await open({ faults });
    const append = appendOf('account-1', 'no-stream', 2, { claims: [claimOn('settlement-1')] });
    setFault(faults, 'commitFailsAfter', 1);
    expect(await store.append(append)).toEqual(APPENDED);
    expect(await store.append(append)).toEqual(APPENDED);
    expect(await store.append(appendOf('account-1', 1))).toEqual(APPENDED);
    expect(await indexesOf(store)).toEqual([0, 1, 2]);
  });

  it.each([
    ['had no effect', 'commitFailsBefore'],
    ['took effect', 'commitFailsAfter'],
  ] as const)('answers unknown while it cannot be looked up (the commit %s), and definitely once it can', async (_, fault) => {
    const faults = noFaults();
    const store = await open({ faults });
    await store.append(appendOf('account-0', 'no-stream'));
    const append = appendOf('account-1', 'no-stream', 1, { claims: [claimOn('settlement-1')] });
    setFault(faults, 'reopenFails', 1);
    setFault(faults, fault, 1);
    expect(await store.append(append)).toMatchObject({ kind: 'unknown' });
    expect(await store.append(appendOf('account-2', 'no-stream'))).toEqual(OUTAGE);
    expect(await collect(store.readForward('account-0'))).toHaveLength(1); // Reads go on.
    setFault(faults, 'reopenFails', 0);
    expect(await store.append(append)).toEqual(APPENDED);
    expect(await store.findClaim('settlement-1')).toMatchObject({ stream: 'account-1', revision: 0 });
    expect(await indexesOf(store)).toEqual([0, 1]);
  });

  it('answers each of many appends of the failed commit, none of them doubled or lost', async () => {
    const faults = noFaults();
    const store = await open({ faults });
    for (const fault of ['commitFailsBefore', 'commitFailsAfter'] as const) {
      setFault(faults, fault, 1);
      const appends = Array.from({ length: 100 }, (_, n) =>
        appendOf(`${fault}-${n}`, 'no-stream', 1, { claims: [claimOn(`${fault}-key-${n}`)] }),
      );
      const results = await Promise.all(appends.map((append) => store.append(append)));
      for (const [n, { kind }] of results.entries()) {
        expect(await collect(store.readForward(`${fault}-${n}`))).toHaveLength(kind === 'appended' ? 1 : 0);
      }
      expect(results.some(({ kind }) => (fault === 'commitFailsAfter') === (kind === 'appended'))).toBe(true);
    }
    expect(await indexesOf(store)).toEqual(Array.from({ length: (await store.lastLogIndex()) + 1 }, (_, i) => i));
  });

  it.each(['diesBefore', 'diesAfter'] as const)('starts its thread again (%s the commit) and answers for what it had', async (fault) => {
    const faults = noFaults();
    const store = await open({ faults });
    await store.append(appendOf('account-1', 'no-stream'));
    setFault(faults, fault, 1);
    const claims = [claimOn('settlement-1')];
    expect(await store.append(appendOf('account-1', 0, 1, { claims }))).toEqual(APPENDED);
    expect(await store.append(appendOf('account-1', 1))).toEqual(APPENDED);
    expect(await indexesOf(store)).toEqual([0, 1, 2]);
  });
});

describe('SQLite: the deadline of a call', () => {
  it('answers unknown, not "failed", when the writer is held up; the same append again is definite', async () => {
    const store = await open({ callDeadlineMs: 60 });
    await store.append(appendOf('account-1', 'no-stream'));
    const other = new DatabaseSync(join(folder, 'events.db'));
    other.exec('BEGIN IMMEDIATE');
    const append = appendOf('account-1', 0);
    expect(await store.append(append)).toEqual({ kind: 'unknown', cause: 'deadline' });
    other.exec('ROLLBACK');
    other.close();
    let again = await store.append(append);
    while (again.kind === 'unknown' || again.kind === 'unavailable') again = await store.append(append);
    expect(again).toEqual(APPENDED);
    expect(await indexesOf(store)).toEqual([0, 1]);
  });
});

describe('SQLite: a full disk', () => {
  it('answers full, definitely, keeps what it has acknowledged, goes on reading, and recovers by itself', async () => {
    const faults = noFaults();
    const store = await open({ faults });
    const acknowledged: string[] = [];
    setFault(faults, 'pagesMax', 60);
    let full = 0;
    for (let n = 0; n < 200; n++) {
      const stream = `account-${n}`;
      const events = [storedEvent(stream, 0, { filler: 'x'.repeat(3_000) })] as const;
      const result = await store.append(appendOf(stream, 'no-stream', 1, { events, claims: [claimOn(`key-${n}`)] }));
      if (result.kind === 'appended') acknowledged.push(stream);
      else {
        expect(result).toEqual({ kind: 'unavailable', cause: 'full' });
        expect(await store.findClaim(`key-${n}`)).toBeUndefined();
        full++;
      }
    }
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(full).toBeGreaterThan(100);
    expect((await collect(store.readLog(0))).map(({ stream }) => stream)).toEqual(acknowledged);
    setFault(faults, 'pagesMax', 0);
    expect(await store.append(appendOf('account-after', 'no-stream'))).toEqual(APPENDED);
    expect(await store.lastLogIndex()).toBe(acknowledged.length);
  });
});

describe('SQLite: one writer a folder', () => {
  it('refuses a second writer in both languages, naming the process that has the folder', async () => {
    const store = await open();
    const second = openSqliteEventStore({ folder });
    await expect(second).rejects.toThrow(DataFolderInUseError);
    await expect(second).rejects.toThrow(new RegExp(`进程号 ${process.pid}.*Process ${process.pid} is writing`));
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED);
    await store.close();
    const next = await open();
    expect(await next.append(appendOf('account-1', 0))).toEqual(APPENDED);
  });

  it('lets readers in beside it, which see what is acknowledged and cannot append', async () => {
    const store = await open();
    await store.append(appendOf('account-1', 'no-stream', 1, { claims: [claimOn('settlement-1')] }));
    const reader = await open({ readOnly: true });
    expect(await reader.append(appendOf('account-1', 0))).toEqual({ kind: 'unavailable', cause: 'readOnly' });
    expect(await reader.findClaim('settlement-1')).toMatchObject({ stream: 'account-1' });
    await store.append(appendOf('account-1', 0));
    expect(await reader.lastLogIndex()).toBe(1);
  });

  it('refuses to read where there is no log, and a file that is none', async () => {
    await expect(openSqliteEventReader({ folder })).rejects.toThrow(/no events\.db/);
    const foreign = new DatabaseSync(join(folder, 'events.db'));
    foreign.exec('CREATE TABLE events (x)');
    foreign.close();
    await expect(open()).rejects.toThrow(DamagedLogError);
    await expect(openSqliteEventReader({ folder })).rejects.toThrow(DamagedLogError);
  });

  it('refuses a log whose layout it does not know', async () => {
    await (await open()).close();
    const db = new DatabaseSync(join(folder, 'events.db'));
    db.exec('PRAGMA user_version = 9');
    db.close();
    await expect(open()).rejects.toThrow(/layout 9/);
  });
});

describe('SQLite: damage is told, never answered around', () => {
  const writeThenDamage = async (damage: (file: Buffer) => void): Promise<void> => {
    const store = await open();
    for (let n = 0; n < 20; n++) {
      await store.append(
        appendOf('account-1', n === 0 ? 'no-stream' : n - 1, 1, { events: [storedEvent('account-1', n, { amountFen: 5_860_000 + n })] }),
      );
    }
    await store.close(); // Empties the WAL into the file.
    const path = join(folder, 'events.db');
    const file = readFileSync(path);
    damage(file);
    writeFileSync(path, file);
  };

  it('throws at a digit that has flipped in an amount, by every way to the event', async () => {
    await writeThenDamage((file) => {
      for (let at = file.indexOf('5860007'); at !== -1; at = file.indexOf('5860007', at)) file.write('9', at); // Also in pages left behind.
    });
    const store = await open();
    await expect(collect(store.readLog(0))).rejects.toThrow(DamagedLogError);
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(DamagedLogError);
    await expect(collect(store.readBackward('account-1'))).rejects.toThrow(DamagedLogError);
    await expect(store.readEvent('account-1', 7)).rejects.toThrow(DamagedLogError);
    expect(await store.readEvent('account-1', 6)).toBeDefined();
  });

  it('throws at a page that is overwritten', async () => {
    await writeThenDamage((file) => {
      const page = Math.floor(file.indexOf('5860007') / 4096);
      file.fill(0xff, page * 4096, (page + 1) * 4096);
    });
    const opening = open();
    await expect(opening.then((store) => collect(store.readLog(0)))).rejects.toThrow(/malformed/);
    await expect(opening.then((store) => collect(store.readForward('account-1')))).rejects.toThrow(/malformed/);
  });

  it('throws at an event that is gone from the middle of the log', async () => {
    await (await open()).close();
    await writeThenDamage(() => undefined);
    const db = new DatabaseSync(join(folder, 'events.db'));
    db.exec('DELETE FROM events WHERE log_index = 7');
    db.close();
    const store = await open();
    await expect(collect(store.readLog(0))).rejects.toThrow(/7 is missing/);
    await expect(collect(store.readForward('account-1'))).rejects.toThrow(/7 is missing/);
    await expect(collect(store.readBackward('account-1'))).rejects.toThrow(/7 is missing/);
  });
});
