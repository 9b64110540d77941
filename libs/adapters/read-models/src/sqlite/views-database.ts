import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { LogIndexWaits, placesOf } from '../log-index-waits';
import type { Views } from '../views';
import type { ViewsSource } from '../views-source';

/** A read-only connection of the calling thread; the file must exist. */
export const openViewsForReading = (file: string): Kysely<Views> => {
  const db = new DatabaseSync(file, { readOnly: true });
  db.exec('PRAGMA busy_timeout = 5000');
  const prepare = (sql: string) => {
    const statement = db.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
      run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
      iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])) as IterableIterator<unknown>,
    };
  };
  return new Kysely<Views>({ dialect: new SqliteDialect({ database: { prepare, close: () => db.close() } }) });
};

/** SQLite's own words: a transaction sees what its first query sees. */
export const sqliteSource = (db: Kysely<Views>): ViewsSource => ({
  db,
  transaction: () => db.transaction(),
  joined: (text) => sql<string | null>`group_concat(${text}, ' ')`,
  waits: new LogIndexWaits(async () =>
    placesOf(await db.selectFrom('projections').select(['name', 'logIndex']).where('role', '=', 'live').execute()),
  ),
});
