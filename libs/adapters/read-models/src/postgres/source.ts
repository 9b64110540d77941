import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import { LogIndexWaits, placesOf } from '../log-index-waits';
import type { Views } from '../views';
import type { ViewsSource } from '../views-source';
import { WITH_OTHER_READERS } from './generations';

/** PostgreSQL's own words: one snapshot a transaction, and none that is older than a swap. */
export const postgresSource = (pool: Pool): ViewsSource => {
  const db = new Kysely<Views>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    transaction: () => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only'),
    begin: (at) => sql.raw(WITH_OTHER_READERS).execute(at),
    joined: (text) => sql<string | null>`string_agg(${text}, ' ')`,
    waits: new LogIndexWaits(async () =>
      placesOf(await db.selectFrom('projections').select(['name', 'logIndex']).where('role', '=', 'live').execute()),
    ),
  };
};
