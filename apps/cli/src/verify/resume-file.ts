import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from '../startup/checks';
import type { Covered } from './verify-log';

/** One run of a verification: when it began, how long it took, what it covered that none before it had. Units: seconds. */
export type Run = Readonly<{ startedAt: string; seconds: number; events: number }>;
/** A verification that was stopped, for another run to go on with. No personal data: hashes, counts and findings. */
export type Resumable = Readonly<{
  format: 'yika-verification';
  formatVersion: 1;
  engineVersion: string;
  decide: boolean;
  covered: Covered;
  runs: readonly Run[];
}>;
type Wanted = Pick<Resumable, 'engineVersion' | 'decide'>;

/** Undefined where there is none: then it begins. Throws: Failure when it is of something else. */
export const readResumable = (file: string, { engineVersion, decide }: Wanted): Resumable | undefined => {
  const text = textIn(file);
  if (text === undefined) return undefined;
  const found = parsed(text);
  if (found === undefined || !isOurs(found)) throw notUsable(file, '不是核验进度文件', 'it is no verification that was stopped');
  if (found.engineVersion !== engineVersion)
    throw notUsable(file, `由 ${found.engineVersion} 版写成`, `it was kept by version ${found.engineVersion}`);
  if (found.decide !== decide) throw notUsable(file, '--no-decide 与先前不同', 'it was begun with another --no-decide');
  return found;
};

/** Whole or not at all. */
export const writeResumable = (file: string, resumable: Resumable): void => {
  const half = `${file}.writing`;
  try {
    writeFileSync(half, JSON.stringify(resumable), { mode: 0o600, flush: true });
    renameSync(half, file);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure({ zh: `进度无法写入 ${file}：${why}`, en: `What was covered cannot be kept in ${file}: ${why}` });
  }
};

export const dropResumable = (file: string): void => rmSync(file, { force: true });

const textIn = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw notUsable(file, '无法读取', 'it cannot be read');
  }
};

const isOurs = ({ format, formatVersion }: Readonly<{ format: string; formatVersion: number }>): boolean =>
  format === 'yika-verification' && formatVersion === 1;

const parsed = (text: string): Resumable | undefined => {
  try {
    return JSON.parse(text) as Resumable;
  } catch {
    return undefined;
  }
};

const notUsable = (file: string, zh: string, en: string): Failure =>
  new Failure({
    zh: `不能由 ${file} 续查：${zh}。删除该文件后可从头核验。`,
    en: `Cannot go on from ${file}: ${en}. Remove the file to verify from the beginning.`,
  });
