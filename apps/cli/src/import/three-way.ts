import { type EngineClient } from '../engine/client';
import type { Watch } from './watch';

/** Units: fen. */
export type Sums = Readonly<{ accounts: number; cards: number; currentYearFen: number; priorYearFen: number; agreements: number }>;
type Item = keyof Sums;
/** `others`: what the source had brought before by other files. `log`, `projection`: all accounts of the engine, at one place of the log. */
export type TotalsRow = Readonly<{ item: Item; file: number; events: number; log: number; projection: number; ok: boolean }>;
export type Totals = Readonly<{ ok: boolean; asOfLogIndex: number; rows: readonly TotalsRow[] }>;
type Holdings = Readonly<{ accounts: number; cards: number; currentYear: string; priorYear: string }>;
type Line = Readonly<{
  state: string;
  done?: number;
  total?: number;
  asOfLogIndex?: number;
  imported?: InYuan;
  all?: InYuan;
  projection?: Holdings;
}>;
type InYuan = Holdings & Readonly<{ agreements: number }>;
export type LogTotals = Readonly<{ imported: Sums; all: Sums; projection: Omit<Sums, 'agreements'>; asOfLogIndex: number }>;

/** Exact, whatever the sum: yuan text of the engine, at most two places. */
const fenOf = (yuan: string): number => Math.round(Number(yuan.replace('.', '')));
const sumsOf = ({ accounts, cards, currentYear, priorYear }: Holdings): Omit<Sums, 'agreements'> => ({
  accounts,
  cards,
  currentYearFen: fenOf(currentYear),
  priorYearFen: fenOf(priorYear),
});

const withAgreements = (sums: InYuan): Sums => ({ ...sumsOf(sums), agreements: sums.agreements });
const totalsIn = ({ imported, all, projection, asOfLogIndex = -1 }: Line): LogTotals => {
  if (!imported || !all || !projection) throw new Error('totals without sums');
  return { imported: withAgreements(imported), all: withAgreements(all), projection: sumsOf(projection), asOfLogIndex };
};

/** What the log and the projection have, read again by the engine. Throws: on outage, or when the reading broke off. */
export const logTotals = async (admin: EngineClient, source: string, watch: Watch, label: string): Promise<LogTotals> => {
  let progress: ReturnType<Watch['stage']> | undefined;
  for await (const text of admin.lines({ method: 'GET', path: `/admin/v1/imports/${source}/totals` }, watch.signal)) {
    const line = JSON.parse(text) as Line;
    if (line.state === 'reading') {
      progress ??= watch.stage(label, line.total ?? 0);
      progress.set(line.done ?? 0);
    }
    if (line.state !== 'done') continue;
    progress?.set((line.asOfLogIndex ?? -1) + 1);
    progress?.finish();
    return totalsIn(line);
  }
  throw new Error('the reading of the totals broke off');
};

type Measured = Readonly<{
  file: Sums;
  /** Of the file, what was there before this run. */
  already: Sums;
  /** Agreements of the file that were on record by other means. */
  byHand: number;
  before: Sums;
  after: LogTotals;
  /** Agreements of the file that the register has now. */
  onRecord: number;
}>;

/**
 * File = events: what this source has in the log, less what other files of it had brought before. Log = projection: over all accounts at one
 * place of the log, so that swipes beside the import do no harm. Of agreements the register itself is the third.
 */
export const threeWay = ({ file, already, byHand, before, after, onRecord }: Measured): Totals => {
  const others = (item: Item): number => before[item] - already[item];
  const row = (item: Item): TotalsRow => {
    const events = after.imported[item] - others(item);
    if (item === 'agreements') {
      const own = file.agreements - byHand;
      return { item, file: own, events, log: file.agreements, projection: onRecord, ok: own === events && onRecord === file.agreements };
    }
    const [log, projection] = [after.all[item], after.projection[item]];
    return { item, file: file[item], events, log, projection, ok: file[item] === events && log === projection };
  };
  const rows = (['accounts', 'cards', 'currentYearFen', 'priorYearFen', 'agreements'] as const).map(row);
  return { ok: rows.every(({ ok }) => ok), asOfLogIndex: after.asOfLogIndex, rows };
};
