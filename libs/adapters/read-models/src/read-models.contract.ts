import { canonicalJson, nonEmpty } from '#libs/kernel';
import { credited, frozen, lifted, opened, registered, sealed, stopped, transferred, unsealed } from './projection.fixture';
import type { OpenReadModels } from './read-models';
import { holder, moves, NAMES, PAGE, type ViewsUnderTest } from './views-under-test.fixture';

const following = (database: string, under: ViewsUnderTest): void => {
  const { append, open, close, caughtUp, dumps, forget, said } = under;
  describe(`read models in ${database}: following the log`, () => {
    it('what was appended before and after the start is there, and the page says up to where', async () => {
      await append(...holder('A1'));
      const views = await open();
      await append(...moves('A1'), sealed('A1', 'A1-OLD'));
      await caughtUp(views);
      const page = await views.balances({ accountId: 'A1' }, PAGE);
      expect(
        page.rows.filter(({ bucket }) => bucket === 'currentYear').map(({ cardId, amountFen, sealed: is }) => [cardId, amountFen, is]),
      ).toEqual([
        ['A1-NEW', 7000, false],
        ['A1-OLD', 0, true],
        ['cardless', 0, false],
      ]);
      expect([page.next, page.asOfLogIndex]).toEqual([null, 8]);
      expect(await views.totals()).toEqual({
        sealedFen: 0,
        sealedAccounts: 1,
        transferredFen: 7000,
        transfers: 1,
        balanceFen: 7000,
        asOfLogIndex: 8,
      });
      expect((await views.status()).map(({ name, logIndex, behind, state }) => [name, logIndex, behind, state])).toEqual(
        NAMES.map((name) => [name, 8, 0, 'live']),
      );
    });
    it('an empty log has empty pages and zero days', async () => {
      const views = await open();
      expect(await views.settlements({}, PAGE)).toEqual({ rows: [], next: null, asOfLogIndex: -1 });
      expect(await views.institutionDay('H1', '2026-03-02')).toMatchObject({ settlements: 0, payableFen: 0, asOfLogIndex: -1 });
      expect(await views.totals()).toMatchObject({ balanceFen: 0, transfers: 0, asOfLogIndex: -1 });
      expect((await views.status()).every(({ state }) => state === 'live')).toBe(true);
    });
    it('streams that are no accounts are passed by, and counted in the place', async () => {
      const event = { id: 'x', type: 'KeyCreated.v1', stream: 'accessKey-1', revision: 0, decidedAt: '2026-03-02T02:00:00.000Z', data: {} };
      const bytes = Buffer.from(canonicalJson(event));
      await under.store.append({
        stream: event.stream,
        expected: 'no-stream',
        events: nonEmpty([{ ...event, bytes }]),
        claims: [],
        lane: 'job',
      });
      const views = await open();
      await caughtUp(views);
      expect((await views.accountIds(PAGE)).asOfLogIndex).toBe(0);
    });
    it('goes on after a stop where it stood', async () => {
      await append(...holder('A1'));
      await caughtUp(await open());
      await close();
      await append(...moves('A1'), ...holder('A2'));
      await caughtUp(await open());
      const resumed = await dumps();
      await close();
      await forget();
      await caughtUp(await open(2));
      expect(await dumps()).toEqual(resumed);
      for (const code of ['checkpoint-mismatch', 'rebuilt', 'outage']) expect(said(code)).toEqual([]);
    });
  });
};

