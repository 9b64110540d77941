import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { checkBackup, type Manifest, Refused, type Stage, takeBackup, type Work } from '#libs/adapters/backup';
import { type Progress, progressOn } from '../screen/progress';
import { columnsOf, grouped } from '../screen/text-table';
import { engineVersion } from '../startup/version';
import { type Settings, told } from './settings';

const STAGES: Readonly<Record<Stage, string>> = {
  copying: '复制 copying (pages)',
  reading: '通读 reading',
  integrity: '校验 integrity',
  hashing: '摘要 hashing (bytes)',
  comparing: '比对 comparing',
  placing: '放置 placing (bytes)',
};
const LOW_PRIORITY = 10;

/** Runs a long work with its progress on the standard error, stopped by Ctrl-C. Throws: what the work throws; refusals go out as JSON, too. */
export const longWork = async <T>({ json }: Settings, run: (work: Work) => Promise<T>): Promise<T> => {
  process.umask(0o077); // Copies of the log are for this user alone.
  const control = new AbortController();
  const stop = () => control.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  let shown: Readonly<{ label: string; progress: Progress }> | undefined;
  const report: Work['report'] = (stage, subject, done, total) => {
    const label = `${STAGES[stage]} ${subject}`;
    if (shown?.label !== label) {
      shown?.progress.finish();
      shown = { label, progress: progressOn(process.stderr, label, total) };
    }
    shown.progress.set(done);
  };
  try {
    return await run({ report, signal: control.signal });
  } catch (thrown) {
    if (json && thrown instanceof Refused) told({ json }, { code: 'refused', faults: thrown.faults }, () => '');
    throw thrown;
  } finally {
    shown?.progress.finish();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
};

/** What the manifest says, for a person. */
export const manifestRows = ({ madeAt, engineVersion, log, files }: Manifest): readonly (readonly [string, string])[] => [
  ['制作 made', `${madeAt}  (engine ${engineVersion})`],
  ['日志 log index', log.lastLogIndex === -1 ? '空 empty' : `0 … ${grouped(log.lastLogIndex)}`],
  ['占用 claims', grouped(log.claims)],
  ['末事件 last event', `${log.lastEventHash ?? '-'}  ${log.lastDecidedAt ?? ''}`],
  ['日志根 log root', log.rootHash],
  ...files.map(({ name, bytes, sha256 }) => [name, `${sha256}  ${grouped(bytes)} bytes`] as const),
];
/** Labels and what they stand for, each on a line; words stand at the left, not as figures do. */
export const described = (rows: readonly (readonly [label: string, text: string])[]): string => {
  const width = Math.max(...rows.map(([label]) => columnsOf(label)));
  return rows.map(([label, text]) => `${label}${' '.repeat(width - columnsOf(label))}  ${text}`.trimEnd()).join('\n');
};

const NOT_INCLUDED = `不在备份中 Not in the backup:
  主密钥：请另行保管，没有它 vault.db 无法打开 · the master key: keep it elsewhere; without it vault.db cannot be opened
  views.db：启动时由日志重建 · the read models: made again from the log at the next start`;

/** How far the engine remembers the log to have been; -1 when it remembers nothing. */
const seenIn = (dataFolder: string): number => {
  try {
    const { logIndex } = JSON.parse(readFileSync(path.join(dataFolder, 'checkpoint.json'), 'utf8')) as { logIndex?: unknown };
    return typeof logIndex === 'number' ? logIndex : -1;
  } catch {
    return -1;
  }
};

/** Such a backup is whole, and not what should take the place of an older one. */
const shorterThanSeen = (lastLogIndex: number, seen: number) => ({
  code: 'log-shorter-than-seen',
  zh: `日志止于 ${lastLogIndex}，而引擎见过 ${seen}：其后的内容不在此备份中。请保留以前的备份。`,
  en: `the log ends at ${lastLogIndex}, and the engine has seen ${seen}: what came after is not in this backup. Keep the earlier ones.`,
});

const take = async (settings: Settings, folder: string): Promise<void> => {
  try {
    setPriority(LOW_PRIORITY); // The engine's work goes first.
  } catch {
    // Where that is not allowed it goes on as it is.
  }
  const target = path.resolve(folder);
  const { dataFolder } = settings;
  const now = () => new Date().toISOString();
  const seen = seenIn(dataFolder); // Before the copy: while the engine runs the log grows.
  const manifest = await longWork(settings, (work) => takeBackup({ dataFolder, target, engineVersion: engineVersion(), now }, work));
  const { lastLogIndex } = manifest.log;
  const shorter = lastLogIndex < seen ? [shorterThanSeen(lastLogIndex, seen)] : [];
  told(settings, { backup: target, manifest, notIncluded: ['master key', 'views.db'], warnings: shorter }, () =>
    [
      `备份完成 backup made: ${target}`,
      described(manifestRows(manifest)),
      NOT_INCLUDED,
      ...shorter.map(({ zh, en }) => `\n注意：${zh}\nAttention: ${en}`),
    ].join('\n'),
  );
};

const check = async (settings: Settings, folder: string): Promise<void> => {
  const { manifest, faults } = await longWork(settings, async (work) => {
    const checked = await checkBackup(folder, work);
    if (checked.faults.length > 0) throw new Refused(checked.faults);
    return checked;
  });
  told(settings, { backup: path.resolve(folder), sound: faults.length === 0, manifest }, () =>
    ['备份完好，可以恢复 the backup is whole and can be restored', described(manifestRows(manifest))].join('\n'),
  );
};

/** Copies of the data folder, while the engine runs or not. */
export const backupCommands = (program: Command, settings: () => Settings): void => {
  const backup = program
    .command('backup')
    .description('备份数据目录，引擎可在运行 back up the data folder, engine running or not')
    .argument('<folder>', '空目录或新目录 an empty or new folder')
    .action((folder: string) => take(settings(), folder));
  backup
    .command('check <folder>')
    .description('不恢复而检查一份备份 check a backup without restoring it')
    .action((folder: string) => check(settings(), folder));
};
