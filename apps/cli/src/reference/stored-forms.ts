/** A JSON Schema (2020-12), as far as stored events need one. */
export type Form = Readonly<{
  $ref?: string;
  type?: string;
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  const?: string;
  default?: unknown;
  enum?: readonly string[];
  items?: Form | false;
  prefixItems?: readonly Form[];
  anyOf?: readonly Form[];
  properties?: Readonly<Record<string, Form>>;
  required?: readonly string[];
  additionalProperties?: boolean | Form;
}>;

export const text: Form = { type: 'string' };
export const flag: Form = { type: 'boolean' };
export const instant: Form = { $ref: '#/$defs/instant' };
export const date: Form = { $ref: '#/$defs/businessDate' };
export const fen: Form = { $ref: '#/$defs/fen' };
export const count: Form = { $ref: '#/$defs/count' };
const any: Form = {};

export const words = (...listed: readonly string[]): Form => ({ type: 'string', enum: listed });
/** Never written as null: left out. */
export const orNull = (form: Form): Form => ({ ...form, default: null });
const stillNull = (form: Form): Form => ({ anyOf: [form, { type: 'null' }] });
export const list = (items: Form): Form => ({ type: 'array', items });
/** What a left-out member means; a form that has it is that of a member which may be left out. */
export const usually = (form: Form, means: unknown): Form => ({ ...form, default: means });
/** Exactly these members; left out only what has a default. */
export const record = (properties: Readonly<Record<string, Form>>): Form => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !Object.hasOwn(properties[name] ?? {}, 'default')),
  additionalProperties: false,
});
const pairs = (key: Form, paired: Form): Form =>
  list({ type: 'array', prefixItems: [key, paired], items: false, minItems: 2, maxItems: 2 });

