import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Copied, type CopyStage, copyStore, type StoreCopyOrder } from '#libs/adapters/store-copy';
import { fen, formatYuan } from '#libs/kernel';
import { type Progress, progressOn } from '../screen/progress';
import { grouped } from '../screen/text-table';
import { described } from './backup';
import { type Settings, told } from './settings';
import { Ended } from './verify';

type NamedStore = StoreCopyOrder['from'];

const EXIT_GROWN = 3;
const SQLITE_IN_FLIGHT = 256;
const STAGES: Readonly<Record<CopyStage, string>> = {
  copying: '复制 copying (events)',
  comparing: '逐条比对 comparing (events)',
  balances: '核对余额 balances (streams)',
};

/** @throws InvalidArgumentError for an address of no store that there is; it is not told, for it may hold a password. */
const storeAt = (given: string): NamedStore => {
  const address = given.startsWith('env:') ? (process.env[given.slice('env:'.length)] ?? '') : given;
  if (address.startsWith('sqlite:') && address.length > 'sqlite:'.length) {
    const folder = path.resolve(address.slice('sqlite:'.length));
    const opens = { reader: 'openSqliteEventReader', store: 'openSqliteEventStore', contents: 'openSqliteContentStore' };
    return { module: '#libs/adapters/event-store/sqlite', ...opens, options: { folder }, inFlightMax: SQLITE_IN_FLIGHT };
  }
  if (/^esdb(\+discover)?:\/\/\S+$/.test(address)) {
    const opens = { reader: 'openKurrentDbEventReader', store: 'openKurrentDbEventStore', contents: 'openKurrentDbContentStore' };
    return { module: '#libs/adapters/event-store/kurrentdb', ...opens, options: { url: address }, inFlightMax: 1 };
  }
  throw new InvalidArgumentError(
    '应为 sqlite:<数据目录>、esdb://… 或 env:<含此地址的环境变量> · sqlite:<data folder>, esdb://… or env:<variable that has it> is wanted.',
  );
};

const yuanOf = ({ balanceFen }: Copied): string => formatYuan(fen<'medical'>(balanceFen));
const rowsOf = (copied: Copied): readonly (readonly [string, string])[] => [
  ['事件 events', `${grouped(copied.events)}（本次 now: ${grouped(copied.copiedNow)}）`],
  ['占用 claims', grouped(copied.claims)],
  ['账单明细 bill lines', grouped(copied.contents)],
  ['流 streams', grouped(copied.streams)],
  ['账户余额 balances', `${yuanOf(copied)} 元 yuan`],
  ['摘要 hash', copied.hash],
];

/** Copies with a line for how far it is, stopped by Ctrl-C. */
const copy = async (settings: Settings, from: NamedStore, to: NamedStore): Promise<void> => {
  process.umask(0o077);
  const control = new AbortController();
  const stop = () => control.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  let shown: Readonly<{ stage: CopyStage; progress: Progress }> | undefined;
  const report = (stage: CopyStage, done: number, total: number) => {
    if (shown?.stage !== stage) {
      shown?.progress.finish();
      shown = { stage, progress: progressOn(process.stderr, STAGES[stage], total, { withPace: true }) };
    }
    shown.progress.set(done);
  };
  let copied: Copied;
  try {
    copied = await copyStore({ from, to, report, signal: control.signal });
  } finally {
    shown?.progress.finish();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
  const grown = copied.sourceGrownBy;
  told(settings, { ...copied, balanceFen: undefined, balance: yuanOf(copied), complete: grown === 0 }, () =>
    [
      grown === 0
        ? '复制完成，逐条与余额均一致 copied, and the same event by event and by balances'
        : '已复制的部分一致 what was copied is the same',
      described(rowsOf(copied)),
      ...(grown === 0
        ? []
        : [
            `\n来源其间又增加 ${grouped(grown)} 条：停止引擎后再次执行即补齐`,
            `The source has got ${grouped(grown)} more since: stop the engine and run this again`,
          ]),
    ].join('\n'),
  );
  if (grown > 0) throw new Ended(EXIT_GROWN);
};

/** Logs from one store into another. */
export const storeCommands = (program: Command, settings: () => Settings): void => {
  const store = program.command('store').description('事件日志所在的存储 the store that has the log');
  store
    .command('copy')
    .description(
      '把日志、占用与账单明细复制到空存储并核对 copy log, claims and bill lines into an empty store, and hold both against each other',
    )
    .requiredOption('--from <store>', '来源，只读：sqlite:<目录> 或 esdb://… the source, only read', storeAt)
    .requiredOption(
      '--to <store>',
      '目标，须为空或为同一来源未完成的副本 the target: empty, or a copy of this source that was not finished',
      storeAt,
    )
    .addHelpText(
      'after',
      '\n可用 Ctrl-C 停止，再次执行即续办。可先在引擎运行时复制，停机后再执行一次补齐。退出码 3：来源其间有增加。' +
        '\nStopped by Ctrl-C it goes on when given again. Copy first while the engine runs, then once more when it is stopped.' +
        '\nExit code 3: the source has grown.' +
        '\n不含 vault.db 与主密钥，请由备份另行搬移。Not included: vault.db and the master key; take them over from a backup.',
    )
    .action(({ from, to }: Readonly<{ from: NamedStore; to: NamedStore }>) => copy(settings(), from, to));
};
