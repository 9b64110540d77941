import { applications } from './applications.projection';
import { balances } from './balances.projection';
import { cardTransfers } from './card-transfers.projection';
import { cards } from './cards.projection';
import { freezes } from './freezes.projection';
import { institutionDays } from './institution-days.projection';
import { owedVouchers } from './owed-vouchers.projection';
import { personCases } from './person-cases.projection';
import type { Projection, Value } from './projection';
import { reissues } from './reissues.projection';
import { relationTransfers } from './relation-transfers.projection';
import { settlements } from './settlements.projection';
import { vouchers } from './vouchers.projection';

export type PlainRow = Readonly<Record<string, Value>>;
export const PROJECTIONS = [
  balances,
  freezes,
  cardTransfers,
  settlements,
  institutionDays,
  cards,
  vouchers,
  applications,
  owedVouchers,
  personCases,
  reissues,
  relationTransfers,
] as unknown as readonly Projection<PlainRow>[];

/** @throws RangeError for a name that no projection has. */
export const projectionNamed = (name: string): Projection<PlainRow> => {
  const found = PROJECTIONS.find((projection) => projection.name === name);
  if (found === undefined) throw new RangeError(`no projection is named "${name}"; there are ${PROJECTIONS.map((p) => p.name).join(', ')}`);
  return found;
};
