import type { BillLine } from '#libs/application';
import type { MedicalCategory } from '#libs/medical-account';
import { centred, pairLine, wrapped } from '../print/columns';
import { escaped, factTable, htmlPage, shanghaiTime } from '../print/html';
import { yuanOf } from '../problem/yuan-text';
import { type StandingSettlement, swipeOf } from './settlement-text';

/** What a receipt is made of. `print`: 1 is the original; null: looked at by an auditor, no print. */
export type ReceiptSource = Readonly<{
  view: StandingSettlement;
  institutionName: string;
  lines: readonly BillLine[];
  print: number | null;
}>;
type Pair = readonly [label: string, value: string];

export type Paper = '80mm' | 'A4';
const COLUMNS: Readonly<Record<Paper, number>> = { '80mm': 48, A4: 80 }; // 80 mm in a 12-dot font; A4 in ten characters an inch.
const TITLE = '医疗保障个人账户结算单';
const CATEGORY_ZH: Readonly<Record<MedicalCategory, string>> = {
  outpatient: '普通门诊',
  registration: '挂号',
  emergency: '急诊',
  designatedDisease: '门诊慢特病',
  inpatient: '住院',
  pharmacyPurchase: '药店购药',
  maternity: '生育',
  physicalExamination: '体检',
};

/** Text as wide as the paper, ends of line as receipt printers read them on any system. */
export const receiptText = (source: ReceiptSource, paper: Paper): string => {
  const columns = COLUMNS[paper];
  const rule = '-'.repeat(columns);
  const pairs = (rows: readonly Pair[]) => rows.flatMap(([label, value]) => pairLine(label, value, columns));
  const stamp = stampOf(source);
  return [
    centred(TITLE, columns),
    ...(stamp ? [centred(`【${stamp}】`, columns)] : []),
    centred(printOf(source), columns),
    rule,
    ...pairs(headOf(source)),
    rule,
    ...source.lines.flatMap((line) => [
      ...wrapped(line.name, columns),
      ...pairLine(`  ${line.quantity} × ${line.price}`, line.amount, columns),
    ]),
    ...(source.lines.length > 0 ? [rule] : []),
    ...pairs(moneyOf(source)),
    rule,
    ...(stamp ? [...pairs(undoneOf(source)), rule] : []),
    ...pairs(proofOf(source)),
    '',
  ].join('\n');
};

/** The same on a page, for 80 mm or A4 paper. */
export const receiptHtml = (source: ReceiptSource, paper: Paper): string => {
  const stamp = stampOf(source);
  const labels = (rows: readonly Pair[]) => new Set(rows.map(([label]) => label));
  const money = moneyOf(source);
  const undone = undoneOf(source);
  return htmlPage(
    TITLE,
    paper,
    [
      `<h1>${TITLE}</h1>`,
      stamp ? `<p class="stamp">${stamp}</p>` : '',
      `<p class="small">${printOf(source)}</p>`,
      factTable(headOf(source)),
      source.lines.length > 0 ? lineTable(source.lines) : '',
      '<h2>费用（元）</h2>',
      factTable(money, labels(money)),
      stamp ? `<h2>撤销情况（元）</h2>${factTable(undone, labels(undone))}` : '',
      `<div class="small">${factTable(proofOf(source))}</div>`,
    ].join('\n'),
  );
};

const stampOf = ({ view }: ReceiptSource): string | null => ({ live: null, partlyUndone: '部分撤销', undone: '已撤销' })[view.state];
const printOf = ({ print }: ReceiptSource): string => {
  if (print === null) return '稽核查阅件，不作凭证';
  return print <= 1 ? '正本' : `重打第${print - 1}次`;
};

const headOf = ({ view, institutionName }: ReceiptSource): readonly Pair[] => {
  const swipe = swipeOf(view);
  return [
    ['定点医药机构', institutionName],
    ['机构编码', view.receipt.institutionCode],
    ['流水号', view.receipt.serial],
    ['卡号尾号', view.receipt.cardTail],
    ['医疗类别', CATEGORY_ZH[swipe.medicalCategory]],
    ['险种', swipe.insuranceType === 'employee' ? '职工基本医疗保险' : '城乡居民基本医疗保险'],
    ['发生时间', shanghaiTime(swipe.occurredAt)],
    ['结算时间', shanghaiTime(view.receipt.decidedAt)],
    ...(swipe.entry === 'late' ? ([['记账方式', '补记账']] as const) : []),
    ['操作员', swipe.operatorCode],
  ];
};

const moneyOf = ({ view: { receipt } }: ReceiptSource): readonly Pair[] => [
  ['费用总额', yuanOf(receipt.totalFeeFen)],
  ['统筹基金支付', yuanOf(receipt.fundPaidFen)],
  ...accountPairs(receipt),
  ['个人现金支付', yuanOf(receipt.cashPaymentFen)],
  ['结算前余额', yuanOf(receipt.balanceBeforeFen)],
  ['结算后余额', yuanOf(receipt.balanceAfterFen)],
];

const accountPairs = ({ accountPaidFen }: StandingSettlement['receipt']): readonly Pair[] =>
  accountPaidFen
    ? [
        ['个人账户支付', yuanOf(accountPaidFen.total)],
        ['  其中当年账户', yuanOf(accountPaidFen.currentYear)],
        ['  其中历年账户', yuanOf(accountPaidFen.priorYear)],
      ]
    : [['个人账户支付', '无个人账户']];

const undoneOf = ({ view: { undone } }: ReceiptSource): readonly Pair[] => [
  ['已撤销金额', yuanOf(undone.amountFen)],
  ['退回个人账户', yuanOf(undone.accountFen)],
  ['退回统筹基金', yuanOf(undone.fundReturnedFen)],
  ['退还现金', yuanOf(undone.cashRefundFen)],
];

const proofOf = ({ view: { receipt } }: ReceiptSource): readonly Pair[] => [
  ['政策', receipt.packId],
  ['账户流', receipt.stream],
  ['版本', String(receipt.revision)],
  ['凭证号', receipt.eventId],
];

const lineTable = (lines: readonly BillLine[]): string => {
  const money = (text: string) => `<td class="money">${escaped(text)}</td>`;
  const head = '<tr><th>项目</th><th class="money">数量</th><th class="money">单价</th><th class="money">金额</th></tr>';
  const rows = lines.map(
    ({ name, quantity, price, amount }) => `<tr><td>${escaped(name)}</td>${[quantity, price, amount].map(money).join('')}</tr>`,
  );
  return `<table class="ruled">${head}${rows.join('')}</table>`;
};
