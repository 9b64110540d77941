import { businessDateOf, type Recorded } from '#libs/kernel';
import type { AccountFacts, Posting } from './commands';
import { type Bucket, type LedgerAccount, type MedicalLeg, type SettlementCancelled, type SwipeSettled, subAccount } from './events';
import { lastSwipeWithout } from './last-swipe';
import { legsOf } from './ledger';
import { inTransitOf } from './persons/hand-over';
import { heldElsewhere, locationOrHome } from './persons/standing';
import type { AccountRefusal } from './refusals';
import type { AccountState } from './state';
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
 * or the card's successor, and to the prior year when the year has been rolled over since. Where another account has the money of that card by
 * now, into transit to it, under the key of the undoing.
 */
export const returnLegs = (live: LiveSettlement, returnFen: number, state: AccountState, handOverId: string | null): MedicalLeg[] => {
  const { settled, undone } = live;
  if (returnFen === 0) return [];
  const to = destinationOf(live, state, handOverId);
  const payable = legsOf([`payable:${settled.data.institutionCode}`, -returnFen]);
  if (settled.decidedAt < state.rolledOverThrough) return [...legsOf([to('priorYear'), returnFen]), ...payable];

  let restFen = returnFen;
  const returns: MedicalLeg[] = [];
  for (const { account, amountFen } of settled.data.legs.toReversed()) {
    if (amountFen > 0) continue;
    const bucket: Bucket = account.endsWith(':currentYear') ? 'currentYear' : 'priorYear';
    const backFen = Math.min(restFen, 0 - amountFen - undone.byBucketFen[bucket]);
    restFen -= backFen;
    returns.push(...legsOf([to(bucket), backFen]));
  }
  return [...returns, ...payable];
};

/** The account that has the money of a settlement now, when that is not the one on which it stands. */
export const elsewhere = ({ settled }: LiveSettlement, state: AccountState): AccountRefusal[] => {
  const accountId = heldElsewhere(state, settled.data.cardId);
  return accountId === null ? [] : [{ code: 'settlement-with-another-account', accountId }];
};

/** Here, or into transit to the account that has the money now. @throws Error where no key names the hand-over: the rule has refused it. */
const destinationOf = (live: LiveSettlement, state: AccountState, handOverId: string | null): ((bucket: Bucket) => LedgerAccount) => {
  const { cardId } = live.settled.data;
  if (heldElsewhere(state, cardId) === null) {
    const home = locationOrHome(state, cardId);
    return (bucket) => subAccount(home, bucket);
  }
  if (handOverId === null) throw new Error('money of another account without a key to send it under');
  return (bucket) => inTransitOf(handOverId, cardId, bucket);
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
      lastSwipe: lastSwipeWithout(live.settled, live.undone, state),
      legs: returnLegs(live, left.accountFen, state, null),
    },
  };
};
