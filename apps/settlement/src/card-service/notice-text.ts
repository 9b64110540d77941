import type { Catalogue, NoticeView } from '#libs/application';
import { NOTICE_GUIDE, type NoticeGuide } from '#libs/card-service';
import { escaped, factTable, htmlPage, shanghaiTime } from '../print/html';
import { type Lang, noticeBusinessOf, printMark, termWords, words } from './paper-words';

type Told = Readonly<{
  code: string;
  detail: string | null;
  messageZh: string;
  messageEn: string;
  remedyZh: string;
  remedyEn: string;
  materials: readonly Readonly<{ zh: string; en: string }>[];
  procedureZh: string;
  procedureEn: string;
}>;

/** Every reason in the words of the catalogue: a notice with a reason that has none cannot be given. @throws Error when it was: a bug. */
const toldReasons = (catalogue: Catalogue, reasons: NoticeView['reasons']): readonly Told[] =>
  reasons.map(({ code, detail }) => {
    const row = catalogue[code];
    if (!row) throw new Error('a notice names a reason without words');
    const { messageZh, messageEn, remedyZh, remedyEn } = row;
    const guide: NoticeGuide | undefined = NOTICE_GUIDE[code];
    const [procedureZh, procedureEn] = guide?.procedure ?? [remedyZh, remedyEn];
    const materials = (guide?.materials ?? []).map(([zh, en]) => ({ zh, en }));
    return { code, detail, messageZh, messageEn, remedyZh, remedyEn, materials, procedureZh, procedureEn };
  });

/** A one-time notice as it is answered. Source: I7 (原因、需补充的材料、办事流程、办事时限). */
export const noticeText = (catalogue: Catalogue, { reasons, term, ...notice }: NoticeView) => {
  const { zh: businessZh, en: businessEn } = noticeBusinessOf(notice.business);
  const { zh: timeLimitZh, en: timeLimitEn } = termWords(term);
  return { ...notice, businessZh, businessEn, reasons: toldReasons(catalogue, reasons), timeLimitZh, timeLimitEn };
};
export type NoticeText = ReturnType<typeof noticeText>;

const TITLE = words('一次性告知单', 'One-time notice');
const LABELS = {
  number: words('告知单编号', 'Notice'),
  business: words('申请办理', 'Business'),
  given: words('告知时间', 'Given'),
  outlet: words('受理网点', 'Outlet'),
  application: words('申请编号', 'Application'),
  reasons: words('未能办理的原因', 'Why it could not be done'),
  materials: words('需补充的材料', 'What to bring'),
  procedure: words('办事流程', 'How to go about it'),
  none: words('无', 'nothing'),
  term: words('办事时限', 'Time limit'),
  enquiry: words('咨询电话', 'Enquiries'),
  complaint: words('投诉电话', 'Complaints'),
  received: words('被告知人签字：______________　日期：__________', 'Received (signature): ______________  Date: __________'),
} as const;

/** The notice as a page to print. `print`: which print it is; null: looked at by an auditor. */
export const noticePage = (notice: NoticeText, lang: Lang, print: number | null): string => {
  const label = (name: keyof typeof LABELS) => LABELS[name][lang];
  const isZh = lang === 'zh';
  const head: (readonly [string, string])[] = [
    [label('number'), notice.noticeId],
    [label('business'), isZh ? notice.businessZh : notice.businessEn],
    [label('given'), shanghaiTime(notice.givenAt)],
    [label('outlet'), notice.outletCode],
    ...(notice.applicationId === null ? [] : [[label('application'), notice.applicationId] as const]),
  ];
  const foot: (readonly [string, string])[] = [
    [label('term'), isZh ? notice.timeLimitZh : notice.timeLimitEn],
    ...(notice.enquiryTelephone === null ? [] : [[label('enquiry'), notice.enquiryTelephone] as const]),
    ...(notice.complaintTelephone === null ? [] : [[label('complaint'), notice.complaintTelephone] as const]),
  ];
  const reasons = notice.reasons.map((reason) => reasonRow(reason, lang)).join('');
  return paperPage(TITLE[lang], lang, [
    `<p class="small">${escaped(printMark(print)[lang])}</p>`,
    factTable(head),
    `<table class="ruled"><tr><th>${label('reasons')}</th><th>${label('materials')}</th><th>${label('procedure')}</th></tr>${reasons}</table>`,
    factTable(foot),
    `<p>${label('received')}</p>`,
  ]);
};

const reasonRow = (reason: Told, lang: Lang): string => {
  const isZh = lang === 'zh';
  const message = isZh ? reason.messageZh : reason.messageEn;
  const said = reason.detail === null ? message : `${message}${isZh ? '：' : ': '}${reason.detail}`;
  const materials = reason.materials.map((each) => each[lang]).join(isZh ? '；' : '; ') || LABELS.none[lang];
  const cells = [said, materials, isZh ? reason.procedureZh : reason.procedureEn];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
};

/** A4, in the language of its words. */
export const paperPage = (title: string, lang: Lang, parts: readonly string[]): string =>
  htmlPage(title, 'A4', [`<h1>${escaped(title)}</h1>`, ...parts].join('\n')).replace(
    'lang="zh-CN"',
    lang === 'zh' ? 'lang="zh-CN"' : 'lang="en"',
  );
