export * from './campaigns';
export { issueOwedVouchers } from './card-service/issue-owed-vouchers';
export * from './engine';
export * from './envelope';
export * from './event-store.port';
export { hmacSha256 } from './keyed-hash';
export { CATALOGUE, type EngineParts, makeEngine } from './make-engine';
export * from './read-models.port';
export { APPLICATION_REFUSALS, type ApplicationRefusal } from './refusals';
export { creditWaitingTransfers } from './relation-transfers/credit-waiting';
export {
  demandFitting,
  type ManualClock,
  type ManualClockSet,
  manualClockDecider,
  NoSimulation,
  openManualClock,
  SIMULATION_STREAM,
  type SimulationWish,
  simulationStartOf,
} from './simulation/manual-clock';
export * from './streams/command-identity';
export type { Time } from './streams/request';
export { envelopeOf } from './streams/stored-form';
export { Unavailable, type UnavailableCause } from './unavailable';
export * from './vault.port';