const cardsWithMoney = (database: string, { append, open, caughtUp }: ViewsUnderTest): void => {
  describe(`read models in ${database}: cards`, () => {
    it('cards come with their money by account, page by page; what moved before a stop by phase is not counted with it', async () => {
      for (const accountId of ['A1', 'A2', 'A3']) {
        const [old, fresh] = [`${accountId}-OLD`, `${accountId}-NEW`];
        const cards = [registered(accountId, old), registered(accountId, fresh), credited(accountId, old, 1_000)];
        const before = transferred(accountId, { from: old, to: fresh, currentFen: 300, priorFen: 0, wasSealed: false });
        const after = transferred(accountId, { from: old, to: fresh, currentFen: 700, priorFen: 0 });
        const stop = [stopped(accountId, old, 'all'), sealed(accountId, old)];
        await append(opened(accountId), ...cards, before, ...stop, ...(accountId === 'A2' ? [unsealed(accountId, old), after] : []));
      }
      const views = await open();
      await caughtUp(views);
      const filter = { poolingArea: '370200', kinds: ['socialSecurity3' as const] };
      const seen: (string | number | boolean)[][] = [];
      let cursor: string | null | undefined;
      let pages = 0;
      for (; cursor !== null; pages++) {
        const page = await views.cards(filter, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(
          ...page.rows.map(({ cardId, amountFen, sealed: isSealed, movedFen, moves: n }) => [cardId, amountFen, isSealed, movedFen, n]),
        );
        cursor = page.next;
      }
      expect(pages).toBe(2);
      expect(seen).toEqual([
        ['A1-NEW', 300, false, 0, 0],
        ['A1-OLD', 700, true, 0, 0],
        ['A2-NEW', 1_000, false, 0, 0],
        ['A2-OLD', 0, false, 700, 1],
        ['A3-NEW', 300, false, 0, 0],
        ['A3-OLD', 700, true, 0, 0],
      ]);
      expect((await views.cards({ ...filter, poolingArea: '370100' }, PAGE)).rows).toEqual([]);
      expect((await views.cards({ ...filter, kinds: ['labourSecurity'] }, PAGE)).rows).toEqual([]);
    });
  });
};

const paging = (database: string, { append, open, caughtUp }: ViewsUnderTest): void => {
  describe(`read models in ${database}: page by page`, () => {
    it('a list by cursor shows every row once, in a fixed order, also when rows come in between', async () => {
      for (const accountId of ['A1', 'A2', 'A3']) await append(...holder(accountId));
      const views = await open();
      await caughtUp(views);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await views.settlements(
          { institutionCode: 'H37020000001' },
          { limit: 1, ...(cursor === undefined ? {} : { cursor }) },
        );
        seen.push(...page.rows.map(({ serial }) => serial));
        cursor = page.next ?? undefined;
        if (seen.length === 1) {
          await append(...holder('A0'));
          await caughtUp(views);
        }
      } while (cursor !== undefined);
      expect(seen).toEqual(['A1-S1', 'A2-S1', 'A3-S1', 'A0-S1']);
      const ids: string[] = [];
      for (let at: string | null = ''; at !== null; ) {
        const page: { rows: readonly string[]; next: string | null } = await views.accountIds({
          limit: 3,
          ...(at === '' ? {} : { cursor: at }),
        });
        ids.push(...page.rows);
        at = page.next;
      }
      expect(ids).toEqual(['A0', 'A1', 'A2', 'A3']);
    });
    it('balances by cursor cross accounts, cards and buckets without a gap', async () => {
      for (const accountId of ['A1', 'A2']) await append(...holder(accountId));
      const views = await open();
      await caughtUp(views);
      const all = (await views.balances({}, PAGE)).rows;
      const paged: unknown[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await views.balances({}, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        paged.push(...page.rows);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(all).toHaveLength(8);
      expect(paged).toEqual(all);
    });
    it('a cursor of another list, or none at all, is told', async () => {
      const views = await open();
      const told = (attempt: () => Promise<unknown>) =>
        Promise.resolve()
          .then(attempt)
          .then(
            () => 'done',
            (error: unknown) => (error as { code?: string }).code,
          );
      for (const cursor of ['!', '', Buffer.from('["a"]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
        expect(await told(() => views.settlements({}, { cursor, limit: 1 }))).toBe('cursor-form');
        expect(await told(() => views.balances({}, { cursor, limit: 1 }))).toBe('cursor-form');
      }
    });
  });
};

const questions = (database: string, { append, open, caughtUp }: ViewsUnderTest): void => {
  describe(`read models in ${database}: questions`, () => {
    it('freezes in force at an instant: begun, not past their term, not lifted', async () => {
      await append(
        opened('A1'),
        frozen('A1', { freezeId: 'F-open' }),
        frozen('A1', { freezeId: 'F-term', until: '2026-05-01T00:00:00.000Z' }),
        frozen('A1', { freezeId: 'F-lifted' }),
        frozen('A1', { freezeId: 'F-later', from: '2026-07-01T00:00:00.000Z' }),
        lifted('A1', 'F-lifted', '2026-04-01T00:00:00.000Z'),
      );
      const views = await open();
      await caughtUp(views);
      const inForceAt = async (at: string) => (await views.freezes({ inForceAt: at }, PAGE)).rows.map(({ freezeId }) => freezeId);
      expect(await inForceAt('2026-03-15T00:00:00.000Z')).toEqual(['F-open', 'F-term', 'F-lifted']);
      expect(await inForceAt('2026-04-01T00:00:00.000Z')).toEqual(['F-open', 'F-term']); // At the very instant it is lifted.
      expect(await inForceAt('2026-05-01T00:00:00.000Z')).toEqual(['F-open']);
      expect(await inForceAt('2026-07-01T00:00:00.000Z')).toEqual(['F-open', 'F-later']);
      expect((await views.freezes({ cause: 'death' }, PAGE)).rows).toEqual([]);
      expect(Object.keys((await views.freezes({}, PAGE)).rows[0] ?? {})).not.toContain('placedLogIndex');
    });
    it('transfers by card find it as the old one and as the new one', async () => {
      await append(...holder('A1'), ...moves('A1'), ...holder('A2'), ...moves('A2'));
      const views = await open();
      await caughtUp(views);
      const count = async (filter: Parameters<OpenReadModels['cardTransfers']>[0]) => (await views.cardTransfers(filter, PAGE)).rows.length;
      expect(await count({ cardId: 'A1-OLD' })).toBe(1);
      expect(await count({ cardId: 'A2-NEW' })).toBe(1);
      expect(await count({ accountId: 'A2' })).toBe(1);
      expect(await count({ from: '2026-03-02T02:00:00.000Z' })).toBe(2);
      expect(await count({ until: '2026-03-02T02:00:00.000Z' })).toBe(0);
    });
    it('a day says what the institution is owed: drawn less given back', async () => {
      await append(...holder('A1'));
      const views = await open();
      await caughtUp(views);
      expect(await views.institutionDay('H37020000001', '2026-03-02')).toMatchObject({
        settlements: 1,
        cancellations: 1,
        accountPaidFen: 4000,
        accountReturnedFen: 1000,
        payableFen: 3000,
        asOfLogIndex: 4,
      });
    });
  });
};

const minimalLogIndex = (database: string, { append, open, caughtUp }: ViewsUnderTest): void => {
  describe(`read models in ${database}: a minimal log index`, () => {
    it('who asks for what is not there yet waits for it, and gets an answer that holds it', async () => {
      await append(...holder('A1'));
      const views = await open();
      await caughtUp(views);
      const asked = views.settlements({}, { limit: 10, minLogIndex: 9 });
      const day = views.institutionDay('H37020000001', '2026-03-02', { minLogIndex: 8 });
      await append(...holder('A2'));
      expect((await asked).asOfLogIndex).toBe(9);
      expect((await asked).rows).toHaveLength(2);
      expect((await day).settlements).toBe(2);
    });
    it('who asks for what does not come is told so after a while, and where the projections stand', async () => {
      await append(...holder('A1'));
      const views = await open();
      await caughtUp(views);
      await expect(views.freezes({}, { limit: 10, minLogIndex: 5 })).rejects.toMatchObject({
        code: 'not-yet-projected',
        asOfLogIndex: 4,
        minLogIndex: 5,
      });
      expect((await views.freezes({}, { limit: 10, minLogIndex: 4 })).asOfLogIndex).toBe(4);
    });
  });
};

/** What read models do in whatever database they are kept. */
export const readModelsContract = (database: string, under: ViewsUnderTest): void => {
  following(database, under);
  cardsWithMoney(database, under);
  paging(database, under);
  questions(database, under);
  minimalLogIndex(database, under);
};
