import { type SelectQueryBuilder, sql } from 'kysely';
import type {
  BalanceRow,
  CardTransferRow,
  CardWithMoney,
  FreezeRow,
  InstitutionDay,
  PageRequest,
  ReadModels,
  SettlementRow,
} from '#libs/application';
import { accountStream, BUCKETS, type Bucket, CARDLESS, settlementKey } from '#libs/medical-account';
import { applicationQueries } from './application-queries';
import { cursorOf, placeOf } from './cursor';
import { emptyDay, owedFen } from './institution-days.projection';
import { pageOf, rowsToRead } from './paging';
import { personQueries } from './person-queries';
import { relationTransferQueries } from './relation-transfer-queries';
import type { Stored, Views } from './views';
import { type Name, snapshot, type ViewsSource } from './views-source';

export type Queries = Omit<ReadModels, 'status' | 'rebuild' | 'close'>;

/** Skips what earlier pages have shown, by the place where the last one ended. */
const afterLogIndex = <Table extends Name, Row>(
  query: SelectQueryBuilder<Views, Table, Row>,
  column: string,
  { cursor }: PageRequest,
): SelectQueryBuilder<Views, Table, Row> => {
  if (cursor === undefined) return query;
  const [logIndex = 0] = placeOf(cursor, [0]);
  return query.where(column as never, '>', logIndex as never);
};

const balances =
  (views: ViewsSource): Queries['balances'] =>
  ({ accountId }, request) => {
    const after = request.cursor === undefined ? undefined : placeOf(request.cursor, ['', '', '']);
    return snapshot({ views, minLogIndex: request.minLogIndex }, ['balances'], async (at, asOfLogIndex) => {
      let query = at.selectFrom('balances').selectAll().orderBy('accountId').orderBy('cardId').orderBy('bucket').limit(rowsToRead(request));
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (after !== undefined) {
        const [account = '', card = '', bucket = ''] = after.map(String);
        query = query.where((eb) => eb(eb.refTuple('accountId', 'cardId', 'bucket'), '>', eb.tuple(account, card, bucket)));
      }
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: (row) => [row.accountId, row.cardId, row.bucket],
        out: (row): BalanceRow => ({ ...row, sealed: row.sealed === 1 }),
      });
    });
  };

const freezes =
  (views: ViewsSource): Queries['freezes'] =>
  ({ accountId, cause, inForceAt }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['freezes'], async (at, asOfLogIndex) => {
      let query = at.selectFrom('freezes').selectAll().orderBy('placedLogIndex').limit(rowsToRead(request));
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (cause !== undefined) query = query.where('cause', '=', cause);
      if (inForceAt !== undefined) {
        query = query
          .where('from', '<=', inForceAt)
          .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', inForceAt)]))
          .where((eb) => eb.or([eb('endedAt', 'is', null), eb('endedAt', '>', inForceAt)]));
      }
      return pageOf(await afterLogIndex(query, 'placedLogIndex', request).execute(), request, {
        asOfLogIndex,
        place: (row) => [row.placedLogIndex],
        out: ({ placedLogIndex: _, ...row }): FreezeRow => row,
      });
    });

/** What the read model of cards says of a transfer's cards; of an enablement that moved the money, how and under which key. */
const kindOf = (card: 'fromCardId' | 'toCardId') =>
  sql<
    string | null
  >`(SELECT kind FROM cards WHERE cards."accountId" = "cardTransfers"."accountId" AND cards."cardId" = ${sql.ref(`cardTransfers.${card}`)})`;
const ENABLING = sql`cards."accountId" = "cardTransfers"."accountId" AND cards."cardId" = "cardTransfers"."toCardId"
    AND "cardTransfers"."actKey" IS NULL AND "cardTransfers".cause IN ('enablement', 'firstSwipe')`;
const enabling = (what: 'enabledThrough' | 'enabledUnder' | 'enabledAtRevision') =>
  sql<string | null>`(SELECT ${sql.ref(`cards.${what}`)} FROM cards WHERE ${ENABLING})`;
const vouchersOfAct = (joined: ViewsSource['joined']) => sql<
  string | null
>`(SELECT ${joined(sql.ref('voucherNo'))} FROM (SELECT "voucherNo" FROM vouchers
    WHERE vouchers."accountId" = "cardTransfers"."accountId"
    AND vouchers.revision IN ("cardTransfers".revision, ${enabling('enabledAtRevision')}) ORDER BY vouchers."logIndex") AS "ofAct")`;

