import type { About, SignedBy } from '#libs/card-service';
import type { CardKind, CardState, PersonChangeGrounds, RelationInStage, RelationStage } from '#libs/medical-account';

/** One page; `next` goes back as the cursor, null at the end. Rows are in a fixed order, so that paging neither skips nor repeats. */
export type Page<Row> = Readonly<{ rows: readonly Row[]; next: string | null; asOfLogIndex: number }>;
/** `minLogIndex`: an answer that does not hold the log up to there is of no use. */
export type AtLeast = Readonly<{ minLogIndex?: number }>;
export type PageRequest = AtLeast & Readonly<{ cursor?: string; limit: number }>;

export type FreezeRow = Readonly<{
  freezeId: string;
  accountId: string;
  scopeKind: string;
  cardId: string | null;
  amountFen: number | null;
  cause: string;
  legalDocument: string;
  placedAt: string;
  from: string;
  until: string | null;
  placedBy: string;
  endedAt: string | null;
  endedBy: 'lifted' | 'term' | null;
}>;
export type CardTransferRow = Readonly<{
  logIndex: number;
  accountId: string;
  fromCardId: string;
  toCardId: string;
  cause: string;
  wasSealed: boolean;
  currentYearFen: number;
  priorYearFen: number;
  amountFen: number;
  decidedAt: string;
  eventId: string;
  revision: number;
  /** Key of the act, when the transfer was asked for itself; of an enablement, that is the act. Null: by a first swipe, or by time. */
  actKey: string | null;
  /** By which the new card was enabled, when that moved the money. */
  channel: string | null;
  fromKind: string | null; // null: from the cardless sub-account.
  toKind: string | null;
  /** Numbers of the vouchers of the act, oldest first. */
  vouchers: readonly string[];
}>;
export type SettlementRow = Readonly<{
  key: string;
  institutionCode: string;
  serial: string;
  accountId: string;
  cardId: string;
  businessDate: string;
  decidedAt: string;
  totalFeeFen: number;
  fundPaidFen: number;
  accountPaidFen: number;
  cashPaymentFen: number;
  undoneFen: number;
  undoneAccountFen: number;
  state: 'live' | 'partlyUndone' | 'undone';
  eventId: string;
  stream: string;
  revision: number;
}>;
export type InstitutionDay = Readonly<{
  institutionCode: string;
  businessDate: string;
  settlements: number;
  cancellations: number;
  reversals: number;
  totalFeeFen: number;
  fundPaidFen: number;
  accountPaidFen: number;
  cashPaymentFen: number;
  /** What was given back on this day, whatever day it was drawn: to accounts, to the pooled fund, in cash. */
  accountReturnedFen: number;
  fundReturnedFen: number;
  cashRefundFen: number;
  /** What the institution is owed: accountPaidFen + fundPaidFen − accountReturnedFen − fundReturnedFen. */
  payableFen: number;
  asOfLogIndex: number;
}>;
export type BalanceRow = Readonly<{
  accountId: string;
  cardId: string;
  bucket: string;
  amountFen: number;
  sealed: boolean;
  logIndex: number;
}>;
export type Holdings = Readonly<{
  accounts: number;
  cards: number;
  currentYearFen: number;
  priorYearFen: number;
  asOfLogIndex: number;
}>;
/** A card as the log leaves it. `lastSwipedOn`: by day; `enabledUnder`: key of the act; `stopPhase`: of the stop by phase, if that was it. */
export type CardRow = Readonly<{
  accountId: string;
  cardId: string;
  poolingArea: string;
  district: string | null;
  kind: CardKind;
  state: CardState;
  hasPersonalAccount: boolean;
  carriesPersonalAccount: boolean;
  registeredOn: string;
  lastSwipedOn: string | null;
  enabledAt: string | null;
  enabledThrough: string | null;
  enabledUnder: string | null;
  enabledAtRevision: number | null;
  stopPhase: string | null;
  stoppedAt: string | null;
  successorCardId: string | null;
  logIndex: number;
}>;
/** `amountFen`: what stands on the card's sub-account now; `movedFen`: what moved from it after a stop by phase, or with it, in `moves` transfers. */
export type CardWithMoney = CardRow & Readonly<{ amountFen: number; sealed: boolean; movedFen: number; moves: number }>;
/** An application of which something is still to be done: the card made, or, fetched by a unit, handed out. Days: business dates. */
export type ApplicationRow = Readonly<{
  applicationId: string;
  accountId: string;
  kind: string;
  applicant: string;
  outletCode: string;
  unitCode: string | null;
  pickUpOutletCode: string | null;
  bankCode: string | null;
  batchNo: string | null;
  stage: string;
  acceptedOn: string;
  waitsFor: 'card' | 'handOut' | null;
  /** The last day on which it is in time; null: the area's pack promises no term. */
  deadline: string | null;
  deadlineIsProvisional: boolean;
}>;
/** `overdueOn`: only those whose deadline is before this day. `reach`: only those of these codes or this bank; left out: all. */
export type ApplicationFilter = Readonly<{
  overdueOn?: string;
  waitsFor?: 'card' | 'handOut';
  kind?: string;
  outletCode?: string;
  reach?: Readonly<{ outletCodes?: readonly string[]; bankCode?: string }>;
}>;
export type ApplicationCount = Readonly<{
  outletCode: string;
  kind: string;
  waitsFor: 'card' | 'handOut' | null;
  pending: number;
  overdue: number;
  earliest: string | null;
}>;
/** An act whose voucher is not there: a stop of the engine came between. `accountId` empty: that of the application in `about`. */
export type OwedVoucher = Readonly<{
  actKey: string;
  accountId: string;
  outletCode: string;
  decidedAt: string;
  about: About;
  signedBy: SignedBy;
}>;
/** A merge, its undoing, or a change of name or number. `grounds`: of a change; `endedBy`: who approved it. */
export type PersonCaseRow = Readonly<{
  caseId: string;
  accountId: string;
  kind: string;
  absorbedAccountId: string | null;
  mergeId: string | null;
  grounds: string | null;
  reason: string;
  document: string;
  proposedBy: string;
  proposedAt: string;
  state: string;
  endedBy: string | null;
  endedAt: string | null;
}>;
/** A card that is to be reissued; `replacedAt` stays null until another takes its place, or it is taken out of use for good. */
export type ReissueRow = Readonly<{
  accountId: string;
  cardId: string;
  reason: 'merged' | PersonChangeGrounds;
  caseId: string;
  since: string;
  replacedAt: string | null;
  replacedByCardId: string | null;
}>;
/**
 * A relation on its way to another pooling area (`out`) or from one (`in`). `ownArea`: null for an account whose opening was not seen.
 * `amountFen`: in transit or gone for `out`, of file or money for `in`. `toFollowFen`: on an account whose relation is not here any more.
 */
