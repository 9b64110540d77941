import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fault, Refused } from './words';

const SQLITE_BUSY = 5;

const holderOf = (folder: string): string => {
  try {
    return readFileSync(join(folder, 'writer.pid'), 'utf8').trim() || '?';
  } catch {
    return '?';
  }
};

const attempt = (folder: string): DatabaseSync | undefined => {
  const lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
};

/**
 * Takes the data folder as the engine's writer takes it (an exclusive transaction on `lock.db`), so that neither works beside the other;
 * the operating system lets go when the process dies. Throws: Refused while an engine has it.
 */
export const lockFolder = (folder: string): Readonly<{ release: () => void }> => {
  const lock = attempt(folder);
  if (lock === undefined) {
    const pid = holderOf(folder);
    throw new Refused([
      fault(
        'engine-running',
        `引擎正在使用数据目录 ${folder}（进程号 ${pid}），请先停止`,
        `an engine (process ${pid}) holds the data folder ${folder}: stop it first`,
      ),
    ]);
  }
  try {
    writeFileSync(join(folder, 'writer.pid'), `${process.pid}\n`);
  } catch {
    // Only for the message.
  }
  return { release: () => lock.close() };
};

/** Whether an engine holds the folder at this moment. */
export const isHeld = (folder: string): boolean => {
  const lock = attempt(folder);
  lock?.close();
  return lock === undefined;
};
