import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Notice } from '../notices';
import { projectionNamed } from '../projections';
import type { Queries } from '../queries';
import type { OpenReadModels } from '../read-models';
import { KeptViews } from './kept-views';
import type { ReaderSource } from './messages';
import { VIEWS_FILE } from './views-file';

export type ReadModelsOptions = Readonly<{
  /** Where views.db lies. */
  folder: string;
  reader: ReaderSource;
  /** What is worth a line in the application log: rebuilds, failed projections, outages. */
  onNotice?: (notice: Notice) => void;
  batchEventsMax?: number;
}>;
const BATCH_EVENTS_MAX = 1_000;
const POLL_MS = 10;

/** Starts the projections in a thread of their own and opens their file for queries. Throws: when log or file cannot be opened. */
export const openReadModels = async (options: ReadModelsOptions): Promise<OpenReadModels> => {
  const { folder, reader, batchEventsMax = BATCH_EVENTS_MAX, onNotice = sayOnStandardError } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, VIEWS_FILE);
  const views = await KeptViews.start({ file, reader, batchEventsMax }, onNotice);
  return {
    ...queriesOf(views),
    status: () => views.status(),
    async rebuild(name, onProgress) {
      projectionNamed(name);
      await views.rebuild(name, onProgress);
    },
    async caughtUp(logIndex) {
      for (;;) {
        const all = await views.status();
        const failed = all.find(({ state }) => state === 'failed');
        if (failed !== undefined) throw new Error(`${failed.name} has failed: ${failed.detail ?? ''}`);
        if (all.every((one) => one.logIndex >= logIndex && one.state !== 'catchingUp')) return;
        await pause(POLL_MS);
      }
    },
    close: () => views.close(),
  };
};

/** Each query goes to the file that is open when it is asked. */
const queriesOf = (views: KeptViews): Queries => {
  const ask =
    (name: keyof Queries) =>
    (...words: never[]) =>
      views.ask((queries) => (queries[name] as (...words: never[]) => Promise<unknown>)(...words));
  return Object.fromEntries(views.names().map((name) => [name, ask(name)])) as Queries;
};

const sayOnStandardError = (told: Notice): void => void process.stderr.write(`${JSON.stringify(told)}\n`);
