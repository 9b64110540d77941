import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type Generated, Kysely, SqliteDialect } from 'kysely';
import type { BalanceRow } from '#libs/application';
import type { StoredTransfer } from './card-transfers.projection';
import type { StoredCard } from './cards.projection';
import type { StoredFreeze } from './freezes.projection';
import type { StoredInstitutionDay } from './institution-days.projection';
import type { StoredSettlement } from './settlements.projection';
import type { Checkpoint } from './views-file';
import type { StoredVoucher } from './vouchers.projection';

/** SQLite keeps a truth value as 0 or 1. */
export type Stored<Row> = { [Name in keyof Row]: Row[Name] extends boolean ? number : Row[Name] };

/** What queries see: each projection under its own name is its live generation. */
export type Views = {
  projections: Checkpoint & { logIndex: Generated<number> };
  balances: Stored<BalanceRow>;
  freezes: StoredFreeze;
  cardTransfers: Stored<StoredTransfer>;
  settlements: StoredSettlement;
  institutionDays: StoredInstitutionDay;
  cards: Stored<StoredCard>;
  vouchers: StoredVoucher;
};

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
