import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ELSEWHERE } from '#libs/adapters/backup';
import { kurrentDbAddressFault, openKurrentDbContentStore, openKurrentDbEventStore } from '#libs/adapters/event-store/kurrentdb';
import { lockDataFolder, openSqliteContentStore, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { ReaderSource } from '#libs/adapters/read-models';
import type { ContentStore, EventStore } from '#libs/application';

export const IN_THE_FOLDER = 'sqlite';
/** Says in the data folder that its log stands elsewhere, so that nobody begins a second one here. */
const MARK = ELSEWHERE.log;
const MARK_TEXT = '日志在 KurrentDB 中（YIKA_STORE） · the log of this folder is in KurrentDB (YIKA_STORE)\n';

/** The log, what stands beside it, and how a thread of its own reads it. */
export type LogPlace = Readonly<{ store: EventStore; openContents: () => Promise<ContentStore>; reader: ReaderSource }>;
export type PlaceOptions = Readonly<{ folder: string; where: string; onCommit?: (appends: number) => void }>;

/** The data folder belongs to the other place: two logs would each be half of the truth. */
export class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
  readonly code = 'log-elsewhere';
}

const assertHere = (folder: string, where: string): void => {
  if (where === IN_THE_FOLDER && existsSync(join(folder, MARK)))
    throw new OtherLogError(
      `数据目录 ${folder} 的日志在 KurrentDB 中：请设 YIKA_STORE，或另指数据目录。` +
        `The log of the data folder ${folder} is in KurrentDB: set YIKA_STORE, or name another data folder.`,
    );
  if (where !== IN_THE_FOLDER && existsSync(join(folder, 'events.db')))
    throw new OtherLogError(
      `数据目录 ${folder} 中已有日志 events.db：不能改用 KurrentDB，请另指空的数据目录。` +
        `The data folder ${folder} has a log of its own, events.db: it cannot go on in KurrentDB; name an empty data folder.`,
    );
};

const inTheFolder = async ({ folder, onCommit }: PlaceOptions): Promise<LogPlace> => ({
  store: await openSqliteEventStore({ folder, ...(onCommit ? { onCommit } : {}) }),
  openContents: () => openSqliteContentStore({ folder }),
  reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
});

/** The folder may still have the vault and the read models, and has one engine: it is locked as if the log stood in it. */
const inKurrentDb = async ({ folder, where: url }: PlaceOptions): Promise<LogPlace> => {
  mkdirSync(folder, { recursive: true });
  const lock = lockDataFolder(folder);
  try {
    const store = await openKurrentDbEventStore({ url });
    const mark = join(folder, MARK);
    if (!existsSync(mark) || readFileSync(mark, 'utf8') !== MARK_TEXT) writeFileSync(mark, MARK_TEXT);
    return {
      store: { ...store, close: () => store.close().finally(lock.release) },
      openContents: () => openKurrentDbContentStore({ url }),
      reader: { module: '#libs/adapters/event-store/kurrentdb', opens: 'openKurrentDbEventReader', options: { url } },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
};

/** Opens the log where the setting says. Throws: OtherLogError when the folder's log stands elsewhere, or what the place itself throws. */
export const openLogPlace = async (options: PlaceOptions): Promise<LogPlace> => {
  assertHere(options.folder, options.where);
  return options.where === IN_THE_FOLDER ? inTheFolder(options) : inKurrentDb(options);
};

/** What is wrong with the setting, in Chinese and English; the value itself is never told: it may hold a password. */
export const placeFault = (where: string): readonly [zh: string, en: string] | undefined =>
  where === IN_THE_FOLDER ? undefined : kurrentDbAddressFault(where);
