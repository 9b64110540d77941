import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { EventReader, EventStore } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { dumpReadModel } from '../index';
import type { Notice } from '../notices';
import { credited, opened, registered, settled, storedEvents, type Told } from '../projection.fixture';
import { Projector } from '../projector';
import { NAMES } from '../views-under-test.fixture';
import { SqliteKeeper } from './sqlite-keeper';
import { openViewsFile, VIEWS_FILE } from './views-file';

/** Without a thread, and with a reader that the spec can hold: what is between two moments can be looked at. */
let folder: string;
let store: EventStore;
let revisions: Map<string, number>;
let notices: Notice[];
const running: { projector: Projector; db: DatabaseSync }[] = [];

const append = async (...events: readonly Told[]) => {
  for (const event of storedEvents(events, revisions)) {
    const expected = event.revision === 0 ? 'no-stream' : event.revision - 1;
    await store.append({ stream: event.stream, expected, events: nonEmpty([event]), claims: [], lane: 'interactive' });
  }
};
const holder = (accountId: string): Told[] => [
  opened(accountId),
  registered(accountId, `${accountId}-K`),
  credited(accountId, `${accountId}-K`, 10_000),
  settled(accountId, { serial: `${accountId}-S`, cardId: `${accountId}-K`, accountFen: 4000 }),
];
const start = async (reader: EventReader = store) => {
  const db = openViewsFile(join(folder, VIEWS_FILE));
  const projector = new Projector({ keeper: new SqliteKeeper(db), reader, batchEventsMax: 5, tell: (told) => notices.push(told) });
  await projector.start();
  running.push({ projector, db });
  return { projector, db };
};
const until = async (holds: () => Promise<boolean> | boolean) => {
  while (!(await holds())) await pause(2);
};
const liveAt = (projector: Projector, logIndex: number) =>
  until(async () => (await projector.status()).every((one) => one.logIndex >= logIndex));
