import { sql } from 'kysely';
import type { ReadModels, RelationTransferRow } from '#libs/application';
import { placeOf } from './cursor';
import { pageOf, rowsToRead } from './paging';
import { snapshot, type ViewsSource } from './views-source';

/** The area of an account stands with its cards; what came in after its relation left, with its balances. */
const ownArea = sql<string | null>`coalesce("relationTransfers"."ownArea", (SELECT "poolingArea" FROM cards
    WHERE cards."accountId" = "relationTransfers"."accountId" AND cards."cardId" = 'cardless'))`;
const toFollowFen = sql<number | string>`CASE WHEN direction = 'out' AND "followsTransferId" IS NULL AND stage IN ('remitted', 'confirmed')
    THEN (SELECT coalesce(sum(balances."amountFen"), 0) FROM balances WHERE balances."accountId" = "relationTransfers"."accountId") ELSE 0 END`;

const relationTransfers =
  (views: ViewsSource): ReadModels['relationTransfers'] =>
  ({ direction, stage, accountId, isOpen, dueBefore }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['relationTransfers', 'cards', 'balances'], async (at, asOfLogIndex) => {
      let query = at
        .selectFrom('relationTransfers')
        .selectAll()
        .select([ownArea.as('area'), toFollowFen.as('toFollowFen')])
        .orderBy('logIndex')
        .limit(rowsToRead(request));
      if (direction !== undefined) query = query.where('direction', '=', direction);
      if (stage !== undefined) query = query.where('stage', '=', stage as RelationTransferRow['stage']);
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (isOpen !== undefined) query = query.where('isOpen', '=', isOpen ? 1 : 0);
      if (dueBefore !== undefined) query = query.where('dueOn', '<', dueBefore);
      if (request.cursor !== undefined) query = query.where('logIndex', '>', Number.parseInt(String(placeOf(request.cursor, [0])[0]), 10));
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: (row) => [row.logIndex],
        out: ({ isOpen: _, area, ownArea: __, ...row }): RelationTransferRow => ({
          ...row,
          ownArea: area,
          toFollowFen: Number.parseInt(String(row.toFollowFen), 10),
        }),
      });
    });

export const relationTransferQueries = (views: ViewsSource): Pick<ReadModels, 'relationTransfers'> => ({
  relationTransfers: relationTransfers(views),
});
