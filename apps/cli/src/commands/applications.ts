import { type Command, InvalidArgumentError, Option } from 'commander';
import { tableOf } from '../screen/text-table';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type Row = Readonly<{
  applicationId: string;
  kind: string;
  outletCode: string;
  unitCode: string | null;
  stage: string;
  waitsFor: 'card' | 'handOut';
  acceptedOn: string;
  deadline: string | null;
  ageDays: number;
  overdueDays: number;
}>;
type Count = Readonly<{ outletCode: string; kind: string; waitsFor: string; pending: number; overdue: number; earliest: string | null }>;
type Asked = Readonly<{ overdue: boolean; outlet?: string; kind?: string; waitsFor?: string; limit: number; counts: boolean }>;

const KINDS = ['firstIssue', 'replacement', 'exchange', 'temporary'];
const WAITS_FOR = ['card', 'handOut'];
const PAGE_ROWS = 500;
const HEADINGS = [
  '申请 application',
  '种类 kind',
  '网点 outlet',
  '单位 unit',
  '进度 stage',
  '待 waits for',
  '受理 accepted',
  '期限 due',
  '已过 age',
  '逾期 late',
] as const;
const COUNT_HEADINGS = ['网点 outlet', '种类 kind', '待 waits for', '在办 pending', '逾期 late', '最早期限 earliest'] as const;

const rowOf = (row: Row) =>
  [
    ...[row.applicationId, row.kind, row.outletCode, row.unitCode ?? '', row.stage, row.waitsFor, row.acceptedOn, row.deadline ?? ''],
    ...[String(row.ageDays), row.overdueDays === 0 ? '' : String(row.overdueDays)],
  ] as const;
const countOf = ({ outletCode, kind, waitsFor, pending, overdue, earliest }: Count) =>
  [outletCode, kind, waitsFor, String(pending), String(overdue), earliest ?? ''] as const;

const rows = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('应为正整数 a number of rows is wanted.');
  return Number.parseInt(text, 10);
};
const queryOf = ({ outlet, kind, waitsFor }: Asked): Record<string, string> => ({
  ...(outlet === undefined ? {} : { outletCode: outlet }),
  ...(kind === undefined ? {} : { kind }),
  ...(waitsFor === undefined ? {} : { waitsFor }),
});

/** Applications of which something is still to be done, the earliest deadline first; what is late is a list of its own. */
export const applicationsCommand = (program: Command, settings: () => Settings): void => {
  program
    .command('applications')
    .description('在办的申领：期限、逾期 pending applications for cards, by deadline')
    .option('--overdue', '只列逾期的 only those that are late', false)
    .option('--outlet <code>', '受理网点 accepted at')
    .addOption(new Option('--kind <kind>', '种类 kind').choices(KINDS))
    .addOption(new Option('--waits-for <what>', '待制卡，或待单位转发 the card, or the hand-out by the unit').choices(WAITS_FOR))
    .option('--limit <rows>', '最多列几条 at most so many', rows, 100)
    .option('--counts', '只按网点、种类清点 counts by outlet and kind instead', false)
    .action(async (asked: Asked) => {
      const { dataFolder } = settings();
      if (asked.counts) {
        const path = `/v1/card-applications/counts?${new URLSearchParams(queryOf(asked)).toString()}`;
        const answer = await withEngine(dataFolder, (admin) => demand(admin, { method: 'GET', path }));
        told(settings(), answer, () => tableOf(COUNT_HEADINGS, (answer.rows as Count[]).map(countOf)) || NONE);
        return;
      }
      const found: Row[] = [];
      const answer = await withEngine(dataFolder, async (admin) => {
        let page: Record<string, unknown> = {};
        for (let cursor: string | null = ''; cursor !== null && found.length < asked.limit; cursor = page.next as string | null) {
          const limit = String(Math.min(PAGE_ROWS, asked.limit - found.length));
          const query = { ...queryOf(asked), overdue: String(asked.overdue), limit, ...(cursor === '' ? {} : { cursor }) };
          page = await demand(admin, { method: 'GET', path: `/v1/card-applications?${new URLSearchParams(query).toString()}` });
          found.push(...(page.rows as Row[]));
        }
        return { ...page, next: page.next ?? null, rows: found };
      });
      const more = answer.next === null ? '' : '\n还有更多，用 --limit 多列 · there are more: see --limit';
      told(settings(), answer, () => (tableOf(HEADINGS, found.map(rowOf)) || NONE) + more);
    });
};

const NONE = '没有 none';
