import { creditKey, type MedicalAccountCommand, type Posting, pinVerdictKey } from './commands';

/** The keys whose answers a decision depends on, the command's own first. */
export const keysOf = ({ type, data }: MedicalAccountCommand): string[] => {
  if (type === 'SettleDue') return [];
  if (type === 'PostSwipe' && data.replacesKey !== null) return [data.key, data.replacesKey];
  if (type === 'CancelSettlement') return [data.key, data.settlementKey];
  if (type === 'ReverseSettlement') return [data.key, data.targetKey];
  if (type === 'ReceiveHandOver') return [data.key, data.handOverId];
  if (type === 'RegisterCard' && data.opening !== null) return [data.key, creditKey('opening', data.opening.reference)];
  if (type === 'ReportPinVerdict') return [data.key, pinVerdictKey(data.cardId, data.reference)];
  return [data.key];
};

/** The further key that follows from what was found under one of them: what a reversal's target itself undid, as a cancellation or by replacing. */
export const keyAfter = ({ type, data }: MedicalAccountCommand, key: string, { original }: Posting): string | null => {
  // Whether the year of a settlement has ended since tells to which bucket its refund goes.
  const isUndoing = original.type === 'SettlementCancelled.v1' || original.type === 'SettlementReversed.v1';
  if (type === 'ReceiveHandOver' && original.type === 'RefundReceived.v1') return original.data.handOverId; // Passed on: what it came from.
  if (type === 'ReceiveHandOver') return isUndoing ? original.data.settlementKey : null;
  if (type !== 'ReverseSettlement') return null;
  if (original.type === 'SettlementCancelled.v1') return original.data.settlementKey;
  return original.type === 'SwipeSettled.v1' && key === data.targetKey ? original.data.replacesKey : null;
};
