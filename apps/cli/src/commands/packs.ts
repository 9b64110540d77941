import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { tableOf } from '../screen/text-table';
import { Failure } from '../startup/checks';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type PackRow = Readonly<{ packId: string; hash: string; poolingArea: string; effectiveFrom: string; state: string }>;

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Failure({ zh: `读不到文件：${file}`, en: `Cannot read ${file}` });
  }
};

const HEADINGS = ['政策包 pack', '统筹地区 pooling area', '自 from', '状态 state', '摘要 hash'] as const;

/** Policy packs: one operator proposes, another approves; a published pack never changes. */
export const packsCommands = (program: Command, settings: () => Settings): void => {
  const packs = program.command('packs').description('政策包 policy packs');
  packs
    .command('propose <file>')
    .description('提交 propose a pack for approval by another operator')
    .action(async (file: string) => {
      const { dataFolder, operator } = settings();
      const body = { file: path.basename(file), yaml: textOf(file) };
      const proposed = await withEngine(dataFolder, (admin) => demand(admin, { method: 'POST', path: '/admin/v1/packs', operator, body }));
      told(settings(), proposed, () => `已提交 proposed: ${String(proposed.packId)}\n摘要 hash: ${String(proposed.hash)}`);
    });
  packs
    .command('approve <packId> <hash>')
    .description('复核发布；摘要须与所复核的内容一致 approve and publish what has this hash')
    .action(async (packId: string, hash: string) => {
      const { dataFolder, operator } = settings();
      const approved = await withEngine(dataFolder, (admin) =>
        demand(admin, { method: 'POST', path: '/admin/v1/packs/approvals', operator, body: { packId, hash } }),
      );
      told(settings(), approved, () => `已发布 published: ${packId}，自 from ${String(approved.effectiveFrom)}`);
    });
  packs
    .command('list')
    .description('列出 list')
    .action(async () => {
      const answer = await withEngine(settings().dataFolder, (admin) => demand(admin, { method: 'GET', path: '/admin/v1/packs' }));
      const rows = (answer.packs as PackRow[]).map(
        (pack) => [pack.packId, pack.poolingArea, pack.effectiveFrom, pack.state, pack.hash] as const,
      );
      told(settings(), answer, () => tableOf(HEADINGS, rows) || '没有政策包 no packs');
    });
};
