import type { BusinessDate, Event, Instant, Recorded } from '#libs/kernel';
import type { CarriedState } from './carried-state';
import type {
  CancellationReason,
  CardKind,
  CardMedium,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  FreezeScope,
  FundSource,
  HolderCheckMethod,
  InsuranceType,
  Keyed,
  Legs,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
  SubAccount,
} from './vocabulary';

export type { CardRecord, CarriedState, FreezeRecord } from './carried-state';
export * from './vocabulary';

// ── Account ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Commitments are salted hashes of vault fields; the fields themselves never enter an event. */
export type AccountOpened = Event<
  'AccountOpened.v1',
  Keyed & {
    accountId: string;
    personId: string;
    poolingArea: string;
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
  }
>;
/** `key` is null when the first swipe enabled the card: the settlement of the same append answers. */
export type CardEnabled = Event<
  'CardEnabled.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    channel: EnablementChannel;
    financialAreaActivated: boolean;
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
export type SubAccountSealed = Event<
  'SubAccountSealed.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; cause: 'cardStopped' | 'agency'; reason: string }
>;
export type SubAccountUnsealed = Event<
  'SubAccountUnsealed.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; cause: 'successorEnabled' | 'agency'; reason: string }
>;
/** Money follows the card: from an old card (or the cardless sub-account) to its successor, bucket by bucket. */
export type BalanceTransferred = Event<
  'BalanceTransferred.v1',
  (Keyed | { key: null; commandHash: null }) &
    Legs & {
      fromCardId: string;
      toCardId: string;
      cause: 'enablement' | 'firstSwipe' | 'agency';
      amountFen: MedicalFen;
      wasSealed: boolean;
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
  | SubAccountSealed
  | SubAccountUnsealed
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
