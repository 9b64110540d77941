import { constants, setPriority } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { controlWords, isInOrder } from '../credits/control-totals';
import type { Fault, Heading } from '../credits/credit-file';
import { type Examined, examine, yuan } from '../credits/examine';
import { type LineExchange, lineExchange, type Reason } from '../credits/line-exchange';
import { openResults, readResults, resultsFileOf } from '../credits/results-file';
import { controlJson, PIECE_LINES, runCredits } from '../credits/run';
import { standingOf } from '../credits/standing';
import { partJson, partRow, refusalWords, type Tally, tallyJson } from '../credits/tally';
import { adminAddress } from '../engine/admin-address';
import type { EngineClient } from '../engine/client';
import { progressOn } from '../screen/progress';
import { grouped, textTable } from '../screen/text-table';
import { Failure } from '../startup/checks';
import { type Settings, told } from './settings';
import { withEngine } from './with-engine';

type Readable = Examined & Readonly<{ heading: Heading }>;

/** Ctrl-C ends the work after the lines that are under way. */
const stopping = (): AbortSignal => {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => control.abort());
  return control.signal;
};

const isReadable = (examined: Examined): examined is Readable => examined.heading !== null;

const exchangeWith = (settings: Settings, heading: Heading, route: 'batch' | 'quote'): LineExchange => {
  const address = adminAddress(settings.dataFolder);
  if (!address) throw new Failure({ zh: '引擎没有打开管理套接字。', en: 'The engine has not opened its admin socket.' });
  return lineExchange({ address, path: `/v1/credits/${route}`, heading, operator: settings.operator });
};

/** Works with the engine and a way for lines to it, and closes both. */
const withLines = <T>(
  settings: Settings,
  [heading, route]: readonly [Heading, 'batch' | 'quote'],
  work: (exchange: LineExchange, admin: EngineClient) => Promise<T>,
): Promise<T> =>
  withEngine(settings.dataFolder, async (admin) => {
    const exchange = exchangeWith(settings, heading, route);
    try {
      return await work(exchange, admin);
    } finally {
      await exchange.close();
    }
  });

/** How every line stands at this moment. */
const standing = (settings: Settings, examined: Readable): Promise<Tally> =>
  withLines(settings, [examined.heading, 'quote'], async (exchange) => {
    const progress = progressOn(process.stderr, '核对 asking', examined.credits);
    const tally = await standingOf({ examined, exchange, signal: stopping(), progress });
    progress.finish();
    return tally;
  });

const FAULTS_SHOWN_MAX = 50;
const faultWords = ({ faults, faultsInAll }: Examined): string[] => [
  ...faults.slice(0, FAULTS_SHOWN_MAX).map(({ line, field, zh, en }: Fault) => {
    const where = line === 0 ? '文件 file' : `第 ${line} 行 line ${line}`;
    return `  ${where}${field === '' ? '' : ` ${field}`}：${zh} · ${en}`;
  }),
  ...(faultsInAll > FAULTS_SHOWN_MAX ? [`  … 共 ${grouped(faultsInAll)} 处 in all；--json 全列 lists all`] : []),
];

const headWords = ({ heading, credits, sumFen, file }: Examined): string[] => [
  path.basename(file),
  ...(heading ? [`所属期 period ${heading.period}，来源 source ${heading.source}，统筹地区 pooling area ${heading.poolingArea}`] : []),
  ...textTable([['文件 file', `${grouped(credits)} 笔 lines`, yuan(sumFen)]]),
];

const SAME_SHOWN_MAX = 5;
const sameWords = ({ sameAccount }: Examined): string[] =>
  sameAccount.length === 0
    ? []
    : [
        `注意：同一账户有多笔（${sameAccount
          .slice(0, SAME_SHOWN_MAX)
          .map(([line, earlier]) => `${earlier}/${line}`)
          .join('、')}…）· note: lines of an account that has another one`,
      ];

const fileJson = ({ file, sha256, heading, credits, sumFen, faults, faultsInAll, sameAccount }: Examined): object => ({
  file,
  sha256,
  ...heading,
  count: credits,
  sum: yuan(sumFen),
  faults,
  faultsInAll,
  sameAccount,
});

/** Everything that can be known before the first fen moves. Writes nothing. */
const plan = async (settings: Settings, file: string): Promise<void> => {
  const examined = await examine(file);
  const tally = isReadable(examined) ? await standing(settings, examined) : null;
  told(settings, { ...fileJson(examined), ...(tally ? { standing: tallyJson(tally) } : {}) }, () =>
    [
      ...headWords(examined),
      ...(tally
        ? textTable([
            partRow('已计入 stand already', tally.replayed),
            partRow('待计入 would be credited', tally.open),
            partRow('会被拒绝 would be refused', tally.refused),
          ])
        : []),
      ...(tally ? refusalWords(tally) : []),
      ...sameWords(examined),
      ...faultWords(examined),
    ].join('\n'),
  );
  if (examined.faultsInAll > 0)
    throw new Failure({
      zh: `文件有 ${examined.faultsInAll} 处错误，不能办理。`,
      en: `The file has ${examined.faultsInAll} faults and cannot be run.`,
    });
};

