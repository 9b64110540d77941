import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LogCheck } from './log-check';
import { emptyTally, type Tally } from './tally';

/** How far the sample region is, beside the log that it was played into. Its keys open nothing but the sample. */
export type Marker = Readonly<{
  state: 'planned' | 'running' | 'done';
  seed: string;
  scale: number;
  planHash: string;
  keys: Readonly<Record<string, string>>;
  /** Stories before this one are finished, and counted in `tally`. */
  storiesDone: number;
  tally: Tally;
  ending: Readonly<{ log: LogCheck; seconds: number; daySeconds: number; finishedAt: string }> | null;
}>;

const fileIn = (dataFolder: string): string => path.join(dataFolder, 'sample.json');

export const plannedMarker = (plan: Readonly<{ seed: string; scale: number; planHash: string }>): Marker => ({
  ...plan,
  state: 'planned',
  keys: {},
  storiesDone: 0,
  tally: emptyTally(),
  ending: null,
});

/** Undefined: no sample was ever begun in this data folder. */
export const readMarker = (dataFolder: string): Marker | undefined =>
  existsSync(fileIn(dataFolder)) ? (JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as Marker) : undefined;

/** Whole or not at all, and for the owner's eyes only: it holds access keys. */
export const writeMarker = (dataFolder: string, marker: Marker): void => {
  const half = `${fileIn(dataFolder)}.writing`;
  writeFileSync(half, JSON.stringify(marker), { mode: 0o600 });
  renameSync(half, fileIn(dataFolder));
};
