type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const truth: Schema = { type: 'boolean' };
const whole: Schema = { type: 'integer' };
const yuan: Schema = { type: 'string', pattern: '^-?(0|[1-9]\\d*)\\.\\d{2}$', description: 'Yuan with two places' };
const instant: Schema = { type: 'string', format: 'date-time', description: 'UTC' };
const instantOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const day: Schema = { type: 'string', format: 'date' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** Every property is there, in every answer. */
const object = (properties: Properties, more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});

const place = { decidedAt: instant, stream: text, revision: whole, eventId: text };
const settlement: Properties = {
  settlementId: text,
  institutionCode: text,
  serial: text,
  totalFee: yuan,
  fundPaid: yuan,
  accountPaid: {
    oneOf: [
      object({ currentYear: yuan, priorYear: yuan, total: yuan }),
      { const: 'none', description: 'The person has no personal account' },
    ],
  },
  cashPayment: yuan,
  balanceBefore: yuan,
  balanceAfter: yuan,
  cardTail: text,
  policy: text,
  ...place,
};
const undo: Properties = {
  kind: { enum: ['settlementCancelled', 'settlementReversed', 'cancellationReversed', 'keyVoided'] },
  institutionCode: text,
  serial: text,
  targetSerial: text,
  settlementId: textOrNull,
  amount: yuan,
  accountReturned: yuan,
  fundReturned: yuan,
  cashRefund: yuan,
  ...place,
};
const page = (row: Properties): Schema => object({ rows: list(object(row)), next: textOrNull, asOfLogIndex: whole });
const legs = list(object({ account: text, amount: yuan }));

