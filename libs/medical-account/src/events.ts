import type { BusinessDate, Event, Instant, Recorded } from '#libs/kernel';
import type { CarriedState } from './carried-state';
import type {
  CancellationReason,
  CardIssue,
  CardKind,
  CardMedium,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  FreezeScope,
  FundSource,
  HolderCheckMethod,
  HolderProxy,
  InsuranceType,
  Keyed,
  Legs,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
  SubAccount,
  TransferPlace,
} from './vocabulary';

export type { CardRecord, CarriedState, FreezeRecord, PinRecord, TransferDeferral } from './carried-state';
export * from './vocabulary';

// ── Account ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Commitments are salted hashes of vault fields; the fields themselves never enter an event. */
export type AccountOpened = Event<
  'AccountOpened.v1',
  Keyed & {
    accountId: string;
    personId: string;
    poolingArea: string;
    district: string | null; // The district or county whose agency opened it, for counts; null: not told.
    insuranceType: InsuranceType;
    hasPersonalAccount: boolean;
    commitments: Readonly<Record<string, string>>;
    packId: string;
  }
>;
/** Offsets what the holder owes first (a leg on `receivable`), then reaches the sub-account. */
export type AccountCredited = Event<
  'AccountCredited.v1',
  Keyed &
    Legs & {
      source: Exclude<FundSource, 'interest'>;
      reference: string;
      period: string | null;
      cardId: string;
      legalBasis: string | null;
    }
>;
/** A debit that corrects an earlier mistake; what the balance cannot bear is a `receivable`. */
export type AccountCorrected = Event<
  'AccountCorrected.v1',
  Keyed &
    Legs & {
      amountFen: MedicalFen;
      receivableFen: MedicalFen;
      cardId: string;
      legalBasis: string;
      reason: string;
    }
>;

// ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** `state` and `lastSwipedOn` are taken over from the legacy system for cards that were in use there. */
export type CardRegistered = Event<
  'CardRegistered.v1',
  Keyed & {
    cardId: string;
    kind: CardKind;
    media: readonly CardMedium[];
    carriesPersonalAccount: boolean;
    state: 'registered' | 'inUse';
    lastSwipedOn: BusinessDate | null;
    commitments: Readonly<Record<string, string>>;
    issue: CardIssue | null;
    expiresAt: Instant | null; // By the pack in force when it was registered.
  }
>;
/** `key` is null when the first swipe enabled the card: the settlement of the same append answers. */
export type CardEnabled = Event<
  'CardEnabled.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    channel: EnablementChannel;
    financialAreaActivated: boolean;
    proxy: HolderProxy | null;
  }
>;
export type CardStopped = Event<
  'CardStopped.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'phase' | 'agency';
    phase: string | null;
    effectiveAt: Instant;
    reason: string;
  }
>;
export type CardCancelled = Event<
  'CardCancelled.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'replaced' | 'agency' | 'holder';
    successorCardId: string | null;
    reason: string;
  }
>;
export type TemporaryLossReported = Event<'TemporaryLossReported.v1', Keyed & { cardId: string }>;
export type TemporaryLossLifted = Event<'TemporaryLossLifted.v1', Keyed & { cardId: string }>;
/** By time alone, at the end of the pack's days. */
export type CardRestored = Event<'CardRestored.v1', { cardId: string; effectiveAt: Instant }>;
/** A machine has kept the card. `place`: number of the machine or outlet. */
export type CardRetained = Event<'CardRetained.v1', Keyed & { cardId: string; place: string }>;
export type CardReturned = Event<'CardReturned.v1', Keyed & { cardId: string; identityCheck: string }>;
/** `identityCheck`: number of the check of the holder, never what was checked. */
export type FormalLossReported = Event<'FormalLossReported.v1', Keyed & { cardId: string; identityCheck: string }>;
/** Found again before another card was made in its place. */
export type FormalLossLifted = Event<'FormalLossLifted.v1', Keyed & { cardId: string; identityCheck: string }>;
/** By time alone, at the end of its term. */
export type CardExpired = Event<'CardExpired.v1', { cardId: string; effectiveAt: Instant }>;
export type CardCollected = Event<'CardCollected.v1', Keyed & { cardId: string; place: string }>;
/** `batch`: number of the record of the destruction. Source: Q10. */
export type CardDestroyed = Event<'CardDestroyed.v1', Keyed & { cardId: string; batch: string }>;
/** What the bank reports; `key` is null when the enablement of the same append told it. */
export type FinancialAreaReported = Event<
  'FinancialAreaReported.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; active: boolean }