type FoundTransfer = Stored<Omit<CardTransferRow, 'vouchers'>> & Readonly<{ enabledUnder: string | null; voucherNos: string | null }>;
const toTransfer = ({ voucherNos, enabledUnder, ...row }: FoundTransfer): CardTransferRow => ({
  ...row,
  wasSealed: row.wasSealed === 1,
  actKey: row.actKey ?? enabledUnder,
  vouchers: voucherNos?.split(' ') ?? [],
});

const cardTransfers =
  (views: ViewsSource): Queries['cardTransfers'] =>
  ({ accountId, cardId, from, until }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['cardTransfers', 'cards', 'vouchers'], async (at, asOfLogIndex) => {
      let query = at
        .selectFrom('cardTransfers')
        .selectAll()
        .select([kindOf('fromCardId').as('fromKind'), kindOf('toCardId').as('toKind'), enabling('enabledThrough').as('channel')])
        .select([enabling('enabledUnder').as('enabledUnder'), vouchersOfAct(views.joined).as('voucherNos')])
        .orderBy('logIndex')
        .limit(rowsToRead(request));
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (cardId !== undefined) query = query.where((eb) => eb.or([eb('fromCardId', '=', cardId), eb('toCardId', '=', cardId)]));
      if (from !== undefined) query = query.where('decidedAt', '>=', from);
      if (until !== undefined) query = query.where('decidedAt', '<', until);
      return pageOf(await afterLogIndex(query, 'logIndex', request).execute(), request, {
        asOfLogIndex,
        place: (row) => [row.logIndex],
        out: toTransfer,
      });
    });

const settlements =
  (views: ViewsSource): Queries['settlements'] =>
  ({ institutionCode, accountId, businessDate }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['settlements'], async (at, asOfLogIndex) => {
      let query = at.selectFrom('settlements').selectAll().orderBy('logIndex').limit(rowsToRead(request));
      if (institutionCode !== undefined) query = query.where('institutionCode', '=', institutionCode);
      if (accountId !== undefined) query = query.where('accountId', '=', accountId);
      if (businessDate !== undefined) query = query.where('businessDate', '=', businessDate);
      return pageOf(await afterLogIndex(query, 'logIndex', request).execute(), request, {
        asOfLogIndex,
        place: (row) => [row.logIndex],
        out: ({ logIndex: _, ...row }): SettlementRow => ({
          ...row,
          key: settlementKey(row.institutionCode, row.serial),
          stream: accountStream(row.accountId),
        }),
      });
    });

const institutionDay =
  (views: ViewsSource): Queries['institutionDay'] =>
  (institutionCode, businessDate, { minLogIndex } = {}) =>
    snapshot({ views, minLogIndex }, ['institutionDays'], async (at, asOfLogIndex): Promise<InstitutionDay> => {
      const row = await at
        .selectFrom('institutionDays')
        .selectAll()
        .where('institutionCode', '=', institutionCode)
        .where('businessDate', '=', businessDate)
        .executeTakeFirst();
      const day = row ?? emptyDay(institutionCode, businessDate);
      return { ...day, payableFen: owedFen(day), asOfLogIndex };
    });

/** An account is there from its opening on: with the row of its cardless sub-account. */
const accountIds =
  (views: ViewsSource): Queries['accountIds'] =>
  (request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['balances'], async (at, asOfLogIndex) => {
      let query = at
        .selectFrom('balances')
        .select('accountId')
        .where('cardId', '=', CARDLESS)
        .where('bucket', '=', BUCKETS[0] ?? '')
        .orderBy('accountId')
        .limit(rowsToRead(request));
      if (request.cursor !== undefined) query = query.where('accountId', '>', String(placeOf(request.cursor, [''])[0]));
      return pageOf(await query.execute(), request, {
        asOfLogIndex,
        place: ({ accountId }) => [accountId],
        out: ({ accountId }) => accountId,
      });
    });

const ofCard = (what: string) =>
  sql<number>`(SELECT ${sql.raw(what)} FROM balances WHERE balances."accountId" = cards."accountId" AND balances."cardId" = cards."cardId")`;
const ofStopped = (what: string) =>
  sql<number>`CASE WHEN cards."stopPhase" IS NULL THEN 0 ELSE (SELECT ${sql.raw(what)} FROM "cardTransfers"
    WHERE "cardTransfers"."fromCardId" = cards."cardId" AND ("cardTransfers"."wasSealed" = 1 OR "cardTransfers".cause = 'phase')) END`;
const amountFen = ofCard('coalesce(sum(balances."amountFen"), 0)');
const sealed = ofCard('coalesce(max(balances.sealed), 0)');
const movedFen = ofStopped('coalesce(sum("cardTransfers"."amountFen"), 0)');
const moves = ofStopped('count(*)');

