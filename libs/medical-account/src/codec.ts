import type { Instant, Recorded } from '#libs/kernel';
import type {
  CancellationReason,
  CardKind,
  CardMedium,
  CardRecord,
  CardState,
  CarriedState,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  FreezeRecord,
  FreezeScope,
  HolderCheckMethod,
  InsuranceType,
  InterestPosted,
  MedicalAccountEvent,
  MedicalCategory,
  PaymentMode,
} from './events';
import {
  amount,
  count,
  day,
  flag,
  instant,
  legs,
  listOf,
  nullable,
  oneOf,
  type Parse,
  pairsOf,
  record,
  subAccountName,
  text,
  texts,
} from './parse';

const keyed = { key: text, commandHash: text };
const maybeKeyed = { key: nullable(text), commandHash: nullable(text) };

const insuranceType = oneOf<InsuranceType>({ employee: true, resident: true });
const cardMedium = oneOf<CardMedium>({ stripe: true, memory: true, contactChip: true, contactless: true, qr: true });
const cardKind = oneOf<CardKind>({
  labourSecurity: true,
  residentMedical: true,
  medicalInsurance: true,
  socialSecurity2: true,
  socialSecurity3: true,
  temporary: true,
});
const cardState = oneOf<CardState>({ registered: true, inUse: true, temporarilyLost: true, stopped: true, cancelled: true });
const channel = oneOf<EnablementChannel>({ bankOutlet: true, hotline: true, centre: true, proxy: true, batch: true, firstSwipe: true });
const credentialKind = oneOf<CredentialKind>({ eCredential: true, identityCard: true, socialSecurityCard: true });
const freezeCause = oneOf<FreezeCause>({
  settlementSuspension: true,
  precautionarySuspension: true,
  judicialFreeze: true,
  death: true,
  duplicateInsurance: true,
  contributionArrears: true,
});
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

const kindOfScope = oneOf<FreezeScope['kind']>({ person: true, cardArea: true, subAccount: true, amount: true });
const scope: Parse<FreezeScope> = (value, at) => {
  const kind = kindOfScope((value as { kind?: unknown } | null)?.kind, `${at}.kind`);
  if (kind === 'person') return record<{ kind: 'person' }>({ kind: oneOf({ person: true }) })(value, at);
  if (kind === 'amount')
    return record<Extract<FreezeScope, { kind: 'amount' }>>({ kind: oneOf({ amount: true }), amountFen: amount })(value, at);
  return record<Extract<FreezeScope, { cardId: string }>>({ kind: oneOf({ cardArea: true, subAccount: true }), cardId: text })(value, at);
};

const cardRecord = record<CardRecord>({
  kind: cardKind,
  media: listOf(cardMedium),
  carriesPersonalAccount: flag,
  lastSwipedOn: nullable(day),
  timeline: listOf(record<CardRecord['timeline'][number]>({ from: instant, state: cardState })),
  sealed: flag,
  successorCardId: nullable(text),
  registeredAtRevision: count,
});
const freezeRecord = record<FreezeRecord>({
  scope,
  cause: freezeCause,
  legalDocument: text,
  from: instant,
  until: nullable(instant),
  endedAt: nullable(instant),
});
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
  rolledOverThrough: instant,
});

type Data = { [T in MedicalAccountEvent['type']]: Parse<Extract<MedicalAccountEvent, { type: T }>['data']> };

const undoing = { businessDate: day, amountFen: amount, fundReturnedFen: amount, cashRefundFen: amount, legs, note: nullable(text) };

/** One row a stored type; the newest form of an event is what a row returns, so older forms end here. */
const DATA: Data = {
  'AccountOpened.v1': record({
    ...keyed,
    accountId: text,
    personId: text,
    poolingArea: text,
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
  }),
  'CardEnabled.v1': record({ ...maybeKeyed, cardId: text, channel, financialAreaActivated: flag }),
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
  'SubAccountSealed.v1': record({ ...maybeKeyed, cardId: text, cause: oneOf({ cardStopped: true, agency: true }), reason: text }),
  'SubAccountUnsealed.v1': record({ ...maybeKeyed, cardId: text, cause: oneOf({ successorEnabled: true, agency: true }), reason: text }),
  'BalanceTransferred.v1': record({
    ...maybeKeyed,
    legs,
    fromCardId: text,
    toCardId: text,
    cause: oneOf({ enablement: true, firstSwipe: true, agency: true }),
    amountFen: amount,
    wasSealed: flag,
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
  'SwipeSettled.v1': record({
    ...keyed,
    legs,
    settlementId: text,
    institutionCode: text,
    serial: text,
    entry: oneOf({ online: true, late: true }),
    lateReason: nullable(text),
    approval: nullable(text),
    occurredAt: instant,
    businessDate: day,
    credentialKind,
    cardId: text,
    insuranceType,
    medicalCategory: category,
    visitNo: nullable(text),
    chargeBatchNo: nullable(text),
    invoiceNo: nullable(text),
    totalFeeFen: amount,
    fundPaidFen: amount,
    accountEligibleFen: amount,
    payment,
    hasPersonalAccount: flag,
    cashPaymentFen: amount,
    balanceBeforeFen: amount,
    holderCheck: record({ method: checkMethod, reference: nullable(text) }),
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
    serial: nullable(text),
    settlementKey: text,
    settlementId: text,
    reason,
  }),
  'SettlementReversed.v1': record({ ...keyed, ...undoing, institutionCode: text, serial: text, settlementKey: text, settlementId: text }),
  'CancellationReversed.v1': record({
    ...maybeKeyed,
    ...undoing,
    institutionCode: text,
    serial: nullable(text),
    cancellationKey: text,
    settlementKey: text,
    receivableFen: amount,
  }),
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

export const ACCOUNT_EVENT_TYPES = Object.keys(DATA) as readonly MedicalAccountEvent['type'][];

type Undated<E> = E extends unknown ? Omit<E, 'decidedAt'> : never;
const isAccountEventType = (type: string): type is MedicalAccountEvent['type'] => Object.hasOwn(DATA, type);

/**
 * Reads the stored data of an account event: every member by name and form.
 * @throws Error on an unknown type and on data that is not of its form: a newer engine wrote it, or the log is damaged; the reader must stop.
 */
export const decodeAccountEvent = (type: string, data: unknown): Undated<MedicalAccountEvent> => {
  if (!isAccountEventType(type)) throw new Error(`stored event: unknown type ${type}`);
  return { type, data: DATA[type](data, type) } as Undated<MedicalAccountEvent>;
};

type Stored = Readonly<{ id: string; stream: string; revision: number; type: string; decidedAt: Instant; data: unknown }>;

/** The same for a whole envelope, as the fold wants it. */
export const recordedAccountEvent = ({ id, stream, revision, type, decidedAt, data }: Stored): Recorded<MedicalAccountEvent> => ({
  ...decodeAccountEvent(type, data),
  decidedAt,
  id,
  stream,
  revision,
});