>;
/** The verdict of a terminal or security module; `reference` is its own number. */
export type PinVerdictReported = Event<'PinVerdictReported.v1', Keyed & { cardId: string; verdict: 'right' | 'wrong'; reference: string }>;
/** By the verdict of the same append. */
export type PinLocked = Event<'PinLocked.v1', { cardId: string; wrong: number }>;
export type PinUnlocked = Event<'PinUnlocked.v1', Keyed & { cardId: string; cause: 'unlock' | 'reset'; identityCheck: string }>;
export type SubAccountSealed = Event<
  'SubAccountSealed.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'cardStopped' | 'cardLost' | 'cardExpired' | 'transferDeferred' | 'agency';
    reason: string;
  }
>;
export type SubAccountUnsealed = Event<
  'SubAccountUnsealed.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; cause: 'successorEnabled' | 'cardFound' | 'agency'; reason: string }
>;
/** A replaced card whose money moves later, by the pack: at an instant, or (null) on application at a place. */
export type TransferDeferred = Event<
  'TransferDeferred.v1',
  { cardId: string; toCardId: string; until: Instant | null; place: TransferPlace | null }
>;
/** Two cards on one balance: what stands for the old card stands with the new one from now on, and both work. Source: NY1. */
export type SubAccountShared = Event<'SubAccountShared.v1', { cardId: string; withCardId: string }>;
/**
 * Money follows the card: from an old card (or the cardless sub-account) to its successor, bucket by bucket. `effectiveAt`: when time moved
 * it, which is when its days of interest end on the one and begin on the other; null: when it was decided.
 */
export type BalanceTransferred = Event<
  'BalanceTransferred.v1',
  (Keyed | { key: null; commandHash: null }) &
    Legs & {
      fromCardId: string;
      toCardId: string;
      cause: 'enablement' | 'firstSwipe' | 'agency' | 'batch' | 'application' | 'phase';
      amountFen: MedicalFen;
      wasSealed: boolean;
      effectiveAt: Instant | null;
    }
>;

// ── Freezes ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
export type FreezePlaced = Event<
  'FreezePlaced.v1',
  Keyed & {
    freezeId: string;
    scope: FreezeScope;
    cause: FreezeCause;
    legalDocument: string;
    from: Instant;
    until: Instant | null;
    placedBy: string;
  }
>;
export type FreezeLifted = Event<'FreezeLifted.v1', Keyed & { freezeId: string; reason: string; liftedBy: string }>;
/** By time alone, at `until`. */
export type FreezeEnded = Event<'FreezeEnded.v1', { freezeId: string; effectiveAt: Instant }>;

// ── Settlements ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
/**
 * totalFeeFen = fundPaidFen + account legs + cashPaymentFen. `cardId` is the sub-account that was drawn on (`cardless` without a card).
 * Cites pack and agreement and keeps the balance before: the receipt is derived from this event alone.
 */
export type SwipeSettled = Event<
  'SwipeSettled.v1',
  Keyed &
    Legs & {
      institutionCode: string;
      serial: string;
      entry: 'online' | 'late';
      lateReason: string | null;
      approval: string | null;
      occurredAt: Instant;
      businessDate: BusinessDate;
      credentialKind: CredentialKind;
      cardId: string;
      /** The card in the hand, where it is in use and shares the balance of another; null: it is `cardId`, or out of use by now. */
      presentedCardId: string | null;
      insuranceType: InsuranceType;
      medicalCategory: MedicalCategory;
      visitNo: string | null;
      chargeBatchNo: string | null;
      invoiceNo: string | null;
      totalFeeFen: MedicalFen;
      fundPaidFen: MedicalFen;
      accountEligibleFen: MedicalFen;
      payment: PaymentMode;
      hasPersonalAccount: boolean;
      cashPaymentFen: MedicalFen;
      balanceBeforeFen: MedicalFen;
      holderCheck: Readonly<{ method: HolderCheckMethod; reference: string | null }>;
      operatorCode: string;
      terminalCode: string;
      agreementRevision: number;
      packId: string;
      linesHash: string | null;
      replacesKey: string | null;
    }
