import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventReader, type SqliteEventReader } from '#libs/adapters/event-store/sqlite';

/** A reader for the thread of the projections whose thread dies as soon as somebody puts a file `crash` into the folder. */
export const openCrashingReader = async ({ folder }: Readonly<{ folder: string }>): Promise<SqliteEventReader> => {
  const reader = await openSqliteEventReader({ folder });
  const asked = join(folder, 'crash');
  setInterval(() => {
    if (!existsSync(asked)) return;
    rmSync(asked);
    throw new Error('crashed as asked');
  }, 10).unref();
  return reader;
};
