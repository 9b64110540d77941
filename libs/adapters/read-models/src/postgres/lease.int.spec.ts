import type { Pool } from 'pg';
import type { LoggedEvent } from '#libs/application';
import { emptyPostgres, inPostgres, noPostgres } from '../../../../../test/support/postgres-server';
import { balances } from '../balances.projection';
import type { Projection } from '../projection';
import { credited, opened, registered, storedEvents } from '../projection.fixture';
import { decoded, ProjectionRun } from '../projection-run';
import type { PlainRow } from '../projections';
import { Lease, LeaseLostError } from './lease';
import { migrate, NewerSchemaError, SCHEMA_VERSION } from './migrations';
import { openPool } from './pool';
import { CheckpointMovedError, PostgresKeeper } from './postgres-keeper';
import { openPostgresReadModels } from './read-models';
import { demandOwnVersions } from './states';

const without = noPostgres();
const HELD = { heldMs: 60_000, holder: 'spec' };
const GONE_AT_ONCE = { heldMs: 0, holder: 'spec' };
const PROJECTION = balances as unknown as Projection<PlainRow>;

const logged = (count: number): LoggedEvent[] => {
  const told = [opened('A1'), registered('A1', 'K1'), ...Array.from({ length: count - 2 }, () => credited('A1', 'K1', 100))];
  return storedEvents(told, new Map()).map((event, logIndex) => ({ ...event, logIndex }));
};

(without === undefined ? describe : describe.skip)(`one writer in PostgreSQL ${without ? `(not run: ${without})` : ''}`, () => {
  let url: string;
  let pool: Pool;
  const take = async (terms = HELD): Promise<Lease> => {
    const lease = await Lease.take(pool, terms);
    if (lease === undefined) throw new Error('another has it');
    return lease;
  };
  const amountOf = async (): Promise<unknown> =>
    (await inPostgres(url, `SELECT sum("amountFen")::int AS fen, (SELECT "logIndex"::int FROM projections) AS at FROM balances`))[0];
  const events = logged(8).map(decoded);

  beforeEach(async () => {
    url = await emptyPostgres();
    pool = openPool(url, { connectionsMax: 4, applicationName: 'spec', statementWithinMs: 10_000 });
    await migrate(pool);
  });
  afterEach(() => pool.end());

  it('while one holds the lease nobody else gets it; when it has run out, the next gets it under a higher token', async () => {
    const first = await take();
    expect(await Lease.take(pool, HELD)).toBeUndefined();
    await first.release();
    const second = await take(GONE_AT_ONCE);
    const third = await take();
    expect([second.token, third.token]).toEqual([first.token + 1, first.token + 2]);
    await expect(second.demand()).rejects.toThrow(LeaseLostError);
    await second.release(); // Takes nothing from who has it.
    expect(await Lease.take(pool, HELD)).toBeUndefined();
    await third.demand();
  });
  it('of many that reach for it at once one gets it', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => Lease.take(pool, HELD)));
    expect(all.filter((one) => one !== undefined)).toHaveLength(1);
  });
  it('who has lost it writes nothing: no rows, no checkpoint, no generation', async () => {
    const stale = new PostgresKeeper(pool, await take(GONE_AT_ONCE));
    const run = new ProjectionRun(PROJECTION, await stale.create(PROJECTION, 'live'));
    await stale.write([run], events.slice(0, 3));
    const owner = new PostgresKeeper(pool, await take());
    const before = await amountOf();
    for (const write of [
      () => stale.write([run], events.slice(3, 5)),
      () => stale.create(PROJECTION, 'shadow'),
      () => stale.drop('balances', 'live'),
      () => stale.swap('balances'),
    ]) {
      const fault = await write().catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(LeaseLostError);
      expect(stale.isFinal(fault)).toBe(true);
    }
    expect([await amountOf(), run.logIndex]).toEqual([before, 2]);
    expect(await owner.checkpointOf('balances', 'live')).toMatchObject({ logIndex: 2 });
    expect(await owner.checkpointOf('balances', 'shadow')).toBeUndefined();
  });
  it('a batch whose commit went through unheard is not applied again', async () => {
    const keeper = new PostgresKeeper(pool, await take());
    const checkpoint = await keeper.create(PROJECTION, 'live');
    await keeper.write([new ProjectionRun(PROJECTION, checkpoint)], events.slice(0, 5));
    const unheard = new ProjectionRun(PROJECTION, checkpoint); // As if it had not heard of it.
    const fault = await keeper.write([unheard], events.slice(0, 5)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(CheckpointMovedError);
    expect(keeper.isFinal(fault)).toBe(true);
    expect(await amountOf()).toEqual({ fen: 300, at: 4 });
  });
  it('rows that one event makes and the next builds on, in one batch and in many, are the same', async () => {
    const keeper = new PostgresKeeper(pool, await take());
    const run = new ProjectionRun(PROJECTION, await keeper.create(PROJECTION, 'live'));
    for (const event of events) await keeper.write([run], [event]);
    expect(await amountOf()).toEqual({ fen: 600, at: 7 });
    const again = new ProjectionRun(PROJECTION, await keeper.create(PROJECTION, 'live'));
    await keeper.write([again], events);
    expect(await amountOf()).toEqual({ fen: 600, at: 7 });
  });
  it('stops before an event that cannot be, with the rows of those before it', async () => {
    const keeper = new PostgresKeeper(pool, await take());
    const overdrawn: Projection<PlainRow> = {
      ...PROJECTION,
      apply(rows, event) {
        PROJECTION.apply(rows, event);
        if (event.logIndex === 4) throw new Error('cannot be');
      },
    };
    const run = new ProjectionRun(overdrawn, await keeper.create(overdrawn, 'live'));
    await keeper.write([run], events);
    expect(await amountOf()).toEqual({ fen: 200, at: 3 });
    expect(run.failure).toEqual({ logIndex: 4, type: 'AccountCredited.v1', reason: 'cannot be' });
  });
  it('what PostgreSQL cannot keep stops the projection there, and is no outage for ever', async () => {
    const keeper = new PostgresKeeper(pool, await take());
    const odd: Projection<PlainRow> = {
      ...PROJECTION,
      apply: (rows, { logIndex }) =>
        rows.put({ accountId: 'A1', cardId: logIndex === 1 ? 'K\0' : 'K', bucket: 'b', amountFen: 1, sealed: false, logIndex }),
    };
    const run = new ProjectionRun(odd, await keeper.create(odd, 'live'));
    await keeper.write([run], events);
    expect(run.failure?.reason).toBe('U+0000 in column cardId: PostgreSQL cannot keep it');
  });
});

