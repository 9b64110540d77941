import { type Shape, stored } from '#libs/kernel';
import type {
  ApplicationEvent,
  ApplicationEventData,
  ApplicationEventType,
  DocumentPrinted,
  Keyed,
  OneTimeNoticeGiven,
  PaperEvent,
  SignedCopyFiled,
  VoucherIssued,
} from './events';
import { APPLICANTS, APPLICATION_KINDS, APPLICATION_REASONS, CHECK_WAYS, ISSUED_KINDS, OBSTACLES, RELATIONS, SIGNERS } from './words';

const { text, flag, whole, date, oneOf, orNull, list, record, recordWith } = stored;
const keyed = { key: text, commandHash: text };
const UNITS = ['workingDays', 'calendarDays'] as const;
const count: Shape<number> = (value, at) => {
  const number = whole(value, at);
  if (number < 0) throw new Error(`stored form: ${at} is below 0`);
  return number;
};

const APPLICATION: { readonly [T in ApplicationEventType]: Shape<Readonly<Keyed & ApplicationEventData[T]>> } = {
  'CardApplicationAccepted.v1': recordWith(
    {
      ...keyed,
      applicationId: text,
      accountId: text,
      kind: oneOf(...APPLICATION_KINDS),
      reason: orNull(oneOf(...APPLICATION_REASONS)),
      cardKind: oneOf(...ISSUED_KINDS),
      replacesCardId: orNull(text),
      applicant: oneOf(...APPLICANTS),
      organisation: text,
      outletCode: text,
      bankCode: orNull(text),
      batchNo: orNull(text),
      photoReference: orNull(text),
      approved: flag,
      onTheSpot: flag,
      packId: orNull(text),
      dueOn: orNull(date),
      dueOnIsProvisional: flag,
      pickUp: record({ place: text, enquiryTelephone: orNull(text), complaintTelephone: orNull(text) }),
    },
    { unitCode: text, pickUpOutletCode: text },
  ),
  'CardProductionStarted.v1': record({ ...keyed, productionBatchNo: orNull(text) }),
  'CardProduced.v1': record(keyed),
  'CardReadyForPickUp.v1': record({ ...keyed, place: text }),
  'CardIssued.v1': record({ ...keyed, cardId: text, receivedBy: oneOf(...APPLICANTS), handOutBy: orNull(date) }),
  'CardHandedOut.v1': record({ ...keyed, receivedBy: oneOf(...SIGNERS) }),
  'CardLinked.v1': record({ ...keyed, cardId: text }),
  'CardApplicationFailed.v1': record({ ...keyed, obstacles: list(record({ code: oneOf(...OBSTACLES), detail: orNull(text) })) }),
};

const texts: Shape<Readonly<Record<string, string>>> = (value, at) =>
  record(Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, text])))(value, at);

const VOUCHER: Shape<VoucherIssued['data']> = recordWith(
  {
    ...keyed,
    outletCode: text,
    year: count,
    number: count,
    accountId: orNull(text),
    about: record({ stream: text, revision: count, type: text }),
    signer: oneOf(...SIGNERS),
    relation: orNull(oneOf(...RELATIONS)),
    proxyCheck: orNull(text),
    holderCheck: orNull(text),
  },
  { checkWay: oneOf(...CHECK_WAYS), holderAge: oneOf('minor', 'adult'), proxyId: text, proxyCommitments: texts },
);

const PAPER: { readonly [T in PaperEvent['type']]: Shape<Extract<PaperEvent, { type: T }>['data']> } = {
  'SignedCopyFiled.v1': record({ ...keyed, document: text, signedCopy: text }) satisfies Shape<SignedCopyFiled['data']>,
  'DocumentPrinted.v1': record({ document: text, number: count }) satisfies Shape<DocumentPrinted['data']>,
  'OneTimeNoticeGiven.v1': record({
    ...keyed,
    document: text,
    business: text,
    outletCode: text,
    accountId: orNull(text),
    applicationId: orNull(text),
    reasons: list(record({ code: text, detail: orNull(text) })),
    termDays: orNull(count),
    termUnit: orNull(oneOf(...UNITS)),
    enquiryTelephone: orNull(text),
    complaintTelephone: orNull(text),
  }) satisfies Shape<OneTimeNoticeGiven['data']>,
};

const isApplication = (type: string): type is ApplicationEventType => Object.hasOwn(APPLICATION, type);
const isPaper = (type: string): type is PaperEvent['type'] => Object.hasOwn(PAPER, type);

/** Turns stored words into the newest form of an event. @throws Error on a type or form that it does not know. */
export const decodeApplicationEvent = (type: string, data: unknown): Pick<ApplicationEvent, 'type' | 'data'> => {
  if (!isApplication(type)) throw new Error(`unknown event of a card application: ${type}`);
  return { type, data: APPLICATION[type](data, type) };
};

/** The same for the register of vouchers. @throws Error on a type or form that it does not know. */
export const decodeVoucherEvent = (type: string, data: unknown): Pick<VoucherIssued, 'type' | 'data'> => {
  if (type !== 'VoucherIssued.v1') throw new Error(`unknown event of a register of vouchers: ${type}`);
  return { type, data: VOUCHER(data, type) };
};

/** The same for a single paper. @throws Error on a type or form that it does not know. */
export const decodePaperEvent = (type: string, data: unknown): Pick<PaperEvent, 'type' | 'data'> => {
  if (!isPaper(type)) throw new Error(`unknown event of a paper: ${type}`);
  return { type, data: PAPER[type](data, type) };
};

/** Every type that this room stores. */
export const CARD_SERVICE_EVENT_TYPES: readonly string[] = [...Object.keys(APPLICATION), 'VoucherIssued.v1', ...Object.keys(PAPER)];
