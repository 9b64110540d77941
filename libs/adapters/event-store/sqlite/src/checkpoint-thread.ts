import type { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { CELLS, type CheckpointStart, isEnough } from './checkpoints';
import { EVENTS, openForWriting, WAL_PAGES } from './database-file';

const LOOK_EVERY_MS = 250;

type Pages = Readonly<{ log: number; checkpointed: number }>;

/**
 * Seldom and much at once, so that a page which many commits changed is copied once. Copies while the writer writes, which holds up nobody;
 * what came meanwhile is little, so that starting the WAL anew, for which SQLite holds the writer off, is short. A reader in the middle of a
 * page keeps the WAL as it is until the next time.
 */
const checkpoint = (db: DatabaseSync): void => {
  const { log } = db.prepare('PRAGMA wal_checkpoint(NOOP)').get() as Pages;
  if (log < WAL_PAGES) return;
  db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  db.prepare('PRAGMA wal_checkpoint(RESTART)').get();
};

const run = ({ folder, cells }: CheckpointStart): void => {
  const db = openForWriting(folder, EVENTS);
  db.exec('PRAGMA busy_timeout = 0;'); // Rather later than waiting with the writer's lock in hand.
  while (Atomics.load(cells, CELLS.stopped) === 0) {
    const written = Atomics.load(cells, CELLS.written);
    if (!isEnough(written)) {
      Atomics.wait(cells, CELLS.written, written, LOOK_EVERY_MS);
      continue;
    }
    Atomics.store(cells, CELLS.busy, 1);
    try {
      if (Atomics.load(cells, CELLS.keptOut) === 0) {
        Atomics.sub(cells, CELLS.written, written);
        checkpoint(db);
      }
    } catch {
      // A full or failing disk is the writer's to tell; the WAL stays.
    }
    Atomics.store(cells, CELLS.busy, 0);
    Atomics.notify(cells, CELLS.busy);
    if (Atomics.load(cells, CELLS.keptOut) === 1) Atomics.wait(cells, CELLS.keptOut, 1, LOOK_EVERY_MS);
  }
};

if (workerData !== null) run(workerData as CheckpointStart);