const statusOf = async (projector: Projector, name: string) => (await projector.status()).find((one) => one.name === name);
const dump = async (name: string) => {
  const lines: string[] = [];
  for await (const line of dumpReadModel(folder, name)) lines.push(line);
  return lines;
};
/** Reads the log up to an index, then waits until it is let go on. */
const held = (at: number) => {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reader: EventReader = {
    ...store,
    readLog: async function* (from) {
      for await (const logged of store.readLog(from)) {
        if (logged.logIndex === at) await gate;
        yield logged;
      }
    },
  };
  return { reader, letGo };
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'projector-'));
  store = await openSqliteEventStore({ folder });
  revisions = new Map();
  notices = [];
});
afterEach(async () => {
  for (const { projector, db } of running.splice(0)) {
    await projector.close();
    if (db.isOpen) db.close();
  }
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('projector: a rebuild half way', () => {
  it('the running projection answers and stays live; status says how far the rebuild is', async () => {
    for (let i = 0; i < 10; i++) await append(...holder(`A${i}`));
    const { reader, letGo } = held(23);
    const { projector } = await start(reader);
    await liveAt(projector, 39);
    const before = await dump('balances');
    const rebuilt = projector.rebuild('balances', () => {});
    await until(async () => (await statusOf(projector, 'balances'))?.detail === '20/40');
    expect(await dump('balances')).toEqual(before);
    await append(...holder('B1'));
    await liveAt(projector, 43);
    expect(await statusOf(projector, 'balances')).toEqual({
      name: 'balances',
      logIndex: 43,
      behind: 0,
      state: 'rebuilding',
      detail: '20/44',
    });
    const live = await dump('balances');
    expect(live).toHaveLength(11 * 4);
    letGo();
    await rebuilt;
    expect(await dump('balances')).toEqual(live);
    expect(await statusOf(projector, 'balances')).toEqual({ name: 'balances', logIndex: 43, behind: 0, state: 'live', detail: null });
    await append(...holder('B2'));
    await liveAt(projector, 47);
    expect(await dump('balances')).toHaveLength(12 * 4);
  });
  it('killed there, the next start goes on from the checkpoint of the shadow', async () => {
    for (let i = 0; i < 10; i++) await append(...holder(`A${i}`));
    const { reader, letGo } = held(23);
    const killed = await start(reader);
    await liveAt(killed.projector, 39);
    const before = await dump('settlements');
    const cut = killed.projector.rebuild('settlements', () => {}).catch((error: unknown) => error);
    await until(async () => (await statusOf(killed.projector, 'settlements'))?.detail === '20/40');
    const standing = killed.projector.close();
    killed.db.close(); // As if the process were gone: nothing more can be written.
    letGo();
    await standing;
    expect(await cut).toBeInstanceOf(Error);

    const readFrom: number[] = [];
    const readLog: EventReader['readLog'] = (from) => {
      readFrom.push(from);
      return store.readLog(from);
    };
    const { projector, db } = await start({ ...store, readLog });
    await until(() => notices.some(({ code }) => code === 'rebuilt'));
    expect(notices.map(({ code, projection, detail }) => [code, projection, detail])).toEqual([
      ['rebuild-resumed', 'settlements', 'log index 19'],
      ['rebuilt', 'settlements', 'log index 39'],
    ]);
    expect(readFrom).toContain(20);
    expect(await dump('settlements')).toEqual(before);
    expect(db.prepare("SELECT count(*) AS n FROM projections WHERE role = 'shadow'").get()).toEqual({ n: 0 });
    await append(...holder('B1'));
    await liveAt(projector, 43);
    expect(await dump('settlements')).toHaveLength(11);
  });
  it('a shadow of another log is not gone on with', async () => {
    for (let i = 0; i < 10; i++) await append(...holder(`A${i}`));
    const { reader, letGo } = held(23);
    const killed = await start(reader);
    await liveAt(killed.projector, 39);
    const before = await dump('balances');
    const cut = killed.projector.rebuild('balances', () => {}).catch(() => {});
    await until(async () => (await statusOf(killed.projector, 'balances'))?.detail === '20/40');
    killed.db.exec("UPDATE projections SET eventHash = 'other' WHERE role = 'shadow'");
    const standing = killed.projector.close();
    killed.db.close();
    letGo();
    await Promise.all([standing, cut]);
    await start();
    await until(() => notices.some(({ code }) => code === 'rebuilt'));
    expect(notices[0]).toMatchObject({ code: 'rebuild-resumed', detail: 'log index -1' });
    expect(await dump('balances')).toEqual(before);
  });
});

describe('projector: outages', () => {
  it('a log that cannot be read for a while is followed again from the checkpoints; nothing is lost, nothing counted twice', async () => {
    for (let i = 0; i < 5; i++) await append(...holder(`A${i}`));
    let failures = 2;
    const reader: EventReader = {
      ...store,
      subscribe: async function* (from, signal) {
        for await (const logged of store.subscribe(from, signal)) {
          if (logged.logIndex === 12 && failures-- > 0) throw new Error('disk away');
          yield logged;
        }
      },
    };
    const { projector } = await start(reader);
    await liveAt(projector, 19);
    expect(notices.filter(({ code }) => code === 'outage').map(({ detail }) => detail)).toContain('disk away');
    expect((await projector.status()).every(({ state }) => state === 'live')).toBe(true);
    const day = JSON.parse((await dump('institutionDays'))[0] ?? '{}') as { settlements: number };
    expect(day.settlements).toBe(5);
  });
  it('views that cannot be written do not count as failed events: the batch is tried again', async () => {
    const { projector, db } = await start();
    await append(...holder('A1'));
    await liveAt(projector, 3);
    db.exec("CREATE TRIGGER full BEFORE UPDATE ON projections BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    await append(...holder('A2'));
    await until(() => notices.some(({ code, detail }) => code === 'outage' && detail.includes('disk full')));
    expect((await projector.status()).map(({ state, logIndex }) => [state, logIndex])).toEqual(NAMES.map(() => ['catchingUp', 3]));
    expect(await dump('settlements')).toHaveLength(1);
    db.exec('DROP TRIGGER full');
    await liveAt(projector, 7);
    expect(await dump('settlements')).toHaveLength(2);
    expect((await projector.status()).every(({ state, detail }) => state === 'live' && detail === null)).toBe(true);
  });
});
