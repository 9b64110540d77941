import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { openReadModels } from '../index';
import { lifted, opened, type Told } from '../projection.fixture';
import { holder, moves, NAMES, PAGE, ViewsUnderTest } from '../views-under-test.fixture';

const under = new ViewsUnderTest((folder) => openSqliteEventStore({ folder }));
const { append, open, close, caughtUp, dumps, inFile, said } = under;

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
    rmSync(join(under.folder, 'views.db'));
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
    await under.beginAnotherLog();
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
    expect(inFile((db) => db.prepare("SELECT name, logIndex FROM projections WHERE role = 'live'").all())).toContainEqual({
      name: 'freezes',
      logIndex: 4,
    });
    expect((await views.accountIds(PAGE)).rows).toEqual(['A1', 'A2']);
    await expect(views.caughtUp(10)).rejects.toThrow('freezes has failed');
    await expect(views.rebuild('freezes', () => {})).rejects.toThrow('log index 5');
  });
  it('an unknown type of event stops all of them', async () => {
    await append(...holder('A1'));
    await append({ ...opened('A1'), type: 'AccountTeleported.v1' } as unknown as Told);
    const views = await open();
    while (!(await views.status()).every(({ state }) => state === 'failed')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await views.status()).map(({ logIndex }) => logIndex)).toEqual(NAMES.map(() => 4));
    expect((await views.settlements({}, PAGE)).asOfLogIndex).toBe(4);
  });
});

describe('read models: opening', () => {
  it('a log that cannot be opened is told at once', async () => {
    const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openNothing', options: { folder: under.folder } };
    await expect(openReadModels({ folder: under.folder, reader, onNotice: () => {} })).rejects.toThrow('exports no function openNothing');
  });
});
