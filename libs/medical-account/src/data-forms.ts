import { cardKind, cardMedium, cardRecord, issue, place, proxy } from './card-forms';
import {
  type CancellationReason,
  type CarriedState,
  type CredentialKind,
  type EnablementChannel,
  type HolderCheckMethod,
  type InsuranceType,
  type InterestPosted,
  type LastSwipe,
  type MedicalAccountEvent,
  type MedicalCategory,
  medicalFen,
  type PaymentMode,
  type SwipeSettled,
} from './events';
import {
  amount,
  count,
  day,
  type Form,
  flag,
  instant,
  legs,
  listOf,
  nullable,
  oneOf,
  pairsOf,
  record,
  subAccountName,
  text,
  texts,
  usually,
} from './form';
import { freezeCause, freezeRecord, scope } from './freeze-forms';
import { personForms, succession } from './persons/forms';
import { inTransitMoney, RELATION_DATA, relationTransfers } from './relation-forms';

const NONE = medicalFen(0);
/** The sub-account that a swipe drew on stands in its legs, and beside them only where it paid nothing. */
export const IN_LEGS = '';

const keyed = { key: text, commandHash: text };
const maybeKeyed = { key: nullable(text), commandHash: nullable(text) };

const insuranceType = oneOf<InsuranceType>({ employee: true, resident: true });
const channel = oneOf<EnablementChannel>({
  bankOutlet: true,
  hotline: true,
  centre: true,
  proxy: true,
  guardian: true,
  batch: true,
  firstSwipe: true,
});
const credentialKind = oneOf<CredentialKind>({ eCredential: true, identityCard: true, socialSecurityCard: true });
const payment = oneOf<PaymentMode>({ upToBalance: true, full: true, none: true });
const checkMethod = oneOf<HolderCheckMethod>({ password: true, passwordNotUsed: true, identityVerified: true, signature: true });
const reason = oneOf<CancellationReason>({
  returnGoods: true,
  priceError: true,
  wrongHolder: true,
  wrongCategory: true,
  duplicate: true,
  replaced: true,
});
const category = oneOf<MedicalCategory>({
  outpatient: true,
  registration: true,
  emergency: true,
  designatedDisease: true,
  inpatient: true,
  pharmacyPurchase: true,
  maternity: true,
  physicalExamination: true,
});

type HolderCheck = SwipeSettled['data']['holderCheck'];
/** Nearly always a method alone: then it stands as that. */
const evidenced = record<HolderCheck>({ method: checkMethod, reference: text });
const holderCheck: Form<HolderCheck> = {
  read: (value, at) => (typeof value === 'string' ? { method: checkMethod.read(value, at), reference: null } : evidenced.read(value, at)),
  write: (check) => (check.reference === null ? check.method : check),
};

const carried = record<CarriedState>({
  accountId: text,
  personId: text,
  poolingArea: text,
  insuranceType,
  hasPersonalAccount: flag,
  openedAt: instant,
  balances: pairsOf(subAccountName, amount),
  receivableFen: amount,
  products: pairsOf(subAccountName, record<CarriedState['products'][number][1]>({ fenDays: count, through: day })),
  cards: pairsOf(text, cardRecord),
  freezes: pairsOf(text, freezeRecord),
  succession: nullable(succession),
  rolledOverThrough: instant,
  relationTransfers,
  inTransit: inTransitMoney,
});

type DataOf<T extends MedicalAccountEvent['type']> = Extract<MedicalAccountEvent, { type: T }>['data'];
type Derived = 'serial' | 'businessDate';
/** Settlement serials and business dates follow from key and time of the decision: they are not written. */
type Rows = { [T in MedicalAccountEvent['type']]: Form<DataOf<T> extends Settled ? Omit<DataOf<T>, Derived> : DataOf<T>> };
export type Settled = Readonly<{ key: string | null; serial: string | null; businessDate: string }>;

const undoing = {
  amountFen: amount,
  fundReturnedFen: usually(amount, NONE),
  cashRefundFen: usually(amount, NONE),
  legs,
  note: nullable(text),
  lastSwipe: nullable(record<LastSwipe>({ cardId: text, on: nullable(day) })),
};

