import { type CardServiceTerms, noticeStream, type OneTimeNoticeGiven, type Term } from '#libs/card-service';
import type { Recorded } from '#libs/kernel';
import { businessKey } from '#libs/medical-account';
import { refused } from '../answers';
import type { Answer, CardService, Catalogue, NoticeOrder, NoticeView } from '../engine';
import type { Tracing } from '../envelope';
import { commandHash, uuidOf } from '../streams/command-identity';
import { countPrint, type PaperRunner, writeOnce } from './papers';

export type NoticeParts = Readonly<{
  papers: PaperRunner;
  /** Every reason that a notice may name has its words here. */
  catalogue: Catalogue;
  secret: Uint8Array;
  termsNow: (poolingArea: string) => Promise<CardServiceTerms | null>;
}>;
type Notice = Omit<NoticeOrder, 'reference' | 'poolingArea'> &
  Readonly<{ key: string; applicationId: string | null; terms: CardServiceTerms | null; term: Term | null }>;
export type Notices = Pick<CardService, 'giveNotice' | 'notice' | 'printNotice'> &
  Readonly<{ give: (notice: Notice, tracing: Tracing) => Promise<Answer<NoticeView>> }>;

export const noticeIdOf = (key: string): string => uuidOf(`oneTimeNotice-${key}`);

/** One-time notices: what could not be done, why, and what to bring. Idempotency: by key. Throws: on outage. */
export const noticesOf = ({ papers, catalogue, secret, termsNow }: NoticeParts): Notices => {
  const view = async (noticeId: string): Promise<NoticeView | undefined> => {
    const { state } = await papers.load(noticeStream(noticeId));
    return state.notice === null ? undefined : viewOf(state.notice, state.prints);
  };
  const give: Notices['give'] = async ({ key, terms, reasons, ...notice }, tracing) => {
    const wordless = reasons.filter(({ code }) => !Object.hasOwn(catalogue, code));
    if (wordless.length > 0) return refused(wordless.map(({ code }) => ({ code: 'notice-reason-without-words', reasonCode: code })));
    const document = noticeIdOf(key);
    const hash = commandHash(secret, [key, notice.business, notice.outletCode, notice.accountId, JSON.stringify(reasons)]);
    const data = { ...notice, key, commandHash: hash, document, reasons, telephones: terms };
    const telephones = terms && { enquiryTelephone: terms.enquiryTelephone, complaintTelephone: terms.complaintTelephone };
    const answer = await writeOnce(papers, noticeStream(document), { type: 'GiveNotice', data: { ...data, telephones } }, tracing);
    if (answer.kind !== 'done') return answer;
    const value = await view(document);
    if (!value) throw new Error('a notice that was given is not there');
    return { ...answer, value };
  };
  return {
    give,
    giveNotice: async ({ reference, poolingArea, ...order }, tracing) => {
      const terms = await termsNow(poolingArea);
      const key = businessKey(tracing.actor.organisation, reference);
      return give({ ...order, key, applicationId: null, terms, term: null }, tracing);
    },
    notice: view,
    printNotice: async (noticeId, tracing) => {
      if (!(await view(noticeId))) return refused([{ code: 'notice-unknown' }]);
      return countPrint(papers, { stream: noticeStream(noticeId), document: noticeId }, tracing);
    },
  };
};

const viewOf = ({ data, decidedAt }: Recorded<OneTimeNoticeGiven>, prints: number): NoticeView => {
  const { document: noticeId, business, outletCode, accountId, applicationId, reasons, termDays, termUnit } = data;
  const { enquiryTelephone, complaintTelephone } = data;
  const term = termDays === null || termUnit === null ? null : { days: termDays, unit: termUnit };
  const given = { noticeId, business, outletCode, accountId, applicationId, givenAt: decidedAt };
  return { ...given, reasons, term, enquiryTelephone, complaintTelephone, prints };
};
