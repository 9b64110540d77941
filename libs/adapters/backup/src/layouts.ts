import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fault, Refused } from './words';

/** The databases of a data folder that cannot be made again, in the order in which they are copied. `views.db` is not among them. */
export const FILES = ['events.db', 'content.db', 'vault.db'] as const;
/** Written into a data folder whose log or vault stands on a server: what is there, this room can neither copy nor put back. */
export const ELSEWHERE = { log: 'log-in-kurrentdb.txt', vault: 'vault-in-postgresql.txt' } as const;
export type FileName = (typeof FILES)[number];

/** Source: docs/reference/log-format.md, 11. The vault bears no mark: its tables tell it. */
const MARKS: Readonly<Record<FileName, Readonly<{ applicationId: number; version: number }> | null>> = {
  'events.db': { applicationId: 0x59694b61, version: 2 },
  'content.db': { applicationId: 0x59694b63, version: 1 },
  'vault.db': null,
};
const BUSY_TIMEOUT_MS = 5_000;

const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

const isOurs = (db: DatabaseSync, name: FileName): boolean => {
  const mark = MARKS[name];
  if (mark !== null) return pragma(db, 'application_id') === mark.applicationId && pragma(db, 'user_version') === mark.version;
  return (
    db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name IN ('keys', 'persons', 'cards', 'access_log')").all().length === 4
  );
};

/** Opens a database of a data folder or a backup for reading only, an engine writing to it or not. Throws: Refused when it is missing or not ours. */
export const openForReading = (folder: string, name: FileName): DatabaseSync => {
  const file = join(folder, name);
  if (!existsSync(file)) throw new Refused([fault('file-missing', `${folder} 中没有 ${name}`, `there is no ${name} in ${folder}`)]);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    if (isOurs(db, name)) return db;
  } catch (error) {
    db?.close();
    throw new Refused([fault('file-unreadable', `${file} 无法读取：${reasonOf(error)}`, `${file} cannot be read: ${reasonOf(error)}`)]);
  }
  db.close();
  throw new Refused([fault('file-foreign', `${file} 不是本版本认识的文件`, `${file} is no file that this version knows`)]);
};

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
