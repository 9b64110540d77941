import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sync, writeAtomically } from '../durable-files';
import { FILES, reasonOf } from '../layouts';
import { fault, Refused } from '../words';

/** While it is there, a restore has taken effect and not every file is in its place yet. */
const JOURNAL = 'restore.json';
/** Holds the files to come; without a journal it means nothing. */
export const STAGING = 'restoring';

/** `replaced`: the folder, inside the data folder, that takes the files that were there. */
export type Journal = Readonly<{ format: 'yika-restore'; formatVersion: 1; backup: string; at: string; replaced: string }>;
export type AtStep = (step: string) => void;

/** The write-ahead log goes before its database: alone it is nothing, and a database must never be read without its own. */
const withItsLog = (name: string): readonly string[] => [`${name}-wal`, `${name}-shm`, name];
/** What is made again, or speaks of the log that goes. */
const GOES_WITHOUT_SUCCESSOR = [...withItsLog('views.db'), 'checkpoint.json'];

export const isRestoreUnfinished = (dataFolder: string): boolean => existsSync(join(dataFolder, JOURNAL));
export const isRestoreAbandoned = (dataFolder: string): boolean =>
  !isRestoreUnfinished(dataFolder) && existsSync(join(dataFolder, STAGING));

/** The moment from which on the new files count: everything before it changes nothing, everything after it is done again until it is done. */
export const commitRestore = (dataFolder: string, journal: Journal): Promise<void> =>
  writeAtomically(join(dataFolder, JOURNAL), `${JSON.stringify(journal, null, 2)}\n`);

/** Throws: Refused when the journal cannot be read: then somebody must look before anything is touched. */
export const readJournal = (dataFolder: string): Journal | undefined => {
  if (!isRestoreUnfinished(dataFolder)) return undefined;
  try {
    const found = JSON.parse(readFileSync(join(dataFolder, JOURNAL), 'utf8')) as Partial<Journal>;
    if (found.format === 'yika-restore' && found.formatVersion === 1 && /^replaced-[\w.-]+$/.test(found.replaced ?? ''))
      return found as Journal;
    throw new Error('another form');
  } catch (error) {
    const why = reasonOf(error);
    throw new Refused([
      fault(
        'restore-journal',
        `${JOURNAL} 无法读取（${why}），数据目录未作改动`,
        `${JOURNAL} cannot be read (${why}); nothing in the data folder was touched`,
      ),
    ]);
  }
};

/**
 * Puts every file of a committed restore in its place. The caller holds the folder. Idempotency: a file is moved only while its
 * successor still waits, so that it goes on where it was cut short.
 */
export const finishRestore = async (dataFolder: string, journal: Journal, atStep: AtStep = () => undefined): Promise<void> => {
  const aside = join(dataFolder, journal.replaced);
  const staging = join(dataFolder, STAGING);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const moveAside = async (name: string): Promise<void> => {
    if (!existsSync(join(dataFolder, name))) return;
    await rename(join(dataFolder, name), join(aside, name));
    atStep(`aside ${name}`);
  };
  for (const name of GOES_WITHOUT_SUCCESSOR) await moveAside(name);
  for (const name of FILES) {
    if (!existsSync(join(staging, name))) continue;
    for (const old of withItsLog(name)) await moveAside(old);
    await rename(join(staging, name), join(dataFolder, name));
    atStep(`placed ${name}`);
  }
  await sync(aside);
  await sync(dataFolder);
  await rm(staging, { recursive: true, force: true });
  await rename(join(dataFolder, JOURNAL), join(aside, JOURNAL));
  await sync(aside);
  await sync(dataFolder);
};
