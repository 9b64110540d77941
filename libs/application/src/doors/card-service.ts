import type {
  About,
  Applicant,
  ApplicationKind,
  ApplicationReason,
  ApplicationStage,
  IssuedKind,
  NoticeReason,
  ObstacleFound,
  PickUp,
  SignedBy,
  Signer,
} from '#libs/card-service';
import type { Tracing } from '../envelope';
import type { OwedVoucher } from '../read-models.port';
import type { PersonRecord } from '../vault.port';
import type { ActAnswer } from './accounts';
import type { Answer, Credential } from './answer';

/** Who applies, as the counter has it before it: number or name may be missing or wrong, which is then an answer and not a fault of form. */
export type ApplyingPerson = Readonly<{ identityKind: string; identityNumber: string | null; name: string | null }>;
export type ApplicationOrder = Readonly<{
  reference: string;
  poolingArea: string;
  person: ApplyingPerson;
  kind: ApplicationKind;
  reason: ApplicationReason | null;
  cardKind: IssuedKind;
  replacesCardId: string | null;
  applicant: Applicant;
  outletCode: string;
  bankCode: string | null;
  batchNo: string | null;
  photoReference: string | null;
  approved: boolean;
  onTheSpot: boolean;
  pickUpPlace: string;
  obstacles: readonly ObstacleFound[];
  signedBy: Signing;
  /** Code of the employer, school or committee that applies; left out where there is none. */
  unitCode?: string;
  /** Where the card is fetched, when another outlet or centre than accepted it. */
  pickUpOutletCode?: string;
}>;
export type ApplicationAct =
  | Readonly<{ act: 'startProduction'; productionBatchNo: string | null }>
  | Readonly<{ act: 'produced' }>
  | Readonly<{ act: 'readyForPickUp'; place: string }>
  | Readonly<{ act: 'issue'; cardNumber: string; receivedBy: Applicant; outletCode: string; signedBy: Signing }>
  | Readonly<{ act: 'handOut'; receivedBy: Signer; outletCode: string; signedBy: Signing }>
  | Readonly<{ act: 'link'; cardNumber: string; cardKind: IssuedKind; outletCode: string; signedBy: Signing }>
  | Readonly<{ act: 'fail'; obstacles: readonly ObstacleFound[]; outletCode: string }>;

export type ApplicationView = Readonly<{
  applicationId: string;
  accountId: string;
  kind: ApplicationKind;
  reason: ApplicationReason | null;
  cardKind: IssuedKind;
  replacesCardId: string | null;
  applicant: Applicant;
  outletCode: string;
  bankCode: string | null;
  batchNo: string | null;
  unitCode: string | null;
  pickUpOutletCode: string | null;
  stage: ApplicationStage;
  steps: readonly Readonly<{ stage: ApplicationStage; at: string }>[];
  dueOn: string | null;
  dueOnIsProvisional: boolean;
  overdue: boolean;
  pickUp: PickUp;
  cardId: string | null;
  receivedBy: Applicant | null;
  handOutBy: string | null;
  /** A unit has fetched it, and not handed it out in time. */
  handOutOverdue: boolean;
  obstacles: readonly ObstacleFound[];
  vouchers: readonly string[];
  noticeId: string | null;
  policy: string | null;
  stream: string;
  revision: number;
}>;
/** Who signs the voucher of an act. `person`: who signs for the holder; goes to the vault. */
export type Signing = Omit<SignedBy, 'holderAge' | 'proxyId' | 'proxyCommitments'> & Readonly<{ person?: PersonRecord }>;
/** An act on a card or balance, as a counter asks for it. `outletCode` null: no counter, so no paper. `business`: for the notice. */
export type CounterOrder = Readonly<{
  accountId: string;
  reference: string;
  business: string;
  outletCode: string | null;
  leavesVoucher: boolean;
  isFinancial: boolean;
  judgesItself: boolean;
  signedBy: Signing;
}>;
/** `noticeId`: the one-time notice that goes with a refusal of card business. */
export type Noticed<T> = Readonly<{ answer: Answer<T>; noticeId: string | null }>;

