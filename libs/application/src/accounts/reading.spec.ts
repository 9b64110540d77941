import {
  agency,
  codesOf,
  credit,
  done,
  holderWithCard,
  openAccount,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../../../../test/support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z' }));
});
afterEach(() => made.close());
const sum = (balances: readonly (readonly [string, number])[] | undefined) => balances?.reduce((total, [, fen]) => total + fen, 0);

describe('an account as it was', () => {
  it('at an instant: what was decided by then and nothing later', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const start = made.clock.nowMs;
    made.clock.nowMs = start + 1_000;
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    const at = async (ms: number) => made.engine.accounts.view(accountId, { instant: new Date(ms).toISOString() });
    expect([sum((await at(start + 999))?.balances), sum((await at(start + 1_000))?.balances)]).toEqual([100_00, 70_00]);
    expect(await at(start - 1)).toBeUndefined();
    expect(await made.engine.accounts.view('nobody', null)).toBeUndefined();
  });

  it('at a later instant than its last event: with what was due by then', async () => {
    const { accountId } = await holderWithCard(made, 'A00000001', 100_00);
    const buckets = async (instant: string) =>
      (await made.engine.accounts.view(accountId, { instant }))?.balances.map(([account]) => account.split(':')[2]);
    expect(await buckets('2025-12-31T15:59:59.999Z')).toEqual(['currentYear']);
    expect(await buckets('2025-12-31T16:00:00.000Z')).toContain('priorYear');
    const head = (await made.engine.accounts.view(accountId, null))?.revision;
    expect((await made.engine.accounts.view(accountId, { instant: '2026-06-01T00:00:00.000Z' }))?.revision).toBe(head);
  });

  it('at a revision: as it was written, nothing added', async () => {
    const { accountId, cardId } = await holderWithCard(made, 'A00000001', 100_00);
    const at = (revision: number) => made.engine.accounts.view(accountId, { revision });
    expect(await at(0)).toMatchObject({ revision: 0, cards: [], cardInUse: null, balances: [] });
    expect((await at(1))?.cards.map(([id, { timeline }]) => [id, timeline.at(-1)?.state])).toEqual([[cardId, 'registered']]);
    expect(await at(2)).toMatchObject({ cardInUse: cardId, cardTails: { [cardId]: '0001' } });
    made.clock.nowMs = Date.parse('2027-06-01T00:00:00.000Z');
    expect((await at(3))?.balances).toEqual([[`subAccount:${cardId}:currentYear`, 100_00]]);
  });
});

describe('a statement', () => {
  it('runs from event to event: each line says what changed and what was left, page by page as in one', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    const order = { institutionCode: PHARMACY, targetSerial: 'S1', serial: 'R1', note: null, byAgency: false };
    done(await made.engine.settlements.reverse(order, till));
    await credit(made, accountId, 5_00);
    const whole = await made.engine.accounts.statement(accountId, 0, 100);
    expect(whole?.rows.map(({ type, serial, changeFen, balanceFen }) => [type, serial, changeFen, balanceFen])).toEqual([
      ['AccountOpened.v1', null, 0, 0],
      ['CardRegistered.v1', null, 0, 0],
      ['CardEnabled.v1', null, 0, 0],
      ['AccountCredited.v1', null, 100_00, 100_00],
      ['SwipeSettled.v1', 'S1', -30_00, 70_00],
      ['SettlementReversed.v1', 'R1', 30_00, 100_00],
      ['AccountCredited.v1', null, 5_00, 105_00],
    ]);
    const paged: unknown[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page = await made.engine.accounts.statement(accountId, from, 3);
      paged.push(...(page?.rows ?? []));
      from = page?.next ?? null;
    }
    expect(paged).toEqual(whole?.rows);
    expect(await made.engine.accounts.statement('nobody', 0, 10)).toBeUndefined();
  });

  it('ends with the balance that the account shows, over a new year too', async () => {
    const { accountId } = await holderWithCard(made, 'A00000001', 100_00);
    made.clock.nowMs = Date.parse('2026-02-02T02:00:00.000Z');
    await credit(made, accountId, 5_00);
    const rows = (await made.engine.accounts.statement(accountId, 0, 100))?.rows;
    expect(rows?.map(({ type }) => type)).toContain('YearRolledOver.v1');
    expect(rows?.at(-1)?.balanceFen).toBe(sum((await made.engine.accounts.view(accountId, null))?.balances));
  });
});

describe('the balance by a card in the hand', () => {
  const balance = (number: string) => made.engine.accounts.balanceByCredential(PHARMACY, { kind: 'socialSecurityCard', number });

  it('of a card in use: what it may draw on', async () => {
    const { accountId } = await holderWithCard(made, 'A00000001', 100_00);
    expect(done(await balance('A00000001'))).toEqual({ accountId, balanceFen: 100_00, cardTail: '0001', asOf: '2025-11-03T02:00:00.000Z' });
  });

  it('an unknown card, a lost card and one not yet enabled tell nothing about their person', async () => {
    const { accountId, cardId } = await holderWithCard(made, 'A00000001', 100_00);
    const registered = await openAccount(made);
    await registerCard(made, registered.accountId, 'A00000002');
    done(await made.engine.accounts.actOnCard(accountId, cardId, { reference: 'l', act: 'reportLoss', reason: 'telephone' }, agency));
    expect(await balance('A00000001')).toEqual({ kind: 'refused', reasons: [{ code: 'card-not-enabled' }] });
    expect(await balance('A00000002')).toEqual({ kind: 'refused', reasons: [{ code: 'card-not-enabled' }] });
    expect(codesOf(await balance('A00000003'))).toEqual(['card-unknown']);
  });
});