const run = async (settings: Settings, file: string): Promise<void> => {
  const examined = await examine(file);
  if (!isReadable(examined) || examined.faultsInAll > 0) {
    process.stderr.write(`${faultWords(examined).join('\n')}\n`);
    throw new Failure({
      zh: `文件有 ${examined.faultsInAll} 处错误，一笔也没有办理。`,
      en: `The file has ${examined.faultsInAll} faults; nothing of it was done.`,
    });
  }
  const results = await openResults(file);
  try {
    const { dataFolder, operator } = settings;
    const signal = stopping();
    const end = await withLines(settings, [examined.heading, 'batch'], async (exchange, admin) => {
      setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // The engine, and who swipes, go first.
      const progress = progressOn(process.stderr, '计入 crediting', examined.credits);
      progress.set(doneIn(examined, results.outcomes));
      const now = () => new Date().toISOString();
      const ended = await runCredits({
        examined,
        results,
        admin,
        exchange,
        dataFolder,
        operator,
        signal,
        progress,
        onWait: waitingWords(),
        now,
      });
      progress.finish();
      return ended;
    });
    const { tally, control, stoodBefore, stopped } = end;
    const answer = {
      ...fileJson(examined),
      results: results.path,
      stopped,
      lines: tallyJson(tally),
      stoodBefore: partJson(stoodBefore),
      control: controlJson(control),
    };
    told(settings, answer, () =>
      [
        ...headWords(examined),
        ...textTable([
          partRow('计入 credited', tally.credited),
          partRow('已有 stood already', tally.replayed),
          partRow('其中开办前已有 of these before the run began', stoodBefore),
          partRow('拒绝 refused', tally.refused),
          partRow('未办 open', tally.open),
        ]),
        ...refusalWords(tally),
        controlWords(control),
        `逐笔结果 results: ${results.path}`,
      ].join('\n'),
    );
    demandDone(tally, isInOrder(control), stopped);
  } finally {
    results.close();
  }
};

/** Says once for each cause that the engine takes nothing now, so that a bar that stands still is not all there is to see. */
const waitingWords = (): ((reasons: readonly Reason[]) => void) => {
  const told = new Set<string>();
  return (reasons) => {
    for (const { code, messageZh = code, messageEn = '' } of reasons) {
      if (told.has(code)) continue;
      told.add(code);
      process.stderr.write(`\n引擎暂不受理，正在重试 · The engine takes nothing now; trying again: ${messageZh} · ${messageEn}\n`);
    }
  };
};

const doneIn = ({ creditOf }: Examined, outcomes: { of: (line: number) => number }): number => {
  let done = 0;
  for (const { line } of creditOf.values()) if (outcomes.of(line) === 1 || outcomes.of(line) === 2) done += 1;
  return done;
};

/** Exit code 1 for whatever is not as the file has it. Throws: Failure. */
const demandDone = ({ refused, open }: Tally, inOrder: boolean, stopped: boolean): void => {
  if (!inOrder)
    throw new Failure({ zh: '控制总数不符，见上。请停办并上报。', en: 'The control totals do not agree, see above. Stop, and report it.' });
  if (open.lines > 0)
    throw new Failure({
      zh: `${stopped ? '已停止' : '引擎暂不受理，未办完'}，还有 ${grouped(open.lines)} 笔。${stopped ? '' : '原因见 /health/ready；消除后'}再给一次命令即续。`,
      en:
        `${stopped ? 'Stopped' : 'The engine takes no more now, and not all is done'}: ${grouped(open.lines)} lines are open. ` +
        `${stopped ? 'Give' : '/health/ready says why; once that is mended, give'} the command again to go on.`,
    });
  if (refused.lines > 0)
    throw new Failure({
      zh: `${grouped(refused.lines)} 笔被拒绝，见上；原因消除后再给一次命令即补办。`,
      en: `${grouped(refused.lines)} lines were refused, see above; when the cause is gone, the command given again does them.`,
    });
};

const status = async (settings: Settings, file: string): Promise<void> => {
  const examined = await examine(file);
  if (!isReadable(examined))
    throw new Failure({ zh: '文件没有所属期、来源或统筹地区。', en: 'The file does not say its period, source and pooling area.' });
  const { begun } = await readResults(file);
  const tally = await standing(settings, examined);
  const { replayed: done, refused, open } = tally;
  const answer = { ...fileJson(examined), done: partJson(done), refused: tallyJson(tally), open: partJson(open), begun };
  told(settings, answer, () =>
    [
      ...headWords(examined),
      ...textTable([partRow('已计入 done', done), partRow('拒绝 refused', refused), partRow('未办 open', open)]),
      ...refusalWords(tally),
      begun ? `开办 begun: ${begun.at}，${begun.operator}；${resultsFileOf(file)}` : '此处没有逐笔结果 no results beside the file',
    ].join('\n'),
  );
};

/** The month's credits from a file. */
export const creditCommands = (program: Command, settings: () => Settings): void => {
  const credits = program.command('credits').description('月度划账 the month’s credits');
  credits
    .command('plan <file>')
    .description('全面核对，不写任何数据 judge the file in full and show what it would do; writes nothing')
    .action((file: string) => plan(settings(), path.resolve(file)));
  credits
    .command('run <file>')
    .description('划账；可随时停，再跑即续 credit the lines; may be stopped, and goes on when given again')
    .addHelpText(
      'after',
      `\n逐笔结果写在 <file>.results.ndjson。Results are written to <file>.results.ndjson, ${PIECE_LINES} lines at a time.`,
    )
    .action((file: string) => run(settings(), path.resolve(file)));
  credits
    .command('status <file>')
    .description('已办、被拒、未办 what is done, refused and open')
    .action((file: string) => status(settings(), path.resolve(file)));
};