const INSURANCE = words('employee', 'resident');
const CARD_KIND = words('labourSecurity', 'residentMedical', 'medicalInsurance', 'socialSecurity2', 'socialSecurity3', 'temporary');
const MEDIA = list(words('stripe', 'memory', 'contactChip', 'contactless', 'qr'));
const CARD_STATE = words(
  'registered',
  'inUse',
  'temporarilyLost',
  'retained',
  'lost',
  'stopped',
  'expired',
  'cancelled',
  'collected',
  'destroyed',
);
const PLACE = words('agency', 'centre', 'bankOutlet');
const ISSUE = record({
  replacesCardId: orNull(text),
  exchange: orNull(words('formalLoss', 'photo', 'expiry', 'damage', 'changedDetails', 'changedBank')),
  temporaryReason: orNull(words('rareOrLongName', 'urgent', 'dataMismatch', 'other')),
});
const PROXY = record({
  relation: words('spouse', 'parent', 'child', 'guardian', 'otherRelative', 'employer', 'school'),
  proxyCheck: text,
  holderCheck: text,
  holderAge: words('minor', 'adult'),
});
const PIN = record({
  wrongInRow: count,
  wrongOnDay: orNull(record({ day: date, count })),
  locks: list(record({ from: instant, until: orNull(instant) })),
});
const CHECKS = words('password', 'passwordNotUsed', 'identityVerified', 'signature');
const FREEZE_CAUSE = words(
  'settlementSuspension',
  'precautionarySuspension',
  'judicialFreeze',
  'death',
  'duplicateInsurance',
  'contributionArrears',
);
const SETTLEMENT_KEY: Form = { $ref: '#/$defs/settlementKey' };
const SUB_ACCOUNT: Form = { $ref: '#/$defs/subAccount' };
const onCard = (kind: string): Form => record({ kind: { const: kind }, cardId: text });
const SCOPE: Form = {
  anyOf: [
    record({ kind: { const: 'person' } }),
    onCard('cardArea'),
    onCard('subAccount'),
    record({ kind: { const: 'amount' }, amountFen: fen }),
  ],
};
const PAYS_UNTIL = words('request', 'remittance');
const RELATION_TRANSFER = record({
  stage: words('requested', 'remitted', 'confirmed', 'returned', 'withdrawn', 'rejected', 'lapsed'),
  toPoolingArea: text,
  followsTransferId: orNull(text),
  requestedAt: instant,
  remitBy: date,
  paysUntil: PAYS_UNTIL,
  lapsesAt: orNull(instant),
  remittance: orNull(record({ at: instant, batchReference: text, confirmBy: date, left: pairs(SUB_ACCOUNT, fen) })),
  endedAt: orNull(instant),
  resumedAt: orNull(instant),
});
const CARDS = pairs(
  text,
  record({
    kind: CARD_KIND,
    media: MEDIA,
    carriesPersonalAccount: flag,
    lastSwipedOn: orNull(date),
    timeline: list(record({ from: instant, state: CARD_STATE })),
    sealed: flag,
    successorCardId: orNull(text),
    registeredAtRevision: count,
    expiresAt: orNull(instant),
    replacesCardId: orNull(text),
    deferred: orNull(record({ toCardId: text, until: orNull(instant), place: orNull(PLACE) })),
    financialAreaActive: usually(flag, false),
    financialAreaLostFrom: orNull(instant),
    pin: orNull(PIN),
    sealedByLoss: usually(flag, false),
    agencySeals: orNull(list(record({ from: instant, until: orNull(instant) }))),
  }),
);
const FREEZES = pairs(
  text,
  record({
    scope: SCOPE,
    cause: FREEZE_CAUSE,
    legalDocument: text,
    from: instant,
    until: orNull(instant),
    endedAt: orNull(instant),
  }),
);
const MONEY = pairs(SUB_ACCOUNT, fen);
const CHANGE = record({
  grounds: words('upgrade', 'correction', 'duplicateNumber', 'nameChanged'),
  newClaim: orNull(text),
  releasedClaim: orNull(text),
  commitments: { type: 'object', additionalProperties: text },
});
const CASE_KIND = words('merge', 'undoMerge', 'change');
const SUCCESSION = record({
  mergedInto: orNull(record({ accountId: text, caseId: text })),
  cases: pairs(
    text,
    record({ kind: CASE_KIND, absorbedAccountId: orNull(text), mergeId: orNull(text), change: orNull(CHANGE), proposedBy: text }),
  ),
  merges: pairs(
    text,
    record({
      absorbedAccountId: text,
      mergedAt: orNull(instant),
      brought: MONEY,
      owedFen: fen,
      cardIds: list(text),
      freezeIds: list(text),
    }),
  ),
  handOvers: pairs(text, record({ toAccountId: text })),
  departed: pairs(text, text),
  releasedClaims: list(text),
});
const CARRIED = record({
  accountId: text,
  personId: text,
  poolingArea: text,
  insuranceType: INSURANCE,
  hasPersonalAccount: flag,
  openedAt: instant,
  balances: pairs(SUB_ACCOUNT, fen),
  receivableFen: fen,
  products: pairs(SUB_ACCOUNT, record({ fenDays: count, through: date })),
  cards: CARDS,
  freezes: FREEZES,
  succession: orNull(SUCCESSION),
  rolledOverThrough: instant,
  relationTransfers: orNull(pairs(text, RELATION_TRANSFER)),
  inTransit: orNull(pairs({ type: 'string', pattern: '^inTransit:' }, fen)),
});

/** Forms that members refer to. */
export const DEFS: Readonly<Record<string, Form>> = {
  instant: {
    type: 'string',
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
    description: 'An instant that exists, UTC.',
  },
  businessDate: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day that exists, in Asia/Shanghai.' },
  fen: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description: 'An amount of money in fen.' },
  count: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  subAccount: { type: 'string', pattern: '^subAccount:[^:]*:(currentYear|priorYear)$' },
  settlementKey: { type: 'string', pattern: '^settlement-[^-]*-', description: 'Section 7; the serial stands behind it.' },
  ledgerAccount: { type: 'string', pattern: '^(receivable$|subAccount:|payable:|fund:|hold:|inTransit:)', description: 'Section 6.' },
};

/**
 * What an example cannot tell: closed sets of words, what may be null, records with variants. By the end of a member's path, the longest
 * one first; what is not listed is as its example says, and never null.
 */
