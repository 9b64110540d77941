import { count, date, type Form, list, record, text, usually, words } from './stored-shapes';

/** Here nothing is left out: what is not there is written as null. */
const orNull = (form: Form): Form => ({ anyOf: [form, { type: 'null' }] });
const nullable = (type: string, form: Form, ...names: readonly string[]): readonly (readonly [string, Form])[] =>
  names.map((name) => [`${type}.${name}`, orNull(form)]);

const OBSTACLE = words(
  'identity-document-wrong-or-missing',
  'identity-number-used-twice',
  'data-differ-from-insurance-system',
  'photo-missing',
  'out-of-province-papers-missing',
  'bank-account-not-opened',
  'card-issued-in-another-city',
  'working-card-exists',
  'issued-card-not-enabled',
  'left-employer',
  'photo-below-standard',
  'number-or-name-changed',
);
const APPLICANT = words('holder', 'proxy', 'guardian', 'employer', 'school', 'committee');
const REASON = words(
  'formalLoss',
  'photo',
  'expiry',
  'damage',
  'changedDetails',
  'changedBank',
  'rareOrLongName',
  'urgent',
  'dataMismatch',
  'other',
);
const why = (code: Form): Form => list(record({ code, detail: orNull(text) }));

/** What the examples of card business cannot tell, by the end of a member's path. */
export const CARD_SERVICE_FORMS: Readonly<Record<string, Form>> = {
  'CardApplicationAccepted.kind': words('firstIssue', 'replacement', 'exchange', 'temporary'),
  'CardApplicationAccepted.reason': orNull(REASON),
  'CardApplicationAccepted.cardKind': words('socialSecurity2', 'socialSecurity3', 'temporary'),
  'CardApplicationAccepted.applicant': APPLICANT,
  'CardApplicationAccepted.dueOn': orNull(date),
  'pickUp.enquiryTelephone': orNull(text),
  'pickUp.complaintTelephone': orNull(text),
  'CardApplicationAccepted.unitCode': usually(text, null),
  'CardApplicationAccepted.pickUpOutletCode': usually(text, null),
  'CardIssued.receivedBy': APPLICANT,
  'CardHandedOut.receivedBy': words('holder', 'proxy', 'guardian'),
  'CardIssued.handOutBy': orNull(date),
  'CardApplicationFailed.obstacles': why(OBSTACLE),
  'VoucherIssued.signer': words('holder', 'proxy', 'guardian'),
  'VoucherIssued.relation': orNull(words('spouse', 'parent', 'child', 'guardian', 'otherRelative', 'employer', 'school', 'committee')),
  'VoucherIssued.checkWay': usually(words('counter', 'homeVisit', 'remote'), 'counter'),
  'VoucherIssued.holderAge': usually(words('minor', 'adult'), null),
  'VoucherIssued.proxyId': usually(text, null),
  'VoucherIssued.proxyCommitments': usually({ type: 'object', additionalProperties: text }, {}),
  'OneTimeNoticeGiven.reasons': why(text),
  'OneTimeNoticeGiven.termDays': orNull(count),
  'OneTimeNoticeGiven.termUnit': orNull(words('workingDays', 'calendarDays')),
  ...Object.fromEntries([
    ...nullable('CardApplicationAccepted', text, 'replacesCardId', 'bankCode', 'batchNo', 'photoReference', 'packId'),
    ...nullable('CardProductionStarted', text, 'productionBatchNo'),
    ...nullable('VoucherIssued', text, 'accountId', 'proxyCheck', 'holderCheck'),
    ...nullable('OneTimeNoticeGiven', text, 'accountId', 'applicationId', 'enquiryTelephone', 'complaintTelephone'),
  ]),
};

/** The category of streams that each type stands in; prints also stand in those of one-time notices. */
export const CATEGORY_OF_CARD_SERVICE: Readonly<Record<string, string>> = {
  'VoucherIssued.v1': 'vouchers',
  'SignedCopyFiled.v1': 'voucher',
  'DocumentPrinted.v1': 'voucher',
  'OneTimeNoticeGiven.v1': 'oneTimeNotice',
};
