import { sql } from 'kysely';
import type { PersonCaseRow, ReadModels, ReissueRow } from '#libs/application';
import { placeOf } from './cursor';
import { pageOf, rowsToRead } from './paging';
import { snapshot, type ViewsSource } from './views-source';

type Queries = Pick<ReadModels, 'personCases' | 'reissues'>;
const OPEN = sql<boolean>`"isOpen" = 1`; // Not a parameter: the index of the open ones is found by these words.

const personCases =
  (views: ViewsSource): Queries['personCases'] =>
  ({ state, accountId }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['personCases'], async (at, asOfLogIndex) => {
      let query = at.selectFrom('personCases').selectAll().orderBy('caseId').limit(rowsToRead(request));
      if (state !== undefined) query = query.where('state', '=', state);
      if (accountId !== undefined)
        query = query.where((eb) => eb.or([eb('accountId', '=', accountId), eb('absorbedAccountId', '=', accountId)]));
      if (request.cursor !== undefined) query = query.where('caseId', '>', String(placeOf(request.cursor, [''])[0]));
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: ({ caseId }) => [caseId],
        out: ({ logIndex: _, ...row }): PersonCaseRow => row,
      });
    });

const reissues =
  (views: ViewsSource): Queries['reissues'] =>
  ({ accountId }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['reissues'], async (at, asOfLogIndex) => {
      let query = at
        .selectFrom('reissues')
        .selectAll()
        .where(OPEN)
        .orderBy('since')
        .orderBy('accountId')
        .orderBy('cardId')
        .limit(rowsToRead(request));
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (request.cursor !== undefined) {
        const [since = '', account = '', card = ''] = placeOf(request.cursor, ['', '', '']).map(String);
        query = query.where((eb) => eb(eb.refTuple('since', 'accountId', 'cardId'), '>', eb.tuple(since, account, card)));
      }
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: (row) => [row.since, row.accountId, row.cardId],
        out: ({ isOpen: _, logIndex: __, ...row }): ReissueRow => row,
      });
    });

export const personQueries = (views: ViewsSource): Queries => ({ personCases: personCases(views), reissues: reissues(views) });
