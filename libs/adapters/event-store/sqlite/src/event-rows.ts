import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { LoggedEvent } from '#libs/application';
import { damaged, orDamaged } from './damaged-log';

const PAGE_BYTES = 4 * 1024 * 1024;

export type Row = LoggedEvent & { crc: number };
export type Page = Readonly<{ events: readonly LoggedEvent[]; ended: boolean }>;

const COLUMNS = 'log_index AS logIndex, stream, revision, id, type, crc, bytes';
export const prepareReads = (db: DatabaseSync) => ({
  forward: db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`),
  backward: db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`),
  at: db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision = ?`),
  log: db.prepare(`SELECT ${COLUMNS} FROM events WHERE log_index >= ? ORDER BY log_index LIMIT ?`),
  last: db.prepare('SELECT max(log_index) AS last FROM events'),
  claim: db.prepare(
    `SELECT c.key, c.command_hash AS commandHash, c.log_index AS logIndex, e.stream, e.revision, e.id AS eventId
     FROM claims c LEFT JOIN events e ON e.log_index = c.log_index WHERE c.key = ?`,
  ),
});

/** @throws DamagedLogError when the bytes are not those that were written. */
export const sound = ({ logIndex, stream, revision, id, type, crc, bytes }: Row): LoggedEvent => {
  if (crc32(bytes) !== crc)
    throw damaged('events.db', `第 ${logIndex} 条事件与写入时不符`, `the bytes of event ${logIndex} are not those that were written`);
  return { id, type, stream, revision, bytes, logIndex };
};

/** Reads a page and ends its read transaction before anything is awaited: an open one would keep the WAL growing. */
export const pageOf = (statement: StatementSync, limit: number, ...values: SQLInputValue[]): Page => {
  const events: LoggedEvent[] = [];
  let bytes = 0;
  try {
    for (const row of statement.iterate(...values, limit)) {
      const event = sound(row as unknown as Row);
      events.push(event);
      bytes += event.bytes.byteLength;
      if (bytes >= PAGE_BYTES) return { events, ended: false };
    }
  } catch (error) {
    throw orDamaged(error);
  }
  return { events, ended: events.length < limit };
};

/** @throws DamagedLogError when an event is missing. */
export const assertPlace = (found: number, expected: number, where: string): void => {
  if (found !== expected) throw damaged('events.db', `${where} 缺第 ${expected} 条`, `${where}: ${expected} is missing, ${found} came`);
};
