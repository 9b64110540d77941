export * from './asked';
export * from './attempt';
export * from './closing';
export * from './codec';
export * from './command-form';
export * from './commands';
export { medicalAccount } from './decide';
export { EVENTS_BETWEEN_CLOSINGS_MAX } from './due';
export * from './events';
export { asksForSwipeBefore, type SwipeAsked, swipeBefore, withSwipeBefore } from './last-swipe';
export { handOverParts, isHandOver } from './persons/hand-over';
export * from './persons/records';
export { absorbRefusals, heldElsewhere, mergedInto, mergesUnderWay } from './persons/standing';
export { isStoppedBy, type PhaseStop, stopsBy } from './phase-stops';
export { policyAt } from './policy-at';
export * from './receipt';
export { REFUSALS } from './refusal-catalogue';
export type { AccountRefusal } from './refusals';
export { leftBy } from './relation-fold';
export * from './relation-in';
export { workingDayAfter } from './relation-transfer';
export {
  type AccountState,
  balanceFen,
  bucketFen,
  cardInUse,
  cardStateAt,
  cardStateNow,
  inForceAt,
  payingCard,
  subAccountFen,
} from './state';
export { cardKey, keysTakenOver } from './take-over';
export { postingOf } from './undone';
export * from './void';
