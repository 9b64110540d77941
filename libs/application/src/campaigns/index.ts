export { cardPages, type StopReason } from './judge';
export { type Plan, type PlannedCards, type PlannedGroup, type PlannedStop, PlanTally } from './plan';
export { type RunCounts, RunTally } from './run';
export { type CardsAndMoney, type PhaseStatus, StatusTally } from './status';
