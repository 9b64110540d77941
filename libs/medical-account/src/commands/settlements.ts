import type { Command, Instant } from '#libs/kernel';
import type {
  CancellationReason,
  CredentialKind,
  HolderCheckMethod,
  InsuranceType,
  Keyed,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
} from '../vocabulary';

/** `cardId`: null for an e-credential or identity card, which draws on the card in use, else on the cardless sub-account. */
export type PostSwipe = Command<
  'PostSwipe',
  Keyed & {
    institutionCode: string;
    serial: string;
    entry: 'online' | 'late';
    lateReason: string | null;
    /** The agency's number for a late entry beyond the pack's days; the door lets only the agency fill it in. */
    approval: string | null;
    occurredAt: Instant;
    credentialKind: CredentialKind;
    cardId: string | null;
    insuranceType: InsuranceType;
    medicalCategory: MedicalCategory;
    visitNo: string | null;
    chargeBatchNo: string | null;
    invoiceNo: string | null;
    totalFeeFen: MedicalFen;
    fundPaidFen: MedicalFen;
    accountEligibleFen: MedicalFen;
    payment: PaymentMode;
    holderCheck: Readonly<{ method: HolderCheckMethod; reference: string | null }>;
    operatorCode: string;
    terminalCode: string;
    linesHash: string | null;
    /** The settlement of the same institution that this one replaces: cancelled in full in the same append. */
    replacesKey: string | null;
  }
>;
/** `amountFen`: null means all that is left. `fundReturnedFen`: the part of it that goes back to the pooled fund; null means the fund's whole
 * share when all is returned, else nothing. `byAgency`: the agency may still undo after the institution's month is declared. */
export type CancelSettlement = Command<
  'CancelSettlement',
  Keyed & {
    institutionCode: string;
    serial: string;
    settlementKey: string;
    reason: Exclude<CancellationReason, 'replaced'>;
    note: string | null;
    amountFen: MedicalFen | null;
    fundReturnedFen: MedicalFen | null;
    byAgency: boolean;
  }
>;
/** Reverses whatever stands under `targetKey`: a settlement, or a cancellation. */
export type ReverseSettlement = Command<
  'ReverseSettlement',
  Keyed & {
    institutionCode: string;
    serial: string;
    targetKey: string;
    note: string | null;
    byAgency: boolean;
  }
>;