export type RelationTransferRow = Readonly<{
  direction: 'out' | 'in';
  transferId: string;
  accountId: string | null;
  ownArea: string | null;
  otherArea: string;
  stage: RelationStage | RelationInStage;
  followsTransferId: string | null;
  transferNo: string | null;
  currentYearFen: number | null;
  priorYearFen: number | null;
  amountFen: number;
  fileFen: number | null;
  moneyFen: number | null;
  toFollowFen: number;
  batchReference: string | null;
  beganAt: string;
  remittedAt: string | null;
  dueOn: string | null;
  endedAt: string | null;
  logIndex: number;
}>;
export type ProjectionStatus = Readonly<{
  name: string;
  logIndex: number;
  behind: number;
  state: 'live' | 'catchingUp' | 'rebuilding' | 'failed';
  detail: string | null;
}>;

/**
 * Queries over the projections. They lag the log by milliseconds; what must be exact is read from the events. Whoever asks for a minimal log
 * index waits for it. Throws: on outage; with code `not-yet-projected` when the log index is not reached in time.
 */
export interface ReadModels {
  balances(filter: Readonly<{ accountId?: string }>, page: PageRequest): Promise<Page<BalanceRow>>;
  freezes(filter: Readonly<{ accountId?: string; cause?: string; inForceAt?: string }>, page: PageRequest): Promise<Page<FreezeRow>>;
  cardTransfers(
    filter: Readonly<{ accountId?: string; cardId?: string; from?: string; until?: string }>,
    page: PageRequest,
  ): Promise<Page<CardTransferRow>>;
  /** By case id; an account's cases are those of both accounts of a merge. */
  personCases(filter: Readonly<{ state?: string; accountId?: string }>, page: PageRequest): Promise<Page<PersonCaseRow>>;
  /** Cards not reissued yet, the longest waiting first. */
  reissues(filter: Readonly<{ accountId?: string }>, page: PageRequest): Promise<Page<ReissueRow>>;
  settlements(
    filter: Readonly<{ institutionCode?: string; accountId?: string; businessDate?: string }>,
    page: PageRequest,
  ): Promise<Page<SettlementRow>>;
  institutionDay(institutionCode: string, businessDate: string, atLeast?: AtLeast): Promise<InstitutionDay>;
  /** Account ids in order, for jobs that visit every account. */
  accountIds(page: PageRequest): Promise<Page<string>>;
  totals(): Promise<
    Readonly<{
      sealedFen: number;
      sealedAccounts: number;
      transferredFen: number;
      transfers: number;
      balanceFen: number;
      asOfLogIndex: number;
    }>
  >;
  /** What stands in all accounts, by bucket; cards out of use and sealed money too. Units: fen. */
  holdings(): Promise<Holdings>;
  /**
   * Cards of these kinds with their money, by account; `limit` counts accounts looked at, so that no page takes long however few cards are
   * of these kinds: a page may be empty and have a next one.
   */
  cards(filter: Readonly<{ poolingArea: string; kinds: readonly CardKind[] }>, page: PageRequest): Promise<Page<CardWithMoney>>;
  /** Applications of which something is still to be done, the earliest deadline first. */
  pendingApplications(filter: ApplicationFilter, page: PageRequest): Promise<Page<ApplicationRow>>;
  /** How many are pending, and how many of these overdue on a day, by outlet, kind and what they wait for. */
  applicationCounts(filter: ApplicationFilter): Promise<Readonly<{ rows: readonly ApplicationCount[]; asOfLogIndex: number }>>;
  /** Acts that leave a voucher which is not there yet, oldest first. */
  owedVouchers(page: PageRequest): Promise<Page<OwedVoucher>>;
  owedVoucherCount(): Promise<number>;
  /** `dueBefore`: only what was due before this day. `isOpen`: only what still awaits something. */
  relationTransfers(
    filter: Readonly<{ direction?: 'out' | 'in'; stage?: string; accountId?: string; isOpen?: boolean; dueBefore?: string }>,
    page: PageRequest,
  ): Promise<Page<RelationTransferRow>>;
  status(): Promise<readonly ProjectionStatus[]>;
  /** Starts a rebuild beside the running projection and swaps when it has caught up. */
  rebuild(name: string, onProgress: (done: number, total: number) => void): Promise<void>;
  close(): Promise<void>;
}