/** Every answer of the door, and the bodies that are no single form. */
export const SCHEMAS = {
  Settlement: object({ ...settlement, replayed: truth }),
  Quote: object({ ...settlement, quoted: { const: true } }),
  SettlementView: {
    oneOf: [
      object({
        kind: { const: 'settlement' },
        ...settlement,
        entry: { enum: ['online', 'late'] },
        occurredAt: instant,
        businessDate: day,
        insuranceType: text,
        medicalCategory: text,
        visitNo: textOrNull,
        chargeBatchNo: textOrNull,
        invoiceNo: textOrNull,
        operatorCode: text,
        terminalCode: text,
        state: { enum: ['live', 'partlyUndone', 'undone'] },
        undone: object({ amount: yuan, accountReturned: yuan, fundReturned: yuan, cashRefund: yuan }),
        lines: list(ref('BillLineDto')),
      }),
      object(undo),
    ],
  },
  Undo: object({ ...undo, replayed: truth }),
  SwipeDtoLine: { description: 'One line of the stream: a SwipeDto as JSON without a line break, at most 1 MiB', ...ref('SwipeDto') },
  BatchResult: {
    description: 'One line of the answer for each line sent that is not blank, in order',
    oneOf: [
      object({ line: whole, status: { enum: [200, 201] }, result: ref('Settlement') }),
      object({ line: whole, status: whole, problem: ref('Problem') }),
    ],
  },
  CreditLineDtoLine: {
    description: 'One line of the stream: a CreditLineDto as JSON without a line break, at most 64 KiB',
    ...ref('CreditLineDto'),
  },
  CreditedLine: object({
    reference: text,
    source: { enum: ['contribution', 'retiree'] },
    period: text,
    accountId: text,
    amount: yuan,
    decidedAt: instant,
    stream: text,
    revision: whole,
    eventId: text,
    replayed: truth,
  }),
  CreditBatchResult: {
    description: 'One line of the answer for each line sent that is not blank, in order',
    oneOf: [
      object({ line: whole, status: { enum: [200, 201] }, result: ref('CreditedLine') }),
      object({ line: whole, status: whole, problem: ref('Problem') }),
    ],
  },
  Act: {
    type: 'object',
    properties: {
      accountId: text,
      id: { type: 'string', description: 'Of the account, card or freeze that the act made' },
      events: list({
        type: 'object',
        properties: { type: text, eventId: text, revision: whole },
        required: ['type', 'eventId', 'revision'],
      }),
      decidedAt: instant,
      stream: text,
      replayed: truth,
    },
    required: ['accountId', 'events', 'decidedAt', 'stream'],
  },
  InstitutionAct: object({
    institutionCode: text,
    events: list(object({ type: text, eventId: text, revision: whole })),
    decidedAt: instant,
    stream: text,
    replayed: truth,
  }),
  Account: object({
    accountId: text,
    poolingArea: text,
    insuranceType: text,
    hasPersonalAccount: truth,
    openedAt: instant,
    asOf: instant,
    revision: whole,
    balance: yuan,
    receivable: yuan,
    cardInUse: textOrNull,
    subAccounts: list(object({ cardId: text, cardTail: textOrNull, sealed: truth, currentYear: yuan, priorYear: yuan, total: yuan })),
    cards: list(
      object({
        cardId: text,
        cardTail: textOrNull,
        kind: text,
        media: list(text),
        carriesPersonalAccount: truth,
        state: textOrNull,
        stateSince: instantOrNull,
        sealed: truth,
        lastSwipedOn: textOrNull,
        successorCardId: textOrNull,
        expiresAt: instantOrNull,
        replacesCardId: textOrNull,
        movesLater: {
          oneOf: [object({ toCardId: text, until: instantOrNull, place: textOrNull }), { type: 'null' }],
          description: 'Where the money of a replaced card goes, and when: at an instant, or on application at a place',
        },
        financialAreaActive: truth,
        pinLockedSince: instantOrNull,
      }),
    ),
    freezes: list({ type: 'object' }),
  }),
  Statement: object({
    rows: list(
      object({
        revision: whole,
        decidedAt: instant,
        businessDate: day,
        type: text,
        eventId: text,
        institutionCode: textOrNull,
        serial: textOrNull,
        change: yuan,
        balance: yuan,
        legs,
      }),
    ),
    next: textOrNull,
  }),
  Balance: object({ balance: yuan, cardTail: text, asOf: instant }),
  PinVerdict: object({ verdict: { enum: ['right', 'wrong'] }, locked: truth, decidedAt: instant, replayed: truth }),
  FreezePage: page({
    freezeId: text,
    accountId: text,
    scopeKind: text,
    cardId: textOrNull,
    amount: textOrNull,
    cause: text,
    legalDocument: text,
    placedAt: instant,
    from: instant,
    until: instantOrNull,
    placedBy: text,
    endedAt: instantOrNull,
    endedBy: { enum: ['lifted', 'term', null] },
  }),
  CardTransferPage: page({
    logIndex: whole,
    accountId: text,
    fromCardId: text,
    toCardId: text,
    cause: text,
    wasSealed: truth,
    currentYear: yuan,
    priorYear: yuan,
    amount: yuan,
    decidedAt: instant,
    eventId: text,
  }),
  Institution: { type: 'object', additionalProperties: true },
  InstitutionDay: object({
    institutionCode: text,
    businessDate: day,
    settlements: whole,
    cancellations: whole,
    reversals: whole,
    totalFee: yuan,
    fundPaid: yuan,
    accountPaid: yuan,
    cashPayment: yuan,
    accountReturned: yuan,
    fundReturned: yuan,
    cashRefund: yuan,
    payable: { ...yuan, description: 'accountPaid + fundPaid − accountReturned − fundReturned' },
    asOfLogIndex: whole,
  }),
  InstitutionOrder: { description: 'One of the acts, told apart by `act`' },
  LoggedEvent: object({
    logIndex: whole,
    event: object(
      { id: text, stream: text, revision: whole, type: text, decidedAt: instant, data: { type: 'object' }, meta: { type: 'object' } },
      { description: 'The canonical bytes, verbatim' },
    ),
  }),
  Live: object({ status: { const: 'live' } }),
  Ready: object({ status: { const: 'ready' } }),
  Reason: {
    type: 'object',
    description: 'One reason with its facts; amounts in yuan',
    properties: { code: text, messageZh: { type: 'string', maxLength: 60 }, messageEn: text, remedyZh: text, remedyEn: text },
    required: ['code', 'messageZh', 'messageEn', 'remedyZh', 'remedyEn'],
    additionalProperties: true,
  },
  Problem: object(
    {
      type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained' },
      title: text,
      status: whole,
      code: text,
      primaryReason: ref('Reason'),
      reasons: list(ref('Reason')),
    },
    { description: 'RFC 9457' },
  ),
} as const satisfies Readonly<Record<string, Schema>>;

export type SchemaName = keyof typeof SCHEMAS;