const toCard = ({ wasInUse: _own, ...row }: Stored<CardWithMoney> & Readonly<{ wasInUse: number }>): CardWithMoney => ({
  ...row,
  hasPersonalAccount: row.hasPersonalAccount === 1,
  carriesPersonalAccount: row.carriesPersonalAccount === 1,
  sealed: row.sealed === 1,
});

/** The accounts of a page are counted off first; then the cards of each are found by account, and the money of each by card. */
const cards =
  (views: ViewsSource): Queries['cards'] =>
  ({ poolingArea, kinds }, request) =>
    snapshot({ views, minLogIndex: request.minLogIndex }, ['cards', 'balances', 'cardTransfers'], async (at, asOfLogIndex) => {
      const from = request.cursor === undefined ? '' : String(placeOf(request.cursor, [''])[0]);
      const last = await at
        .selectFrom('cards')
        .select('accountId')
        .where('accountId', '>', from)
        .where('cardId', '=', CARDLESS)
        .orderBy('accountId')
        .offset(rowsToRead(request) - 2)
        .limit(1)
        .executeTakeFirst();
      let query = at
        .selectFrom('cards')
        .selectAll()
        .select([amountFen.as('amountFen'), sealed.as('sealed'), movedFen.as('movedFen'), moves.as('moves')])
        .where('accountId', '>', from)
        .where('kind', 'in', kinds)
        .where('poolingArea', '=', poolingArea)
        .orderBy('accountId')
        .orderBy('cardId');
      if (last) query = query.where('accountId', '<=', last.accountId);
      const rows = (await query.execute()) as unknown as readonly Parameters<typeof toCard>[0][];
      return {
        rows: rows.map(toCard),
        next: last ? cursorOf([last.accountId]) : null,
        asOfLogIndex,
      };
    });

const totals =
  (views: ViewsSource): Queries['totals'] =>
  () =>
    snapshot({ views }, ['balances', 'cardTransfers'], async (at, asOfLogIndex) => {
      const all = await at
        .selectFrom('balances')
        .select((eb) => eb.fn.sum<number | null>('amountFen').as('fen'))
        .executeTakeFirst();
      const sealed = await at
        .selectFrom('balances')
        .select((eb) => [eb.fn.sum<number | null>('amountFen').as('fen'), eb.fn.count<number>('accountId').distinct().as('accounts')])
        .where(sql<boolean>`sealed = 1`) // Not a parameter: the index of the sealed ones is found by these words.
        .executeTakeFirst();
      const moved = await at
        .selectFrom('cardTransfers')
        .select((eb) => [eb.fn.sum<number | null>('amountFen').as('fen'), eb.fn.countAll<number>().as('transfers')])
        .executeTakeFirst();
      return {
        sealedFen: sealed?.fen ?? 0,
        sealedAccounts: sealed?.accounts ?? 0,
        transferredFen: moved?.fen ?? 0,
        transfers: moved?.transfers ?? 0,
        balanceFen: all?.fen ?? 0,
        asOfLogIndex,
      };
    });

/** Every sub-account has a row a bucket, and every account a cardless sub-account. */
const holdings =
  (views: ViewsSource): Queries['holdings'] =>
  () =>
    snapshot({ views }, ['balances'], async (at, asOfLogIndex) => {
      const buckets = await at
        .selectFrom('balances')
        .select((eb) => ['bucket', eb.fn.sum<number | null>('amountFen').as('fen'), eb.fn.countAll<number>().as('rows')])
        .groupBy('bucket')
        .execute();
      const cardless = await at
        .selectFrom('balances')
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .where('cardId', '=', CARDLESS)
        .executeTakeFirst();
      const accounts = (cardless?.rows ?? 0) / BUCKETS.length;
      const rows = buckets.reduce((sum, bucket) => sum + bucket.rows, 0);
      const fenIn = (name: Bucket) => buckets.find(({ bucket }) => bucket === name)?.fen ?? 0;
      return {
        accounts,
        cards: rows / BUCKETS.length - accounts,
        currentYearFen: fenIn('currentYear'),
        priorYearFen: fenIn('priorYear'),
        asOfLogIndex,
      };
    });

export const queriesOver = (views: ViewsSource): Queries => ({
  balances: balances(views),
  freezes: freezes(views),
  cardTransfers: cardTransfers(views),
  settlements: settlements(views),
  institutionDay: institutionDay(views),
  accountIds: accountIds(views),
  cards: cards(views),
  totals: totals(views),
  holdings: holdings(views),
  ...applicationQueries(views),
  ...personQueries(views),
  ...relationTransferQueries(views),
});
