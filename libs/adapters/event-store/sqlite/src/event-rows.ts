import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { LoggedEvent } from '#libs/application';
import { damaged, orDamaged } from './damaged-log';

const PAGE_BYTES = 4 * 1024 * 1024;
/** Read at once into memory; so few, that a page of large events is not much larger than it may be. */
const CHUNK_EVENTS = 64;

/** A row, cell by cell: one that comes as an object with names costs three times as much. */
export type Cells = readonly [logIndex: number, stream: string, revision: number, id: string, type: string, crc: number, bytes: Uint8Array];
export type Page = Readonly<{ events: readonly LoggedEvent[]; ended: boolean }>;

const COLUMNS = 'log_index, stream, revision, id, type, crc, bytes';
const cellsOf = (db: DatabaseSync, sql: string): StatementSync => {
  const statement = db.prepare(`SELECT ${COLUMNS} FROM events ${sql}`);
  statement.setReturnArrays(true);
  return statement;
};
export const prepareReads = (db: DatabaseSync) => ({
  forward: cellsOf(db, 'WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?'),
  backward: cellsOf(db, 'WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?'),
  at: cellsOf(db, 'WHERE stream = ? AND revision = ?'),
  log: cellsOf(db, 'WHERE log_index >= ? ORDER BY log_index LIMIT ?'),
  last: db.prepare('SELECT max(log_index) AS last FROM events'),
  claim: db.prepare(
    `SELECT c.key, c.command_hash AS commandHash, c.log_index AS logIndex, e.stream, e.revision, e.id AS eventId
     FROM claims c LEFT JOIN events e ON e.log_index = c.log_index WHERE c.key = ?`,
  ),
});

/** @throws DamagedLogError when the bytes are not those that were written. */
export const sound = ([logIndex, stream, revision, id, type, crc, bytes]: Cells): LoggedEvent => {
  if (crc32(bytes) !== crc)
    throw damaged('events.db', `第 ${logIndex} 条事件与写入时不符`, `the bytes of event ${logIndex} are not those that were written`);
  return { id, type, stream, revision, bytes, logIndex };
};

/** What is read on and on: `of` are the values before the place, `place` is what the events are counted by, `step` the way. */
export type Run = Readonly<{ statement: StatementSync; of: readonly SQLInputValue[]; place: 'revision' | 'logIndex'; step: 1 | -1 }>;

/** Reads a page; no read transaction is open when anything is awaited: it would keep the WAL growing. */
export const pageOf = ({ statement, of, place, step }: Run, from: number, limit: number): Page => {
  const events: LoggedEvent[] = [];
  let bytes = 0;
  try {
    for (let next = from; events.length < limit && bytes < PAGE_BYTES; ) {
      const wanted = Math.min(CHUNK_EVENTS, limit - events.length);
      const rows = statement.all(...of, next, wanted) as unknown as readonly Cells[];
      for (const row of rows) {
        const event = sound(row);
        events.push(event);
        bytes += event.bytes.byteLength;
        next = event[place] + step;
      }
      if (rows.length < wanted) return { events, ended: true };
    }
  } catch (error) {
    throw orDamaged(error);
  }
  return { events, ended: false };
};

/** @throws DamagedLogError when an event is missing. */
export const assertPlace = (found: number, expected: number, where: string): void => {
  if (found !== expected) throw damaged('events.db', `${where} 缺第 ${expected} 条`, `${where}: ${expected} is missing, ${found} came`);
};
