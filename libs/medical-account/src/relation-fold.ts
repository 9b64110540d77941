import type { Instant, Recorded } from '#libs/kernel';
import type { MedicalFen, MedicalLeg, RelationTransferRemitted, RelationTransferRequested, SubAccount } from './events';
import { medicalFen } from './events';
import { isSubAccountLeg, sumOf } from './ledger';
import type { RelationStage, RelationTransferRecord } from './relation-records';
import type { AccountState } from './state';

/** @throws Error when the transfer is not there: damage, not a refusal. */
const change = (state: AccountState, transferId: string, to: (record: RelationTransferRecord) => Partial<RelationTransferRecord>): void => {
  const record = state.relationTransfers.get(transferId);
  if (record === undefined) throw new Error('an event on a relation transfer that is not on this account');
  state.relationTransfers.set(transferId, { ...record, ...to(record) });
};

export const requestTransfer = (state: AccountState, { decidedAt, data }: Recorded<RelationTransferRequested>): void => {
  const { transferId, toPoolingArea, followsTransferId, remitBy, paysUntil, lapsesAt } = data;
  if (state.relationTransfers.has(transferId)) throw new Error('a relation transfer was requested twice');
  const ahead = { remittance: null, endedAt: null, resumedAt: null };
  const asked = { stage: 'requested', toPoolingArea, followsTransferId, requestedAt: decidedAt, remitBy, paysUntil, lapsesAt } as const;
  state.relationTransfers.set(transferId, { ...asked, ...ahead });
};

export const remitTransfer = (state: AccountState, { decidedAt, data }: Recorded<RelationTransferRemitted>): void => {
  const { transferId, batchReference, confirmBy, legs } = data;
  change(state, transferId, ({ stage }) => {
    if (stage !== 'requested') throw new Error('a relation transfer was remitted that was not asked for');
    return { stage: 'remitted', remittance: { at: decidedAt, batchReference, confirmBy, left: leftBy(legs) } };
  });
};

const MONEY_ENDS: ReadonlySet<RelationStage> = new Set<RelationStage>(['confirmed', 'returned']);

/** @throws Error when it has ended before, or not from where this end is reached. */
export const endTransfer = (state: AccountState, transferId: string, to: RelationStage, endedAt: Instant): void =>
  change(state, transferId, ({ stage }) => {
    if (stage !== (MONEY_ENDS.has(to) ? 'remitted' : 'requested')) throw new Error('a relation transfer ended that was not open');
    return { stage: to, endedAt };
  });

export const resumeTransfer = (state: AccountState, transferId: string, resumedAt: Instant): void =>
  change(state, transferId, ({ stage, resumedAt: before }) => {
    if (stage !== 'confirmed' || before !== null) throw new Error('a relation resumed that was not elsewhere');
    return { resumedAt };
  });

/** Which sub-account and bucket gave how much to what is on its way: what the holder owed comes off the first of the legs. Units: fen. */
export const leftBy = (legs: readonly MedicalLeg[]): readonly (readonly [SubAccount, MedicalFen])[] => {
  let owedFen: number = sumOf(legs, 'receivable');
  return legs.filter(isSubAccountLeg).flatMap(({ account, amountFen }) => {
    const gaveFen = 0 - amountFen;
    const keptFen = Math.min(owedFen, gaveFen);
    owedFen -= keptFen;
    return gaveFen === keptFen ? [] : [[account, medicalFen(gaveFen - keptFen)] as const];
  });
};
