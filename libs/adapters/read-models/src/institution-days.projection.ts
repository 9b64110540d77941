import type { InstitutionDay } from '#libs/application';
import { type MedicalLeg, ofSettlementKey, settlementKey } from '#libs/medical-account';
import { type Projection, payableFen, type Rows } from './projection';

export type StoredInstitutionDay = Omit<InstitutionDay, 'payableFen' | 'asOfLogIndex'>;

/**
 * What an institution settled and gave back on each business date: each event on its own date, so that a day never changes once it is over.
 * What is returned counts for the institution whose settlement it was, also when its successor cancels.
 */
export const institutionDays: Projection<StoredInstitutionDay> = {
  name: 'institutionDays',
  version: 2,
  shape: {
    columns: {
      institutionCode: 'text',
      businessDate: 'text',
      settlements: 'integer',
      cancellations: 'integer',
      reversals: 'integer',
      totalFeeFen: 'integer',
      fundPaidFen: 'integer',
      accountPaidFen: 'integer',
      cashPaymentFen: 'integer',
      accountReturnedFen: 'integer',
      fundReturnedFen: 'integer',
      cashRefundFen: 'integer',
    },
    key: ['institutionCode', 'businessDate'],
    indexes: [],
  },
  apply(rows, event) {
    if (event.type === 'SwipeSettled.v1') {
      const { institutionCode, businessDate, totalFeeFen, fundPaidFen, cashPaymentFen, legs } = event.data;
      const accountPaidFen = payableFen(legs);
      add(rows, [institutionCode, businessDate], { settlements: 1, totalFeeFen, fundPaidFen, accountPaidFen, cashPaymentFen });
    }
    if (event.type === 'SettlementCancelled.v1') {
      add(rows, dayOf(event.data), { cancellations: 1, ...givenBack(event.data) });
    }
    if (event.type === 'SettlementReversed.v1') add(rows, dayOf(event.data), { reversals: 1, ...givenBack(event.data) });
    if (event.type === 'CancellationReversed.v1') add(rows, dayOf(event.data), { reversals: 1, ...takenAgain(event.data) });
  },
};

export const emptyDay = (institutionCode: string, businessDate: string): StoredInstitutionDay => ({
  institutionCode,
  businessDate,
  settlements: 0,
  cancellations: 0,
  reversals: 0,
  totalFeeFen: 0,
  fundPaidFen: 0,
  accountPaidFen: 0,
  cashPaymentFen: 0,
  accountReturnedFen: 0,
  fundReturnedFen: 0,
  cashRefundFen: 0,
});

type Day = readonly [institutionCode: string, businessDate: string];
type Figures = Partial<Record<Exclude<keyof StoredInstitutionDay, 'institutionCode' | 'businessDate'>, number>>;

const add = (rows: Rows<StoredInstitutionDay>, day: Day, figures: Figures): void => {
  const row = { ...(rows.get(...day) ?? emptyDay(...day)) };
  for (const [name, figure] of Object.entries(figures)) row[name as keyof Figures] += figure;
  rows.put(row);
};

type Undoing = Readonly<{
  institutionCode: string;
  settlementKey: string;
  businessDate: string;
  legs: readonly MedicalLeg[];
  fundReturnedFen: number;
  cashRefundFen: number;
}>;

const givenBack = ({ legs, fundReturnedFen, cashRefundFen }: Undoing) => ({
  accountReturnedFen: 0 - payableFen(legs),
  fundReturnedFen,
  cashRefundFen,
});
/** What a cancellation had given back is drawn and paid again; its event tells the parts of fund and cash without a sign. */
const takenAgain = ({ legs, fundReturnedFen, cashRefundFen }: Undoing) => ({
  accountReturnedFen: 0 - payableFen(legs),
  fundReturnedFen: 0 - fundReturnedFen,
  cashRefundFen: 0 - cashRefundFen,
});

/** What the institution is owed for a day: what account and pooled fund paid, less what went back to them. Units: fen. */
export const owedFen = (day: StoredInstitutionDay): number =>
  day.accountPaidFen + day.fundPaidFen - day.accountReturnedFen - day.fundReturnedFen;

/** Of its own institution nearly always; else the leg names it, or, where only cash was paid, the key. */
const dayOf = (undoing: Undoing): Day => {
  const { institutionCode, businessDate, legs } = undoing;
  if (undoing.settlementKey.startsWith(settlementKey(institutionCode, ''))) return [institutionCode, businessDate];
  const payable = legs.find(({ account }) => account.startsWith('payable:'))?.account.slice('payable:'.length);
  return [payable ?? ofSettlementKey(undoing.settlementKey).institutionCode, businessDate];
};
