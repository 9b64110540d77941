import type { ApplicationView, VoucherView } from '#libs/application';
import { escaped, factTable, shanghaiTime } from '../print/html';
import { paperPage } from './notice-text';
import { businessOf, type Lang, printMark, RELATION_WORDS, SIGNER_WORDS, words } from './paper-words';

/** A voucher as it is answered. */
export const voucherText = (voucher: VoucherView) => {
  const { zh: businessZh, en: businessEn } = businessOf(voucher.about.type);
  return { ...voucher, businessZh, businessEn };
};

const TITLE = words('业务凭证', 'Business voucher');
const PICK_UP = words('领卡凭证', 'Pick-up receipt');
const LABELS = {
  number: words('凭证号', 'Voucher'),
  business: words('业务', 'Business'),
  at: words('受理时间', 'Accepted'),
  issued: words('凭证开具时间', 'Voucher issued'),
  outlet: words('受理网点', 'Outlet'),
  account: words('账户编号', 'Account'),
  application: words('申请编号', 'Application'),
  due: words('领卡日期', 'Pick-up from'),
  place: words('领卡地点', 'Pick-up at'),
  enquiry: words('咨询电话', 'Enquiries'),
  complaint: words('投诉电话', 'Complaints'),
  signer: words('签字人', 'Signed by'),
  proxyCheck: words('代办人身份核验编号', 'Identity check of who signs'),
  holderCheck: words('持卡人身份核验编号', 'Identity check of the holder'),
  copy: words('签字件归档号', 'Signed copy kept under'),
  proof: words('业务记录', 'Recorded at'),
  sign: words('签字：______________　日期：__________', 'Signature: ______________  Date: __________'),
} as const;
const PROVISIONAL = words('（节假日安排公布后以公布为准）', ' (holidays not yet announced)');

/** The voucher as a page to sign; with an application, what the holder needs to pick the card up. Source: I7, Q11. */
export const voucherPage = (
  { voucher, application }: Readonly<{ voucher: VoucherView; application: ApplicationView | undefined }>,
  lang: Lang,
  print: number | null,
): string => {
  const row = (name: keyof typeof LABELS, value: string | null | undefined) =>
    value == null ? [] : [[LABELS[name][lang], value] as const];
  const { about, relation } = voucher;
  const signer = SIGNER_WORDS[voucher.signer][lang] + (relation === null ? '' : ` (${RELATION_WORDS[relation][lang]})`);
  const facts = [
    ...row('number', voucher.voucherNo),
    ...row('business', businessOf(about.type)[lang]),
    ...row('at', shanghaiTime(voucher.doneAt)),
    ...row('issued', shanghaiTime(voucher.issuedAt)),
    ...row('outlet', voucher.outletCode),
    ...row('account', voucher.accountId),
    ...row('application', application?.applicationId),
    ...row('signer', signer),
    ...row('proxyCheck', voucher.proxyCheck),
    ...row('holderCheck', voucher.holderCheck),
    ...row('copy', voucher.signedCopy?.reference),
  ];
  const day = application?.dueOn && application.dueOn + (application.dueOnIsProvisional ? PROVISIONAL[lang] : '');
  const pickUp = application
    ? [
        ...row('due', day),
        ...row('place', application.pickUp.place),
        ...row('enquiry', application.pickUp.enquiryTelephone),
        ...row('complaint', application.pickUp.complaintTelephone),
      ]
    : [];
  return paperPage(TITLE[lang], lang, [
    `<p class="small">${escaped(printMark(print)[lang])}</p>`,
    factTable(facts),
    ...(pickUp.length > 0 ? [`<h2>${PICK_UP[lang]}</h2>`, factTable(pickUp)] : []),
    `<p>${LABELS.sign[lang]}</p>`,
    `<div class="small">${factTable(row('proof', `${about.stream} #${about.revision}`))}</div>`,
  ]);
};
