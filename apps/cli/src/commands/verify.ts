import { type Command, InvalidArgumentError } from 'commander';
import type { Verdict } from '#libs/audit';
import { type Progress, progressOn } from '../screen/progress';
import { wordsOf } from '../verify/told';
import { type Verification, type VerifyOrder, verifyFolder } from '../verify/verify-folder';
import { type Settings, told } from './settings';

type Options = Readonly<{ from?: number; to?: number; resume?: string; decide: boolean; projections: boolean }>;

const EXIT: Readonly<Record<Verdict, number>> = { sound: 0, findings: 1, partial: 3 };
const LABELS = { log: '日志 log', projections: '读模型 read models' } as const;

/** Ended with another exit code than 0, and everything said already. */
export class Ended extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

const logIndex = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('应为日志序号（0, 1, 2 …）a log index is wanted.');
  return Number(text);
};

const verified = async (order: Omit<VerifyOrder, 'signal' | 'onProgress'>): Promise<Verification> => {
  const control = new AbortController();
  const stop = () => control.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const shown = new Map<'log' | 'projections', Progress>();
  const onProgress: VerifyOrder['onProgress'] = (stage, done, total) => {
    const progress = shown.get(stage) ?? progressOn(process.stderr, LABELS[stage], total, { withPace: true });
    shown.set(stage, progress);
    progress.set(done);
  };
  try {
    return await verifyFolder({ ...order, signal: control.signal, onProgress });
  } finally {
    for (const progress of shown.values()) progress.finish();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
};

/** Derives everything again from the data folder, reading only: beside a running engine, on a stopped folder or on a backup. */
export const verifyCommands = (program: Command, settings: () => Settings): void => {
  program
    .command('verify')
    .description('由日志重新推导并核对一切，只读 derive everything again from the log and check it, reading only')
    .option('--from <index>', '起始日志序号 first log index to report on', logIndex)
    .option('--to <index>', '末尾日志序号 last log index to look at', logIndex)
    .option('--resume <file>', '可停止、可续查：进度存于该文件 may be stopped and gone on with: what was covered is kept in this file')
    .option('--no-decide', '不重新裁决（不完整）without deciding again (partial)')
    .option('--no-projections', '不比对读模型（不完整）without the read models (partial)')
    .addHelpText(
      'after',
      '\n退出码 exit code: 0 全部查到且完好 all covered and sound · 1 有发现 findings · 2 用法 usage · 3 不完整 partial: no pass' +
        '\n可用 Ctrl-C 停止；用 --resume 时再次执行即续查 stopped by Ctrl-C it tells what it has covered; with --resume, given again it goes on.',
    )
    .action(async ({ from, to, resume, decide, projections }: Options) => {
      const { dataFolder } = settings();
      if (from !== undefined && to !== undefined && from > to)
        program.error('--from 大于 --to · --from is after --to', { exitCode: 2, code: 'usage' });
      if (resume !== undefined && (from !== undefined || to !== undefined))
        program.error('--resume 只用于整个日志 · --resume is for the whole log, without --from and --to', { exitCode: 2, code: 'usage' });
      const checkpointFile = process.env.YIKA_CHECKPOINT_FILE;
      const verification = await verified({
        checkpointFile,
        resumeFile: resume,
        folder: dataFolder,
        from: from ?? null,
        to: to ?? null,
        decide,
        projections,
      });
      told(settings(), verification, () => wordsOf(verification));
      if (verification.verdict !== 'sound') throw new Ended(EXIT[verification.verdict]);
    });
};
