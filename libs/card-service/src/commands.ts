import type { Command, DayFound, Instant, Recorded } from '#libs/kernel';
import type { About, Keyed, NoticeReason, SignedBy, VoucherIssued } from './events';
import type { CardServiceTerms, Term } from './terms';
import type { Applicant, ApplicationKind, ApplicationReason, IssuedKind, ObstacleFound, Signer } from './words';

export const applicationStream = (applicationId: string): string => `cardApplication-${applicationId}`;
export const vouchersStream = (outletCode: string, year: number): string => `vouchers-${outletCode}-${year}`;
/** The number as it is printed: "B0101-2026-000042". */
export const voucherNumber = ({ outletCode, year, number }: Readonly<{ outletCode: string; year: number; number: number }>): string =>
  `${outletCode}-${year}-${String(number).padStart(6, '0')}`;
export const voucherStream = (document: string): string => `voucher-${document}`;
export const noticeStream = (noticeId: string): string => `oneTimeNotice-${noticeId}`;

export type ApplicationCommandData = {
  AcceptApplication: {
    applicationId: string;
    /** Empty: nobody of this identity is insured here. */
    accountId: string;
    kind: ApplicationKind;
    reason: ApplicationReason | null;
    cardKind: IssuedKind;
    replacesCardId: string | null;
    applicant: Applicant;
    organisation: string;
    outletCode: string;
    bankCode: string | null;
    batchNo: string | null;
    photoReference: string | null;
    approved: boolean;
    onTheSpot: boolean;
    pickUpPlace: string;
    unitCode?: string;
    pickUpOutletCode?: string;
    /** What the clerk has found besides what the engine finds. */
    obstacles: readonly ObstacleFound[];
  };
  StartProduction: { productionBatchNo: string | null };
  RecordProduced: Record<never, never>;
  MakeReady: { place: string };
  IssueCard: { cardId: string; receivedBy: Applicant };
  HandOutCard: { receivedBy: Signer };
  LinkCard: { cardId: string };
  FailApplication: { obstacles: readonly ObstacleFound[] };
};
export type ApplicationCommandType = keyof ApplicationCommandData;
type ByType = { [T in ApplicationCommandType]: Command<T, Keyed & ApplicationCommandData[T]> };
export type ApplicationCommand = ByType[ApplicationCommandType];

/** A card of the account as an application meets it. */
export type CardOnAccount = Readonly<{ cardId: string; kind: string; isNew: boolean; state: string }>;
/** What an acceptance depends on; none of it says who somebody is. */
export type AcceptanceFacts = Readonly<{
  identityIsWrong: boolean;
  dataDiffer: boolean;
  cards: readonly CardOnAccount[];
  /** Below the age at which the city makes cards without a photo. */
  mayBeWithoutPhoto: boolean;
  /** Another application of the same sort that is still open. */
  underWay: Readonly<{ applicationId: string; dueOn: string | null }> | null;
  due: DayFound | null;
  packId: string | null;
  enquiryTelephone: string | null;
  complaintTelephone: string | null;
}>;
export type ApplicationFacts = Readonly<{
  decidedAt: Instant;
  acceptance: AcceptanceFacts | null;
  /** By when an employer hands a card out that it takes today. */
  handOutBy: string | null;
}>;

export type IssueVoucher = Command<
  'IssueVoucher',
  Keyed & { outletCode: string; year: number; accountId: string | null; about: About } & SignedBy
>;
/** `earlier`: the voucher that stands under the command's key; `ofEvent`: the one about the same event under another key. */
export type VoucherFacts = Readonly<{
  decidedAt: Instant;
  earlier?: Recorded<VoucherIssued> | null;
  ofEvent?: Recorded<VoucherIssued> | null;
}>;

export type GiveNotice = Command<
  'GiveNotice',
  Keyed & {
    document: string;
    business: string;
    outletCode: string;
    accountId: string | null;
    applicationId: string | null;
    reasons: readonly NoticeReason[];
    term: Term | null;
    telephones: Readonly<Pick<CardServiceTerms, 'enquiryTelephone' | 'complaintTelephone'>> | null;
  }
>;
export type FileSignedCopy = Command<'FileSignedCopy', Keyed & { document: string; signedCopy: string }>;
export type CountPrint = Command<'CountPrint', { key: string; document: string }>;
export type PaperCommand = GiveNotice | FileSignedCopy | CountPrint;
