import { type BusinessDate, businessDateOf, type Instant, plusYears } from '#libs/kernel';
import type { AccountFacts, AccountPolicy } from './commands';
import type { CardRecord } from './events';
import { policyAt } from './policy-at';

export type PhaseStop = AccountPolicy['cardStops'][number];

/** The phases that have begun, each by the pack that was in force when it did. Source: Q2, Q3. */
export const stopsBy = (policies: AccountFacts['policies'], at: Instant): PhaseStop[] => {
  let stops = stopsOfPolicies.get(policies);
  if (stops === undefined) {
    stops = policies.flatMap((policy) => policy.cardStops.filter((stop) => policyAt(policies, stop.at) === policy));
    stopsOfPolicies.set(policies, stops);
  }
  return stops.filter((stop) => stop.at <= at);
};
const stopsOfPolicies = new WeakMap<AccountFacts['policies'], PhaseStop[]>(); // Asked with every swipe, of the same packs.

/** What a card's inactivity is counted from. */
export type Activity = Pick<CardRecord, 'kind' | 'lastSwipedOn'> & Readonly<{ registeredOn: BusinessDate }>;
export const activityOf = ({ kind, lastSwipedOn, timeline }: CardRecord): Activity => ({
  kind,
  lastSwipedOn,
  registeredOn: businessDateOf(timeline[0]?.from ?? ''),
});

/** A card without a known swipe is inactive, or, by pack, counted from the day on which it was registered here. */
export const isStoppedBy = (
  { at, cardKinds, inactiveYears, neverSwiped = 'inactive' }: PhaseStop,
  { kind, lastSwipedOn, registeredOn }: Activity,
): boolean => {
  if (!cardKinds.includes(kind)) return false;
  const activeOn = lastSwipedOn ?? (neverSwiped === 'inactive' ? null : registeredOn);
  return inactiveYears === null || activeOn === null || activeOn <= plusYears(businessDateOf(at), -inactiveYears);
};
