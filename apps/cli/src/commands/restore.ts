import path from 'node:path';
import type { Command } from 'commander';
import { losesAnything, type Preview, previewRestore, Refused, restoreBackup } from '#libs/adapters/backup';
import { grouped } from '../screen/text-table';
import { described, longWork, manifestRows } from './backup';
import { type Settings, told } from './settings';

type Choices = Readonly<{ yes: boolean; acceptLoss: boolean }>;
type Line = readonly [label: string, text: string];

const lossLines = ({ loss }: Preview): readonly Line[] => {
  const { events, firstLogIndex, firstDecidedAt, lastDecidedAt, persons, cards, accessLogEntries, erasedPersonIds, unreadable } = loss;
  const lines: Line[] = [];
  if (events > 0) {
    const from = `${grouped(firstLogIndex ?? 0)} (${firstDecidedAt ?? '?'}) … ${lastDecidedAt ?? '?'}`;
    lines.push(['丢失事件 events lost', `${grouped(events)}, 起于 from log index ${from}`]);
  }
  if (persons > 0) lines.push(['丢失人员资料 persons lost', grouped(persons)]);
  if (cards > 0) lines.push(['丢失卡号 card numbers lost', grouped(cards)]);
  if (accessLogEntries > 0) lines.push(['丢失查阅记录 access log lost', grouped(accessLogEntries)]);
  if (erasedPersonIds.length > 0)
    lines.push(['复现已销毁人员 erased, would come back', `${erasedPersonIds.join(', ')} (须再次销毁 to be erased again)`]);
  for (const text of unreadable) lines.push(['无法读取，损失不明 unreadable', text]);
  return lines.length === 0 ? [['损失 would be lost', '无 nothing']] : lines;
};

const previewText = (preview: Preview): string => {
  const { backup, manifest, dataFolder, presentLastLogIndex, replaced, engineRunning, faults } = preview;
  const present = presentLastLogIndex === undefined ? '无 none' : `0 … ${grouped(presentLastLogIndex)}`;
  const here: readonly Line[] = [
    ['数据目录 data folder', dataFolder],
    ['其日志 its log index', replaced.includes('events.db') ? present : '没有日志 no log'],
    ['将被替换 to be replaced', replaced.join(', ') || '无 nothing'],
    ...(faults.length === 0 ? lossLines(preview) : []),
    ...(engineRunning ? ([['引擎 engine', '正在运行，恢复前须停止 running: stop it before restoring']] as const) : []),
  ];
  const wrong = faults.map(({ zh, en }) => `备份有误 the backup is damaged: ${zh}。${en}.`);
  return [described([['备份 backup', backup], ...manifestRows(manifest)]), '', described(here), ...wrong].join('\n');
};

const KEY = '启动须用同一主密钥 · start with the same master key';

const preview = async (settings: Settings, backup: string): Promise<void> => {
  const { dataFolder } = settings;
  const found = await longWork(settings, (work) => previewRestore({ backup, dataFolder }, work));
  const lossy = losesAnything(found.loss);
  told(settings, { acted: false, needsAcceptLoss: lossy, ...found }, () =>
    [
      previewText(found),
      '',
      `仅预览，未作改动 · A preview; nothing was changed. ${found.faults.length > 0 ? '' : `执行 To act: --yes${lossy ? ' --accept-loss' : ''}`}`,
    ].join('\n'),
  );
  if (found.faults.length > 0) throw new Refused(found.faults);
};

const act = async (settings: Settings, backup: string, acceptLoss: boolean): Promise<void> => {
  const { dataFolder } = settings;
  const now = () => new Date().toISOString();
  const { preview: found, replacedFolder } = await longWork(settings, (work) =>
    restoreBackup({ backup, dataFolder, acceptLoss, now }, work),
  );
  told(settings, { acted: true, replacedFolder, ...found }, () =>
    [
      previewText(found),
      '',
      `已恢复 restored: ${found.dataFolder}`,
      ...(replacedFolder === null ? [] : [`原文件保留在 the files that were there are kept in: ${replacedFolder}`]),
      KEY,
      '引擎若以只读启动，/health/ready 会说明原因 · Should the engine start read-only, /health/ready says why',
    ].join('\n'),
  );
};

/** Puts a backup in the place of what is in the data folder; a preview unless told to act. */
export const restoreCommands = (program: Command, settings: () => Settings): void => {
  program
    .command('restore <backup>')
    .description('把备份恢复到 --data；不加 --yes 只预览 restore a backup into --data; without --yes only a preview')
    .option('--yes', '执行 act', false)
    .option('--accept-loss', '接受丢失备份之后的内容 give up what is newer than the backup', false)
    .action(async (backup: string, { yes, acceptLoss }: Choices) => {
      const from = path.resolve(backup);
      if (yes) await act(settings(), from, acceptLoss);
      else await preview(settings(), from);
    });
};
