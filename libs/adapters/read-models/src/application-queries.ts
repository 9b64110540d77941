import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { ApplicationCount, ApplicationFilter, ApplicationRow, OwedVoucher, ReadModels } from '#libs/application';
import type { SignedBy } from '#libs/card-service';
import { placeOf } from './cursor';
import { pageOf, rowsToRead } from './paging';
import type { Views } from './views';
import { snapshot, type ViewsSource } from './views-source';

type Queries = Pick<ReadModels, 'pendingApplications' | 'applicationCounts' | 'owedVouchers' | 'owedVoucherCount'>;

const PENDING = sql<boolean>`"isPending" = 1`; // Not a parameter: the index of the pending ones is found by these words.
const OWED = sql<boolean>`"isOwed" = 1`;
const NEVER = '9999-12-31'; // Without a term: after all others.
const deadline = sql<string>`coalesce("deadline", ${sql.lit(NEVER)})`;

const filtered =
  ({ overdueOn, waitsFor, kind, outletCode, reach }: ApplicationFilter) =>
  (eb: ExpressionBuilder<Views, 'applications'>) => {
    const { outletCodes = [], bankCode } = reach ?? {};
    const at = (column: 'outletCode' | 'unitCode' | 'pickUpOutletCode', codes: readonly string[]) => eb(column, 'in', codes);
    const own = [
      ...(outletCodes.length > 0 ? (['outletCode', 'unitCode', 'pickUpOutletCode'] as const).map((column) => at(column, outletCodes)) : []),
      ...(bankCode === undefined ? [] : [eb('bankCode', '=', bankCode)]),
    ];
    return eb.and([
      ...(reach === undefined ? [] : [own.length === 0 ? sql<SqlBool>`1 = 0` : eb.or(own)]),
      ...(overdueOn === undefined ? [] : [eb('deadline', '<', overdueOn)]),
      ...(waitsFor === undefined ? [] : [eb('waitsFor', '=', waitsFor)]),
      ...(kind === undefined ? [] : [eb('kind', '=', kind)]),
      ...(outletCode === undefined ? [] : [eb('outletCode', '=', outletCode)]),
    ]);
  };

const counted = (found: number | string): number => Number.parseInt(String(found), 10);

const pendingApplications =
  (views: ViewsSource): Queries['pendingApplications'] =>
  (filter, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['applications'], async (at, asOfLogIndex) => {
      let query = at
        .selectFrom('applications')
        .selectAll()
        .where(PENDING)
        .where(filtered(filter))
        .orderBy(deadline)
        .orderBy('applicationId')
        .limit(rowsToRead(request));
      if (request.cursor !== undefined) {
        const [day = '', applicationId = ''] = placeOf(request.cursor, ['', '']).map(String);
        query = query.where((eb) =>
          eb.or([eb(deadline, '>', day), eb.and([eb(deadline, '=', day), eb('applicationId', '>', applicationId)])]),
        );
      }
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: (row) => [row.deadline ?? NEVER, row.applicationId],
        out: ({ isPending: _, logIndex: __, ...row }): ApplicationRow => ({
          ...row,
          deadlineIsProvisional: row.deadlineIsProvisional === 1,
        }),
      });
    });

const applicationCounts =
  (views: ViewsSource): Queries['applicationCounts'] =>
  ({ overdueOn = '', ...filter }) =>
    snapshot({ views }, ['applications'], async (at, asOfLogIndex) => {
      const rows = await at
        .selectFrom('applications')
        .select((eb) => ['outletCode', 'kind', 'waitsFor', eb.fn.countAll<number>().as('pending'), eb.fn.min('deadline').as('earliest')])
        .select(sql<number>`sum(CASE WHEN "deadline" < ${overdueOn} THEN 1 ELSE 0 END)`.as('overdue'))
        .where(PENDING)
        .where(filtered(filter))
        .groupBy(['outletCode', 'kind', 'waitsFor'])
        .orderBy('outletCode')
        .orderBy('kind')
        .orderBy('waitsFor')
        .execute();
      const counts = rows.map(
        // PostgreSQL gives a count as text.
        ({ pending, overdue, ...row }): ApplicationCount => ({ ...row, pending: counted(pending), overdue: counted(overdue) }),
      );
      return { rows: counts, asOfLogIndex };
    });

const owedVouchers =
  (views: ViewsSource): Queries['owedVouchers'] =>
  (request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['owedVouchers'], async (at, asOfLogIndex) => {
      let query = at.selectFrom('owedVouchers').selectAll().where(OWED).orderBy('logIndex').limit(rowsToRead(request));
      if (request.cursor !== undefined) query = query.where('logIndex', '>', placeOf(request.cursor, [0])[0] as number);
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: (row) => [row.logIndex],
        out: ({ actKey, accountId, outletCode, decidedAt, stream, revision, type, signedBy }): OwedVoucher => ({
          ...{ actKey, accountId, outletCode, decidedAt, about: { stream, revision, type } },
          signedBy: JSON.parse(signedBy) as SignedBy,
        }),
      });
    });

const owedVoucherCount = (views: ViewsSource) => (): Promise<number> =>
  snapshot({ views }, ['owedVouchers'], async (at) => {
    const { owed } = await at
      .selectFrom('owedVouchers')
      .select((eb) => eb.fn.countAll<number>().as('owed'))
      .where(OWED)
      .executeTakeFirstOrThrow();
    return counted(owed);
  });

export const applicationQueries = (views: ViewsSource): Queries => ({
  pendingApplications: pendingApplications(views),
  applicationCounts: applicationCounts(views),
  owedVouchers: owedVouchers(views),
  owedVoucherCount: owedVoucherCount(views),
});
