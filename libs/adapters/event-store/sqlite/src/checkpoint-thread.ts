import type { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { CELLS, type CheckpointStart, isEnough } from './checkpoints';
import { EVENTS, openForWriting, WRITER_WAITS_FOR } from './database-file';

const LOOK_EVERY_MS = 250;

type Pages = Readonly<{ log: number; checkpointed: number }>;

/**
 * Seldom and much at once, so that a page which many commits changed is copied once. Copies while the writer writes, which holds up nobody;
 * what came meanwhile is little, so that starting the WAL anew, for which SQLite holds the writer off, is short. A reader in the middle of a
 * page keeps the WAL as it is until the next time.
 */
const checkpoint = (db: DatabaseSync, pagesMax: number): void => {
  const { log } = db.prepare('PRAGMA wal_checkpoint(NOOP)').get() as Pages;
  if (log < pagesMax) return;
  db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  db.prepare('PRAGMA wal_checkpoint(RESTART)').get();
};

const run = ({ folder, cells }: CheckpointStart): void => {
  const db = openForWriting(folder, EVENTS);
  const { wal_autocheckpoint: byWriter } = db.prepare('PRAGMA wal_autocheckpoint').get() as { wal_autocheckpoint: number };
  const pagesMax = byWriter / WRITER_WAITS_FOR; // Before the writer would do it by itself.
  db.exec('PRAGMA busy_timeout = 0; PRAGMA cache_size = -1024;'); // Rather later than waiting with the writer's lock in hand; it reads no rows.
  while (Atomics.load(cells, CELLS.stopped) === 0) {
    const before = Atomics.load(cells, CELLS.written);
    if (!isEnough(before)) Atomics.wait(cells, CELLS.written, before, LOOK_EVERY_MS);
    const written = Atomics.load(cells, CELLS.written);
    if (written === 0) continue;
    Atomics.store(cells, CELLS.busy, 1);
    try {
      if (Atomics.load(cells, CELLS.keptOut) === 0) {
        Atomics.sub(cells, CELLS.written, written);
        checkpoint(db, pagesMax);
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
