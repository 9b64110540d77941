import { userInfo } from 'node:os';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { backupCommands } from './commands/backup';
import { creditCommands } from './commands/credits';
import { importCommands } from './commands/import';
import { jobCommands } from './commands/jobs';
import { keysCommands } from './commands/keys';
import { packsCommands } from './commands/packs';
import { restoreCommands } from './commands/restore';
import { sampleCommands } from './commands/sample';
import type { Settings } from './commands/settings';
import { Ended, verifyCommands } from './commands/verify';
import { Refused } from './commands/with-engine';
import { EngineDidNotStart } from './engine/process';
import { OtherSample } from './sample/play';
import { Failure } from './startup/checks';

const EXIT_DONE = 0;
const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

type Options = Readonly<{ data: string; json: boolean; operator: string }>;

const programOf = (): Command => {
  const program = new Command('yika')
    .description("Yika 一卡：医保个人账户结算引擎的操作命令 · an operator's commands for the settlement engine")
    .option('--data <folder>', '数据目录 data folder', process.env.YIKA_DATA?.trim() || './data')
    .option('--operator <name>', '操作员 who is at the keyboard', userInfo().username)
    .option('--json', '输出 JSON answer as JSON', false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const settings = (): Settings => {
    const { data, json, operator } = program.opts<Options>();
    if (operator.trim() === '') program.error('--operator: 请写明操作员姓名 name who is at the keyboard');
    return { dataFolder: path.resolve(data), json, operator: operator.trim() };
  };
  keysCommands(program, settings);
  packsCommands(program, settings);
  jobCommands(program, settings);
  creditCommands(program, settings);
  importCommands(program, settings);
  sampleCommands(program, settings);
  backupCommands(program, settings);
  restoreCommands(program, settings);
  verifyCommands(program, settings);
  overrideExits(program);
  return program;
};

/** Commander hands its ways of leaving down to commands that are made after it was told; these were made before. */
const overrideExits = (command: Command): void => {
  command.exitOverride();
  for (const below of command.commands) overrideExits(below);
};

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

const wordsOf = (thrown: unknown): string => {
  if (thrown instanceof Refused) return refusalWords(thrown);
  if (thrown instanceof Failure) return `${thrown.fault.zh}\n${thrown.fault.en}`;
  if (thrown instanceof EngineDidNotStart) return `引擎未能启动 · The engine did not start:\n${thrown.lastWords}`;
  if (thrown instanceof OtherSample) return '数据目录里的样例出自另一个计划 · The sample in the data folder was made by another plan';
  return thrown instanceof Error ? thrown.message : String(thrown);
};

/** Exit code: 0 done, 1 refused or failed, 2 not a command that there is. */
const run = async (argv: readonly string[]): Promise<number> => {
  try {
    await programOf().parseAsync([...argv]);
    return EXIT_DONE;
  } catch (thrown) {
    if (thrown instanceof Ended) return thrown.exitCode;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    if (process.argv.includes('--json') && thrown instanceof Refused) process.stdout.write(`${JSON.stringify(thrown.problem)}\n`);
    else process.stderr.write(`${wordsOf(thrown)}\n`);
    return EXIT_REFUSED;
  }
};

void run(process.argv).then((code) => process.exit(code));
