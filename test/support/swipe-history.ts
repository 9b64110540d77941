import { type FreezePlaced, type MedicalAccountEvent } from '#libs/medical-account';
import { T0 } from './account-fixture';

export const minutes = (n: number) => new Date(Date.parse(T0) + n * 60_000).toISOString();
export const days = (n: number) => minutes(n * 24 * 60);

export const frozen = (over: Partial<FreezePlaced['data']> = {}): FreezePlaced => ({
  type: 'FreezePlaced.v1',
  decidedAt: T0,
  data: {
    key: 'business-court-1',
    commandHash: 'h',
    freezeId: 'F1',
    scope: { kind: 'person' },
    cause: 'judicialFreeze',
    legalDocument: 'D1',
    from: T0,
    until: null,
    placedBy: 'court',
    ...over,
  },
});
export const onCard = (
  type: 'TemporaryLossReported.v1' | 'TemporaryLossLifted.v1',
  cardId = 'K1',
  decidedAt = T0,
): MedicalAccountEvent => ({
  type,
  decidedAt,
  data: { key: `business-${type}-${cardId}-${decidedAt}`, commandHash: 'h', cardId },
});
export const NO_KEY = { key: null, commandHash: null } as const;
export const stopped = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'agency', phase: null, effectiveAt: T0, reason: 'x' },
});
export const sealed = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'card stopped' },
});
export const cancelledCard = (cardId: string, successorCardId: string | null, decidedAt = T0): MedicalAccountEvent => ({
  type: 'CardCancelled.v1',
  decidedAt,
  data: { ...NO_KEY, cardId, cause: 'replaced', successorCardId, reason: 'successor card enabled' },
});
