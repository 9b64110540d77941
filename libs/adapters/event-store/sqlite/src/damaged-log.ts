const CORRUPT = 11;
const NOT_A_DATABASE = 26;
export const RECIPES = 'docs/how-to/recover-from-faults.md';

/** What is stored is not what was written: never answered around, never skipped. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
  readonly code = 'log-damaged';
}

/** The damage of a file, in both languages. */
export const damaged = (file: string, zh: string, en: string): DamagedLogError =>
  new DamagedLogError(`${file} 已损坏：${zh}。处理办法见 ${RECIPES}。${file} is damaged: ${en}. What to do: ${RECIPES}.`);

/** SQLite's own finding of a page that is not a page any more, as damage; every other error as it is. */
export const orDamaged = (error: unknown, file = 'events.db'): unknown => {
  const { errcode = 0, message = '' } = error as { errcode?: number; message?: string };
  return [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff) ? damaged(file, '数据页无法读取', message) : error;
};
