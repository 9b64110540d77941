export { type LogEntry, type ReplayReport, replayLog } from './replay';
export * from './verify/checks';
export type { StoredClaim } from './verify/claims';
export type { LogRow } from './verify/entry';
export { type AuditOptions, LogAudit, type PackRules } from './verify/log-audit';
export { type PayableDay, PayableDays } from './verify/payable-days';
