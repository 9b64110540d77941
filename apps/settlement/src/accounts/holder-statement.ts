import type { StatementRow } from '#libs/application';
import { escaped, factTable, htmlPage, shanghaiTime } from '../print/html';
import { yuanOf } from '../problem/yuan-text';

/** `rows`: all of the account up to the end of the month, oldest first. */
export type StatementSource = Readonly<{ accountId: string; month: string; holderName: string | null; rows: readonly StatementRow[] }>;

const KIND_ZH: Readonly<Record<string, string>> = {
  AccountCredited: '划入',
  AccountCorrected: '更正扣减',
  SwipeSettled: '结算支付',
  SettlementCancelled: '撤销退回',
  SettlementReversed: '冲正退回',
  CancellationReversed: '撤销冲正',
  BalanceTransferred: '旧卡余额转入',
  InterestPosted: '计息',
  YearRolledOver: '年度结转',
};

/** The holder's statement of one month on A4: what moved money, and the balance before and after. Units: yuan. */
export const holderStatementHtml = ({ accountId, month, holderName, rows }: StatementSource): string => {
  const before = rows.filter((row) => row.businessDate.slice(0, 7) < month);
  const moved = rows.filter((row) => row.businessDate.slice(0, 7) === month && row.legs.length > 0);
  const openingFen = before.at(-1)?.balanceFen ?? 0;
  const closingFen = rows.at(-1)?.balanceFen ?? 0;
  const sumFen = (sign: 1 | -1) => moved.reduce((sum, { changeFen }) => (changeFen * sign > 0 ? sum + changeFen : sum), 0);
  const owedFen = -rows.reduce((sum, row) => sum + receivableFen(row), 0);
  const money = ['月初余额', '本月收入', '本月支出', '月末余额', '月末应还'] as const;
  return htmlPage(
    `个人账户对账单 ${month}`,
    'A4',
    [
      '<h1>医疗保障个人账户对账单</h1>',
      factTable([
        ['参保人', holderName ?? '—'],
        ['账户编号', accountId],
        ['月份', month],
      ]),
      factTable(
        [
          [money[0], yuanOf(openingFen)],
          [money[1], yuanOf(sumFen(1))],
          [money[2], yuanOf(sumFen(-1))],
          [money[3], yuanOf(closingFen)],
          ...(owedFen > 0 ? [[money[4], yuanOf(owedFen)] as const] : []),
        ],
        new Set(money),
      ),
      moved.length === 0 ? '<p>本月无收支。</p>' : movementTable(moved),
    ].join('\n'),
  );
};

/** What the holder owes after a correction beyond the balance: negative where it arises, positive where a later credit repays it. */
const receivableFen = ({ legs }: StatementRow): number =>
  legs.reduce((sum, { account, amountFen }) => (account === 'receivable' ? sum + amountFen : sum), 0);

/** What the balance does not show: without it a holder would look for his money in vain. */
const owedWords = (row: StatementRow): string => {
  const fen = receivableFen(row);
  if (fen === 0) return '';
  return fen < 0 ? `（另有应还 ${yuanOf(-fen)}）` : `（另抵还 ${yuanOf(fen)}）`;
};

const movementTable = (rows: readonly StatementRow[]): string =>
  `<table class="ruled"><tr><th>时间</th><th>事项</th><th>机构</th><th>流水号</th><th class="money">收支</th><th class="money">余额</th></tr>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('')}</table>`;

const cells = (row: StatementRow): string => {
  const { decidedAt, type, institutionCode, serial, changeFen, balanceFen } = row;
  const words = [
    shanghaiTime(decidedAt),
    (KIND_ZH[type.replace(/\.v\d+$/, '')] ?? type) + owedWords(row),
    institutionCode ?? '',
    serial ?? '',
  ];
  const money = [yuanOf(changeFen), yuanOf(balanceFen)];
  return [...words.map((text) => `<td>${escaped(text)}</td>`), ...money.map((text) => `<td class="money">${text}</td>`)].join('');
};
