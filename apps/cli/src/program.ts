import { userInfo } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { applicationsCommand } from './commands/applications';
import { backupCommands } from './commands/backup';
import { campaignCommands } from './commands/campaign';
import { clockCommands } from './commands/clock';
import { creditCommands } from './commands/credits';
import { importCommands } from './commands/import';
import { jobCommands } from './commands/jobs';
import { keysCommands } from './commands/keys';
import { packsCommands } from './commands/packs';
import { restoreCommands } from './commands/restore';
import { sampleCommands } from './commands/sample';
import type { Settings } from './commands/settings';
import { storeCommands } from './commands/store-copy';
import { verifyCommands } from './commands/verify';

// What the engine takes into the log. Another name would be left out there without a word.
const OPERATOR = /^[\w.-]{1,40}$/;
const A_PERSONS_NUMBER = /\d{11}/;
const OPERATOR_WANTED =
  'error: --operator: 请写工号或拼音：1 至 40 位字母、数字或 . _ -，不得是证件或电话号码 · a staff number or a name in letters is wanted: ' +
  '1 to 40 letters, digits or . _ -, and no number of a document or telephone';

type Options = Readonly<{ data: string; json: boolean; operator: string }>;

/** Every command that there is. Its words to the terminal go through it; how it leaves is the caller's. */
export const programOf = (): Command => {
  const program = new Command('yika')
    .description("Yika 一卡：医保个人账户结算引擎的操作命令 · an operator's commands for the settlement engine")
    .option('--data <folder>', '数据目录 data folder', process.env.YIKA_DATA?.trim() || './data')
    .option(
      '--operator <name>',
      '操作员工号或拼音 who is at the keyboard',
      userInfo()
        .username.replace(/[^\w.-]/g, '-')
        .slice(0, 40),
    )
    .option('--json', '输出 JSON answer as JSON', false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => write(`命令写法不对，什么也没有做 · The command was given wrongly; nothing was done\n${text}`),
    })
    .showHelpAfterError('用 --help 查看写法 · --help tells how it is given');
  const settings = (): Settings => {
    const { data, json, operator } = program.opts<Options>();
    if (!OPERATOR.test(operator.trim()) || A_PERSONS_NUMBER.test(operator)) program.error(OPERATOR_WANTED);
    return { dataFolder: path.resolve(data), json, operator: operator.trim() };
  };
  keysCommands(program, settings);
  applicationsCommand(program, settings);
  packsCommands(program, settings);
  jobCommands(program, settings);
  clockCommands(program, settings);
  creditCommands(program, settings);
  campaignCommands(program, settings);
  importCommands(program, settings);
  sampleCommands(program, settings);
  backupCommands(program, settings);
  restoreCommands(program, settings);
  storeCommands(program, settings);
  verifyCommands(program, settings);
  overrideExits(program);
  return program;
};

/** Commander hands its ways of leaving down to commands that are made after it was told; these were made before. */
const overrideExits = (command: Command): void => {
  command.exitOverride();
  for (const below of command.commands) overrideExits(below);
};
