import { formatYuan } from '#libs/kernel';
import { grouped, textTable } from '../screen/text-table';
import type { ImportReport } from './run-import';
import type { TotalsRow } from './three-way';

const ITEMS: Readonly<Record<TotalsRow['item'], string>> = {
  accounts: '账户 accounts',
  cards: '卡 cards',
  currentYearFen: '当年 current year',
  priorYearFen: '历年 prior years',
  agreements: '协议 agreements',
};
const STATES: Readonly<Record<ImportReport['state'], string>> = {
  planned: '核验通过，未写入 judged; nothing written',
  done: '完成 done',
  stopped: '已停止 stopped',
  rejected: '未写入 nothing written',
  differs: '不符 differs',
};

const text = (item: TotalsRow['item'], value: number): string =>
  item.endsWith('Fen') ? formatYuan(value as Parameters<typeof formatYuan>[0]).replace(/\B(?=(\d{3})+\.)/g, ',') : grouped(value);

/** The report for a person at a terminal; nobody's data is in it. */
export const reportWords = ({ state, file, control, accounts, agreements, rejected, totals }: ImportReport): string => {
  const lines = [STATES[state]];
  if (control.rows.length > 0) {
    const rows = control.rows.map(({ item, stated, found, ok }) => [item, stated, found, ok ? '=' : '≠'] as const);
    lines.push(...textTable([['控制总数 control', '应为 stated', '文件 found', ''], ...rows]), '');
  }
  lines.push(
    `账户 accounts: ${grouped(file.accounts)}；已在库 there before ${grouped(accounts.alreadyThere)}，写入 written ${grouped(accounts.written)}`,
    `协议 agreements: ${grouped(file.agreements)}；已在库 there before ${grouped(agreements.alreadyThere)}，登记 signed ${grouped(agreements.signed)}`,
  );
  if (rejected.reasons > 0) {
    lines.push(
      '',
      `未通过 rejected: ${grouped(rejected.lines)} 行 lines，${grouped(rejected.reasons)} 条原因 reasons → ${rejected.folder ?? '-'}`,
    );
    lines.push(...rejected.first.map(({ place, field, zh, en }) => `  ${place}  ${field ?? ''}  ${zh} · ${en}`));
    if (rejected.reasons > rejected.first.length) lines.push('  …');
  }
  if (totals) {
    const rows = totals.rows.map(
      ({ item, file: inFile, events, log, projection, ok }) =>
        [ITEMS[item], text(item, inFile), text(item, events), text(item, log), text(item, projection), ok ? '=' : '≠'] as const,
    );
    lines.push('', ...textTable([['合计 totals', '文件 file', '事件 events', '全库事件 whole log', '读模型 projection', ''], ...rows]));
  }
  return lines.join('\n');
};