(without === undefined ? describe : describe.skip)('the schema in PostgreSQL', () => {
  let url: string;
  let pool: Pool;
  beforeEach(async () => {
    url = await emptyPostgres();
    pool = openPool(url, { connectionsMax: 8, applicationName: 'spec', statementWithinMs: 10_000 });
  });
  afterEach(() => pool.end());

  it('processes that start together bring it up once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => migrate(pool)));
    expect(await inPostgres(url, 'SELECT count(*)::int AS n, max(version)::int AS top FROM "schemaMigrations"')).toEqual([
      { n: SCHEMA_VERSION, top: SCHEMA_VERSION },
    ]);
    expect(await inPostgres(url, 'SELECT count(*)::int AS n FROM "projectorLease"')).toEqual([{ n: 1 }]);
  });
  it('an older program refuses a newer schema, for writing and for reading, and changes nothing', async () => {
    await migrate(pool);
    await inPostgres(url, `INSERT INTO "schemaMigrations" (version) VALUES (${SCHEMA_VERSION + 1})`);
    await expect(migrate(pool)).rejects.toThrow(NewerSchemaError);
    const reading = openPostgresReadModels({ url, lastLogIndex: () => Promise.resolve(-1) });
    await expect(reading).rejects.toThrow(`schema version ${SCHEMA_VERSION + 1}, this program knows up to ${SCHEMA_VERSION}`);
  });
  it('an older program refuses projections of a newer one; a reader of another version is told that they are away', async () => {
    await migrate(pool);
    const values = `('balances', 'live', 1, ${balances.version + 1}, -1, '')`;
    await inPostgres(url, `INSERT INTO projections VALUES ${values}`);
    await expect(demandOwnVersions(pool)).rejects.toThrow(`projections balances ${balances.version + 1}`);
    const models = await openPostgresReadModels({ url, lastLogIndex: () => Promise.resolve(-1) });
    await expect(models.balances({}, { limit: 1 })).rejects.toMatchObject({ name: 'Unavailable', why: 'outage' });
    await models.close();
  });
  it('a database that is away, or that no projector has been at, takes only the read models away', async () => {
    const away = await openPostgresReadModels({ url: 'postgres://yika:not-told@127.0.0.1:1/none', lastLogIndex: () => Promise.resolve(4) });
    const empty = await openPostgresReadModels({ url, lastLogIndex: () => Promise.resolve(4) });
    for (const models of [away, empty]) {
      const fault = (await models.totals().catch((error: unknown) => error)) as Error;
      expect(fault).toMatchObject({ name: 'Unavailable', why: 'outage' });
      expect(`${fault.message} ${fault.stack}`).not.toContain('not-told');
      await expect(models.status()).rejects.toMatchObject({ name: 'Unavailable' });
      await models.close();
    }
  });
});
