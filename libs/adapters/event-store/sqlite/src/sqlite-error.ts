import type { AppendResult } from '#libs/application';
import { orDamaged, RECIPES } from './damaged-log';

const BUSY = 5;
const READ_ONLY = 8;
const IO_ERROR = 10;
const FULL = 13;
const CANNOT_OPEN = 14;
const SHM_CANNOT_GROW = 10 | (19 << 8); // SQLITE_IOERR_SHMSIZE: the index of the WAL is a file, too.

const codeOf = (error: unknown): number => (error as { errcode?: number }).errcode ?? 0;

/** True when the disk, or the space that the log may take, is used up. */
export const isFull = (error: unknown): boolean => (codeOf(error) & 0xff) === FULL || codeOf(error) === SHM_CANNOT_GROW;

/** Why nothing could be stored, for an error met before COMMIT: the transaction is rolled back, so the answer is definite. */
export const unavailableBy = (error: unknown): AppendResult => {
  const primary = codeOf(error) & 0xff;
  if (isFull(error)) return { kind: 'unavailable', cause: 'full' };
  if (primary === READ_ONLY) return { kind: 'unavailable', cause: 'readOnly' };
  return { kind: 'unavailable', cause: primary === BUSY ? 'busy' : 'outage' };
};

const WORDS: Readonly<Partial<Record<number, readonly [zh: string, en: string]>>> = {
  [READ_ONLY]: ['文件或目录为只读', 'the file or its folder is read-only'],
  [IO_ERROR]: ['磁盘读写出错', 'the disk fails to read or write'],
  [FULL]: ['磁盘已满', 'the disk is full'],
  [CANNOT_OPEN]: ['无法打开：请检查权限与可用文件句柄数', 'it cannot be opened: look at its permissions and at the limit of open files'],
};

/** An error met while a database of the data folder was opened, in words for who starts the engine. */
export const explained = (error: unknown, file: string): unknown => {
  const words = WORDS[isFull(error) ? FULL : codeOf(error) & 0xff];
  if (!words) return orDamaged(error, file);
  const { message } = error as Error;
  return new Error(`${file}：${words[0]}。${file}: ${words[1]} (${message}). ${RECIPES}`, { cause: error });
};
