import type { Instant } from '#libs/kernel';
import type { RelationTransferRecord } from './relation-records';
import type { AccountState } from './state';

export type FoundTransfer = Readonly<{ transferId: string; record: RelationTransferRecord }>;

const carriesRelation = ({ followsTransferId }: RelationTransferRecord): boolean => followsTransferId === null;

/** The transfer that is under way with the relation itself, or by which the relation is elsewhere now. */
export const leavingOrGone = ({ relationTransfers }: AccountState): FoundTransfer | undefined => {
  for (const [transferId, record] of relationTransfers) {
    const isOpen = record.stage === 'requested' || record.stage === 'remitted' || isGone(record);
    if (carriesRelation(record) && isOpen) return { transferId, record };
  }
  return undefined;
};

export const isGone = ({ stage, resumedAt }: RelationTransferRecord): boolean => stage === 'confirmed' && resumedAt === null;

/**
 * From when to when a transfer keeps the account from paying; null: never. What is judged as of an instant (a late entry) is judged by it.
 * A follower carries no relation and bars nothing.
 */
const barOf = (record: RelationTransferRecord): Readonly<{ from: Instant; until: Instant | null }> | null => {
  const { paysUntil, requestedAt, remittance, stage, endedAt, resumedAt } = record;
  const from = paysUntil === 'request' ? requestedAt : (remittance?.at ?? null);
  if (from === null || !carriesRelation(record)) return null;
  return { from, until: stage === 'confirmed' ? resumedAt : endedAt };
};

/** The transfer by which the account did not pay at an instant. */
export const barredByTransferAt = ({ relationTransfers }: AccountState, instant: Instant): FoundTransfer | undefined => {
  for (const [transferId, record] of relationTransfers) {
    const bar = barOf(record);
    if (bar !== null && bar.from <= instant && (bar.until === null || instant < bar.until)) return { transferId, record };
  }
  return undefined;
};
