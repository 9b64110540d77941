import { createReadStream, createWriteStream, existsSync, realpathSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder, sha256Of, spaceAt, sync } from '../durable-files';
import { lockFolder } from '../folder-lock';
import type { Manifest } from '../manifest';
import { fault, goOn, Refused, type Work } from '../words';
import { type AtStep, commitRestore, finishRestore, isRestoreUnfinished, type Journal, readJournal, STAGING } from './journal';
import { losesAnything, type Preview, previewRestore } from './preview';

export type RestoreOrder = Readonly<{ backup: string; dataFolder: string; acceptLoss: boolean; now: () => string; atStep?: AtStep }>;
/** `replacedFolder`: where the files that were there lie now; null when there were none. */
export type Restored = Readonly<{ preview: Preview; replacedFolder: string | null }>;

/**
 * Puts a backup in the place of what is in the data folder. The new files are copied beside the old ones and read back; one rename of a journal
 * makes them count; then they change places, and the old ones are kept in a folder of their own. Cut short before the journal the folder is as it
 * was; after it, the next start or the next restore ends the work. Throws: Refused, Stopped; then nothing has changed.
 */
export const restoreBackup = async (order: RestoreOrder, work: Work): Promise<Restored> => {
  const { backup, acceptLoss, now, atStep = () => undefined } = order;
  const dataFolder = resolve(order.dataFolder);
  demandApart(backup, dataFolder);
  makeFolder(dataFolder);
  const lock = lockFolder(dataFolder);
  try {
    await endUnfinishedRestore(dataFolder);
    const preview = await previewRestore({ backup, dataFolder }, work);
    demandAllowed(preview, acceptLoss);
    await stage(preview, dataFolder, work, atStep);
    const at = now();
    const journal: Journal = {
      format: 'yika-restore',
      formatVersion: 1,
      backup: resolve(backup),
      at,
      replaced: replacedFolderFor(dataFolder, at),
    };
    goOn(work);
    await commitRestore(dataFolder, journal);
    atStep('committed');
    await finishRestore(dataFolder, journal, atStep);
    return {
      preview: { ...preview, engineRunning: false },
      replacedFolder: preview.replaced.length === 0 ? null : join(dataFolder, journal.replaced),
    };
  } finally {
    lock.release();
  }
};

/**
 * Ends a restore that was cut short after it took effect; to be called before anything of the folder is opened. Returns its journal, or
 * undefined when there was none. Throws: Refused when an engine holds the folder, or the journal cannot be read.
 */
export const resumeRestore = async (dataFolder: string): Promise<Journal | undefined> => {
  if (!isRestoreUnfinished(dataFolder)) return undefined;
  const lock = lockFolder(dataFolder);
  try {
    return await endUnfinishedRestore(dataFolder);
  } finally {
    lock.release();
  }
};

const endUnfinishedRestore = async (dataFolder: string): Promise<Journal | undefined> => {
  const journal = readJournal(dataFolder);
  if (journal !== undefined) await finishRestore(dataFolder, journal);
  return journal;
};

const demandApart = (backup: string, dataFolder: string): void => {
  const real = (folder: string) => (existsSync(folder) ? realpathSync(folder) : resolve(folder));
  if (real(backup) === real(dataFolder))
    throw new Refused([fault('backup-is-target', '备份目录与数据目录相同', 'the backup and the data folder are the same folder')]);
};

/** Throws: Refused with all that stands in the way. */
const demandAllowed = ({ faults, loss, manifest, dataFolder }: Preview, acceptLoss: boolean): void => {
  const all = [...faults];
  if (losesAnything(loss) && !acceptLoss)
    all.push(
      fault(
        'loss-not-accepted',
        '数据目录中有备份里没有的内容，恢复后不可见；确认请加 --accept-loss',
        'the data folder holds what the backup does not; to give it up, add --accept-loss',
      ),
    );
  const needed = sizeIn(manifest);
  const free = spaceAt(dataFolder);
  if (free < needed)
    all.push(
      fault(
        'no-space',
        `数据目录所在磁盘剩余 ${free} 字节，恢复需 ${needed} 字节`,
        `the disk of the data folder has ${free} bytes left; the restore needs ${needed}`,
      ),
    );
  if (all.length > 0) throw new Refused(all);
};

const sizeIn = ({ files }: Manifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Copies the backup's files beside the present ones, and reads back what was written. */
const stage = async ({ backup, manifest }: Preview, dataFolder: string, work: Work, atStep: AtStep): Promise<void> => {
  const staging = join(dataFolder, STAGING);
  await rm(staging, { recursive: true, force: true }); // Of a restore that never took effect.
  await mkdir(staging, { mode: 0o700 });
  try {
    const total = sizeIn(manifest);
    let done = 0;
    for (const { name, bytes, sha256 } of manifest.files) {
      goOn(work);
      const file = join(staging, name);
      await pipeline(createReadStream(join(backup, name)), createWriteStream(file, { mode: 0o600, flags: 'wx' }), { signal: work.signal });
      await sync(file);
      if ((await sha256Of(file, name, work)) !== sha256)
        throw new Refused([fault('copy-differs', `${name} 复制后与备份不符`, `${name} is not the same after copying it`)]);
      done += bytes;
      work.report('placing', name, done, total);
      atStep(`staged ${name}`);
    }
    await sync(staging);
    await sync(dirname(staging));
  } catch (error) {
    if (error instanceof Refused || work.signal.aborted) await rm(staging, { recursive: true, force: true });
    goOn(work); // What breaks off because somebody asked to stop is told as that.
    throw error;
  }
};

/** A name that is not taken yet. */
const replacedFolderFor = (dataFolder: string, at: string): string => {
  const base = `replaced-${at.replaceAll(/[:.]/g, '')}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!existsSync(join(dataFolder, name))) return name;
  }
};