>;
/** amountFen = account legs + fundReturnedFen + cashRefundFen. `key` is null when a settlement that replaces this one carries the key. */
export type SettlementCancelled = Event<
  'SettlementCancelled.v1',
  (Keyed | { key: null; commandHash: null }) &
    Legs & {
      institutionCode: string;
      serial: string | null;
      settlementKey: string;
      reason: CancellationReason;
      note: string | null;
      businessDate: BusinessDate;
      amountFen: MedicalFen;
      fundReturnedFen: MedicalFen;
      cashRefundFen: MedicalFen;
    }
>;
/** Undoes what is left of a settlement whose outcome the institution never learned. */
export type SettlementReversed = Event<
  'SettlementReversed.v1',
  Keyed &
    Legs & {
      institutionCode: string;
      serial: string;
      settlementKey: string;
      note: string | null;
      businessDate: BusinessDate;
      amountFen: MedicalFen;
      fundReturnedFen: MedicalFen;
      cashRefundFen: MedicalFen;
    }
>;
/**
 * Undoes a cancellation whose outcome the institution never learned: what it gave back is taken again; what is gone is a `receivable`.
 * `key` and `serial` are null when a settlement that replaced this one was reversed in the same append: `cancellationKey` is then that one's.
 */
export type CancellationReversed = Event<
  'CancellationReversed.v1',
  (Keyed | { key: null; commandHash: null }) &
    Legs & {
      institutionCode: string;
      serial: string | null;
      cancellationKey: string;
      settlementKey: string;
      note: string | null;
      businessDate: BusinessDate;
      amountFen: MedicalFen;
      fundReturnedFen: MedicalFen;
      cashRefundFen: MedicalFen;
      receivableFen: MedicalFen;
    }
>;

// ── Closings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Rates are decimal text a year ("0.0035"); products are fen × days, by sub-account. Source: 国发〔1998〕44号. */
export type InterestPosted = Event<
  'InterestPosted.v1',
  Legs & {
    effectiveAt: Instant;
    packId: string;
    items: readonly Readonly<{ account: SubAccount; productFenDays: number; annualRate: string; interestFen: MedicalFen }>[];
  }
>;
/** A closing: moves current-year to prior-year money, and carries the state after its own legs. */
export type YearRolledOver = Event<'YearRolledOver.v1', Legs & { effectiveAt: Instant; year: number; carried: CarriedState }>;
export type AccountCarriedForward = Event<'AccountCarriedForward.v1', { carried: CarriedState }>;

/** Every fact of a `medicalAccount-<accountId>` stream, newest form only; older stored forms end in the codec. */
export type MedicalAccountEvent =
  | AccountOpened
  | AccountCredited
  | AccountCorrected
  | CardRegistered
  | CardEnabled
  | CardStopped
  | CardCancelled
  | TemporaryLossReported
  | TemporaryLossLifted
  | CardRestored
  | CardRetained
  | CardReturned
  | FormalLossReported
  | FormalLossLifted
  | CardExpired
  | CardCollected
  | CardDestroyed
  | FinancialAreaReported
  | PinVerdictReported
  | PinLocked
  | PinUnlocked
  | SubAccountSealed
  | SubAccountUnsealed
  | TransferDeferred
  | SubAccountShared
  | BalanceTransferred
  | FreezePlaced
  | FreezeLifted
  | FreezeEnded
  | SwipeSettled
  | SettlementCancelled
  | SettlementReversed
  | CancellationReversed
  | InterestPosted
  | YearRolledOver
  | AccountCarriedForward;

/** An event that answers a key. */
export type AnsweringEvent = Recorded<Extract<MedicalAccountEvent, { data: { key: unknown } }>>;

/** A stream of its own, `settlementVoid-<institution>-<serial>`: a reversal came first, and nothing can settle under this key any more. */
export type SettlementKeyVoided = Event<
  'SettlementKeyVoided.v1',
  Keyed & {
    institutionCode: string;
    serial: string;
    voidedKey: string;
    note: string | null;
    businessDate: BusinessDate;
  }
>;
