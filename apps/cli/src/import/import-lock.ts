import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../startup/checks';

/**
 * One import of a source at a time: what the log had before it is part of its total. The system lets go of the lock with the process, however
 * that ends. Returns what lets go of it. Throws: Failure while another one has it.
 */
export const lockImport = (dataFolder: string, source: string): (() => void) => {
  const lock = new DatabaseSync(path.join(dataFolder, `import-${source}.lock`), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new Failure({
      zh: `来源 ${source} 的另一次导入正在进行，等它结束后再跑。`,
      en: `Another import of the source ${source} is under way; give the command again when it has ended.`,
    });
  }
  return () => lock.close();
};
