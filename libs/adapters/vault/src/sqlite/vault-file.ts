import { DatabaseSync } from 'node:sqlite';
import { openingFault } from './sqlite-faults';

/** No column holds personal data in the clear. `keys.wrapped` is null once the person is erased. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS vault (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS keys (person_id TEXT PRIMARY KEY, wrapped BLOB) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS persons (
    person_id TEXT NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (person_id, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS person_beginnings (
    person_id TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, change_id TEXT, PRIMARY KEY (person_id, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS person_changes (
    change_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, sealed BLOB NOT NULL, version INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cards (
    card_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, sealed BLOB NOT NULL, tail BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS cards_of_person ON cards (person_id);
  CREATE TABLE IF NOT EXISTS access_log (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, principal TEXT NOT NULL, purpose TEXT NOT NULL, subject TEXT NOT NULL, act TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS access_log_is_never_changed BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'append only'); END;
  CREATE TRIGGER IF NOT EXISTS access_log_is_never_shortened BEFORE DELETE ON access_log BEGIN SELECT RAISE(ABORT, 'append only'); END;
`;

/** Opens or creates the file. `secure_delete` overwrites what is erased; what the WAL still has of it goes with the checkpoint after it. */
export const openVaultFile = (file: string): DatabaseSync => {
  const db = openFile(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    db.exec(SCHEMA);
  } catch (error) {
    db.close();
    throw openingFault(error);
  }
  return db;
};

const openFile = (file: string): DatabaseSync => {
  try {
    return new DatabaseSync(file);
  } catch (error) {
    throw openingFault(error);
  }
};
