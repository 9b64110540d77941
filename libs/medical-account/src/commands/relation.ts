import type { Command } from '#libs/kernel';
import type { HolderStatus } from '../relation-records';
import type { Keyed, MedicalFen } from '../vocabulary';

export type RequestRelationTransfer = Command<
  'RequestRelationTransfer',
  Keyed & { transferId: string; toPoolingArea: string; holderStatus: HolderStatus }
>;
/** What came in after a remittance is sent after it. */
export type FollowRelationTransfer = Command<'FollowRelationTransfer', Keyed & { transferId: string; followsTransferId: string }>;
export type CloseRelationTransfer = Command<
  'CloseRelationTransfer',
  Keyed & { transferId: string; cause: 'withdrawn' | 'rejected'; reason: string }
>;
export type RemitRelationTransfer = Command<'RemitRelationTransfer', Keyed & { transferId: string; batchReference: string }>;
/** `amountFen`: as the receiving side tells it. */
export type ConfirmRelationTransfer = Command<
  'ConfirmRelationTransfer',
  Keyed & { transferId: string; amountFen: MedicalFen; confirmation: string }
>;
/** `amountFen`: what came back. */
export type ReturnRelationTransfer = Command<
  'ReturnRelationTransfer',
  Keyed & { transferId: string; amountFen: MedicalFen; reason: string }
>;
export type ResumeRelation = Command<'ResumeRelation', Keyed & { transferId: string; reason: string }>;
/** Amounts as the business file tells them; into which bucket they go is the pack's word. */
export type TakeInRelation = Command<
  'TakeInRelation',
  Keyed & { transferInId: string; fromPoolingArea: string; currentYearFen: MedicalFen; priorYearFen: MedicalFen }
>;
