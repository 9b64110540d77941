import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProjectionStatus, ReadModels } from '#libs/application';
import type { ReaderSource } from './messages';
import { type Notice, notice } from './notices';
import { PROJECTIONS, projectionNamed } from './projections';
import { queriesOver } from './queries';
import { ThreadClient } from './thread-client';
import { openViewsForReading } from './views-database';
import { VIEWS_FILE } from './views-file';

export type ReadModelsOptions = Readonly<{
  /** Where views.db lies. */
  folder: string;
  reader: ReaderSource;
  /** What is worth a line in the application log: rebuilds, failed projections, outages. */
  onNotice?: (notice: Notice) => void;
  batchEventsMax?: number;
}>;
export type OpenReadModels = ReadModels &
  Readonly<{
    /** Resolves when every projection has what the log holds up to this index. Throws: when one of them has failed. */
    caughtUp(logIndex: number): Promise<void>;
  }>;

const BATCH_EVENTS_MAX = 1_000;
const POLL_MS = 10;
const CLOSE_WITHIN_MS = 10_000;

/** Starts the projections in a thread of their own and opens their file for queries. Throws: when log or file cannot be opened. */
export const openReadModels = async (options: ReadModelsOptions): Promise<OpenReadModels> => {
  const { folder, reader, batchEventsMax = BATCH_EVENTS_MAX, onNotice = sayOnStandardError } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, VIEWS_FILE);
  const thread = await ThreadClient.start({ file, reader, batchEventsMax }, onNotice);
  const db = openViewsForReading(file);
  const status = async (): Promise<readonly ProjectionStatus[]> => {
    if (thread.fault === null) return thread.ask({ kind: 'status' });
    const detail = `${notice('thread-stopped', null, '').messageEn}: ${thread.fault}`;
    const rows = await db.selectFrom('projections').select(['name', 'logIndex']).where('role', '=', 'live').execute();
    const placeOf = (name: string) => rows.find((row) => row.name === name)?.logIndex ?? -1;
    return PROJECTIONS.map(({ name }) => ({ name, logIndex: placeOf(name), behind: 0, state: 'failed', detail }));
  };
  return {
    ...queriesOver(db),
    status,
    async rebuild(name, onProgress) {
      projectionNamed(name);
      await thread.ask({ kind: 'rebuild', name }, onProgress);
    },
    async caughtUp(logIndex) {
      for (;;) {
        const all = await status();
        const failed = all.find(({ state }) => state === 'failed');
        if (failed !== undefined) throw new Error(`${failed.name} has failed: ${failed.detail ?? ''}`);
        if (all.every((one) => one.logIndex >= logIndex)) return;
        await pause(POLL_MS);
      }
    },
    async close() {
      await thread.close(CLOSE_WITHIN_MS);
      await db.destroy();
    },
  };
};

const sayOnStandardError = (told: Notice): void => void process.stderr.write(`${JSON.stringify(told)}\n`);
