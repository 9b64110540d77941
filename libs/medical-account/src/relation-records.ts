import type { BusinessDate, Instant } from '#libs/kernel';
import type { MedicalFen, SubAccount } from './vocabulary';

/** As the agency knows the insured person when the relation is asked for: insured and working, stopped or in arrears, retired. */
export type HolderStatus = 'active' | 'stopped' | 'retired';
/** Until when an account still pays once its relation is to leave. */
export type PaysUntil = 'request' | 'remittance';
/** 申请 requested · 在途 remitted · 已确认 confirmed · 已退回 returned · 撤回 withdrawn · 不予办理 rejected · 逾期失效 lapsed. */
export type RelationStage = 'requested' | 'remitted' | 'confirmed' | 'returned' | 'withdrawn' | 'rejected' | 'lapsed';

/** Money that has left and is not told to have arrived; `left`: which sub-account and bucket gave how much, for a return. */
export type Remittance = Readonly<{
  at: Instant;
  batchReference: string;
  confirmBy: BusinessDate;
  left: readonly (readonly [SubAccount, MedicalFen])[];
}>;

/** One transfer of the insurance relation to another pooling area. Kept after its end: an id that has ended is never begun again. */
export type RelationTransferRecord = Readonly<{
  stage: RelationStage;
  toPoolingArea: string;
  /** The transfer after which this one carries what came in later; null: it carries the relation itself. */
  followsTransferId: string | null;
  requestedAt: Instant;
  remitBy: BusinessDate;
  paysUntil: PaysUntil;
  lapsesAt: Instant | null;
  remittance: Remittance | null;
  endedAt: Instant | null; // When it was confirmed, returned, closed or lapsed.
  resumedAt: Instant | null; // Insured here again after it was confirmed.
}>;
