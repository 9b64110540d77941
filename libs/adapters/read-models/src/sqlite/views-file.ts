import { DatabaseSync } from 'node:sqlite';
import type { Projection } from '../projection';
import type { PlainRow } from '../projections';
import { type Checkpoint, quoted, type Role, tableOf } from '../views';

export const VIEWS_FILE = 'views.db';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS projections (
    name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('live', 'shadow')), generation INTEGER NOT NULL,
    version INTEGER NOT NULL, logIndex INTEGER NOT NULL, eventHash TEXT NOT NULL, PRIMARY KEY (name, role)
  ) STRICT, WITHOUT ROWID;
`;

/** 64 MB: a page that many commits change is copied into the file once, and the file is synced seldom. */
const CHECKPOINT_PAGES = 16_384;

/** synchronous=NORMAL: after a power cut rows and checkpoint fall back together, and what is missing is read from the log again. */
export const openViewsFile = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -40960;');
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`);
    db.exec(SCHEMA);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
};

/** Everything in it or nothing. */
export const inTransaction = <T>(db: DatabaseSync, run: () => T): T => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = run();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

export const checkpointOf = (db: DatabaseSync, name: string, role: Role): Checkpoint | undefined => {
  const row = db.prepare('SELECT * FROM projections WHERE name = ? AND role = ?').get(name, role);
  return row === undefined ? undefined : ({ ...row } as unknown as Checkpoint);
};

/** Makes an empty generation. A live one is at once what queries see under the projection's own name. In the caller's transaction. */
export const createGeneration = (db: DatabaseSync, { name, version, shape }: Projection<PlainRow>, role: Role): Checkpoint => {
  dropGeneration(db, name, role);
  const used = db.prepare('SELECT max(generation) AS n FROM projections WHERE name = ?').get(name) as { n: number | null };
  const generation = (used.n ?? 0) + 1;
  const table = tableOf(name, generation);
  const columns = Object.entries(shape.columns).map(([column, kind]) => {
    const type = kind.startsWith('text') ? 'TEXT' : 'INTEGER';
    return `${quoted(column)} ${type}${kind.endsWith('?') ? '' : ' NOT NULL'}${column === shape.filedBy ? ' PRIMARY KEY' : ''}`;
  });
  const key = `(${shape.key.map(quoted).join(', ')})`;
  const filed = shape.filedBy === undefined ? `PRIMARY KEY ${key}) STRICT, WITHOUT ROWID` : `UNIQUE ${key}) STRICT`;
  db.exec(`DROP TABLE IF EXISTS ${quoted(table)}`);
  db.exec(`CREATE TABLE ${quoted(table)} (${columns.join(', ')}, ${filed}`);
  shape.indexes.forEach(({ on, only }, i) => {
    const where = only === undefined ? '' : ` WHERE ${quoted(only)} = 1`;
    db.exec(`CREATE INDEX ${quoted(`${table}_${i}`)} ON ${quoted(table)} (${on.map(quoted).join(', ')})${where}`);
  });
  const checkpoint: Checkpoint = { name, role, generation, version, logIndex: -1, eventHash: '' };
  insertCheckpoint(db, checkpoint);
  if (role === 'live') showGeneration(db, name, generation);
  return checkpoint;
};

/** Makes the shadow the live one and drops what was live: queries see the one or the other, never both or none. In the caller's transaction. */
export const swapGenerations = (db: DatabaseSync, name: string): Checkpoint => {
  const shadow = checkpointOf(db, name, 'shadow');
  if (shadow === undefined) throw new Error(`no shadow of ${name} to swap in`);
  const swapped: Checkpoint = { ...shadow, role: 'live' };
  db.prepare("DELETE FROM projections WHERE name = ? AND role = 'shadow'").run(name);
  dropGeneration(db, name, 'live');
  insertCheckpoint(db, swapped);
  showGeneration(db, name, swapped.generation);
  return swapped;
};

export const dropGeneration = (db: DatabaseSync, name: string, role: Role): void => {
  const standing = checkpointOf(db, name, role);
  if (standing === undefined) return;
  if (role === 'live') db.exec(`DROP VIEW IF EXISTS ${quoted(name)}`);
  db.exec(`DROP TABLE IF EXISTS ${quoted(tableOf(name, standing.generation))}`);
  db.prepare('DELETE FROM projections WHERE name = ? AND role = ?').run(name, role);
};

const insertCheckpoint = (db: DatabaseSync, { name, role, generation, version, logIndex, eventHash }: Checkpoint): void => {
  db.prepare('INSERT INTO projections VALUES (?, ?, ?, ?, ?, ?)').run(name, role, generation, version, logIndex, eventHash);
};

const showGeneration = (db: DatabaseSync, name: string, generation: number): void => {
  db.exec(`DROP VIEW IF EXISTS ${quoted(name)}`);
  db.exec(`CREATE VIEW ${quoted(name)} AS SELECT * FROM ${quoted(tableOf(name, generation))}`);
};
