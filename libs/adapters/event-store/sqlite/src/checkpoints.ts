import { Worker } from 'node:worker_threads';
import { threadFile } from './writer-file';

/** Shared with the checkpointing thread, in this order. */
export const CELLS = { written: 0, keptOut: 1, busy: 2, stopped: 3 } as const;
export type CheckpointStart = Readonly<{ folder: string; cells: Int32Array<SharedArrayBuffer> }>;

/** How the writer's thread keeps its checkpointer informed, and out of its way. */
export type Checkpoints = Readonly<{
  /** So many events more are in the WAL. */
  wrote: (events: number) => void;
  /** Runs with nothing being checkpointed meanwhile. */
  alone: <T>(work: () => T) => T;
  close: () => void;
}>;

const STOP_MAX_MS = 5_000;
const EVENTS_BEFORE = 500; // After so many it is worth a look at how large the WAL is.

/**
 * Moves the WAL into the database in a thread of its own: copying and syncing some thousand pages takes tens of milliseconds, which the
 * writer's commits would wait for. Should the thread die, the writer's own automatic checkpoint takes its place, later and larger.
 */
export const openCheckpoints = (folder: string): Checkpoints => {
  const cells = new Int32Array(new SharedArrayBuffer(Object.keys(CELLS).length * Int32Array.BYTES_PER_ELEMENT));
  const workerData: CheckpointStart = { folder, cells };
  const thread = new Worker(threadFile('checkpoint-thread'), { workerData, resourceLimits: { maxYoungGenerationSizeMb: 2 } });
  thread.unref();
  thread.on('error', () => Atomics.store(cells, CELLS.stopped, 1));
  thread.on('exit', () => Atomics.store(cells, CELLS.stopped, 1));

  const keepOut = (): void => {
    Atomics.store(cells, CELLS.keptOut, 1);
    while (Atomics.load(cells, CELLS.busy) === 1 && Atomics.load(cells, CELLS.stopped) === 0)
      Atomics.wait(cells, CELLS.busy, 1, STOP_MAX_MS);
  };
  return {
    wrote: (events) => {
      if (Atomics.add(cells, CELLS.written, events) + events >= EVENTS_BEFORE) Atomics.notify(cells, CELLS.written);
    },
    alone: (work) => {
      keepOut();
      try {
        return work();
      } finally {
        Atomics.store(cells, CELLS.keptOut, 0);
      }
    },
    close: () => {
      keepOut();
      Atomics.store(cells, CELLS.stopped, 1);
      Atomics.notify(cells, CELLS.written);
      void thread.terminate();
    },
  };
};

export const isEnough = (written: number): boolean => written >= EVENTS_BEFORE;
