import type { DatabaseSync } from 'node:sqlite';
import type { AppendResult } from '#libs/application';
import type { Batch } from './batch-codec';
import { type Faults, isDue, SimulatedCommitError } from './faults';
import { isFull, unavailableBy } from './sqlite-error';
import { type BatchWork, type SessionParts, writerSession } from './writer-session';

export type GroupCommit = Readonly<{
  commit: (batch: Batch, items: number) => Readonly<{ answers: readonly AppendResult[]; wrote: boolean }>;
  close: () => void;
}>;

const LOOKUPS_MAX = 3;
const LOOKUP_PAUSE_MS = 50;

const pause = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOKUP_PAUSE_MS);

/** Commits, or fails as a spec asks. @throws on any error at COMMIT. */
const commitOrThrow = (db: DatabaseSync, faults: Faults): void => {
  if (isDue(faults, 'diesBefore')) process.exit(1);
  if (isDue(faults, 'commitFailsBefore')) throw new SimulatedCommitError('simulated: failed before');
  db.exec('COMMIT');
  if (isDue(faults, 'commitFailsAfter')) throw new SimulatedCommitError('simulated: failed after');
  if (isDue(faults, 'diesAfter')) process.exit(1);
};

/**
 * One transaction a batch, synced before anything is answered. An error before COMMIT is definite: nothing is stored. An error at COMMIT is
 * looked up (`WriterSession.recover`), and answered as unknown only if that cannot be done.
 * @throws when the database cannot be opened at first.
 */
export const groupCommit = (parts: SessionParts): GroupCommit => {
  const session = writerSession(parts);

  const afterFailure = (work: BatchWork, error: unknown): readonly AppendResult[] => {
    const { db, tables } = session.current() ?? {};
    // A full disk needs no looking up: the frame that makes a commit valid is written last, and found no room.
    if (isFull(error) && tables && !db?.isTransaction && work.countStored(tables) === 0) {
      session.letGo();
      return work.answers.map(() => unavailableBy(error));
    }
    for (let lookup = 1; lookup <= LOOKUPS_MAX; lookup++) {
      try {
        const stored = session.recover(work);
        if (stored === work.writes) return work.answers;
        if (stored === 0) return work.answers.map(() => ({ kind: 'unavailable', cause: 'outage' }));
        break; // A part of a transaction: the file is damaged.
      } catch {
        session.letGo();
        pause();
      }
    }
    // What was refused was judged on the others of its batch: it is not stored, but no longer for a reason that is known to stand.
    return work.answers.map(({ kind }) =>
      kind === 'appended' ? { kind: 'unknown', cause: 'commit failed' } : { kind: 'unavailable', cause: 'outage' },
    );
  };

  const write = (batch: Batch): Readonly<{ db: DatabaseSync; work: BatchWork }> => {
    const { db, tables } = session.ready();
    db.exec('BEGIN IMMEDIATE');
    const work = tables.apply(batch);
    if (work.writes === 0) db.exec('ROLLBACK');
    return { db, work };
  };

  return {
    commit: (batch, items) => {
      let written: ReturnType<typeof write>;
      try {
        written = write(batch);
      } catch (error) {
        session.letGo();
        return { answers: Array.from({ length: items }, () => unavailableBy(error)), wrote: false };
      }
      const { db, work } = written;
      if (work.writes === 0) return { answers: work.answers, wrote: false };
      try {
        commitOrThrow(db, parts.faults);
        return { answers: work.answers, wrote: true };
      } catch (error) {
        return { answers: afterFailure(work, error), wrote: true };
      }
    },
    close: session.close,
  };
};
