import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Claim, EventReader } from '#libs/application';
import { type CommitSignal, commitSignal } from './commit-signal';
import { damaged, orDamaged } from './damaged-log';
import { EVENTS, openForReading } from './database-file';
import { assertPlace, type Cells, pageOf, prepareReads, type Run, sound } from './event-rows';

export type SqliteEventReader = EventReader & Readonly<{ close: () => Promise<void> }>;

const PAGE_EVENTS = 512;
const FIRST_BACKWARD_EVENTS = 32; // A closing is seldom far.

type Reads = ReturnType<typeof prepareReads>;
type ClaimRow = Readonly<{ [Member in keyof Claim]: Claim[Member] | null } & { key: string; commandHash: string; logIndex: number }>;

const streamReads = (sql: Reads): Pick<EventReader, 'readForward' | 'readBackward'> => ({
  readForward: async function* (stream, from = 0) {
    const run: Run = { statement: sql.forward, of: [stream], place: 'revision', step: 1 };
    let next = from;
    for (;;) {
      const { events, ended } = pageOf(run, next, PAGE_EVENTS);
      for (const event of events) {
        assertPlace(event.revision, next++, stream);
        yield event;
      }
      if (ended) return;
      await nextTurn();
    }
  },
  readBackward: async function* (stream) {
    const run: Run = { statement: sql.backward, of: [stream], place: 'revision', step: -1 };
    let next: number | undefined;
    for (let limit = FIRST_BACKWARD_EVENTS; ; limit = Math.min(2 * limit, PAGE_EVENTS)) {
      const { events, ended } = pageOf(run, next ?? Number.MAX_SAFE_INTEGER, limit);
      for (const event of events) {
        assertPlace(event.revision, next ?? event.revision, stream);
        next = event.revision - 1;
        yield event;
      }
      if (!ended) await nextTurn();
      else if ((next ?? -1) === -1) return;
      else throw damaged('events.db', `${stream} 缺第 ${next ?? 0} 条`, `${stream}: ${next ?? 0} is missing`);
    }
  },
});

const isAborted = (signal: AbortSignal): boolean => signal.aborted; // Asked again after a yield: it may have changed.

const logReads = (run: Run, commits: CommitSignal): Pick<EventReader, 'readLog' | 'subscribe'> => ({
  readLog: async function* (fromLogIndex) {
    let next = fromLogIndex;
    for (;;) {
      const { events, ended } = pageOf(run, next, PAGE_EVENTS);
      for (const event of events) {
        assertPlace(event.logIndex, next++, 'log');
        yield event;
      }
      if (ended) return;
      await nextTurn();
    }
  },
  subscribe: async function* (fromLogIndex, signal) {
    let next = fromLogIndex;
    while (!isAborted(signal)) {
      const mark = commits.mark();
      const { events, ended } = pageOf(run, next, PAGE_EVENTS);
      for (const event of events) {
        assertPlace(event.logIndex, next++, 'log');
        yield event;
        if (isAborted(signal)) return;
      }
      if (ended) await commits.after(mark, signal);
      else await nextTurn();
    }
  },
});

/** A synchronous read whose error is the promise's. */
const settled = <T>(read: () => T): Promise<T> =>
  new Promise((resolve) => {
    try {
      resolve(read());
    } catch (error) {
      throw orDamaged(error);
    }
  });

/**
 * Opens the log of a data folder for reading, in any thread or process, while the engine writes or not.
 * Throws: when there is no log, or it is damaged.
 */
export const openSqliteEventReader = ({ folder }: Readonly<{ folder: string }>): Promise<SqliteEventReader> =>
  settled(() => {
    const db = openForReading(folder, EVENTS);
    const sql = prepareReads(db);
    const commits = commitSignal(folder, db);
    return {
      ...streamReads(sql),
      ...logReads({ statement: sql.log, of: [], place: 'logIndex', step: 1 }, commits),
      readEvent: (stream, revision) =>
        settled(() => {
          const row = sql.at.get(stream, revision) as unknown as Cells | undefined;
          return row && sound(row);
        }),
      findClaim: (key) => settled(() => claimOf(sql.claim.get(key) as ClaimRow | undefined)),
      lastLogIndex: () => settled(() => (sql.last.get() as { last: number | null }).last ?? -1),
      close: () =>
        settled(() => {
          commits.close();
          if (db.isOpen) db.close();
        }),
    };
  });

const claimOf = (row: ClaimRow | undefined): Claim | undefined => {
  if (!row) return undefined;
  const { key, commandHash, stream, revision, eventId, logIndex } = row;
  if (stream === null || revision === null || eventId === null) {
    throw damaged('events.db', `占用记录所指的第 ${logIndex} 条事件缺失`, `a claim names event ${logIndex}, which is missing`);
  }
  return { key, commandHash, stream, revision, eventId };
};
