import { DatabaseSync } from 'node:sqlite';

/**
 * Loaded into an engine under test before anything else, in each of its threads: it has the databases move their write-ahead logs often, so
 * that a short run meets many checkpoints, and on demand takes away what the engine's durability rests on.
 * YIKA_TEST_SYNCHRONOUS: what every `synchronous = FULL` becomes. YIKA_TEST_CHECKPOINT_PAGES: after so many pages a checkpoint.
 */
const { YIKA_TEST_SYNCHRONOUS: synchronous, YIKA_TEST_CHECKPOINT_PAGES: pages } = process.env;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the database that it is asked of.
const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  const altered = sql
    .replace(/synchronous = FULL/g, synchronous === undefined ? '$&' : `synchronous = ${synchronous}`)
    .replace(/wal_autocheckpoint = \d+/g, pages === undefined ? '$&' : `wal_autocheckpoint = ${pages}`);
  exec.call(this, altered);
  if (pages !== undefined && /journal_mode = WAL/.test(sql)) exec.call(this, `PRAGMA wal_autocheckpoint = ${pages}`);
};
