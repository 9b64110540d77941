import type { Generated } from 'kysely';
import type { BalanceRow } from '#libs/application';
import type { StoredApplication } from './applications.projection';
import type { StoredTransfer } from './card-transfers.projection';
import type { StoredCard } from './cards.projection';
import type { StoredFreeze } from './freezes.projection';
import type { StoredInstitutionDay } from './institution-days.projection';
import type { StoredOwedVoucher } from './owed-vouchers.projection';
import type { StoredPersonCase } from './person-cases.projection';
import type { StoredReissue } from './reissues.projection';
import type { StoredRelationTransfer } from './relation-transfers.projection';
import type { StoredSettlement } from './settlements.projection';
import type { StoredVoucher } from './vouchers.projection';

/** Truth values are kept as 0 or 1, in both databases: one query reads both. */
export type Stored<Row> = { [Name in keyof Row]: Row[Name] extends boolean ? number : Row[Name] };

export type Role = 'live' | 'shadow';
/** `logIndex` -1: nothing applied yet, and no hash. At most one live and one shadow generation a projection. */
export type Checkpoint = Readonly<{ name: string; role: Role; generation: number; version: number; logIndex: number; eventHash: string }>;

/** What queries see: each projection under its own name is its live generation. */
export type Views = {
  projections: Checkpoint & { logIndex: Generated<number> };
  balances: Stored<BalanceRow>;
  freezes: StoredFreeze;
  cardTransfers: Stored<StoredTransfer>;
  settlements: StoredSettlement;
  institutionDays: StoredInstitutionDay;
  cards: Stored<StoredCard>;
  vouchers: StoredVoucher;
  applications: Stored<StoredApplication>;
  owedVouchers: Stored<StoredOwedVoucher>;
  personCases: Stored<StoredPersonCase>;
  reissues: Stored<StoredReissue>;
  relationTransfers: Stored<StoredRelationTransfer>;
};

export const quoted = (name: string): string => `"${name}"`;
export const tableOf = (name: string, generation: number): string => `${name}_${generation}`;
