import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { sync } from '../durable-files';
import { type FileName, openForReading } from '../layouts';
import { goOn, type Work } from '../words';

const PAGES_AT_ONCE = 1_024; // 4 MiB between two looks at whether to stop.

/**
 * Copies a database as it is at this moment while an engine writes to it: one read transaction holds the moment from the first page to the
 * last, else every commit meanwhile would start the copy again. The engine goes on; only its write-ahead log cannot be reset until the end.
 * The copy stands alone, without a write-ahead log, and is synced. Throws: Stopped; Refused; on outage.
 */
export const copyDatabase = async (name: FileName, from: string, to: string, work: Work): Promise<void> => {
  const target = join(to, name);
  const source = openForReading(from, name);
  let pages = 0;
  try {
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get(); // The moment.
    await backup(source, target, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => {
        goOn(work);
        pages = totalPages;
        work.report('copying', name, totalPages - remainingPages, totalPages);
      },
    });
    goOn(work);
    work.report('copying', name, pages, pages);
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(target);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copy.close();
  }
  await sync(target);
};
