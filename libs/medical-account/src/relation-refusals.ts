import type { Instant } from '#libs/kernel';
import type { FreezeCause, FreezeScope, InsuranceType, MedicalFen } from './events';
import type { HolderStatus, RelationStage } from './relation-records';

/** Why a relation transfer is refused, or a payment after it. */
export type RelationRefusal =
  | Readonly<{ code: 'relation-transferred'; transferId: string; toPoolingArea: string }>
  | Readonly<{ code: 'relation-transfer-not-found'; transferId: string }>
  | Readonly<{ code: 'relation-transfer-not-offered' }>
  | Readonly<{ code: 'relation-transfer-not-of-this-insurance'; insuranceType: InsuranceType; accepted: readonly InsuranceType[] }>
  | Readonly<{ code: 'relation-transfer-not-in-this-status'; holderStatus: HolderStatus; accepted: readonly HolderStatus[] }>
  | Readonly<{ code: 'relation-transfer-to-same-area'; poolingArea: string }>
  | Readonly<{ code: 'relation-transfer-under-way'; transferId: string; stage: RelationStage; requestedAt: Instant }>
  | Readonly<{ code: 'relation-transfer-not-remitted'; transferId: string }>
  | Readonly<{ code: 'relation-transfer-remitted'; transferId: string; remittedAt: Instant; batchReference: string }>
  | Readonly<{ code: 'relation-transfer-confirmed'; transferId: string; confirmedAt: Instant }>
  | Readonly<{ code: 'relation-transfer-ended'; transferId: string; stage: RelationStage; endedAt: Instant }>
  | Readonly<{ code: 'relation-transfer-not-followed'; transferId: string; stage: RelationStage }>
  | Readonly<{ code: 'relation-transfer-nothing-to-follow'; transferId: string }>
  | Readonly<{ code: 'relation-not-elsewhere'; transferId: string; stage: RelationStage }>
  | Readonly<{ code: 'pay-out-frozen'; cause: FreezeCause; scope: FreezeScope['kind']; until: Instant | null }>
  | Readonly<{ code: 'relation-transfer-amount-differs'; transferId: string; sentFen: MedicalFen; toldFen: MedicalFen }>;
