import type { EventReader } from '#libs/application';
import { reasonOf } from '../layouts';
import { leafHash } from '../leaf';
import { fault, Refused } from '../words';
import { type Checkpoint, OWN_CHECKPOINT, writeCheckpoint } from './checkpoint-file';
import { eventAt } from './evidence';

export type KeeperOrder = Readonly<{
  folder: string;
  checkpointFile: string | undefined;
  reader: EventReader;
  checkpoint: Checkpoint;
  now: () => string;
  /** Units: milliseconds. */
  everyMs?: number;
  /** Told once for each outage of a file, and once when it is over (`reason` null). */
  onFault: (file: string, reason: string | null) => void;
}>;
/** `close` writes once more, how far the log was at the end. */
export type Keeper = Readonly<{ close: () => Promise<void> }>;

const EVERY_MS = 2_000;

/**
 * Writes down every few seconds how far the log is: what is read there is synced, so a checkpoint never tells of an event that may not be there.
 * A file that cannot be written stays at its last place; the engine goes on. Throws: Refused when the file outside cannot be written at the start.
 */
export const keepCheckpoints = async (order: KeeperOrder): Promise<Keeper> => {
  const { folder, checkpointFile, reader, now, everyMs = EVERY_MS, onFault } = order;
  const files = [...(checkpointFile === undefined ? [] : [checkpointFile]), `${folder}/${OWN_CHECKPOINT}`];
  const failing = new Set<string>();
  let { checkpoint } = order;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const write = async (file: string): Promise<void> => {
    try {
      await writeCheckpoint(file, checkpoint);
      if (failing.delete(file)) onFault(file, null);
    } catch (error) {
      if (!failing.has(file)) onFault(file, reasonOf(error));
      failing.add(file);
    }
  };
  const look = async (): Promise<void> => {
    const last = await reader.lastLogIndex();
    if (last === checkpoint.logIndex && failing.size === 0) return;
    const event = await eventAt(reader, last);
    if (event !== undefined) checkpoint = { ...checkpoint, logIndex: last, eventHash: leafHash(event.bytes), writtenAt: now() };
    for (const file of files) await write(file);
  };
  let underWay: Promise<void> = Promise.resolve();
  const arm = (): void => {
    if (closed) return;
    timer = setTimeout(() => {
      underWay = look().catch(() => undefined); // A log that cannot be read is told by readiness.
      void underWay.then(arm);
    }, everyMs).unref();
  };

  for (const file of files) await write(file);
  if (checkpointFile !== undefined && failing.has(checkpointFile))
    throw new Refused([
      fault(
        'checkpoint-unwritable',
        `数据目录外的检查点 ${checkpointFile} 无法写入`,
        `the checkpoint outside the data folder, ${checkpointFile}, cannot be written`,
      ),
    ]);
  arm();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await underWay;
      await look().catch(() => undefined);
    },
  };
};
