import type { BusinessDate, Event, Instant } from '#libs/kernel';
import type {
  CancellationReason,
  CredentialKind,
  HolderCheckMethod,
  InsuranceType,
  Keyed,
  LastSwipe,
  Legs,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
} from '../vocabulary';

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
      lastSwipe: LastSwipe | null; // Where it changes.
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
      lastSwipe: LastSwipe | null; // Where it changes.
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
      lastSwipe: LastSwipe | null; // Where it changes.
      receivableFen: MedicalFen;
    }
>;
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
