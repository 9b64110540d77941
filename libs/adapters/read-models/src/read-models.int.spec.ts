import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { EventStore } from '#libs/application';
import { canonicalJson, nonEmpty } from '#libs/kernel';
import { dumpReadModel, type Notice, type OpenReadModels, openReadModels } from './index';
import {
  cancelled,
  credited,
  frozen,
  lifted,
  opened,
  registered,
  sealed,
  settled,
  storedEvents,
  type Told,
  transferred,
  unsealed,
} from './projection.fixture';

const NAMES = ['balances', 'freezes', 'cardTransfers', 'settlements', 'institutionDays'];
const PAGE = { limit: 100 };

let folder: string;
let store: EventStore;
let models: OpenReadModels | undefined;
let revisions: Map<string, number>;
let notices: Notice[];

const append = async (...events: readonly Told[]) => {
  for (const event of storedEvents(events, revisions)) {
    const result = await store.append({
      stream: event.stream,
      expected: event.revision === 0 ? 'no-stream' : event.revision - 1,
      events: nonEmpty([event]),
      claims: [],
      lane: 'interactive',
    });
    if (result.kind !== 'appended') throw new Error(result.kind);
  }
};
const open = async (batchEventsMax?: number) => {
  models = await openReadModels({
    folder,
    reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
    onNotice: (told) => notices.push(told),
    ...(batchEventsMax === undefined ? {} : { batchEventsMax }),
  });
  return models;
};
const close = async () => {
  await models?.close();
  models = undefined;
};
const caughtUp = async (opened: OpenReadModels) => opened.caughtUp(await store.lastLogIndex());
const dumps = async () => {
  const all: Record<string, string[]> = {};
  for (const name of NAMES) {
    const lines: string[] = [];
    for await (const line of dumpReadModel(folder, name)) lines.push(line);
    all[name] = lines;
  }
  return all;
};
const inFile = <T>(use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(join(folder, 'views.db'));
  try {
    return use(db);
  } finally {
    db.close();
  }
};
const checkpoints = () => inFile((db) => db.prepare("SELECT name, logIndex FROM projections WHERE role = 'live'").all());
const said = (code: string) => notices.filter((told) => told.code === code).map(({ projection }) => projection);

