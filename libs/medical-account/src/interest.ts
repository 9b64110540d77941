import { businessDateOf, type Instant, interestOf } from '#libs/kernel';
import { carriedStateOf } from './closing';
import type { AccountFacts, AccountPolicy } from './commands';
import {
  BUCKETS,
  type Bucket,
  CARDLESS,
  type InterestPosted,
  type MedicalAccountEvent,
  type MedicalFen,
  type SubAccount,
  subAccount,
  type YearRolledOver,
} from './events';
import { foresee, rollOver } from './evolve';
import { legsOf, productThrough } from './ledger';
import { type AccountState, homeOf, locationOf, subAccountFen } from './state';

const holdersOf = (state: AccountState): readonly string[] => [...state.cards.keys(), CARDLESS];

/**
 * The year's interest up to a boundary, by sub-account and bucket, rounded half up to the fen; sealed money earns too.
 * Nothing when it comes to less than a fen everywhere. Units: fen, fen × days. Source: 国发〔1998〕44号; rates: the pack.
 */
export const interestThrough = (
  boundary: Instant,
  state: AccountState,
  decidedAt: Instant,
  { packId, interest }: AccountPolicy,
): InterestPosted[] => {
  const day = businessDateOf(boundary);
  const items = holdersOf(state).flatMap((cardId) =>
    BUCKETS.flatMap((bucket) => {
      const account = subAccount(cardId, bucket);
      const productFenDays = productThrough(state, account, day);
      const annualRate = bucket === 'currentYear' ? interest.currentYearAnnualRate : interest.priorYearAnnualRate;
      const interestFen: MedicalFen = interestOf(productFenDays, annualRate, interest.dayCount);
      return interestFen > 0 ? [{ account, productFenDays, annualRate, interestFen }] : [];
    }),
  );
  if (items.length === 0) return [];
  const totalFen = items.reduce((sum, { interestFen }) => sum + interestFen, 0);
  const legs = [
    ...legsOf(['fund:interest', -totalFen]),
    ...items.flatMap(({ account, interestFen }) => legsOf([earnedFor(account, state), interestFen])),
  ];
  return [{ type: 'InterestPosted.v1', decidedAt, data: { effectiveAt: boundary, packId, items, legs } }];
};

/** Money that has moved on since takes its interest along: none is left on a card that was replaced. */
const earnedFor = (account: SubAccount, state: AccountState): SubAccount => {
  const [, cardId, bucket] = account.split(':') as [string, string, Bucket];
  if (cardId !== CARDLESS) return subAccount(locationOf(state, cardId), bucket);
  return subAccountFen(state, CARDLESS) === 0 ? subAccount(homeOf(state), bucket) : account;
};

/**
 * One yearly rollover: interest first, then current-year money becomes prior-year money, then the closing carries the state.
 * Units: fen. Source: 当年/历年, N1; the day of the year: the pack.
 */
export const rolledOver = (
  boundary: Instant,
  state: AccountState,
  { decidedAt }: AccountFacts,
  policy: AccountPolicy,
): MedicalAccountEvent[] => {
  const interest = interestThrough(boundary, state, decidedAt, policy);
  const after = structuredClone(foresee(state, interest));
  const legs = holdersOf(after).flatMap((cardId) => {
    const current = subAccount(cardId, 'currentYear');
    const amountFen = after.balances.get(current) ?? 0;
    return legsOf([current, 0 - amountFen], [subAccount(cardId, 'priorYear'), amountFen]);
  });
  rollOver(after, legs, boundary);
  const year = +businessDateOf(boundary).slice(0, 4) - 1;
  const closing: YearRolledOver = {
    type: 'YearRolledOver.v1',
    decidedAt,
    data: { effectiveAt: boundary, year, legs, carried: carriedStateOf(after) },
  };
  return [...interest, closing];
};