export type VoucherKey = Readonly<{ outletCode: string; year: number; number: number }>;
export type VoucherView = VoucherKey &
  SignedBy &
  Readonly<{
    voucherNo: string;
    /** When the business was done; its voucher may have come later. */
    doneAt: string;
    issuedAt: string;
    accountId: string | null;
    about: About;
    signedCopy: Readonly<{ reference: string; filedAt: string }> | null;
    prints: number;
    eventId: string;
  }>;
export type VoucherOrder = Readonly<{
  reference: string;
  outletCode: string;
  about: Readonly<{ stream: string; revision: number }>;
  signedBy: Signing;
}>;

export type NoticeOrder = Readonly<{
  reference: string;
  business: string;
  outletCode: string;
  poolingArea: string;
  accountId: string | null;
  reasons: readonly NoticeReason[];
}>;
export type NoticeView = Readonly<{
  noticeId: string;
  business: string;
  outletCode: string;
  accountId: string | null;
  applicationId: string | null;
  givenAt: string;
  reasons: readonly NoticeReason[];
  term: Readonly<{ days: number; unit: 'workingDays' | 'calendarDays' }> | null;
  enquiryTelephone: string | null;
  complaintTelephone: string | null;
  prints: number;
}>;

export type DisposalLine = Readonly<{
  reference: string;
  act: 'collect' | 'destroy';
  place: string;
  card: Readonly<{ number: string }> | Readonly<{ accountId: string; cardId: string }>;
}>;
/** What may be told without seeing who asks. */
export type CardInquiry = Readonly<{
  accountId: string;
  holder: string | null;
  cards: readonly Readonly<{
    cardId: string;
    cardTail: string;
    kind: string;
    state: string;
    stateSince: string | null;
    financialAreaActive: boolean;
    expiresAt: string | null;
  }>[];
  applications: readonly Pick<
    ApplicationView,
    'applicationId' | 'kind' | 'cardKind' | 'stage' | 'steps' | 'dueOn' | 'dueOnIsProvisional' | 'overdue' | 'pickUp' | 'obstacles'
  >[];
}>;

/** Card business that is not money: applications and their progress, vouchers, one-time notices. */
export interface CardService {
  apply(order: ApplicationOrder, tracing: Tracing): Promise<Noticed<ApplicationView>>;
  act(applicationId: string, reference: string, act: ApplicationAct, tracing: Tracing): Promise<Noticed<ApplicationView>>;
  application(applicationId: string): Promise<ApplicationView | undefined>;
  /** Undefined: nobody of this number has an account there. */
  inquire(order: Readonly<{ poolingArea: string; credential: Credential }>, tracing: Tracing): Promise<CardInquiry | undefined>;
  /** Any act on an account, with its papers: the voucher of what was done, the notice of what was refused. */
  atCounter(
    order: CounterOrder,
    act: (tracing: Tracing) => Promise<Answer<ActAnswer>>,
    tracing: Tracing,
  ): Promise<Noticed<ActAnswer & Readonly<{ voucherNo: string | null }>>>;
  /** A card of a list that a bank has gathered, or destroyed under the protocol `place`. */
  dispose(line: DisposalLine, tracing: Tracing): Promise<Answer<ActAnswer>>;
  /** The voucher of an act that has none, because the engine stopped in between. Idempotency: by the act. */
  issueOwed(owed: OwedVoucher, tracing: Tracing): Promise<Answer<VoucherView>>;
  /** For card business that this counter has done without one: an event has one voucher at most. */
  issueVoucher(order: VoucherOrder, tracing: Tracing): Promise<Answer<VoucherView>>;
  voucher(key: VoucherKey): Promise<VoucherView | undefined>;
  fileSignedCopy(
    key: VoucherKey,
    order: Readonly<{ reference: string; signedCopy: string }>,
    tracing: Tracing,
  ): Promise<Answer<VoucherView>>;
  /** Counts one print: 1 is the original. Idempotency: none. */
  printVoucher(key: VoucherKey, tracing: Tracing): Promise<Answer<number>>;
  giveNotice(order: NoticeOrder, tracing: Tracing): Promise<Answer<NoticeView>>;
  notice(noticeId: string): Promise<NoticeView | undefined>;
  printNotice(noticeId: string, tracing: Tracing): Promise<Answer<number>>;
}
