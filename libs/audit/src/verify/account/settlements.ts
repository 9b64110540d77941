import { type Place, type Tally, words } from '../checks';
import { dateOf } from '../days';
import type { AccountEvent } from '../recorded';
import type { Leg } from './ledger';

type Of<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;
type Parts = { amountFen: number; fundFen: number; cashFen: number; accountFen: number };
type Cancellation = { settlementKey: string; parts: Parts; reversed: boolean; replacedBy: string | null };
type Settlement = { key: string; institutionCode: string; whole: Parts; undone: Parts; reversed: boolean; isUndone: boolean };

const AMOUNTS = words('金额与分录不符', 'amounts and legs disagree');
const DATE = words('业务日期不是裁决之日', 'the business date is not that of the decision');
const TWICE = words('同一结算键结算两次', 'one key settled twice');
const UNKNOWN = words('撤销了账户上没有的结算', 'undoes a settlement that is not on this account');
const BEYOND = words('撤销超过原结算', 'more undone than was settled');
const NOT_DONE = words('冲正了没有或已冲正的撤销', 'reverses a cancellation that is not there or was reversed');
const WHOSE = words('应付机构不是结算机构', 'payable to another institution than the one that settled');
const AFTER_WHOLE = words('整笔冲正后又变动', 'moved after it was reversed as a whole');

const isPayable = ({ account }: Leg): boolean => account.startsWith('payable:');
/** What institutions are owed by these legs. Units: fen. */
const payableFen = (legs: readonly Leg[]): number => {
  let sumFen = 0;
  for (const leg of legs) if (isPayable(leg)) sumFen += leg.amountFen;
  return sumFen;
};
const show = (parts: Parts): string => `${parts.amountFen} fen (fund ${parts.fundFen}, cash ${parts.cashFen}, account ${parts.accountFen})`;

/** Told when a settlement is wholly undone, and when it stands again. */
export type UndoneSince = (settlementKey: string, isUndone: boolean, logIndex: number) => void;

/** The settlements of one account and what was undone of each. Source: log-format.md, 1, 7 and 8. */
export class Settlements {
  private readonly byKey = new Map<string, Settlement>();
  private readonly cancellations = new Map<string, Cancellation>();
  private replaced: Cancellation | null = null;

  constructor(
    private readonly tally: Tally,
    private readonly tellUndone: UndoneSince,
  ) {}

  settle({ data, decidedAt }: Of<'SwipeSettled.v1'>, place: Place): void {
    this.tally.checked('settlements');
    const { key, institutionCode, totalFeeFen, fundPaidFen, cashPaymentFen, legs, businessDate, replacesKey } = data;
    const accountFen = payableFen(legs);
    const whole = { amountFen: totalFeeFen, fundFen: fundPaidFen, cashFen: cashPaymentFen, accountFen };
    if (totalFeeFen !== fundPaidFen + cashPaymentFen + accountFen || accountFen < 0)
      this.tally.find('legs', place, AMOUNTS, { expected: `${totalFeeFen} fen`, found: show(whole) });
    this.demandDate(businessDate, decidedAt, place);
    this.demandPayable(legs, institutionCode, place);
    if (this.byKey.has(key)) this.tally.find('settlements', place, TWICE, { found: key });
    const undone = { amountFen: 0, fundFen: 0, cashFen: 0, accountFen: 0 };
    this.byKey.set(key, { key, institutionCode, whole, undone, reversed: false, isUndone: false });
    if (replacesKey !== null && this.replaced?.settlementKey === replacesKey) {
      this.replaced.replacedBy = key;
      this.cancellations.set(`replaced ${key}`, this.replaced);
    }
    this.replaced = null;
  }

