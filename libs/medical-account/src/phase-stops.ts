import { businessDateOf, type Instant, plusYears } from '#libs/kernel';
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

/** A card that was never swiped counts as inactive. */
export const isStoppedBy = (
  { at, cardKinds, inactiveYears }: PhaseStop,
  { kind, lastSwipedOn }: Pick<CardRecord, 'kind' | 'lastSwipedOn'>,
): boolean =>
  cardKinds.includes(kind) &&
  (inactiveYears === null || lastSwipedOn === null || lastSwipedOn <= plusYears(businessDateOf(at), -inactiveYears));
