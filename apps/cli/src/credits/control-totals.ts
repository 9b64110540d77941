import { setTimeout as sleep } from 'node:timers/promises';
import { demand } from '../commands/with-engine';
import type { EngineClient } from '../engine/client';
import { grouped, type Row, textTable } from '../screen/text-table';
import { Failure } from '../startup/checks';
import type { Heading } from './credit-file';
import { yuan } from './examine';

/** What all holders had together at a place of the log. Units: fen. */
export type Totals = Readonly<{ balanceFen: number; logIndex: number }>;
type Movement = Readonly<{ type: string; events: number; subAccounts: string; receivable: string }>;
type Line = Readonly<{ reference: string; amount: string }> | Readonly<{ movements: readonly Movement[] }>;
/** What the file holds under a reference. Undefined: nothing. Units: fen. */
export type Expected = (reference: string) => Readonly<{ line: number; amountFen: number }> | undefined;

/** Units: fen. `difference`: what changed and is not in the log; zero, or something is wrong. */
export type Control = Readonly<{
  before: Totals;
  after: Totals;
  /** Lines of the file in the log since `before`, whoever sent them. */
  credited: Readonly<{ lines: number; sumFen: number }>;
  /** Other credits of the same source and period. */
  others: Readonly<{ credits: number; sumFen: number }>;
  /** Credits of every source and period, and what of them went to what holders owed. */
  allCreditsFen: number;
  setAgainstDebtsFen: number;
  movedOtherwise: readonly Readonly<{ type: string; events: number; balanceFen: number }>[];
  differenceFen: number;
  /** Lines that the log has otherwise than the file, or not at all though they were answered as credited. */
  faults: readonly string[];
}>;

export const fenOfYuan = (text: string): number => {
  const [, sign, whole = '0', cents = '0'] = /^(-?)(\d+)\.(\d\d)$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(whole) * 100 + Number(cents));
};
const CATCH_UP_TRIES = 600;
const CATCH_UP_MS = 200;
type Standing = Readonly<{ projections: readonly Readonly<{ logIndex: number }>[]; logIndex: number }>;

/** Waits for every projection to have what the log holds by now: asking where they stand is cheap, adding up a million accounts is not. */
const caughtUp = async (admin: EngineClient): Promise<void> => {
  let last: number | undefined;
  for (let tries = 0; tries < CATCH_UP_TRIES; tries++) {
    const { projections, logIndex } = (await demand(admin, { method: 'GET', path: '/admin/v1/projections' })) as Standing;
    const through = last ?? logIndex;
    last = through;
    if (projections.every((one) => one.logIndex >= through)) return;
    await sleep(CATCH_UP_MS);
  }
  throw new Failure({
    zh: '余额投影没有跟上日志，不能核对控制总数。请看 yika projections status，再给一次命令。',
    en: 'The projection of balances has not caught up with the log: no control totals. See yika projections status, and give the command again.',
  });
};

/** What all holders have together, of everything that the log holds by now. Throws: Failure when the projections do not come so far. */
export const totalsNowInLog = async (admin: EngineClient): Promise<Totals> => {
  await caughtUp(admin);
  const { balance, asOfLogIndex } = await demand(admin, { method: 'GET', path: '/admin/v1/credits/totals' });
  return { balanceFen: fenOfYuan(String(balance)), logIndex: Number(asOfLogIndex) };
};

const FAULTS_MAX = 20;

/**
 * Holds three things against each other: the balances of all holders before and after (the projection), what the log says was moved between
 * the two places, and what the results say was credited. Throws: Failure, Refused, or on outage.
 */