  undo(event: Of<'SettlementCancelled.v1'> | Of<'SettlementReversed.v1'>, place: Place): void {
    this.tally.checked('settlements');
    const { data, decidedAt } = event;
    const parts = this.partsOf(data, place, -1);
    this.demandDate(data.businessDate, decidedAt, place);
    const settlement = this.byKey.get(data.settlementKey);
    if (!settlement) {
      this.tally.find('settlements', place, UNKNOWN, { found: data.settlementKey });
      return;
    }
    this.demandPayable(data.legs, settlement.institutionCode, place);
    if (settlement.reversed) this.tally.find('settlements', place, AFTER_WHOLE, { found: data.settlementKey });
    this.add(settlement, parts, 1, place);
    if (event.type === 'SettlementReversed.v1') {
      settlement.reversed = true;
      return;
    }
    const cancellation = { settlementKey: data.settlementKey, parts, reversed: false, replacedBy: null };
    if (event.data.reason === 'replaced') this.replaced = cancellation;
    if (data.key !== null) this.cancellations.set(data.key, cancellation);
  }

  /** A cancellation undone: what it gave back is taken again, wherever the money is by now. */
  redo({ data, decidedAt }: Of<'CancellationReversed.v1'>, place: Place): void {
    this.tally.checked('settlements');
    this.partsOf(data, place, 1);
    this.demandDate(data.businessDate, decidedAt, place);
    const cancellation = this.cancellations.get(data.key === null ? `replaced ${data.cancellationKey}` : data.cancellationKey);
    const settlement = this.byKey.get(data.settlementKey);
    if (!settlement || cancellation?.settlementKey !== data.settlementKey || cancellation.reversed) {
      this.tally.find('settlements', place, NOT_DONE, { found: data.cancellationKey });
      return;
    }
    cancellation.reversed = true;
    this.demandPayable(data.legs, settlement.institutionCode, place);
    if (settlement.reversed) this.tally.find('settlements', place, AFTER_WHOLE, { found: data.settlementKey });
    this.add(settlement, cancellation.parts, -1, place);
  }

  private add(settlement: Settlement, parts: Parts, sign: 1 | -1, place: Place): void {
    const { key, undone, whole } = settlement;
    for (const name of ['amountFen', 'fundFen', 'cashFen', 'accountFen'] as const) {
      undone[name] += sign * parts[name];
      if (undone[name] < 0 || undone[name] > whole[name])
        this.tally.find('settlements', place, BEYOND, { expected: `${name} 0 … ${whole[name]}`, found: `${undone[name]}, ${key}` });
    }
    const isWhole = undone.amountFen === whole.amountFen;
    if (isWhole === settlement.isUndone) return;
    settlement.isUndone = isWhole;
    this.tellUndone(key, isWhole, place.logIndex ?? 0);
  }

  private partsOf(
    data: Readonly<{ amountFen: number; fundReturnedFen: number; cashRefundFen: number; legs: readonly Leg[] }>,
    place: Place,
    sign: 1 | -1,
  ): Parts {
    const { amountFen, fundReturnedFen: fundFen, cashRefundFen: cashFen, legs } = data;
    const accountFen = sign * payableFen(legs);
    const parts = { amountFen, fundFen, cashFen, accountFen };
    if (amountFen !== fundFen + cashFen + accountFen || accountFen < 0 || fundFen < 0 || cashFen < 0)
      this.tally.find('legs', place, AMOUNTS, { expected: `${amountFen} fen`, found: show(parts) });
    return parts;
  }

  private demandDate(businessDate: string, decidedAt: string, place: Place): void {
    const expected = dateOf(decidedAt);
    if (businessDate !== expected) this.tally.find('legs', place, DATE, { expected, found: businessDate });
  }

  private demandPayable(legs: readonly Leg[], institutionCode: string, place: Place): void {
    for (const leg of legs)
      if (isPayable(leg) && leg.account.slice('payable:'.length) !== institutionCode)
        this.tally.find('legs', place, WHOSE, { expected: `payable:${institutionCode}`, found: leg.account });
  }
}
