import type { BusinessDate, Event } from '#libs/kernel';
import type { Keyed, MedicalFen } from '../vocabulary';

/** By what both messages of one transfer are known: the sending area and its own number. */
export type TransferInName = Readonly<{ transferInId: string; poolingArea: string; fromPoolingArea: string; transferNo: string }>;

/** The business file (信息表) of the sending area. `holderClaim`: the claim under which the person's account is found; a keyed pseudonym. */
export type RelationFileRegistered = Event<
  'RelationFileRegistered.v1',
  Keyed & TransferInName & { holderClaim: string; currentYearFen: MedicalFen; priorYearFen: MedicalFen }
>;
/** Money that came for it. `batchReference`: the treasury's own number of what it received; no bank data. */
export type RelationMoneyReceived = Event<
  'RelationMoneyReceived.v1',
  Keyed & TransferInName & { batchReference: string; amountFen: MedicalFen; receivedOn: BusinessDate }
>;
/** File and money are there and say the same amount, by the second of them: the days of the receiving side begin. */
export type RelationMatched = Event<
  'RelationMatched.v1',
  { transferInId: string; amountFen: MedicalFen; creditBy: BusinessDate; isProvisional: boolean; packId: string }
>;
export type RelationFileWithdrawn = Event<'RelationFileWithdrawn.v1', Keyed & { transferInId: string; reason: string }>;
/** The treasury gave it back. */
export type RelationMoneySentBack = Event<
  'RelationMoneySentBack.v1',
  Keyed & { transferInId: string; batchReference: string; reason: string }
>;
/** The account is about to be credited: from here on neither file nor money is taken back. */
export type RelationCreditOrdered = Event<'RelationCreditOrdered.v1', { transferInId: string; accountId: string }>;
/** The account did not take it, and says why by its codes. */
export type RelationCreditHeld = Event<'RelationCreditHeld.v1', { transferInId: string; accountId: string; reasons: readonly string[] }>;
/** `revision`: of the credit in the account's stream. */
export type RelationCredited = Event<'RelationCredited.v1', { transferInId: string; accountId: string; revision: number }>;

export type RelationInEvent =
  | RelationFileRegistered
  | RelationMoneyReceived
  | RelationMatched
  | RelationFileWithdrawn
  | RelationMoneySentBack
  | RelationCreditOrdered
  | RelationCreditHeld
  | RelationCredited;
