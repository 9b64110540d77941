import type { DatabaseSync } from 'node:sqlite';
import type { AppendResult } from '#libs/application';
import type { Batch } from './batch-codec';
import { type Faults, isFault, SimulatedCommitError } from './faults';

/** What one transaction did: an answer for each item of the batch, how many rows it wrote, and a way to count them after a failed commit. */
export type BatchWork = Readonly<{ answers: readonly AppendResult[]; writes: number; countStored: (tables: Tables) => number }>;
export interface Tables {
  apply(batch: Batch): BatchWork;
  holds(written: unknown): boolean;
  /** Writes a row that says nothing: see `WriterSession.recover`. */
  fence(): void;
}
export type Session = Readonly<{ db: DatabaseSync; tables: Tables }>;
export type SessionParts = Readonly<{
  open: () => DatabaseSync;
  tablesOf: (db: DatabaseSync) => Tables;
  faults: Faults;
  /** Runs with nobody else moving the WAL; absent where nobody else does. */
  alone?: <T>(work: () => T) => T;
}>;

/** The writing connection and its prepared statements, opened afresh after every failure. */
export type WriterSession = Readonly<{
  /** The open session; first makes sure of what an earlier commit left in doubt. @throws when it cannot. */
  ready: () => Session;
  current: () => Session | undefined;
  /** Rolls back what is open; prepared statements and what the tables remember go with it. */
  letGo: () => void;
  /**
   * After an error at COMMIT nothing is known of what is on the disk. Worse: after a failed fsync the kernel may show pages that it will never
   * write, and pages that it does not show may be there after a crash. So the database is opened afresh and looked into; all of it is moved from
   * the WAL into the database and synced; and one more commit, the fence, makes any leftover of the failed one invalid. Only then is the count
   * final; until then nothing else is committed. @throws when any step fails; to be asked again.
   */
  recover: (work: BatchWork | undefined) => number;
  close: () => void;
}>;

const NO_BOUND = 0xfffffffe;

/** @throws when the database cannot be opened. */
export const writerSession = ({ open, tablesOf, faults, alone = (work) => work() }: SessionParts): WriterSession => {
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
      db?.close();
    } catch {
      // It is opened afresh in any case.
    }
  };
  const recover = (work: BatchWork | undefined): number => alone(() => recoverAlone(work));
  const recoverAlone = (work: BatchWork | undefined): number => {
    inDoubt = true;
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

  start();
  return {
    letGo,
    recover,
    current: () => session,
    ready: () => {
      if (inDoubt) recover(undefined);
      const current = session ?? start();
      const bound = isFault(faults, 'pagesMax');
      if (bound !== pagesMax) current.db.exec(`PRAGMA max_page_count = ${bound === 0 ? NO_BOUND : bound}`);
      pagesMax = bound;
      return current;
    },
    close: () => {
      try {
        if (!inDoubt) session?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'); // Readers stay open longer than we do, and cannot do it.
      } catch {
        // Whoever opens next does it.
      }
      letGo();
    },
  };
};
