import type { MedicalAccountCommand, Posting } from './commands';
import { creditKey } from './commands';

/** The keys whose answers a decision depends on, the command's own first. */
export const keysOf = ({ type, data }: MedicalAccountCommand): string[] => {
  switch (type) {
    case 'SettleDue':
      return [];
    case 'PostSwipe':
      return data.replacesKey === null ? [data.key] : [data.key, data.replacesKey];
    case 'CancelSettlement':
      return [data.key, data.settlementKey];
    case 'ReverseSettlement':
      return [data.key, data.targetKey];
    case 'RegisterCard':
      return data.opening === null ? [data.key] : [data.key, creditKey('opening', data.opening.reference)];
    default:
      return [data.key];
  }
};

/** The further key that follows from what was found under one of them: what a reversal's target itself undid, as a cancellation or by replacing. */
export const keyAfter = ({ type, data }: MedicalAccountCommand, key: string, { original }: Posting): string | null => {
  if (type !== 'ReverseSettlement') return null;
  if (original.type === 'SettlementCancelled.v1') return original.data.settlementKey;
  return original.type === 'SwipeSettled.v1' && key === data.targetKey ? original.data.replacesKey : null;
};
