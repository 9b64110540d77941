import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { DamagedLogError, damaged } from './damaged-log';
import { explained } from './sqlite-error';

/** A database of the data folder: its file, its mark in the header, the version of its tables, and how they are made. */
export type Layout = Readonly<{ file: string; applicationId: number; version: number; schema: string }>;

/**
 * Source: docs/reference/log-format.md, 11. Ids have no index: they are made from a command's key, which is claimed. An index on random ids
 * took as many pages of every commit as that on streams does.
 */
export const EVENTS: Layout = {
  file: 'events.db',
  applicationId: 0x59694b61,
  version: 2,
  schema: `
    CREATE TABLE events (
      log_index INTEGER PRIMARY KEY,
      stream    TEXT    NOT NULL,
      revision  INTEGER NOT NULL,
      id        TEXT    NOT NULL,
      type      TEXT    NOT NULL,
      crc       INTEGER NOT NULL,
      bytes     BLOB    NOT NULL,
      UNIQUE (stream, revision)
    ) STRICT;
    CREATE TABLE claims (
      key          TEXT    NOT NULL PRIMARY KEY,
      command_hash TEXT    NOT NULL,
      log_index    INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE fences (log_index INTEGER NOT NULL) STRICT;`,
};
export const CONTENT: Layout = {
  file: 'content.db',
  applicationId: 0x59694b63,
  version: 1,
  schema: `
    CREATE TABLE content (hash TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE fences (log_index INTEGER NOT NULL) STRICT;`,
};

const BUSY_TIMEOUT_MS = 1_000; // Only a checkpoint or a foreign program can hold us up; the writer is alone by lock.
// Enough for the upper pages of the indexes. Not more: a commit may walk all of it, since SQLite's balancing notes pages beyond the file.
const WRITER_CACHE_KIB = 16 * 1024;
const READER_CACHE_KIB = 16 * 1024;
/** Pages of the WAL at which the writer empties it by itself; somebody else does so at an earlier part of it. */
const CHECKPOINT_PAGES = 32_000;
export const WRITER_WAITS_FOR = 2;

const WAL_BYTES_KEPT = 96 * 1024 * 1024;

const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

/**
 * Opens the one writing connection, making the tables when the file is new.
 * @throws DamagedLogError when the file is another program's or of a layout that this version does not know.
 */
export const openForWriting = (folder: string, layout: Layout): DatabaseSync => {
  const db = opened(folder, layout, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    db.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`);
    db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT};`);
    if (pragma(db, 'user_version') === 0 && pragma(db, 'application_id') === 0) create(db, layout);
    assertLayout(db, layout);
    return db;
  } catch (error) {
    db.close();
    throw explained(error, layout.file);
  }
};

/** Opens a connection that cannot write. @throws Error when there is no log yet; DamagedLogError as `openForWriting`. */
export const openForReading = (folder: string, layout: Layout): DatabaseSync => {
  const file = join(folder, layout.file);
  if (!existsSync(file)) throw new Error(`数据目录中没有 ${layout.file}。There is no ${layout.file} in the data folder: ${folder}`);
  const db = opened(folder, layout, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB};`);
    assertLayout(db, layout);
    return db;
  } catch (error) {
    db.close();
    throw explained(error, layout.file);
  }
};

const opened = (folder: string, { file }: Layout, options: DatabaseSyncOptions): DatabaseSync => {
  try {
    return new DatabaseSync(join(folder, file), options);
  } catch (error) {
    throw explained(error, file);
  }
};

const create = (db: DatabaseSync, { applicationId, version, schema }: Layout): void => {
  if (db.prepare('SELECT 1 FROM sqlite_schema').get()) return; // Somebody else's: refused by its mark.
  db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}; ${schema} COMMIT;`);
};

const assertLayout = (db: DatabaseSync, { file, applicationId, version }: Layout): void => {
  if (pragma(db, 'application_id') !== applicationId) throw damaged(file, '它不是本引擎的数据库', 'it is no database of this engine');
  const found = pragma(db, 'user_version');
  if (found === version) return;
  const layouts = [String(found), String(version)] as const;
  throw new DamagedLogError(
    `${file} 的版式为 ${layouts[0]}，本版本只认得 ${layouts[1]}。${file} has layout ${layouts[0]}; this version knows layout ${layouts[1]} only.`,
  );
};
