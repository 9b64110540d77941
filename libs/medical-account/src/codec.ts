import { businessDateOf, type Instant, type Json, type Recorded } from '#libs/kernel';
import {
  type CancellationReason,
  type CardKind,
  type CardMedium,
  type CardRecord,
  type CardState,
  type CarriedState,
  type CredentialKind,
  type EnablementChannel,
  type FreezeCause,
  type FreezeRecord,
  type FreezeScope,
  type HolderCheckMethod,
  type InsuranceType,
  type InterestPosted,
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
  wrong,
} from './form';

const NONE = medicalFen(0);
/** The sub-account that a swipe drew on stands in its legs, and beside them only where it paid nothing. */
const IN_LEGS = '';

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

type HolderCheck = SwipeSettled['data']['holderCheck'];
const kindOfScope = oneOf<FreezeScope['kind']>({ person: true, cardArea: true, subAccount: true, amount: true });
const onPerson = record<Extract<FreezeScope, { kind: 'person' }>>({ kind: oneOf({ person: true }) });
const onAmount = record<Extract<FreezeScope, { kind: 'amount' }>>({ kind: oneOf({ amount: true }), amountFen: amount });
const onCard = record<Extract<FreezeScope, { cardId: string }>>({ kind: oneOf({ cardArea: true, subAccount: true }), cardId: text });
const scope: Form<FreezeScope> = {
  read: (value, at) => {
    const kind = kindOfScope.read((value as { kind?: unknown } | null)?.kind, `${at}.kind`);
    return (kind === 'person' ? onPerson : kind === 'amount' ? onAmount : onCard).read(value, at);
  },
};

/** Nearly always a method alone: then it stands as that. */
const evidenced = record<HolderCheck>({ method: checkMethod, reference: text });
const holderCheck: Form<HolderCheck> = {
  read: (value, at) => (typeof value === 'string' ? { method: checkMethod.read(value, at), reference: null } : evidenced.read(value, at)),
  write: (check) => (check.reference === null ? check.method : check),
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

type DataOf<T extends MedicalAccountEvent['type']> = Extract<MedicalAccountEvent, { type: T }>['data'];
type Derived = 'serial' | 'businessDate';
/** Settlement serials and business dates follow from key and time of the decision: they are not written. */
type Rows = { [T in MedicalAccountEvent['type']]: Form<DataOf<T> extends Settled ? Omit<DataOf<T>, Derived> : DataOf<T>> };
type Settled = Readonly<{ key: string | null; serial: string | null; businessDate: string }>;
const SETTLED: ReadonlySet<string> = new Set([
  'SwipeSettled.v1',
  'SettlementCancelled.v1',
  'SettlementReversed.v1',
  'CancellationReversed.v1',
]);

const undoing = {
  amountFen: amount,
  fundReturnedFen: usually(amount, NONE),
  cashRefundFen: usually(amount, NONE),
  legs,
  note: nullable(text),
};

/** One row a stored type; the newest form of an event is what a row returns, so older forms end here. */
const DATA: Rows = {
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
    institutionCode: text,
    entry: usually(oneOf({ online: true, late: true }), 'online'),
    lateReason: nullable(text),
    approval: nullable(text),
    occurredAt: instant,
    credentialKind: usually(credentialKind, 'socialSecurityCard'),
    cardId: usually(text, IN_LEGS),
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

/** What follows from a settlement's key and the time of its decision. @throws Error on a key of another kind. */
export const derivedOf = (key: string | null, decidedAt: Instant): Readonly<{ serial: string | null; businessDate: string }> => ({
  serial: key === null ? null : serialIn(key),
  businessDate: businessDateOf(decidedAt),
});
const serialIn = (key: string): string => {
  const from = key.indexOf('-', 'settlement-'.length) + 1;
  return key.startsWith('settlement-') && from > 0 ? key.slice(from) : wrong('key', "a settlement's");
};

/** The card whose sub-account the legs name. */
const cardIn = (all: SwipeSettled['data']['legs']): string | undefined => {
  const named = all.find(({ account }) => account.startsWith('subAccount:'))?.account;
  return named?.slice('subAccount:'.length, named.lastIndexOf(':'));
};
const drawnOn = ({ cardId, legs: all }: SwipeSettled['data']): string => {
  const named = cardIn(all);
  if (cardId === IN_LEGS) return named ?? wrong('SwipeSettled.v1.cardId', 'text');
  return named === cardId ? wrong('SwipeSettled.v1.cardId', 'left out') : cardId;
};

/**
 * Reads the stored data of an account event: every member by name and form.
 * @throws Error on an unknown type and on data that is not of its form: a newer engine wrote it, or the log is damaged; the reader must stop.
 */
export const decodeAccountEvent = (type: string, stored: unknown, decidedAt: Instant): Undated<MedicalAccountEvent> => {
  if (!isAccountEventType(type)) throw new Error(`stored event: unknown type ${type}`);
  const data = DATA[type].read(stored, type);
  if (type === 'SwipeSettled.v1') Object.assign(data, { cardId: drawnOn(data as SwipeSettled['data']) });
  if (SETTLED.has(type)) Object.assign(data, derivedOf((data as unknown as Settled).key, decidedAt));
  return { type, data } as Undated<MedicalAccountEvent>;
};

/** The short form that is stored. @throws Error when it would not read back as the same event: a bug. */
export const encodeAccountEvent = ({ type, data, decidedAt }: MedicalAccountEvent): Json => {
  if (SETTLED.has(type)) {
    const { key, serial, businessDate } = data as unknown as Settled;
    const derived = derivedOf(key, decidedAt);
    if (derived.serial !== serial || derived.businessDate !== businessDate)
      throw new Error('serial and day are not those of key and decision');
  }
  const { write } = DATA[type] as Form<unknown>;
  const said = type === 'SwipeSettled.v1' && cardIn(data.legs) === data.cardId ? { ...data, cardId: IN_LEGS } : data;
  return (write ? write(said) : said) as Json;
};

/** Members of a stored type that may be left out, with what that means. */
export const leftOutOf = (type: string): Readonly<Record<string, unknown>> => (isAccountEventType(type) ? (DATA[type].leftOut ?? {}) : {});

type Stored = Readonly<{ id: string; stream: string; revision: number; type: string; decidedAt: Instant; data: unknown }>;

/** The same for a whole envelope, as the fold wants it. */
export const recordedAccountEvent = ({ id, stream, revision, type, decidedAt, data }: Stored): Recorded<MedicalAccountEvent> => ({
  ...decodeAccountEvent(type, data, decidedAt),
  decidedAt,
  id,
  stream,
  revision,
});
