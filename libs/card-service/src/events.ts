import type { BusinessDate, Event } from '#libs/kernel';
import type { Applicant, ApplicationKind, ApplicationReason, CheckWay, IssuedKind, ObstacleFound, Relation, Signer } from './words';

/** The hash tells a repeat of the command from another use of its key. */
export type Keyed = { key: string; commandHash: string };
export type PickUp = Readonly<{ place: string; enquiryTelephone: string | null; complaintTelephone: string | null }>;

/**
 * What a `cardApplication-<id>` stream records: first its acceptance, last one of issued, handed out, linked, failed; a failed one may
 * still be linked.
 * No name, no number of a person or card: account and card by their ids.
 */
export type ApplicationEventData = {
  'CardApplicationAccepted.v1': {
    applicationId: string;
    accountId: string;
    kind: ApplicationKind;
    reason: ApplicationReason | null;
    cardKind: IssuedKind;
    replacesCardId: string | null;
    applicant: Applicant;
    /** Who accepted it: the card is registered in its name. */
    organisation: string;
    outletCode: string;
    bankCode: string | null;
    batchNo: string | null;
    photoReference: string | null;
    approved: boolean;
    onTheSpot: boolean;
    packId: string | null;
    /** Null: the city's pack promises no term. Provisional: counted into a year whose holidays were not known. */
    dueOn: BusinessDate | null;
    dueOnIsProvisional: boolean;
    pickUp: PickUp;
    /** Code of the employer, school or committee that applied for its people; left out where there is none, as is the next one. */
    unitCode?: string;
    /** Outlet or centre where the card is fetched, when another than accepted it. */
    pickUpOutletCode?: string;
  };
  'CardProductionStarted.v1': { productionBatchNo: string | null };
  'CardProduced.v1': Record<never, never>;
  'CardReadyForPickUp.v1': { place: string };
  'CardIssued.v1': { cardId: string; receivedBy: Applicant; handOutBy: BusinessDate | null };
  /** By the unit that had fetched it. Source: J9. */
  'CardHandedOut.v1': { receivedBy: Signer };
  'CardLinked.v1': { cardId: string };
  'CardApplicationFailed.v1': { obstacles: readonly ObstacleFound[] };
};
export type ApplicationEventType = keyof ApplicationEventData;
type ByType = { [T in ApplicationEventType]: Event<T, Keyed & ApplicationEventData[T]> };
export type ApplicationEvent = ByType[ApplicationEventType];

/** Which event a voucher is about. */
export type About = Readonly<{ stream: string; revision: number; type: string }>;
export type SignedBy = Readonly<{
  signer: Signer;
  relation: Relation | null;
  /** Numbers of the identity checks of who signed for the holder, and of the holder; never what was checked. Source: Q8. */
  proxyCheck: string | null;
  holderCheck: string | null;
  /** Left out: at the counter. */
  checkWay?: CheckWay;
  /** Of a holder for whom somebody else signs, on that day. */
  holderAge?: 'minor' | 'adult';
  /** Who signs for the holder, in the vault; here a salted commitment for each field. */
  proxyId?: string;
  proxyCommitments?: Readonly<Record<string, string>>;
}>;
/** Stream `vouchers-<outlet>-<year>`: nothing else stands in it, so that number n is its revision n − 1 and no number can be missing. */
export type VoucherIssued = Event<
  'VoucherIssued.v1',
  Keyed & { outletCode: string; year: number; number: number; accountId: string | null; about: About } & SignedBy
>;

/** Streams `voucher-<outlet>-<year>-<number>` and `oneTimeNotice-<id>`: what becomes of a paper. */
export type SignedCopyFiled = Event<'SignedCopyFiled.v1', Keyed & { document: string; signedCopy: string }>;
/** Number 1 is the original, every further one a reprint. */
export type DocumentPrinted = Event<'DocumentPrinted.v1', { document: string; number: number }>;
/** `facts`: what the refusal said besides its code. */
export type NoticeReason = Readonly<{ code: string; detail: string | null }>;
export type OneTimeNoticeGiven = Event<
  'OneTimeNoticeGiven.v1',
  Keyed & {
    document: string;
    business: string;
    outletCode: string;
    accountId: string | null;
    applicationId: string | null;
    reasons: readonly NoticeReason[];
    termDays: number | null;
    termUnit: 'workingDays' | 'calendarDays' | null;
    enquiryTelephone: string | null;
    complaintTelephone: string | null;
  }
>;
export type PaperEvent = OneTimeNoticeGiven | SignedCopyFiled | DocumentPrinted;