/** One row a stored type; the newest form of an event is what a row returns, so older forms end here. */
export const DATA: Rows = {
  'AccountOpened.v1': record({
    ...keyed,
    accountId: text,
    personId: text,
    poolingArea: text,
    district: usually(nullable(text), null),
    insuranceType,
    hasPersonalAccount: flag,
    commitments: texts,
    packId: text,
  }),
  'AccountCredited.v1': record({
    ...keyed,
    legs,
    source: oneOf({ contribution: true, retiree: true, correction: true, transferIn: true, opening: true }),
    reference: text,
    period: nullable(text),
    cardId: text,
    legalBasis: nullable(text),
  }),
  'AccountCorrected.v1': record({ ...keyed, legs, amountFen: amount, receivableFen: amount, cardId: text, legalBasis: text, reason: text }),
  'CardRegistered.v1': record({
    ...keyed,
    cardId: text,
    kind: cardKind,
    media: listOf(cardMedium),
    carriesPersonalAccount: flag,
    state: oneOf({ registered: true, inUse: true }),
    lastSwipedOn: nullable(day),
    commitments: texts,
    issue: nullable(issue),
    expiresAt: nullable(instant),
  }),
  'CardEnabled.v1': record({ ...maybeKeyed, cardId: text, channel, financialAreaActivated: flag, proxy: nullable(proxy) }),
  'CardStopped.v1': record({
    ...maybeKeyed,
    cardId: text,
    cause: oneOf({ phase: true, agency: true }),
    phase: nullable(text),
    effectiveAt: instant,
    reason: text,
  }),
  'CardCancelled.v1': record({
    ...maybeKeyed,
    cardId: text,
    cause: oneOf({ replaced: true, agency: true, holder: true }),
    successorCardId: nullable(text),
    reason: text,
  }),
  'TemporaryLossReported.v1': record({ ...keyed, cardId: text }),
  'TemporaryLossLifted.v1': record({ ...keyed, cardId: text }),
  'CardRestored.v1': record({ cardId: text, effectiveAt: instant }),
  'CardRetained.v1': record({ ...keyed, cardId: text, place: text }),
  'CardReturned.v1': record({ ...keyed, cardId: text, identityCheck: text }),
  'FormalLossReported.v1': record({ ...keyed, cardId: text, identityCheck: text }),
  'FormalLossLifted.v1': record({ ...keyed, cardId: text, identityCheck: text }),
  'CardExpired.v1': record({ cardId: text, effectiveAt: instant }),
  'CardCollected.v1': record({ ...keyed, cardId: text, place: text }),
  'CardDestroyed.v1': record({ ...keyed, cardId: text, batch: text }),
  'FinancialAreaReported.v1': record({ ...maybeKeyed, cardId: text, active: flag }),
  'FinancialAreaLossReported.v1': record({ ...keyed, cardId: text }),
  'FinancialAreaLossLifted.v1': record({ ...keyed, cardId: text }),
  'FinancialAreaRestored.v1': record({ cardId: text, effectiveAt: instant }),
  'PinVerdictReported.v1': record({ ...keyed, cardId: text, verdict: oneOf({ right: true, wrong: true }), reference: text }),
  'PinLocked.v1': record({ cardId: text, wrong: count }),
  'PinUnlocked.v1': record({ ...keyed, cardId: text, cause: oneOf({ unlock: true, reset: true }), identityCheck: text }),
  'SubAccountSealed.v1': record({
    ...maybeKeyed,
    cardId: text,
    cause: oneOf({ cardStopped: true, cardLost: true, cardExpired: true, transferDeferred: true, agency: true }),
    reason: text,
  }),
  'SubAccountUnsealed.v1': record({
    ...maybeKeyed,
    cardId: text,
    cause: oneOf({ successorEnabled: true, cardFound: true, agency: true }),
    reason: text,
  }),
  'TransferDeferred.v1': record({ cardId: text, toCardId: text, until: nullable(instant), place: nullable(place) }),
  'SubAccountShared.v1': record({ cardId: text, withCardId: text }),
  'BalanceTransferred.v1': record({
    ...maybeKeyed,
    legs,
    fromCardId: text,
    toCardId: text,
    cause: oneOf({ enablement: true, firstSwipe: true, agency: true, batch: true, application: true, phase: true }),
    amountFen: amount,
    wasSealed: flag,
    effectiveAt: nullable(instant),
  }),
  'FreezePlaced.v1': record({
    ...keyed,
    freezeId: text,
    scope,
    cause: freezeCause,
    legalDocument: text,
    from: instant,
    until: nullable(instant),
    placedBy: text,
  }),
  'FreezeLifted.v1': record({ ...keyed, freezeId: text, reason: text, liftedBy: text }),
  'FreezeEnded.v1': record({ freezeId: text, effectiveAt: instant }),
  ...personForms(freezeRecord),
  'SwipeSettled.v1': record({
    ...keyed,
    legs,
    institutionCode: text,
    entry: usually(oneOf({ online: true, late: true }), 'online'),
    lateReason: nullable(text),
    approval: nullable(text),
    occurredAt: instant,
    credentialKind: usually(credentialKind, 'socialSecurityCard'),
    cardId: usually(text, IN_LEGS),
    presentedCardId: nullable(text),
    insuranceType: usually(insuranceType, 'employee'),
    medicalCategory: category,
    visitNo: nullable(text),
    chargeBatchNo: nullable(text),
    invoiceNo: nullable(text),
    totalFeeFen: amount,
    fundPaidFen: usually(amount, NONE),
    accountEligibleFen: amount,
    payment: usually(payment, 'upToBalance'),
    hasPersonalAccount: usually(flag, true),
    cashPaymentFen: usually(amount, NONE),
    balanceBeforeFen: amount,
    holderCheck,
    operatorCode: text,
    terminalCode: text,
    agreementRevision: count,
    packId: text,
    linesHash: nullable(text),
    replacesKey: nullable(text),
  }),
  'SettlementCancelled.v1': record({
    ...maybeKeyed,
    ...undoing,
    institutionCode: text,
    settlementKey: text,
    reason,
  }),
  'SettlementReversed.v1': record({ ...keyed, ...undoing, institutionCode: text, settlementKey: text }),
  'CancellationReversed.v1': record({
    ...maybeKeyed,
    ...undoing,
    institutionCode: text,
    cancellationKey: text,
    settlementKey: text,
    receivableFen: amount,
  }),
  ...RELATION_DATA,
  'InterestPosted.v1': record({
    legs,
    effectiveAt: instant,
    packId: text,
    items: listOf(
      record<InterestPosted['data']['items'][number]>({
        account: subAccountName,
        productFenDays: count,
        annualRate: text,
        interestFen: amount,
      }),
    ),
  }),
  'YearRolledOver.v1': record({ legs, effectiveAt: instant, year: count, carried }),
  'AccountCarriedForward.v1': record({ carried }),
};
