import path from 'node:path';
import type { Command } from 'commander';
import { engineClient } from '../engine/client';
import { lockImport } from '../import/import-lock';
import { reportWords } from '../import/report-words';
import { type ImportOrder, type ImportReport, runImport } from '../import/run-import';
import type { Encoding } from '../import/source-files';
import type { Watch } from '../import/watch';
import { progressOn } from '../screen/progress';
import { Failure } from '../startup/checks';
import { type Settings, told } from './settings';
import { withEngine } from './with-engine';

type Options = Readonly<{ source: string; encoding: string; rejects?: string; skipRejects?: boolean; dryRun?: boolean }>;

const SOURCE = /^[a-z][a-z0-9]{0,19}$/;
const ENCODINGS: readonly Encoding[] = ['utf-8', 'gb18030'];
const CONNECTIONS = 6;

/** Ctrl-C leaves the import where it is: what is under way is answered, and the same command goes on. */
const watching = (): Watch => {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => control.abort());
  return { signal: control.signal, stage: (label, total) => progressOn(process.stderr, label, total) };
};

const orderOf = ({ operator }: Settings, folder: string, options: Options, planOnly: boolean): ImportOrder => {
  const { source, encoding, rejects, skipRejects = false, dryRun = false } = options;
  if (!SOURCE.test(source))
    throw new Failure({
      zh: '--source：来源系统的名称，小写字母开头，字母和数字，至多 20 位。',
      en: '--source: the name of the legacy system, a small letter, then letters and digits, 20 at most.',
    });
  if (!ENCODINGS.includes(encoding as Encoding))
    throw new Failure({ zh: `--encoding：${ENCODINGS.join(' 或 ')}`, en: `--encoding: ${ENCODINGS.join(' or ')}` });
  return {
    folder: path.resolve(folder),
    source,
    operator,
    encoding: encoding as Encoding,
    skipRejects,
    planOnly: planOnly || dryRun,
    rejectsFolder: path.resolve(rejects ?? path.join(folder, 'rejects')),
  };
};

const isSound = ({ state, rejected }: ImportReport, { skipRejects }: ImportOrder): boolean =>
  state === 'planned' || (state === 'done' && (rejected.reasons === 0 || skipRejects));

const run = async (settings: Settings, order: ImportOrder): Promise<void> => {
  const watch = watching();
  const report = await withEngine(settings.dataFolder, async (_first, address) => {
    const unlock = order.planOnly ? () => undefined : lockImport(settings.dataFolder, order.source);
    const admin = engineClient(address, CONNECTIONS);
    try {
      return await runImport(admin, order, watch);
    } catch (thrown) {
      throw thrown instanceof Failure ? thrown : new Failure(brokenOff(thrown));
    } finally {
      await admin.close();
      unlock();
    }
  });
  told(settings, report, () => reportWords(report));
  if (!isSound(report, order)) throw new Failure(FAULT_OF[report.state]);
};

const brokenOff = (thrown: unknown) => {
  const why = thrown instanceof Error ? thrown.message : 'unknown fault';
  return {
    zh: `与引擎的连接中断（${why}）。已写入的不会重复：引擎恢复后，同一命令再跑即续。`,
    en: `The engine broke off (${why}). Nothing is written twice: once it is back, give the same command again to go on.`,
  };
};

const FAULT_OF: Readonly<Record<ImportReport['state'], Readonly<{ zh: string; en: string }>>> = {
  planned: { zh: '', en: '' },
  done: { zh: '', en: '' },
  rejected: { zh: '有未通过的行或总数，未写入任何内容。', en: 'There are rejects; nothing was written.' },
  stopped: { zh: '已停止。同一命令再跑即续。', en: 'Stopped. Give the same command again to go on.' },
  differs: { zh: '总数不符，或有未导入的账户，见上。', en: 'Totals differ, or accounts were not imported, see above.' },
};

/** What a legacy system leaves behind: judged in full before the first write, resumable, once by source id, and added up three ways. */
export const importCommands = (program: Command, settings: () => Settings): void => {
  const imports = program
    .command('import')
    .description('旧系统数据导入 take over persons, cards, balances and agreements of a legacy system');
  const common = (command: Command): Command =>
    command
      .requiredOption('--source <name>', '来源系统名称；同一系统各次导入须相同 name of the legacy system, the same each time')
      .option('--encoding <name>', '文件编码 utf-8 或 gb18030', 'utf-8')
      .option('--rejects <folder>', '未通过的行写到哪里 where rejects go (default: <folder>/rejects)');
  common(imports.command('plan <folder>'))
    .description('全部核验，不写入 judge everything, write nothing')
    .action((folder: string, options: Options) => run(settings(), orderOf(settings(), folder, options, true)));
  common(imports.command('run <folder>'))
    .description('全部核验后写入；中断后同一命令即续 judge everything, then write; goes on after an interruption')
    .option('--skip-rejects', '有未通过的账户时，导入其余账户 import the rest when some accounts are rejected')
    .option('--dry-run', '同 plan the same as plan')
    .action((folder: string, options: Options) => run(settings(), orderOf(settings(), folder, options, false)));
};
