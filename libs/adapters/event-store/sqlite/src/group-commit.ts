import type { DatabaseSync } from 'node:sqlite';
import type { AppendResult } from '#libs/application';
import type { Batch } from './batch-codec';
import { type Faults, isDue, isFault } from './faults';
import { isFull, unavailableBy } from './sqlite-error';

/** What one transaction did: an answer for each item of the batch, how many rows it wrote, and a way to count them after a failed commit. */
export type BatchWork = Readonly<{ answers: readonly AppendResult[]; writes: number; countStored: (tables: Tables) => number }>;
export interface Tables {
  apply(batch: Batch): BatchWork;
  holds(written: unknown): boolean;
  /** Writes a row that says nothing: see `GroupCommit`. */
  fence(): void;
}
export type GroupCommit = Readonly<{
  commit: (batch: Batch, items: number) => Readonly<{ answers: readonly AppendResult[]; wrote: boolean }>;
  close: () => void;
}>;
type Session = Readonly<{ db: DatabaseSync; tables: Tables }>;
type Parts = Readonly<{ open: () => DatabaseSync; tablesOf: (db: DatabaseSync) => Tables; faults: Faults }>;

const LOOKUPS_MAX = 3;
const LOOKUP_PAUSE_MS = 50;

class SimulatedCommitError extends Error {
  readonly errcode = 10 | (4 << 8); // SQLITE_IOERR_FSYNC
}

/**
 * One transaction a batch, synced before anything is answered.
 *
 * An error at COMMIT says nothing about what is on the disk. Worse: after a failed fsync the kernel may show pages that it will never write,
 * and pages that were never shown may still be there after a crash. So the database is opened afresh and looked into; all of it is moved from
 * the WAL into the database and synced; and one more commit, the fence, makes any leftover of the failed one invalid. Only then is the answer
 * definite, and only then does the writer go on. A full disk is different: the frame that would have made the commit valid is written last,
 * so that a write that found no room has not committed.
 * @throws when the database cannot be opened.
 */
export const groupCommit = ({ open, tablesOf, faults }: Parts): GroupCommit => {
  let session: Session | undefined;
  let inDoubt = false;
  let pagesMax = 0;

  const start = (): Session => {
    if (isFault(faults, 'reopenFails') === 1) throw new SimulatedCommitError('simulated: cannot be opened');
    const db = open();
    pagesMax = 0;
    session = { db, tables: tablesOf(db) };
    return session;
  };
  const letGo = (): void => {
    const { db } = session ?? {};
    session = undefined;
    try {
      db?.close(); // Rolls back what is open.
    } catch {
      // It is opened afresh in any case.
    }
  };

  /** Opens afresh, counts what is stored of the work, and makes that final. @throws when any step of it fails. */
  const recover = (work: BatchWork | undefined): number => {
    letGo();
    const { db, tables } = start();
    const stored = work?.countStored(tables) ?? 0;
    const moved = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (moved.busy !== 0) throw new Error('the WAL could not be emptied');
    db.exec('BEGIN IMMEDIATE');
    tables.fence();
    db.exec('COMMIT');
    inDoubt = false;
    return stored;
  };

  const ready = (): Session => {
    if (inDoubt) recover(undefined);
    const current = session ?? start();
    const bound = isFault(faults, 'pagesMax');
    if (bound !== pagesMax) current.db.exec(`PRAGMA max_page_count = ${bound === 0 ? 0xfffffffe : bound}`);
    pagesMax = bound;
    return current;
  };

  const commitOrThrow = (db: DatabaseSync): void => {
    if (isDue(faults, 'diesBefore')) process.exit(1);
    if (isDue(faults, 'commitFailsBefore')) throw new SimulatedCommitError('simulated: failed before');
    db.exec('COMMIT');
    if (isDue(faults, 'commitFailsAfter')) throw new SimulatedCommitError('simulated: failed after');
    if (isDue(faults, 'diesAfter')) process.exit(1);
  };

  /** After an error at COMMIT: definite where it can be known. What was not to be stored anyway is `unavailable`, since it was judged on it. */
  const resolve = (work: BatchWork, error: unknown): readonly AppendResult[] => {
    if (isFull(error) && session && !session.db.isTransaction && work.countStored(session.tables) === 0) {
      letGo();
      return work.answers.map(() => unavailableBy(error));
    }
    inDoubt = true;
    for (let lookup = 1; lookup <= LOOKUPS_MAX; lookup++) {
      try {
        const stored = recover(work);
        if (stored === work.writes) return work.answers;
        if (stored === 0) return work.answers.map(() => ({ kind: 'unavailable', cause: 'outage' }));
        break; // A part of a transaction: the file is damaged.
      } catch {
        letGo();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOKUP_PAUSE_MS);
      }
    }
    return work.answers.map(({ kind }) =>
      kind === 'appended' ? { kind: 'unknown', cause: 'commit failed' } : { kind: 'unavailable', cause: 'outage' },
    );
  };

  start();
  return {
    commit: (batch, items) => {
      let work: BatchWork;
      let db: DatabaseSync;
      try {
        const current = ready();
        db = current.db;
        db.exec('BEGIN IMMEDIATE');
        work = current.tables.apply(batch);
        if (work.writes === 0) db.exec('ROLLBACK');
      } catch (error) {
        letGo(); // Prepared statements and what the tables remember go with it.
        return { answers: Array.from({ length: items }, () => unavailableBy(error)), wrote: false };
      }
      if (work.writes === 0) return { answers: work.answers, wrote: false };
      try {
        commitOrThrow(db);
        return { answers: work.answers, wrote: true };
      } catch (error) {
        return { answers: resolve(work, error), wrote: true };
      }
    },
    close: letGo,
  };
};
