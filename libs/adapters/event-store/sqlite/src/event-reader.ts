import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Claim, EventReader, LoggedEvent } from '#libs/application';
import { commitSignal } from './commit-signal';
import { DamagedLogError } from './damaged-log';
import { EVENTS, openForReading } from './database-file';

export type SqliteEventReader = EventReader & Readonly<{ close: () => Promise<void> }>;

const PAGE_EVENTS = 512;
const PAGE_BYTES = 4 * 1024 * 1024;
const FIRST_BACKWARD_EVENTS = 32; // A closing is seldom far.

type Row = LoggedEvent & { crc: number };
type Page = Readonly<{ events: readonly LoggedEvent[]; ended: boolean }>;

const COLUMNS = 'log_index AS logIndex, stream, revision, id, type, crc, bytes';
const prepare = (db: DatabaseSync) => ({
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

const sound = ({ logIndex, stream, revision, id, type, crc, bytes }: Row): LoggedEvent => {
  if (crc32(bytes) !== crc) throw new DamagedLogError(`the bytes of event ${logIndex} are not those that were written`);
  return { id, type, stream, revision, bytes, logIndex };
};

/** Reads a page and ends its read transaction before anything is awaited: an open one would keep the WAL growing. */
const pageOf = (statement: StatementSync, limit: number, ...values: SQLInputValue[]): Page => {
  const events: LoggedEvent[] = [];
  let bytes = 0;
  for (const row of statement.iterate(...values, limit)) {
    const event = sound(row as unknown as Row);
    events.push(event);
    bytes += event.bytes.byteLength;
    if (bytes >= PAGE_BYTES) return { events, ended: false };
  }
  return { events, ended: events.length < limit };
};

const assertPlace = (found: number, expected: number, where: string): void => {
  if (found !== expected) throw new DamagedLogError(`${where}: ${expected} is missing, ${found} came`);
};

/**
 * Opens the log of a data folder for reading, in any thread or process, while the engine writes or not.
 * Throws: when there is no log, or it is damaged.
 */
export const openSqliteEventReader = async ({ folder }: Readonly<{ folder: string }>): Promise<SqliteEventReader> => {
  const db = openForReading(folder, EVENTS);
  const sql = prepare(db);
  const commits = commitSignal(folder, db);

  async function* readForward(stream: string, from = 0): AsyncGenerator<LoggedEvent> {
    for (let next = from; ; await nextTurn()) {
      const { events, ended } = pageOf(sql.forward, PAGE_EVENTS, stream, next);
      for (const event of events) {
        assertPlace(event.revision, next++, stream);
        yield event;
      }
      if (ended) return;
    }
  }

  async function* readBackward(stream: string): AsyncGenerator<LoggedEvent> {
    let next = Number.MAX_SAFE_INTEGER;
    for (let limit = FIRST_BACKWARD_EVENTS; ; limit = PAGE_EVENTS) {
      const { events, ended } = pageOf(sql.backward, limit, stream, next);
      for (const event of events) {
        if (next !== Number.MAX_SAFE_INTEGER) assertPlace(event.revision, next, stream);
        next = event.revision - 1;
        yield event;
      }
      if (ended && next !== Number.MAX_SAFE_INTEGER && next !== -1) throw new DamagedLogError(`${stream}: nothing before ${next + 1}`);
      if (ended) return;
      await nextTurn();
    }
  }

  async function* readLog(fromLogIndex: number): AsyncGenerator<LoggedEvent> {
    for (let next = fromLogIndex; ; await nextTurn()) {
      const { events, ended } = pageOf(sql.log, PAGE_EVENTS, next);
      for (const event of events) {
        assertPlace(event.logIndex, next++, 'log');
        yield event;
      }
      if (ended) return;
    }
  }

  async function* subscribe(fromLogIndex: number, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    let next = fromLogIndex;
    while (!signal.aborted) {
      const mark = commits.mark();
      const { events, ended } = pageOf(sql.log, PAGE_EVENTS, next);
      for (const event of events) {
        assertPlace(event.logIndex, next++, 'log');
        yield event;
        if (signal.aborted) return;
      }
      await (ended ? commits.after(mark, signal) : nextTurn());
    }
  }

  return {
    readForward,
    readBackward,
    readLog,
    subscribe,
    readEvent: async (stream, revision) => {
      const row = sql.at.get(stream, revision) as Row | undefined;
      return row && sound(row);
    },
    findClaim: async (key) => {
      const row = sql.claim.get(key) as (Claim & { logIndex: number; stream: string | null }) | undefined;
      if (!row) return undefined;
      if (row.stream === null) throw new DamagedLogError(`a claim names event ${row.logIndex}, which is missing`);
      const { commandHash, stream, revision, eventId } = row;
      return { key, commandHash, stream, revision, eventId };
    },
    lastLogIndex: async () => (sql.last.get() as { last: number | null }).last ?? -1,
    close: async () => {
      commits.close();
      if (db.isOpen) db.close();
    },
  };
};