export const controlTotals = async (
  admin: EngineClient,
  heading: Heading,
  before: Totals,
  expected: Expected,
): Promise<Control & Readonly<{ seen: ReadonlySet<number> }>> => {
  const after = await totalsNowInLog(admin);
  const { source, period } = heading;
  const seen = new Set<number>();
  const faults: string[] = [];
  const credited = { lines: 0, sumFen: 0 };
  const others = { credits: 0, sumFen: 0 };
  let movements: readonly Movement[] | undefined;
  const take = (reference: string, amountFen: number) => {
    const ours = expected(reference);
    if (!ours) {
      others.credits += 1;
      others.sumFen += amountFen;
      return;
    }
    seen.add(ours.line);
    credited.lines += 1;
    credited.sumFen += amountFen;
    if (ours.amountFen !== amountFen && faults.length < FAULTS_MAX)
      faults.push(`${reference}: 日志 in the log ${yuan(amountFen)}，文件 in the file ${yuan(ours.amountFen)}`);
  };
  const path = `/admin/v1/credits/moved?from=${before.logIndex}&until=${after.logIndex}&source=${source}&period=${period}`;
  for await (const text of admin.lines({ method: 'GET', path })) {
    const line = JSON.parse(text) as Line;
    if ('movements' in line) movements = line.movements;
    else take(line.reference, fenOfYuan(line.amount));
  }
  if (!movements) throw new Failure({ zh: '日志没有读完，不能核对控制总数。', en: 'The log was not read to its end: no control totals.' });
  return { before, after, credited, others, faults, seen, ...summed(movements, after.balanceFen - before.balanceFen) };
};

const summed = (movements: readonly Movement[], changedFen: number) => {
  const sum = (of: readonly Movement[], name: 'subAccounts' | 'receivable') =>
    of.reduce((fen, movement) => fen + fenOfYuan(movement[name]), 0);
  const credits = movements.filter(({ type }) => type === 'AccountCredited.v1');
  return {
    allCreditsFen: sum(credits, 'subAccounts') + sum(credits, 'receivable'),
    setAgainstDebtsFen: sum(credits, 'receivable'),
    movedOtherwise: movements
      .filter(({ type, subAccounts }) => type !== 'AccountCredited.v1' && fenOfYuan(subAccounts) !== 0)
      .map(({ type, events, subAccounts }) => ({ type, events, balanceFen: fenOfYuan(subAccounts) })),
    differenceFen: changedFen - sum(movements, 'subAccounts'),
  };
};

export const isInOrder = ({ differenceFen, faults }: Control): boolean => differenceFen === 0 && faults.length === 0;

/** In words, so that a clerk can add it up on paper. */
export const controlWords = (control: Control): string => {
  const { before, after, credited, others, allCreditsFen, setAgainstDebtsFen, movedOtherwise, differenceFen, faults } = control;
  const signed = (fen: number) => (fen < 0 ? yuan(fen) : `+${yuan(fen)}`);
  const elsewhereFen = allCreditsFen - credited.sumFen - others.sumFen;
  const rows: Row[] = [
    ['控制总数 control totals（全部账户余额 the balances of all accounts）'],
    ['之前 before', yuan(before.balanceFen), `日志 log ${grouped(before.logIndex)}`],
    ['本文件计入 credited by this file', signed(credited.sumFen), `${grouped(credited.lines)} 笔 lines`],
    ['同期同源的其他计入 others of the source and month', signed(others.sumFen), `${grouped(others.credits)} 笔 credits`],
    ...(elsewhereFen === 0 ? [] : [['其他来源或所属期的计入 credits of other sources or months', signed(elsewhereFen)] as const]),
    ...(setAgainstDebtsFen === 0 ? [] : [['其中抵还欠款 of these set against what holders owed', signed(-setAgainstDebtsFen)] as const]),
    ...movedOtherwise.map(
      ({ type, events, balanceFen }) => [`其他变动 moved otherwise: ${type}`, signed(balanceFen), grouped(events)] as const,
    ),
    ['之后 after', yuan(after.balanceFen), `日志 log ${grouped(after.logIndex)}`],
    [differenceFen === 0 ? '相符 they agree' : '不符，差额 THEY DIFFER by', yuan(differenceFen)],
  ];
  return [...textTable(rows), ...faults].join('\n');
};
