import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { makeFolder, namesIn, sha256Of, sizeOf, spaceAt, sync } from '../durable-files';
import { ELSEWHERE, FILES, type FileName, openForReading, reasonOf } from '../layouts';
import { type FileEntry, MANIFEST_FILE, type Manifest, writeManifest } from '../manifest';
import { isRestoreUnfinished } from '../restore/journal';
import { type Fault, fault, Refused, type Work } from '../words';
import { copyDatabase } from './online-copy';
import { surveyLog } from './survey';

export type BackupOrder = Readonly<{ dataFolder: string; target: string; engineVersion: string; now: () => string }>;

/**
 * Backs up a data folder while its engine runs, or does not. The log is copied first: what stands beside it is written before the event that
 * names it, so the later copies of content and vault hold all that the log names. The copied log is read through, the manifest comes last.
 * Idempotency: none; a folder that is not empty is refused. Throws: Refused, Stopped; then nothing of the backup is left.
 */
export const takeBackup = async (order: BackupOrder, work: Work): Promise<Manifest> => {
  const { dataFolder, engineVersion, now } = order;
  const target = resolve(order.target);
  demandPossible(dataFolder, target);
  const madeTarget = !existsSync(target);
  makeFolder(target);
  try {
    const madeAt = now();
    for (const name of FILES) await copyDatabase(name, dataFolder, target, work);
    const log = await surveyCopy(target, work);
    const files: FileEntry[] = [];
    for (const name of FILES) {
      const file = join(target, name);
      files.push({ name, bytes: sizeOf(file), sha256: await sha256Of(file, name, work) });
    }
    await sync(target);
    const manifest: Manifest = { format: 'yika-backup', formatVersion: 1, madeAt, engineVersion, log, files };
    await writeManifest(target, manifest);
    await sync(dirname(target));
    return manifest;
  } catch (error) {
    await clear(target, madeTarget);
    throw error;
  }
};

const surveyCopy = async (target: string, work: Work) => {
  const copy = openForReading(target, 'events.db');
  try {
    return await surveyLog(copy, work);
  } finally {
    copy.close();
  }
};

/** Throws: Refused with all that stands in the way. */
const demandPossible = (dataFolder: string, target: string): void => {
  const faults: Fault[] = [];
  const missing = FILES.filter((name) => !existsSync(join(dataFolder, name)));
  const elsewhere = elsewhereOf(dataFolder);
  if (elsewhere !== undefined) faults.push(elsewhere);
  else if (missing.length === FILES.length)
    faults.push(
      fault(
        'no-data-folder',
        `${dataFolder} 不是引擎的数据目录（没有事件日志）`,
        `${dataFolder} is no engine's data folder: there is no log in it`,
      ),
    );
  else if (missing.length > 0)
    faults.push(fault('data-folder-incomplete', `数据目录缺少 ${missing.join('、')}`, `the data folder lacks ${missing.join(', ')}`));
  if (isRestoreUnfinished(dataFolder))
    faults.push(
      fault(
        'restore-unfinished',
        '上次恢复中断，启动一次引擎即可续完',
        'a restore of this folder was cut short: starting the engine finishes it',
      ),
    );
  faults.push(...targetFaults(dataFolder, target));
  const needed = missing.length > 0 ? 0 : FILES.reduce((sum, name) => sum + bytesOf(dataFolder, name), 0);
  const free = spaceAt(target);
  if (needed > free)
    faults.push(
      fault(
        'no-space',
        `目标磁盘剩余 ${free} 字节，备份约需 ${needed} 字节`,
        `the disk of the target has ${free} bytes left; the backup needs about ${needed}`,
      ),
    );
  if (faults.length > 0) throw new Refused(faults);
};

/** Undefined: all of it stands in the folder. A copy of the rest alone would look like a backup and be none. */
const elsewhereOf = (dataFolder: string): Fault | undefined => {
  const { log, vault } = ELSEWHERE;
  if (existsSync(join(dataFolder, vault)))
    return fault(
      'backed-up-elsewhere',
      '此数据目录的保险库在 PostgreSQL 中、日志在 KurrentDB 中：yika backup 不能备份它们，请用各自的办法（pg_dump 或基础备份；服务器的备份），' +
        '先日志后保险库，见 docs/how-to/run-several-engines.md',
      'the vault of this data folder is in PostgreSQL and its log in KurrentDB: yika backup cannot back them up. Use their own means ' +
        "(pg_dump or a base backup; the server's backup), the log first and then the vault: docs/how-to/run-several-engines.md",
    );
  if (existsSync(join(dataFolder, log)))
    return fault(
      'backed-up-elsewhere',
      '此数据目录的日志在 KurrentDB 中：yika backup 不能备份它，请用服务器的办法，随后停引擎复制 vault.db，见 docs/how-to/run-on-kurrentdb.md',
      'the log of this data folder is in KurrentDB: yika backup cannot back it up. Use the means of the server, then stop the engine and ' +
        'copy vault.db: docs/how-to/run-on-kurrentdb.md',
    );
  return undefined;
};

/** With what still stands in the write-ahead log: pages that are in neither cost nothing here. */
const bytesOf = (folder: string, name: FileName): number =>
  sizeOf(join(folder, name)) + (existsSync(join(folder, `${name}-wal`)) ? sizeOf(join(folder, `${name}-wal`)) : 0);

const targetFaults = (dataFolder: string, target: string): readonly Fault[] => {
  const inside = relative(resolve(dataFolder), target);
  if (inside === '' || !(inside === '..' || inside.startsWith(`..${sep}`)))
    return [fault('target-inside', '备份目录不得在数据目录之内', 'the backup must not lie inside the data folder')];
  let names: readonly string[];
  try {
    names = namesIn(target);
  } catch (error) {
    return [fault('target-unreadable', `备份目录不可用：${reasonOf(error)}`, `the target cannot be used: ${reasonOf(error)}`)];
  }
  if (names.length === 0) return [];
  if (names.includes(MANIFEST_FILE))
    return [fault('target-is-backup', `${target} 已有一份备份，请另指空目录`, `${target} holds a backup already: name an empty folder`)];
  return names.includes('events.db')
    ? [
        fault(
          'target-unfinished',
          `${target} 里是未完成的备份，可删除后再备份`,
          `${target} holds a backup that was never finished: it may be deleted`,
        ),
      ]
    : [fault('target-not-empty', `${target} 不是空目录`, `${target} is not empty`)];
};

/** What a stopped backup has written; nothing else was in the folder. */
const clear = async (target: string, madeTarget: boolean): Promise<void> => {
  if (madeTarget) return rm(target, { recursive: true, force: true });
  for (const name of FILES) for (const end of ['', '-journal', '-wal', '-shm']) await rm(join(target, name + end), { force: true });
  await rm(join(target, `${MANIFEST_FILE}.next`), { force: true });
};
