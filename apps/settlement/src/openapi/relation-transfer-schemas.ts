import {
  day,
  instant,
  instantOrNull,
  list,
  object,
  type Properties,
  type Schema,
  text,
  textOrNull,
  truth,
  whole,
  yuan,
} from './schema-parts';

const dayOrNull: Schema = { type: ['string', 'null'], format: 'date' };
const yuanOrNull: Schema = { ...yuan, type: ['string', 'null'] };
const deadline: Properties = {
  dueOn: { ...dayOrNull, description: 'By when the next step is due, by the calendar of the pack' },
  overdueWorkingDays: { ...whole, description: '0: not overdue' },
};
const OUT = ['requested', 'remitted', 'confirmed', 'returned', 'withdrawn', 'rejected', 'lapsed'];
const IN = ['empty', 'fileOnly', 'moneyOnly', 'matched', 'crediting', 'credited'];
const out: Properties = {
  transferId: text,
  toPoolingArea: text,
  followsTransferId: textOrNull,
  stage: { enum: OUT },
  requestedAt: instant,
  endedAt: instantOrNull,
  resumedAt: instantOrNull,
  remittedAt: instantOrNull,
  batchReference: textOrNull,
  currentYear: yuan,
  priorYear: yuan,
  amount: yuan,
  inTransit: yuan,
  toFollow: { ...yuan, description: 'Came in since the relation left: to be sent after it' },
  ...deadline,
};
const nullable = (form: Schema): Schema => ({ oneOf: [form, { type: 'null' }] });
const incoming: Properties = {
  transferInId: text,
  poolingArea: text,
  fromPoolingArea: text,
  transferNo: text,
  stage: { enum: IN },
  accountId: textOrNull,
  ...deadline,
  waitsFor: { ...list(text), description: '`file`, `money`, `account`, or the codes for which the account does not take it now' },
  file: nullable(object({ registeredAt: instant, currentYear: yuan, priorYear: yuan, amount: yuan })),
  money: nullable(object({ registeredAt: instant, receivedOn: day, batchReference: text, amount: yuan })),
  matchedAt: instantOrNull,
  creditedAt: instantOrNull,
  ageDays: whole,
  stream: text,
  revision: whole,
};

/** Answers about relations between pooling areas. */
export const RELATION_TRANSFER_SCHEMAS = {
  RelationTransfersOut: object({ accountId: text, transfers: list(object(out)) }),
  RelationTransferIn: object({ ...incoming, replayed: truth }),
  RelationTransferInView: object(incoming),
  RelationTransferPage: object({
    rows: list(
      object({
        direction: { enum: ['out', 'in'] },
        transferId: text,
        accountId: textOrNull,
        ownArea: textOrNull,
        otherArea: text,
        stage: { enum: [...OUT, ...IN] },
        followsTransferId: textOrNull,
        transferNo: textOrNull,
        currentYear: yuanOrNull,
        priorYear: yuanOrNull,
        amount: yuan,
        file: yuanOrNull,
        money: yuanOrNull,
        toFollow: yuan,
        batchReference: textOrNull,
        beganAt: instant,
        remittedAt: instantOrNull,
        endedAt: instantOrNull,
        logIndex: whole,
        ...deadline,
      }),
    ),
    next: textOrNull,
    asOfLogIndex: whole,
  }),
} as const satisfies Readonly<Record<string, Schema>>;
