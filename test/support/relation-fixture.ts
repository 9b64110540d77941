import type { RemitRelationTransfer, RequestRelationTransfer } from '#libs/medical-account';
import { type AccountPolicy, businessKey, medicalFen as f, inTransit, type MedicalAccountEvent } from '#libs/medical-account';
import { CURRENT, facts, leg, PRIOR, policy, T0 } from './account-fixture';

type Terms = NonNullable<AccountPolicy['relationTransfer']>;
export const TERMS: Terms = {
  legalBasis: '医保办发〔2021〕43号',
  insuranceTypes: ['employee'],
  holderStatuses: ['active', 'stopped'],
  remitDays: 10,
  creditDays: 5,
  paysUntil: 'remittance',
  sealedGoesAlong: true,
  alsoBarredBy: ['death'],
  creditsTo: 'asInFile',
  lapsesAfterDays: null,
};
export const offering = (over: Partial<Terms> = {}, more: Partial<AccountPolicy> = {}) =>
  facts({ policies: [policy({ relationTransfer: { ...TERMS, ...over }, ...more })] });
export const later = (decidedAt: string, over: Partial<Terms> = {}) => ({ ...offering(over), decidedAt });
export const keyed = (n: string) => ({ key: businessKey('agency', n), commandHash: `h-${n}` });
export const T1 = inTransit('T1');

export const request = (over: Partial<RequestRelationTransfer['data']> = {}): RequestRelationTransfer => ({
  type: 'RequestRelationTransfer',
  data: { ...keyed('request'), transferId: 'T1', toPoolingArea: '320100', holderStatus: 'active', ...over },
});
export const requested = (over: object = {}): MedicalAccountEvent => ({
  type: 'RelationTransferRequested.v1',
  decidedAt: T0,
  data: {
    ...request().data,
    followsTransferId: null,
    legalBasis: TERMS.legalBasis,
    packId: 'P1',
    paysUntil: 'remittance',
    remitBy: '2026-03-13',
    isProvisional: false,
    lapsesAt: null,
    ...over,
  },
});
export const remit = (over: Partial<RemitRelationTransfer['data']> = {}): RemitRelationTransfer => ({
  type: 'RemitRelationTransfer',
  data: { ...keyed('remit'), transferId: 'T1', batchReference: 'B-1', ...over },
});
export const remitted = (over: object = {}): MedicalAccountEvent => ({
  type: 'RelationTransferRemitted.v1',
  decidedAt: T0,
  data: {
    ...remit().data,
    toPoolingArea: '320100',
    amountFen: f(5000),
    legalBasis: TERMS.legalBasis,
    packId: 'P1',
    confirmBy: '2026-03-06',
    isProvisional: false,
    legs: [leg(CURRENT, -3000), leg(PRIOR, -2000), leg(T1, 5000)],
    ...over,
  },
});
export const confirm = (amountFen = 5000, n = 'confirm') =>
  ({ type: 'ConfirmRelationTransfer', data: { ...keyed(n), transferId: 'T1', amountFen: f(amountFen), confirmation: 'C-9' } }) as const;
export const confirmed: MedicalAccountEvent = {
  type: 'RelationTransferConfirmed.v1',
  decidedAt: T0,
  data: { ...confirm().data, legs: [leg(T1, -5000), leg('fund:transferOut', 5000)] },
};
export const giveBack = (amountFen = 5000, n = 'return') =>
  ({ type: 'ReturnRelationTransfer', data: { ...keyed(n), transferId: 'T1', amountFen: f(amountFen), reason: '账户不符' } }) as const;
export const returned = (...legs: ReturnType<typeof leg>[]): MedicalAccountEvent => ({
  type: 'RelationTransferReturned.v1',
  decidedAt: T0,
  data: { ...giveBack().data, legs: [leg(T1, -5000), ...legs] },
});
export const frozen = (cause: 'judicialFreeze' | 'death' | 'contributionArrears', over: object = {}): MedicalAccountEvent => ({
  type: 'FreezePlaced.v1',
  decidedAt: T0,
  data: {
    ...keyed(`freeze-${cause}`),
    freezeId: cause,
    scope: { kind: 'person' },
    cause,
    legalDocument: 'D',
    from: T0,
    until: null,
    placedBy: 'agency',
    ...over,
  },
});
