import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { EventStore } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { emptyPostgres, inPostgres, noPostgres } from '../../../../../test/support/postgres-server';
import { credited, opened, registered, settled, storedEvents, type Told } from '../projection.fixture';
import type { OpenReadModels } from '../read-models';
import { NAMES } from '../views-under-test.fixture';
import { dumpPostgresReadModel } from './dump';
import { KEEP_READERS_OUT, WITH_OTHER_READERS } from './generations';
import { LeasedProjector } from './leased-projector';
import { openPool } from './pool';
import { openPostgresReadModels } from './read-models';

const without = noPostgres();
const HOLDERS = 30;

const holder = (accountId: string): Told[] => [
  opened(accountId),
  registered(accountId, `${accountId}-K`),
  credited(accountId, `${accountId}-K`, 10_000),
  settled(accountId, { serial: `${accountId}-S`, cardId: `${accountId}-K`, accountFen: 4000 }),
];

(without === undefined ? describe : describe.skip)(`a rebuild in PostgreSQL ${without ? `(not run: ${without})` : ''}`, () => {
  let folder: string;
  let url: string;
  let store: EventStore;
  let models: OpenReadModels;
  let projector: LeasedProjector;

  const start = (batchEventsMax = 80) =>
    LeasedProjector.start({ url, reader: store, onNotice: () => undefined, leaseMs: 500, batchEventsMax });
  const caughtUp = async () => models.caughtUp(await store.lastLogIndex());
  const dump = async (name: string) => {
    const lines: string[] = [];
    for await (const line of dumpPostgresReadModel(url, name)) lines.push(line);
    return lines;
  };
  const tables = async () =>
    (await inPostgres(url, `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'balances%'`)).length;
  const falsify = async () => {
    const [{ tablename } = {}] = await inPostgres(
      url,
      `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'balances%'`,
    );
    await inPostgres(url, `UPDATE "${String(tablename)}" SET "amountFen" = 1`);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
    url = await emptyPostgres();
    store = await openSqliteEventStore({ folder });
    const revisions = new Map<string, number>();
    for (let i = 0; i < HOLDERS; i++)
      for (const event of storedEvents(holder(`A${i}`), revisions)) {
        const expected = event.revision === 0 ? 'no-stream' : event.revision - 1;
        await store.append({ stream: event.stream, expected, events: nonEmpty([event]), claims: [], lane: 'interactive' });
      }
    projector = await start();
    models = await openPostgresReadModels({ url, lastLogIndex: () => store.lastLogIndex() });
    await caughtUp();
  });
  afterEach(async () => {
    await models.close();
    await projector.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the same dump, whoever asks for it, and leaves nothing of the old generation', async () => {
    for (const name of NAMES) {
      const before = await dump(name);
      const progress: number[][] = [];
      await models.rebuild(name, (done, total) => progress.push([done, total]));
      expect(progress.at(-1)).toEqual([HOLDERS * 4, HOLDERS * 4]);
      expect([name, await dump(name)]).toEqual([name, before]);
    }
    expect(await tables()).toBe(1);
    expect((await models.status()).map(({ name }) => name)).toEqual(NAMES);
    await expect(models.rebuild('nonsense', () => undefined)).rejects.toThrow(RangeError);
  });
  it('corrects rows that are wrong; who asks meanwhile sees the old rows or the new ones, never a part, never an error', async () => {
    await projector.close();
    projector = await start(5);
    await caughtUp();
    const right = (await models.totals()).balanceFen;
    await falsify();
    const wrong = (await models.totals()).balanceFen;
    let over = false;
    const seen = new Set<number>();
    const asking = Array.from({ length: 4 }, async () => {
      while (!over) {
        const { balanceFen, asOfLogIndex } = await models.totals();
        expect(asOfLogIndex).toBe(HOLDERS * 4 - 1);
        seen.add(balanceFen);
      }
    });
    await models.rebuild('balances', () => undefined);
    seen.add((await models.totals()).balanceFen);
    over = true;
    await Promise.all(asking);
    expect([...seen].sort((a, b) => a - b)).toEqual([wrong, right]);
  });
  it('a question that has begun keeps a swap waiting until it is answered', async () => {
    const right = (await models.totals()).balanceFen;
    await falsify();
    const pool = openPool(url, { connectionsMax: 2, applicationName: 'spec', statementWithinMs: 10_000 });
    const asking = await pool.connect();
    await asking.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${WITH_OTHER_READERS}`);
    const ended: string[] = [];
    const rebuilt = models.rebuild('balances', () => undefined).then(() => ended.push('rebuild'));
    const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'projections'::regclass`;
    while (ended.length === 0 && (await pool.query<{ n: number }>(waiting)).rows[0]?.n !== 1) await pause(5);
    expect(ended).toEqual([]);
    const { rows } = await asking.query<{ fen: number }>('SELECT sum("amountFen") AS fen FROM balances');
    expect(rows).toEqual([{ fen: 4 * HOLDERS }]);
    await asking.query('COMMIT');
    asking.release();
    await rebuilt;
    await pool.end();
    expect((await models.totals()).balanceFen).toBe(right);
  });
  it('a question that comes while a generation is being swapped sees what stands afterwards, rows and place alike', async () => {
    await projector.close();
    const pool = openPool(url, { connectionsMax: 2, applicationName: 'spec', statementWithinMs: 10_000 });
    const swapping = await pool.connect();
    await swapping.query(`BEGIN; ${KEEP_READERS_OUT}`);
    const asked = models.totals();
    const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'projections'::regclass`;
    while ((await pool.query<{ n: number }>(waiting)).rows[0]?.n !== 1) await pause(5);
    await swapping.query(`UPDATE projections SET "logIndex" = 7; UPDATE balances SET "amountFen" = 2; COMMIT`);
    swapping.release();
    await pool.end();
    expect(await asked).toMatchObject({ balanceFen: 2 * 4 * HOLDERS, asOfLogIndex: 7 });
  });
  it('that was asked for while no projector ran is done by the next one', async () => {
    const right = await dump('balances');
    await projector.close();
    await falsify();
    const rebuilt = models.rebuild('balances', () => undefined);
    expect((await models.status())[0]).toMatchObject({ state: 'catchingUp', detail: '没有投影进程在运行 / no projector is running' });
    projector = await start();
    await rebuilt;
    expect(await dump('balances')).toEqual(right);
  });
});
