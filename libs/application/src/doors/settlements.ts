import type { Recorded } from '#libs/kernel';
import type {
  CancellationReason,
  HolderCheckMethod,
  InsuranceType,
  MedicalAccountEvent,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
  Receipt,
  Undone,
} from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { Answer, Credential } from './answer';

export type BillLine = Readonly<{
  lineNo: number;
  code: string;
  name: string;
  quantity: string;
  price: string;
  amount: string;
  traceCodes: readonly string[];
}>;

/** A swipe in the door's words, form already checked: amounts in fen, instants in UTC. */
export type SwipeOrder = Readonly<{
  institutionCode: string;
  serial: string;
  entry: 'online' | 'late';
  lateReason: string | null;
  approval: string | null;
  occurredAt: string;
  credential: Credential;
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
  replacesSerial: string | null;
  lines: readonly BillLine[];
}>;
export type CancellationOrder = Readonly<{
  institutionCode: string;
  targetSerial: string;
  serial: string;
  reason: Exclude<CancellationReason, 'replaced'>;
  note: string | null;
  amountFen: MedicalFen | null;
  fundReturnedFen: MedicalFen | null;
  byAgency: boolean;
}>;
export type ReversalOrder = Readonly<{
  institutionCode: string;
  targetSerial: string;
  serial: string;
  note: string | null;
  byAgency: boolean;
}>;

export type SettlementAnswer = Receipt & Readonly<{ settlementId: string; cardTail: string }>;
export type UndoAnswer = Readonly<{
  kind: 'settlementCancelled' | 'settlementReversed' | 'cancellationReversed' | 'keyVoided';
  institutionCode: string;
  serial: string;
  targetSerial: string;
  settlementId: string | null;
  amountFen: MedicalFen;
  accountReturnedFen: MedicalFen;
  fundReturnedFen: MedicalFen;
  cashRefundFen: MedicalFen;
  decidedAt: string;
  stream: string;
  revision: number;
  eventId: string;
}>;
/** What stands under a serial today. */
export type SettlementView =
  | Readonly<{
      kind: 'settlement';
      receipt: SettlementAnswer;
      event: Recorded<MedicalAccountEvent>;
      undone: Undone;
      state: 'live' | 'partlyUndone' | 'undone';
    }>
  | Readonly<{ kind: 'undo'; answer: UndoAnswer }>
  | Readonly<{ kind: 'absent' }>;

export interface Settlements {
  /** Idempotency: institution and serial. Durable when it answers. A refusal is recorded as an attempt. */
  post(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>>;
  /** The same decision; nothing is recorded. */
  quote(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>>;
  cancel(order: CancellationOrder, tracing: Tracing): Promise<Answer<UndoAnswer>>;
  /** Also of a key that nothing stands under: it takes the key, and nothing can settle under it any more. */
  reverse(order: ReversalOrder, tracing: Tracing): Promise<Answer<UndoAnswer>>;
  find(institutionCode: string, serial: string): Promise<SettlementView>;
  lines(hash: string): Promise<readonly BillLine[] | undefined>;
  /** Counts a print of the receipt and returns its number: 1 is the original. */
  countPrint(institutionCode: string, serial: string, tracing: Tracing): Promise<Answer<number>>;
}