export const FORMS: Readonly<Record<string, Form>> = {
  legs: pairs({ $ref: '#/$defs/ledgerAccount' }, fen),
  carried: CARRIED,
  scope: SCOPE,
  commitments: { type: 'object', additionalProperties: text },
  'InterestPosted.items': list(record({ account: SUB_ACCOUNT, productFenDays: count, annualRate: text, interestFen: fen })),
  cards: CARDS,
  freezes: FREEZES,
  fenDays: pairs(SUB_ACCOUNT, count),
  'PersonCaseProposed.kind': CASE_KIND,
  'PersonCaseProposed.absorbedAccountId': orNull(text),
  'PersonCaseProposed.mergeId': orNull(text),
  'PersonCaseProposed.change': orNull(CHANGE),
  'PersonChanged.grounds': words('upgrade', 'correction', 'duplicateNumber', 'nameChanged'),
  'PersonChanged.releasedClaim': orNull(text),
  insuranceType: INSURANCE,
  medicalCategory: words(
    'outpatient',
    'registration',
    'emergency',
    'designatedDisease',
    'inpatient',
    'pharmacyPurchase',
    'maternity',
    'physicalExamination',
  ),
  holderCheck: { anyOf: [CHECKS, record({ method: CHECKS, reference: text })] },
  channel: words('bankOutlet', 'hotline', 'centre', 'proxy', 'guardian', 'batch', 'firstSwipe'),
  media: MEDIA,
  rights: list(
    words(
      'institution',
      'agency',
      'auditor',
      'bankOutlet',
      'centre',
      'hotline',
      'employer',
      'school',
      'committee',
      'online',
      'selfService',
      'operator',
    ),
  ),
  'AccessKeyCreated.outletCodes': usually(list(text), []),
  'AccessKeyCreated.bankCode': usually(text, null),
  'AccountCredited.source': words('contribution', 'retiree', 'correction', 'transferIn', 'opening'),
  'CardRegistered.kind': CARD_KIND,
  'CardRegistered.state': words('registered', 'inUse'),
  'CardStopped.cause': words('phase', 'agency'),
  'CardCancelled.cause': words('replaced', 'agency', 'holder'),
  'SubAccountSealed.cause': words('cardStopped', 'cardLost', 'cardExpired', 'transferDeferred', 'agency'),
  'SubAccountUnsealed.cause': words('successorEnabled', 'cardFound', 'agency'),
  'BalanceTransferred.cause': words('enablement', 'firstSwipe', 'agency', 'batch', 'application', 'phase'),
  'FreezePlaced.cause': FREEZE_CAUSE,
  'SettlementCancelled.reason': words('returnGoods', 'priceError', 'wrongHolder', 'wrongCategory', 'duplicate', 'replaced'),
  'InstitutionRegistered.kind': words('hospital', 'clinic', 'communityHealthInstitution', 'villageClinic', 'pharmacy'),
  ...Object.fromEntries(
    [
      'CardEnabled',
      'CardStopped',
      'CardCancelled',
      'RelationTransferClosed',
      'SubAccountSealed',
      'SubAccountUnsealed',
      'FinancialAreaReported',
      'BalanceTransferred',
      'SettlementCancelled',
      'CancellationReversed',
    ].flatMap((type) => [
      [`${type}.key`, orNull(text)],
      [`${type}.commandHash`, orNull(text)],
    ]),
  ),
  'AccountCredited.period': orNull(text),
  'AccountCredited.legalBasis': orNull(text),
  'AccountOpened.district': orNull(text),
  'RelationTransferRequested.holderStatus': orNull(words('active', 'stopped', 'retired')),
  'RelationTransferRequested.followsTransferId': orNull(text),
  'RelationTransferRequested.paysUntil': PAYS_UNTIL,
  'RelationTransferRequested.isProvisional': usually(flag, false),
  'RelationTransferRequested.lapsesAt': orNull(instant),
  'RelationTransferClosed.cause': words('withdrawn', 'rejected'),
  'RelationTransferRemitted.isProvisional': usually(flag, false),
  'RelationTakenIn.resumesTransferId': orNull(text),
  'RelationMatched.isProvisional': usually(flag, false),
  'CardRegistered.lastSwipedOn': orNull(date),
  'CardRegistered.issue': orNull(ISSUE),
  'CardRegistered.expiresAt': orNull(instant),
  'CardEnabled.proxy': orNull(PROXY),
  'PinVerdictReported.verdict': words('right', 'wrong'),
  'PinUnlocked.cause': words('unlock', 'reset'),
  'TransferDeferred.until': orNull(instant),
  'TransferDeferred.place': orNull(PLACE),
  'BalanceTransferred.effectiveAt': orNull(instant),
  'CardStopped.phase': orNull(text),
  'CardCancelled.successorCardId': orNull(text),
  'FreezePlaced.until': orNull(instant),
  'AgreementSuspended.until': stillNull(instant),
  'OperatorBarred.until': stillNull(instant),
  ...Object.fromEntries(
    ['SettlementCancelled', 'SettlementReversed', 'CancellationReversed'].flatMap((type) => [
      [`${type}.note`, orNull(text)],
      [`${type}.fundReturnedFen`, usually(fen, 0)],
      [`${type}.cashRefundFen`, usually(fen, 0)],
      [`${type}.lastSwipe`, orNull(record({ cardId: text, on: orNull(date) }))],
    ]),
  ),
  'SettlementKeyVoided.note': orNull(text),
  'SettlementKeyVoided.key': SETTLEMENT_KEY,
  'SwipeSettled.key': SETTLEMENT_KEY,
  'SettlementReversed.key': SETTLEMENT_KEY,
  'SettlementCancelled.key': orNull(SETTLEMENT_KEY),
  'CancellationReversed.key': orNull(SETTLEMENT_KEY),
  'SwipeSettled.cardId': usually({ ...text, description: 'Left out where a leg names its sub-account.' }, ''),
  'SwipeSettled.presentedCardId': orNull({ ...text, description: 'The card in the hand, where it shares the balance of another.' }),
  'SwipeSettled.entry': usually(words('online', 'late'), 'online'),
  'SwipeSettled.credentialKind': usually(words('eCredential', 'identityCard', 'socialSecurityCard'), 'socialSecurityCard'),
  'SwipeSettled.insuranceType': usually(INSURANCE, 'employee'),
  'SwipeSettled.payment': usually(words('upToBalance', 'full', 'none'), 'upToBalance'),
  'SwipeSettled.hasPersonalAccount': usually(flag, true),
  'SwipeSettled.fundPaidFen': usually(fen, 0),
  'SwipeSettled.cashPaymentFen': usually(fen, 0),
  ...Object.fromEntries(
    ['lateReason', 'approval', 'visitNo', 'chargeBatchNo', 'invoiceNo', 'linesHash', 'replacesKey'].map((name) => [
      `SwipeSettled.${name}`,
      orNull(text),
    ]),
  ),
  'AttemptRefused.account': orNull(record({ stream: text, revision: count })),
  'AttemptRefused.command': { ...any, description: 'As in meta.command.' },
  'AttemptRefused.facts': { ...any, description: 'As in meta.facts.' },
  'AttemptRefused.reasons': {
    ...list({ type: 'object', properties: { code: text }, required: ['code'], additionalProperties: true }),
    minItems: 1,
  },
  'PackProposed.document': { ...any, description: 'A policy pack: policy-pack.schema.json.' },
};

