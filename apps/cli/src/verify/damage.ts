import path from 'node:path';
import { Failure } from '../startup/checks';

const RECIPES = 'docs/how-to/recover-from-faults.md';

/** Of the file as such: SQLite cannot go on where a page of the tables themselves is not what it was. */
export const isUnreadable = (thrown: unknown): boolean => (thrown as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';
export const damagedLog = (folder: string, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const file = path.join(folder, 'events.db');
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure({
    zh: `事件日志损坏，${file} 无法读完：${why}。请停止引擎、保留原文件，由备份恢复，见 ${RECIPES}。`,
    en: `The log is damaged, ${file} cannot be read to its end: ${why}. Stop the engine, keep the file, restore a backup: ${RECIPES}.`,
  });
};
