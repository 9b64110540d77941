import type { BusinessDate, Command, Instant } from '#libs/kernel';
import type { RelationFileRegistered, RelationMoneyReceived, RelationMoneySentBack } from './events';

export type RegisterRelationFile = Command<'RegisterRelationFile', RelationFileRegistered['data']>;
export type ReceiveRelationMoney = Command<'ReceiveRelationMoney', RelationMoneyReceived['data']>;
type Keyed = Readonly<{ key: string; commandHash: string }>;
export type WithdrawRelationFile = Command<'WithdrawRelationFile', Keyed & { transferInId: string; reason: string }>;
export type SendBackRelationMoney = Command<'SendBackRelationMoney', RelationMoneySentBack['data']>;
/** `key` names the step, for its event's id; each is asked at most once at a revision. */
export type OrderRelationCredit = Command<'OrderRelationCredit', { key: string; transferInId: string; accountId: string }>;
export type HoldRelationCredit = Command<
  'HoldRelationCredit',
  { key: string; transferInId: string; accountId: string; reasons: readonly string[] }
>;
export type RecordRelationCredit = Command<
  'RecordRelationCredit',
  { key: string; transferInId: string; accountId: string; revision: number }
>;

export type RelationInCommand =
  | RegisterRelationFile
  | ReceiveRelationMoney
  | WithdrawRelationFile
  | SendBackRelationMoney
  | OrderRelationCredit
  | HoldRelationCredit
  | RecordRelationCredit;

/** `credit`: by when the receiving side credits, by the pack in force; null: the area transfers no relations. */
export type RelationInFacts = Readonly<{
  decidedAt: Instant;
  credit: Readonly<{ by: BusinessDate; isProvisional: boolean; packId: string }> | null;
}>;
