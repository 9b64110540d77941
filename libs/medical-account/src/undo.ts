import { businessDateOf, type Recorded } from '#libs/kernel';
import type { AccountFacts, Posting } from './commands';
import { type Bucket, type MedicalLeg, type SettlementCancelled, type SwipeSettled, subAccount } from './events';
import { legsOf } from './ledger';
import type { AccountRefusal } from './refusals';
import { type AccountState, locationOf } from './state';
import { leftOf } from './undone';

export type LiveSettlement = Readonly<{ settled: Recorded<SwipeSettled>; undone: Posting['undone'] }>;

/** @returns the settlement that stands there, or undefined for anything else. */
export const settlementOf = (posting: Posting | undefined): LiveSettlement | undefined =>
  posting?.original.type === 'SwipeSettled.v1' ? { settled: posting.original, undone: posting.undone } : undefined;

/** After the institution has declared the month of a settlement for pay-out, only the agency undoes it. Source: monthly declaration, 医保局令第2号. */
export const declaredRefusals = ({ settled }: LiveSettlement, byAgency: boolean, { institution }: AccountFacts): AccountRefusal[] => {
  const declaredThrough = institution?.declaredThrough ?? null;
  if (byAgency || declaredThrough === null || settled.data.businessDate.slice(0, 7) > declaredThrough) return [];
  return [{ code: 'month-declared', declaredThrough }];
};

/**
 * Legs that give account money back: the last drawn first, without what was given back before; to the sub-account and bucket it came from,
 * or the card's successor, and to the prior year when the year has been rolled over since.
 */
export const returnLegs = ({ settled, undone }: LiveSettlement, returnFen: number, state: AccountState): MedicalLeg[] => {
  if (returnFen === 0) return [];
  const home = locationOf(state, settled.data.cardId);
  const payable = legsOf([`payable:${settled.data.institutionCode}`, -returnFen]);
  if (settled.decidedAt < state.rolledOverThrough) return [...legsOf([subAccount(home, 'priorYear'), returnFen]), ...payable];

  let restFen = returnFen;
  const returns: MedicalLeg[] = [];
  for (const { account, amountFen } of settled.data.legs.toReversed()) {
    if (amountFen > 0) continue;
    const bucket: Bucket = account.endsWith(':currentYear') ? 'currentYear' : 'priorYear';
    const backFen = Math.min(restFen, 0 - amountFen - undone.byBucketFen[bucket]);
    restFen -= backFen;
    returns.push(...legsOf([subAccount(home, bucket), backFen]));
  }
  return [...returns, ...payable];
};

/** The cancellation of all that is left, for a settlement that is replaced in the same append: the replacing one carries the key. */
export const replaced = (
  live: LiveSettlement,
  institutionCode: string,
  state: AccountState,
  { decidedAt }: AccountFacts,
): SettlementCancelled => {
  const left = leftOf(live.settled, live.undone);
  return {
    type: 'SettlementCancelled.v1',
    decidedAt,
    data: {
      key: null,
      commandHash: null,
      institutionCode,
      serial: null,
      settlementKey: live.settled.data.key,
      reason: 'replaced',
      note: null,
      businessDate: businessDateOf(decidedAt),
      amountFen: left.amountFen,
      fundReturnedFen: left.fundFen,
      cashRefundFen: left.cashFen,
      legs: returnLegs(live, left.accountFen, state),
    },
  };
};
