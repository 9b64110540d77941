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
export const any: Form = {};

export const words = (...listed: readonly string[]): Form => ({ type: 'string', enum: listed });
/** Never written as null: left out. */
export const orNull = (form: Form): Form => ({ ...form, default: null });
export const stillNull = (form: Form): Form => ({ anyOf: [form, { type: 'null' }] });
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
export const pairs = (key: Form, paired: Form): Form =>
  list({ type: 'array', prefixItems: [key, paired], items: false, minItems: 2, maxItems: 2 });

export const INSURANCE = words('employee', 'resident');
export const CARD_KIND = words('labourSecurity', 'residentMedical', 'medicalInsurance', 'socialSecurity2', 'socialSecurity3', 'temporary');
export const MEDIA = list(words('stripe', 'memory', 'contactChip', 'contactless', 'qr'));
export const CARD_STATE = words(
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
export const PLACE = words('agency', 'centre', 'bankOutlet');
export const ISSUE = record({
  replacesCardId: orNull(text),
  exchange: orNull(words('formalLoss', 'photo', 'expiry', 'damage', 'changedDetails', 'changedBank')),
  temporaryReason: orNull(words('rareOrLongName', 'urgent', 'dataMismatch', 'other')),
});
export const PROXY = record({
  relation: words('spouse', 'parent', 'child', 'guardian', 'otherRelative', 'employer', 'school'),
  proxyCheck: text,
  holderCheck: text,
  holderAge: words('minor', 'adult'),
});
export const PIN = record({
  wrongInRow: count,
  wrongOnDay: orNull(record({ day: date, count })),
  locks: list(record({ from: instant, until: orNull(instant) })),
});
export const CHECKS = words('password', 'passwordNotUsed', 'identityVerified', 'signature');
export const FREEZE_CAUSE = words(
  'settlementSuspension',
  'precautionarySuspension',
  'judicialFreeze',
  'death',
  'duplicateInsurance',
  'contributionArrears',
);
export const SETTLEMENT_KEY: Form = { $ref: '#/$defs/settlementKey' };
export const SUB_ACCOUNT: Form = { $ref: '#/$defs/subAccount' };
export const onCard = (kind: string): Form => record({ kind: { const: kind }, cardId: text });
export const SCOPE: Form = {
  anyOf: [
    record({ kind: { const: 'person' } }),
    onCard('cardArea'),
    onCard('subAccount'),
    record({ kind: { const: 'amount' }, amountFen: fen }),
  ],
};
export const PAYS_UNTIL = words('request', 'remittance');
export const RELATION_TRANSFER = record({
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
export const CARDS = pairs(
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
export const FREEZES = pairs(
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
export const MONEY = pairs(SUB_ACCOUNT, fen);
export const CHANGE = record({
  grounds: words('upgrade', 'correction', 'duplicateNumber', 'nameChanged'),
  newClaim: orNull(text),
  releasedClaim: orNull(text),
  commitments: { type: 'object', additionalProperties: text },
});
export const CASE_KIND = words('merge', 'undoMerge', 'change');
export const SUCCESSION = record({
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
export const CARRIED = record({
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