/** Types of which no example is kept beside a codec: they carry no money and decide nothing. */
export const PLAIN_TYPES: readonly Readonly<{ type: string; stream: string; data: Form }>[] = [
  { type: 'DirectoryEntryAdded.v1', stream: 'directory', data: record({ entry: text }) },
  { type: 'ManualClockSet.v1', stream: 'simulation', data: record({ to: instant }) },
  { type: 'ReceiptPrinted.v1', stream: 'receiptPrint', data: record({ institutionCode: text, serial: text, number: count }) },
];

/** The category of the streams that a type stands in, where it is not that of its room. */
export const CATEGORY_OF_TYPE: Readonly<Record<string, string>> = {
  'RelationFileRegistered.v1': 'relationTransferIn',
  'RelationMoneyReceived.v1': 'relationTransferIn',
  'RelationMatched.v1': 'relationTransferIn',
  'RelationFileWithdrawn.v1': 'relationTransferIn',
  'RelationMoneySentBack.v1': 'relationTransferIn',
  'RelationCreditOrdered.v1': 'relationTransferIn',
  'RelationCreditHeld.v1': 'relationTransferIn',
  'RelationCredited.v1': 'relationTransferIn',
  'SettlementKeyVoided.v1': 'settlementVoid',
  'AttemptRefused.v1': 'attempts',
  'AttemptRepeated.v1': 'attempts',
};
export const CATEGORY_OF_ROOM: Readonly<Record<string, string>> = {
  'medical-account': 'medicalAccount',
  institution: 'institution',
  policy: 'policyPack',
  access: 'accessKey',
};
