import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { explained } from './sqlite-error';

const LOCK_FILE = 'lock.db';

/** Two writers on one data folder would each believe that nobody else appends. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly code = 'data-folder-in-use';
  constructor(folder: string, pid: string) {
    super(
      `数据目录 ${folder} 正由另一进程写入（进程号 ${pid}），请先停止该进程（或用 YIKA_DATA 另指目录）。只看不写时不必停止：yika verify、yika backup 可在其旁运行。` +
        `Process ${pid} is writing to the data folder ${folder}: stop it first, or name another folder in YIKA_DATA. ` +
        'Only to look, it may go on: yika verify and yika backup run beside it.',
    );
  }
}

/**
 * Takes the data folder for this process until `release`, or until the process dies: the lock is the operating system's, so that none is
 * left behind. The process id stands in a file of its own: opening `lock.db` in any other way would drop the lock.
 * @throws DataFolderInUseError when another writer has it.
 */
export const lockDataFolder = (folder: string): Readonly<{ release: () => void }> => {
  const pidFile = join(folder, 'writer.pid');
  const lock = openLock(folder);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw explained(error, LOCK_FILE);
    throw new DataFolderInUseError(folder, pidIn(pidFile));
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch {
    // A full disk must not keep the engine from starting to answer reads; the pid is only for the message.
  }
  return { release: () => lock.close() };
};

const openLock = (folder: string): DatabaseSync => {
  try {
    return new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  } catch (error) {
    throw explained(error, LOCK_FILE);
  }
};

const pidIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim() || '?';
  } catch {
    return '?';
  }
};
