import { CommanderError } from 'commander';
import { Stopped as BackupStopped, Refused as NotBackedUp } from '#libs/adapters/backup';
import { CopyRefused, CopyStopped } from '#libs/adapters/store-copy';
import { isAnswered, told } from './commands/settings';
import { Ended } from './commands/verify';
import { Refused } from './engine/client';
import { EngineDidNotStart } from './engine/process';
import { programOf } from './program';
import { OtherSample } from './sample/play';
import { outputOn } from './screen/output';
import { Failure } from './startup/checks';

const EXIT_DONE = 0;
const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

type Reason = Readonly<{ code: string; messageZh?: string; messageEn?: string; remedyZh?: string; remedyEn?: string }>;

/** Each reason once in words, then the facts of every time that it applies. */
const refusalWords = ({ problem }: Refused): string => {
  const reasons = (problem.reasons ?? []) as Reason[];
  const lines = reasons.flatMap(({ code, messageZh, messageEn, remedyZh, remedyEn, ...facts }, i) => {
    const more = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
    const words = [`${messageZh ?? code} · ${messageEn ?? ''}`, `  ${remedyZh ?? ''} · ${remedyEn ?? ''}`];
    return [...(reasons[i - 1]?.code === code ? [] : words), `  ${[code, ...more].join('  ')}`];
  });
  return lines.join('\n') || String(problem.code);
};

const RECOVER = 'docs/how-to/recover-from-faults.md';

/** Where an operator looks when the engine takes no work: the till's remedy, to send again later, is none for him. */
const SEE_READY = `原因与处理见 /health/ready 和 engine.log 末尾；${RECOVER}
Why, and what to do: /health/ready and the last lines of engine.log; ${RECOVER}`;
const NOT_TAKING_WORK: ReadonlySet<unknown> = new Set(['read-only', 'store-full', 'outage', 'outcome-unknown', 'log-damaged', 'not-ready']);

/** A fault nobody foresaw keeps its own words; what SQLite says is put so that a person can act on it. */
const unforeseen = (thrown: unknown): Fault => {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SQLITE_ERROR')
    return {
      zh: `数据库文件读不出（${why}）：文件可能已损坏，或磁盘有误。请先停机并复制整个数据目录，再按 ${RECOVER} 处理。`,
      en:
        `A database file cannot be read (${why}): it may be damaged, or the disk fails. ` +
        `Stop the engine and copy the whole data folder first; then see ${RECOVER}.`,
    };
  return { zh: `命令没有办完：${why}`, en: `The command did not finish: ${why}` };
};

type Fault = Readonly<{ zh: string; en: string }>;

const faultOf = (thrown: unknown): Fault => {
  if (thrown instanceof Failure) return thrown.fault;
  if (thrown instanceof CopyRefused) return thrown;
  if (thrown instanceof EngineDidNotStart) return { zh: '引擎未能启动：', en: `The engine did not start:\n${thrown.lastWords}` };
  if (thrown instanceof OtherSample)
    return { zh: '数据目录里的样例出自另一个计划', en: 'The sample in the data folder was made by another plan' };
  return unforeseen(thrown);
};

const wordsOf = (thrown: unknown): string => {
  if (thrown instanceof Refused) return `${refusalWords(thrown)}${NOT_TAKING_WORK.has(thrown.problem.code) ? `\n${SEE_READY}` : ''}`;
  if (thrown instanceof NotBackedUp || thrown instanceof BackupStopped || thrown instanceof CopyStopped) return thrown.message;
  const { zh, en } = faultOf(thrown);
  return `${zh}\n${en}`;
};

/** The same for a program. */
const answerOf = (thrown: unknown): unknown => {
  if (thrown instanceof Refused) return thrown.problem;
  const { zh, en } = thrown instanceof BackupStopped ? { zh: thrown.message, en: thrown.message } : faultOf(thrown);
  return { code: thrown instanceof BackupStopped ? 'stopped' : 'failed', messageZh: zh, messageEn: en };
};

/** Exit code: 0 done, 1 refused or failed, 2 not a command that there is. */
const run = async (argv: readonly string[]): Promise<number> => {
  try {
    await programOf().parseAsync([...argv]);
    return EXIT_DONE;
  } catch (thrown) {
    if (thrown instanceof Ended) return thrown.exitCode;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    if (argv.includes('--json') && !isAnswered()) told({ json: true }, answerOf(thrown), () => '');
    process.stderr.write(`${wordsOf(thrown)}\n`);
    return EXIT_REFUSED;
  }
};

const outputs = [process.stdout, process.stderr].map(outputOn);

void run(process.argv).then(async (code) => {
  await Promise.all(outputs.map(({ flushed }) => flushed()));
  process.exit(code);
});