const holder = (accountId: string, amountFen = 10_000): Told[] => [
  opened(accountId),
  registered(accountId, `${accountId}-OLD`),
  credited(accountId, `${accountId}-OLD`, amountFen),
  settled(accountId, { serial: `${accountId}-S1`, cardId: `${accountId}-OLD`, accountFen: 4000, cashFen: 500 }),
  cancelled(accountId, { serial: `${accountId}-S2`, target: `${accountId}-S1`, cardId: `${accountId}-OLD`, accountFen: 1000 }),
];
const moves = (accountId: string): Told[] => [
  sealed(accountId, `${accountId}-OLD`),
  unsealed(accountId, `${accountId}-OLD`),
  transferred(accountId, { from: `${accountId}-OLD`, to: `${accountId}-NEW`, currentFen: 7000, priorFen: 0 }),
];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'views-'));
  store = await openSqliteEventStore({ folder });
  revisions = new Map();
  notices = [];
});
afterEach(async () => {
  await close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('read models: following the log', () => {
  it('what was appended before and after the start is there, and the page says up to where', async () => {
    await append(...holder('A1'));
    const views = await open();
    await append(...moves('A1'), sealed('A1', 'A1-OLD'));
    await caughtUp(views);
    const page = await views.balances({ accountId: 'A1' }, PAGE);
    expect(
      page.rows.filter(({ bucket }) => bucket === 'currentYear').map(({ cardId, amountFen, sealed: is }) => [cardId, amountFen, is]),
    ).toEqual([
      ['A1-NEW', 7000, false],
      ['A1-OLD', 0, true],
      ['cardless', 0, false],
    ]);
    expect([page.next, page.asOfLogIndex]).toEqual([null, 8]);
    expect(await views.totals()).toEqual({
      sealedFen: 0,
      sealedAccounts: 1,
      transferredFen: 7000,
      transfers: 1,
      balanceFen: 7000,
      asOfLogIndex: 8,
    });
    expect((await views.status()).map(({ name, logIndex, behind, state }) => [name, logIndex, behind, state])).toEqual(
      NAMES.map((name) => [name, 8, 0, 'live']),
    );
  });
  it('an empty log has empty pages and zero days', async () => {
    const views = await open();
    expect(await views.settlements({}, PAGE)).toEqual({ rows: [], next: null, asOfLogIndex: -1 });
    expect(await views.institutionDay('H1', '2026-03-02')).toMatchObject({ settlements: 0, payableFen: 0, asOfLogIndex: -1 });
    expect(await views.totals()).toMatchObject({ balanceFen: 0, transfers: 0, asOfLogIndex: -1 });
    expect((await views.status()).every(({ state }) => state === 'live')).toBe(true);
  });
  it('streams that are no accounts are passed by, and counted in the place', async () => {
    const event = { id: 'x', type: 'KeyCreated.v1', stream: 'accessKey-1', revision: 0, decidedAt: '2026-03-02T02:00:00.000Z', data: {} };
    const bytes = Buffer.from(canonicalJson(event));
    await store.append({ stream: event.stream, expected: 'no-stream', events: nonEmpty([{ ...event, bytes }]), claims: [], lane: 'job' });
    const views = await open();
    await caughtUp(views);
    expect((await views.accountIds(PAGE)).asOfLogIndex).toBe(0);
  });
  it('goes on after a stop where it stood', async () => {
    await append(...holder('A1'));
    await caughtUp(await open());
    await close();
    await append(...moves('A1'), ...holder('A2'));
    await caughtUp(await open());
    const resumed = await dumps();
    await close();
    rmSync(join(folder, 'views.db'));
    await caughtUp(await open(2));
    expect(await dumps()).toEqual(resumed);
    expect(notices).toEqual([]);
  });
});

describe('read models: questions', () => {
  it('a list by cursor shows every row once, in a fixed order, also when rows come in between', async () => {
    for (const accountId of ['A1', 'A2', 'A3']) await append(...holder(accountId));
    const views = await open();
    await caughtUp(views);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await views.settlements({ institutionCode: 'H37020000001' }, { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.rows.map(({ serial }) => serial));
      cursor = page.next ?? undefined;
      if (seen.length === 1) {
        await append(...holder('A0'));
        await caughtUp(views);
      }
    } while (cursor !== undefined);
    expect(seen).toEqual(['A1-S1', 'A2-S1', 'A3-S1', 'A0-S1']);
    const ids: string[] = [];
    for (let at: string | null = ''; at !== null; ) {
      const page: { rows: readonly string[]; next: string | null } = await views.accountIds({
        limit: 3,
        ...(at === '' ? {} : { cursor: at }),
      });
      ids.push(...page.rows);
      at = page.next;
    }
    expect(ids).toEqual(['A0', 'A1', 'A2', 'A3']);
  });
  it('balances by cursor cross accounts, cards and buckets without a gap', async () => {
    for (const accountId of ['A1', 'A2']) await append(...holder(accountId));
    const views = await open();
    await caughtUp(views);
    const all = (await views.balances({}, PAGE)).rows;
    const paged: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await views.balances({}, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.rows);
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(all).toHaveLength(8);
    expect(paged).toEqual(all);
  });
  it('a cursor of another list, or none at all, is told', async () => {
    const views = await open();
    const told = (attempt: () => Promise<unknown>) =>
      Promise.resolve()
        .then(attempt)
        .then(
          () => 'done',
          (error: unknown) => (error as { code?: string }).code,
        );
    for (const cursor of ['!', '', Buffer.from('["a"]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
      expect(await told(() => views.settlements({}, { cursor, limit: 1 }))).toBe('cursor-form');
      expect(await told(() => views.balances({}, { cursor, limit: 1 }))).toBe('cursor-form');
    }
  });
  it('freezes in force at an instant: begun, not past their term, not lifted', async () => {
    await append(
      opened('A1'),
      frozen('A1', { freezeId: 'F-open' }),
      frozen('A1', { freezeId: 'F-term', until: '2026-05-01T00:00:00.000Z' }),
      frozen('A1', { freezeId: 'F-lifted' }),
      frozen('A1', { freezeId: 'F-later', from: '2026-07-01T00:00:00.000Z' }),
      lifted('A1', 'F-lifted', '2026-04-01T00:00:00.000Z'),
    );
    const views = await open();
    await caughtUp(views);
    const inForceAt = async (at: string) => (await views.freezes({ inForceAt: at }, PAGE)).rows.map(({ freezeId }) => freezeId);
    expect(await inForceAt('2026-03-15T00:00:00.000Z')).toEqual(['F-open', 'F-term', 'F-lifted']);
    expect(await inForceAt('2026-04-01T00:00:00.000Z')).toEqual(['F-open', 'F-term']); // At the very instant it is lifted.
    expect(await inForceAt('2026-05-01T00:00:00.000Z')).toEqual(['F-open']);
    expect(await inForceAt('2026-07-01T00:00:00.000Z')).toEqual(['F-open', 'F-later']);
    expect((await views.freezes({ cause: 'death' }, PAGE)).rows).toEqual([]);
    expect(Object.keys((await views.freezes({}, PAGE)).rows[0] ?? {})).not.toContain('placedLogIndex');
  });
  it('transfers by card find it as the old one and as the new one', async () => {
    await append(...holder('A1'), ...moves('A1'), ...holder('A2'), ...moves('A2'));
    const views = await open();
    await caughtUp(views);
    const count = async (filter: Parameters<OpenReadModels['cardTransfers']>[0]) => (await views.cardTransfers(filter, PAGE)).rows.length;
    expect(await count({ cardId: 'A1-OLD' })).toBe(1);
    expect(await count({ cardId: 'A2-NEW' })).toBe(1);
    expect(await count({ accountId: 'A2' })).toBe(1);
    expect(await count({ from: '2026-03-02T02:00:00.000Z' })).toBe(2);
    expect(await count({ until: '2026-03-02T02:00:00.000Z' })).toBe(0);
  });
  it('a day says what the institution is owed: drawn less given back', async () => {
    await append(...holder('A1'));
    const views = await open();
    await caughtUp(views);
    expect(await views.institutionDay('H37020000001', '2026-03-02')).toMatchObject({
      settlements: 1,
      cancellations: 1,
      accountPaidFen: 4000,
      accountReturnedFen: 1000,
      payableFen: 3000,
      asOfLogIndex: 4,
    });
  });
});

describe('read models: rebuild', () => {
  it('gives the same dump, and says how far it is', async () => {
    for (let i = 0; i < 20; i++) await append(...holder(`A${i}`), ...moves(`A${i}`));
    const views = await open(25);
    await caughtUp(views);
    const before = await dumps();
    for (const name of NAMES) {
      const progress: number[] = [];
      await views.rebuild(name, (done, total) => progress.push(done, total));
      expect(progress.slice(-2)).toEqual([160, 160]);
      expect(progress.length).toBeGreaterThan(6);
    }
    expect(await dumps()).toEqual(before);
    expect(said('rebuilt')).toEqual(NAMES);
  });
  it('corrects rows that are wrong; who asks meanwhile sees the old rows or the new ones, never a part', async () => {
    for (let i = 0; i < 30; i++) await append(...holder(`A${i}`));
    const views = await open(1);
    await caughtUp(views);
    const before = await dumps();
    const right = (await views.totals()).balanceFen;
    inFile((db) => {
      const table = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'balances_%'").get() as { name: string };
      db.exec(`UPDATE ${table.name} SET amountFen = 1`);
    });
    const answers: Promise<number>[] = [];
    await views.rebuild('balances', () => void answers.push(views.totals().then(({ balanceFen }) => balanceFen)));
    const wrong = 30 * 4; // 30 holders, four rows of one fen each.
    for (const balanceFen of await Promise.all(answers)) expect([wrong, right]).toContain(balanceFen);
    expect(answers.length).toBeGreaterThanOrEqual(150);
    expect(await dumps()).toEqual(before);
  });
  it('takes along what is appended meanwhile, and keeps the running ones live', async () => {
    for (let i = 0; i < 30; i++) await append(...holder(`A${i}`));
    const views = await open(5);
    await caughtUp(views);
    const rebuilt = views.rebuild('settlements', () => {});
    const joined = views.rebuild('settlements', () => {});
    for (let i = 0; i < 20; i++) await append(...holder(`B${i}`));
    await Promise.all([rebuilt, joined]);
    await append(...holder('C1'));
    await caughtUp(views);
    const running = await dumps();
    await close();
    rmSync(join(folder, 'views.db'));
    await caughtUp(await open());
    expect(await dumps()).toEqual(running);
    expect(running.settlements).toHaveLength(51);
  });
  it('leaves no tables of the old generation behind', async () => {
    await append(...holder('A1'));
    const views = await open();
    await caughtUp(views);
    for (let i = 0; i < 3; i++) await views.rebuild('balances', () => {});
    const tables = inFile((db) => db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'balances%'").all());
    expect(tables).toHaveLength(1);
  });
  it('an unknown name is refused', async () => {
    await expect((await open()).rebuild('nonsense', () => {})).rejects.toThrow(RangeError);
  });
});

describe('read models: checkpoint and log', () => {
  it('a checkpoint that the log does not know leads to a rebuild of that projection, said aloud', async () => {
    await append(...holder('A1'));
    await caughtUp(await open());
    const before = await dumps();
    await close();
    inFile((db) =>
      db.exec(
        "UPDATE projections SET eventHash = 'other' WHERE name = 'freezes'; UPDATE projections SET logIndex = 99 WHERE name = 'balances'",
      ),
    );
    const views = await open();
    await caughtUp(views);
    expect(said('checkpoint-mismatch')).toEqual(['balances', 'freezes']);
    expect(await dumps()).toEqual(before);
    expect((await views.status()).every(({ state }) => state === 'live')).toBe(true);
  });
  it('another log under the same views: nothing of the old one is left', async () => {
    await append(...holder('A1'), ...moves('A1'));
    await caughtUp(await open());
    await close();
    await store.close();
    for (const name of readdirSync(folder)) if (!name.startsWith('views.db')) rmSync(join(folder, name), { recursive: true });
    store = await openSqliteEventStore({ folder });
    revisions = new Map();
    await append(...holder('B1', 9_000));
    const views = await open();
    await caughtUp(views);
    expect(said('checkpoint-mismatch')).toEqual(NAMES);
    expect((await views.accountIds(PAGE)).rows).toEqual(['B1']);
    expect((await views.cardTransfers({}, PAGE)).rows).toEqual([]);
  });
  it('another version of a projection is built anew', async () => {
    await append(...holder('A1'));
    await caughtUp(await open());
    const before = await dumps();
    await close();
    inFile((db) => db.exec("UPDATE projections SET version = 0 WHERE name = 'settlements'"));
    await caughtUp(await open());
    expect(said('projection-changed')).toEqual(['settlements']);
    expect(await dumps()).toEqual(before);
  });
});

describe('read models: an event that cannot be', () => {
  it('stops the projection before it and says where; the others go on; it is never skipped', async () => {
    await append(...holder('A1'), lifted('A1', 'F-unknown', '2026-04-01T00:00:00.000Z'), ...holder('A2'));
    const views = await open();
    while ((await views.status()).some(({ name, behind }) => name !== 'freezes' && behind > 0))
      await new Promise((resolve) => setTimeout(resolve, 5));
    const freezes = (await views.status()).find(({ name }) => name === 'freezes');
    expect(freezes).toMatchObject({ state: 'failed', logIndex: 4, behind: 6 });
    expect(freezes?.detail).toBe('log index 5, FreezeLifted.v1: freeze F-unknown is not there');
    expect(said('projection-failed')).toEqual(['freezes']);
    expect(checkpoints()).toContainEqual({ name: 'freezes', logIndex: 4 });
    expect((await views.accountIds(PAGE)).rows).toEqual(['A1', 'A2']);
    await expect(views.caughtUp(10)).rejects.toThrow('freezes has failed');
    await expect(views.rebuild('freezes', () => {})).rejects.toThrow('log index 5');
  });
  it('an unknown type of event stops all of them', async () => {
    await append(...holder('A1'));
    await append({ ...opened('A1'), type: 'AccountTeleported.v1' } as unknown as Told);
    const views = await open();
    while (!(await views.status()).every(({ state }) => state === 'failed')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await views.status()).map(({ logIndex }) => logIndex)).toEqual([4, 4, 4, 4, 4]);
    expect((await views.settlements({}, PAGE)).asOfLogIndex).toBe(4);
  });
});

describe('read models: opening', () => {
  it('a log that cannot be opened is told at once', async () => {
    const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openNothing', options: { folder } };
    await expect(openReadModels({ folder, reader, onNotice: () => {} })).rejects.toThrow('exports no function openNothing');
  });
});
