import type { Command } from 'commander';
import { tableOf } from '../screen/text-table';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type KeyRow = Readonly<{
  keyId: string;
  organisation: string;
  rights: readonly string[];
  institutionCodes: readonly string[];
  outletCodes?: readonly string[];
  bankCode?: string;
  createdAt: string;
  revokedAt: string | null;
  note: string;
}>;
type NewKey = Readonly<{ organisation: string; right: string[]; institution: string[]; outlet: string[]; bank?: string; note: string }>;

const gather = (value: string, all: string[]): string[] => [...all, value];
const CODES_SHOWN = 3;
const codesText = ({ institutionCodes, outletCodes = [], bankCode }: KeyRow): string => {
  const codes = [...institutionCodes, ...outletCodes, ...(bankCode === undefined ? [] : [`银行 bank ${bankCode}`])];
  return codes.length <= CODES_SHOWN ? codes.join(',') : `${codes.slice(0, CODES_SHOWN).join(',')} … (${codes.length})`;
};
const rowOf = (key: KeyRow) =>
  [key.keyId, key.organisation, key.rights.join(','), codesText(key), key.createdAt, key.revokedAt ?? '有效 in force', key.note] as const;

const HEADINGS = [
  '编号 id',
  '单位 organisation',
  '权限 rights',
  '机构、网点 institutions, outlets',
  '新建 made',
  '吊销 revoked',
  '备注 note',
] as const;

/** Access keys: made once, shown once, revoked for good. */
export const keysCommands = (program: Command, settings: () => Settings): void => {
  const keys = program.command('keys').description('访问密钥 access keys');
  keys
    .command('create')
    .description('新建；密钥只显示一次 make a key; its text is shown once')
    .requiredOption('--organisation <name>', '所属机构 who holds it')
    .requiredOption(
      '--right <right>',
      'institution, agency, auditor, bankOutlet, centre, hotline, employer, school, committee, online, selfService (可多次 repeatable)',
      gather,
      [],
    )
    .option('--institution <code>', '可办理的机构编码 institution code it may act for (可多次 repeatable)', gather, [])
    .option('--outlet <code>', '所在网点、单位编码 outlet, centre, employer or school where it sits (可多次 repeatable)', gather, [])
    .option('--bank <code>', '发卡银行编码：可办理该行全部申领 bank code: all applications for its cards')
    .option('--note <text>', '备注 note', '-')
    .action(async ({ organisation, right, institution, outlet, bank, note }: NewKey) => {
      const scope = { institutionCodes: institution, outletCodes: outlet, bankCode: bank ?? null };
      const body = { organisation, rights: right, note, ...scope };
      const { dataFolder, operator } = settings();
      const made = await withEngine(dataFolder, (admin) => demand(admin, { method: 'POST', path: '/admin/v1/keys', operator, body }));
      told(
        settings(),
        made,
        () => `${String(made.key)}\n编号 id: ${String(made.keyId)}\n请妥善保存，不再显示 · Keep it: it is not shown again`,
      );
    });
  keys
    .command('revoke <keyId>')
    .description('吊销，两秒内生效 revoke, in force within 2 s')
    .requiredOption('--reason <text>', '原因 why')
    .action(async (keyId: string, { reason }: { reason: string }) => {
      const path = `/admin/v1/keys/${encodeURIComponent(keyId)}/revocation`;
      const { dataFolder, operator } = settings();
      const revoked = await withEngine(dataFolder, (admin) => demand(admin, { method: 'POST', path, operator, body: { reason } }));
      told(settings(), revoked, () => `已吊销 revoked: ${keyId}`);
    });
  keys
    .command('list')
    .description('列出 list')
    .action(async () => {
      const answer = await withEngine(settings().dataFolder, (admin) => demand(admin, { method: 'GET', path: '/admin/v1/keys' }));
      told(settings(), answer, () => tableOf(HEADINGS, (answer.keys as KeyRow[]).map(rowOf)) || '没有密钥 no keys');
    });
};
