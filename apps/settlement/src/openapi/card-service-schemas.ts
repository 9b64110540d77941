import { instant, list, object, type Properties, ref, type Schema, text, textOrNull, truth, whole } from './schema-parts';

const APPLICATION_KIND: Schema = { enum: ['firstIssue', 'replacement', 'exchange', 'temporary'] };
const APPLICATION_STAGE: Schema = {
  enum: ['accepted', 'inProduction', 'produced', 'readyForPickUp', 'issued', 'handedOut', 'linked', 'failed'],
};

const cardApplication: Properties = {
  applicationId: text,
  accountId: text,
  kind: APPLICATION_KIND,
  reason: textOrNull,
  cardKind: text,
  replacesCardId: textOrNull,
  applicant: text,
  outletCode: text,
  bankCode: textOrNull,
  batchNo: textOrNull,
  unitCode: textOrNull,
  pickUpOutletCode: textOrNull,
  stage: APPLICATION_STAGE,
  steps: list(object({ stage: text, at: instant })),
  dueOn: { type: ['string', 'null'], format: 'date', description: "Null: the area's pack promises no term" },
  dueOnIsProvisional: { ...truth, description: 'Counted into a year whose holidays were not known' },
  overdue: truth,
  pickUp: object({ place: text, enquiryTelephone: textOrNull, complaintTelephone: textOrNull }),
  cardId: textOrNull,
  receivedBy: textOrNull,
  handOutBy: { type: ['string', 'null'], format: 'date', description: 'By when an employer hands out what it has picked up' },
  handOutOverdue: truth,
  obstacles: list(object({ code: text, detail: textOrNull })),
  vouchers: list(text),
  noticeId: textOrNull,
  policy: textOrNull,
  stream: text,
  revision: whole,
};
const voucher: Properties = {
  voucherNo: text,
  outletCode: text,
  year: whole,
  number: whole,
  doneAt: { ...instant, description: 'When the business was done' },
  issuedAt: instant,
  accountId: textOrNull,
  about: object({ stream: text, revision: whole, type: text }),
  businessZh: text,
  businessEn: text,
  signer: { enum: ['holder', 'proxy', 'guardian'] },
  relation: textOrNull,
  proxyCheck: textOrNull,
  holderCheck: textOrNull,
  signedCopy: { oneOf: [object({ reference: text, filedAt: instant }), { type: 'null' }] },
  prints: whole,
  eventId: text,
};
/** Left out where there is nothing to tell. */
const laterOfVoucher: Properties = {
  checkWay: { enum: ['homeVisit', 'remote'], description: 'Left out: at the counter' },
  holderAge: { enum: ['minor', 'adult'], description: 'Of a holder for whom somebody else signed' },
  proxyId: { ...text, description: 'Of who signed for the holder, in the vault' },
  proxyCommitments: { type: 'object', additionalProperties: { type: 'string' } },
};
const voucherWith = (more: Properties): Schema => ({
  ...object({ ...voucher, ...more }),
  properties: { ...voucher, ...laterOfVoucher, ...more },
});
const noticeReason: Properties = {
  code: text,
  detail: textOrNull,
  messageZh: text,
  messageEn: text,
  remedyZh: text,
  remedyEn: text,
  materials: list(object({ zh: text, en: text })),
  procedureZh: text,
  procedureEn: text,
};
const oneTimeNotice: Properties = {
  noticeId: text,
  business: text,
  businessZh: text,
  businessEn: text,
  outletCode: text,
  accountId: textOrNull,
  applicationId: textOrNull,
  givenAt: instant,
  reasons: list(object(noticeReason)),
  timeLimitZh: text,
  timeLimitEn: text,
  enquiryTelephone: textOrNull,
  complaintTelephone: textOrNull,
  prints: whole,
};

const pendingApplication: Properties = {
  applicationId: text,
  accountId: text,
  kind: APPLICATION_KIND,
  applicant: text,
  outletCode: text,
  unitCode: textOrNull,
  pickUpOutletCode: textOrNull,
  bankCode: textOrNull,
  batchNo: textOrNull,
  stage: APPLICATION_STAGE,
  acceptedOn: { type: 'string', format: 'date' },
  waitsFor: { enum: ['card', 'handOut'] },
  deadline: { type: ['string', 'null'], format: 'date' },
  deadlineIsProvisional: truth,
  ageDays: whole,
  overdueDays: whole,
};
const count: Properties = {
  outletCode: text,
  kind: text,
  waitsFor: text,
  pending: whole,
  overdue: whole,
  earliest: { type: ['string', 'null'], format: 'date' },
};
const day: Schema = { type: 'string', format: 'date' };
const inquiredCard: Properties = {
  cardId: text,
  cardTail: { ...text, description: 'The last four characters' },
  kind: text,
  state: text,
  stateSince: { type: ['string', 'null'], format: 'date-time' },
  financialAreaActive: truth,
  expiresAt: { type: ['string', 'null'], format: 'date-time' },
};
const { applicationId, kind, cardKind, stage, steps, dueOn, dueOnIsProvisional, overdue, pickUp, obstacles } = cardApplication;
const inquiredApplication = {
  applicationId,
  kind,
  cardKind,
  stage,
  steps,
  dueOn,
  dueOnIsProvisional,
  overdue,
  pickUp,
  obstacles,
} as Properties;

/** Answers about card business. */
export const CARD_SERVICE_SCHEMAS = {
  CardApplication: object({ ...cardApplication, replayed: truth }),
  CardApplicationView: object(cardApplication),
  CardApplicationDtoLine: {
    description: 'One line of the stream: a CardApplicationDto as JSON without a line break, at most 64 KiB',
    ...ref('CardApplicationDto'),
  },
  CardApplicationBatchResult: {
    description: 'One line of the answer for each line sent that is not blank, in order',
    oneOf: [
      object({ line: whole, status: { enum: [200, 201] }, result: ref('CardApplication') }),
      object({ line: whole, status: whole, problem: ref('Problem') }),
    ],
  },
  PendingApplicationPage: object({ today: day, rows: list(object(pendingApplication)), next: textOrNull, asOfLogIndex: whole }),
  ApplicationCounts: object({ today: day, rows: list(object(count)), asOfLogIndex: whole }),
  CardInquiry: object({
    accountId: text,
    holder: { ...textOrNull, description: 'The first character of the name' },
    cards: list(object(inquiredCard)),
    applications: list(object(inquiredApplication)),
  }),
  DisposalLineDtoLine: {
    description: 'One line of the stream: a DisposalLineDto as JSON without a line break, at most 4 KiB',
    ...ref('DisposalLineDto'),
  },
  DisposalBatchResult: {
    description: 'One line of the answer for each line sent that is not blank, in order',
    oneOf: [
      object({ line: whole, status: { enum: [200, 201] }, result: ref('Act') }),
      object({ line: whole, status: whole, problem: ref('Problem') }),
    ],
  },
  Voucher: voucherWith({ replayed: truth }),
  VoucherView: voucherWith({}),
  OneTimeNotice: object({ ...oneTimeNotice, replayed: truth }),
  OneTimeNoticeView: object(oneTimeNotice),
} as const satisfies Readonly<Record<string, Schema>>;
