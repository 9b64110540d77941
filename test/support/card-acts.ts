import { medicalFen as f, type MedicalAccountCommand, type MedicalAccountEvent, subAccount } from '#libs/medical-account';
import { CURRENT, leg, opened, PRIOR, T0 } from './account-fixture';

export const NO_KEY = { key: null, commandHash: null } as const;
export const keyed = { key: 'business-agency-7', commandHash: 'c' };
export const reason = 'asked for';
/** The same event under an earlier number: the number of the command is new. */
export const before = <E extends MedicalAccountEvent>(event: E): E => ({
  ...event,
  data: { ...event.data, key: `business-before-${event.type}` },
});
export const act = <T extends 'StopCard' | 'SealSubAccount' | 'UnsealSubAccount' | 'ReportTemporaryLoss' | 'LiftTemporaryLoss'>(
  type: T,
  cardId = 'K1',
) => ({ type, data: { ...keyed, cardId, ...(type.endsWith('Loss') ? {} : { reason }) } }) as Extract<MedicalAccountCommand, { type: T }>;

export const sealed = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'card stopped' },
});
export const unsealed = (cardId: string, cause: 'successorEnabled' | 'agency', why: string): MedicalAccountEvent => ({
  type: 'SubAccountUnsealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause, reason: why },
});
export const stopped = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt: T0,
  data: { ...keyed, cardId, cause: 'agency', phase: null, effectiveAt: T0, reason },
});
export const lost: MedicalAccountEvent = { type: 'TemporaryLossReported.v1', decidedAt: T0, data: { ...keyed, cardId: 'K1' } };
export const cancelledCard = (
  over: Partial<Extract<MedicalAccountEvent, { type: 'CardCancelled.v1' }>['data']> = {},
): MedicalAccountEvent => ({
  type: 'CardCancelled.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId: 'K1', cause: 'replaced', successorCardId: 'K2', reason: 'successor card enabled', ...over } as never,
});
export const moved = (
  over: Partial<Extract<MedicalAccountEvent, { type: 'BalanceTransferred.v1' }>['data']>,
  ...legs: ReturnType<typeof leg>[]
): MedicalAccountEvent => ({
  type: 'BalanceTransferred.v1',
  decidedAt: T0,
  data: {
    ...NO_KEY,
    fromCardId: 'K1',
    toCardId: 'K2',
    cause: 'enablement',
    amountFen: f(5000),
    wasSealed: false,
    effectiveAt: null,
    legs,
    ...over,
  } as never,
});
export const toK2 = [
  leg(CURRENT, -3000),
  leg(subAccount('K2', 'currentYear'), 3000),
  leg(PRIOR, -2000),
  leg(subAccount('K2', 'priorYear'), 2000),
];
export const resident: MedicalAccountEvent = { ...opened, data: { ...opened.data, insuranceType: 'resident', hasPersonalAccount: false } };
