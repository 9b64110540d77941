import { identityNumberFor } from '#libs/kernel';
import { medicalFen as f } from '#libs/medical-account';
import { expectSound, logOf } from '../../../../test/support/audit';
import {
  agency,
  done,
  openAccount,
  QINGDAO,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../../../../test/support/engine-fixture';
import type { TakenOverCard, TakeOverOrder } from '../engine';

const card = (cardNumber: string, over: Partial<TakenOverCard> = {}): TakenOverCard => ({
  cardNumber,
  kind: 'socialSecurity3',
  state: 'inUse',
  lastSwipedOn: '2026-02-11',
  media: null,
  currentYearFen: f(3000),
  priorYearFen: f(2000),
  ...over,
});
const order = (sourceId: string, over: Partial<TakeOverOrder> = {}): TakeOverOrder => ({
  sourceId,
  poolingArea: QINGDAO,
  insuranceType: 'employee',
  person: { identityKind: '01', identityNumber: identityNumberFor(QINGDAO, '1980-05-06', sourceId.padStart(3, '0')), name: '古力娜·扎尔' },
  cards: [card(`C0000000${sourceId}`)],
  currentYearFen: f(0),
  priorYearFen: f(0),
  ...over,
});

describe('imports: taking accounts over', () => {
  let made: TestEngine;
  beforeEach(async () => {
    made = await withRegion(await testEngine());
  });
  afterEach(() => made.close());
  const takeOver = (one: TakeOverOrder, source = 'hifs') => made.engine.imports.takeOver(source, one, agency);
  const totals = async (source = 'hifs') =>
    made.engine.imports.totals(source, await made.store.lastLogIndex(), {
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });

  it('a card taken over pays at the till at once, and the log is sound', async () => {
    done(await takeOver(order('101')));
    expect(await made.engine.settlements.post(swipeOf(made, 'S1', 'C0000000101', 4500), till)).toMatchObject({ kind: 'done' });
    expect(
      await made.engine.accounts.balanceByCredential('P37020000001', { kind: 'socialSecurityCard', number: 'C0000000101' }),
    ).toMatchObject({ value: { balanceFen: 500 } });
    await expectSound(made);
  });

  it('given again it is a repeat; with other content it is refused and told in what', async () => {
    const first = done(await takeOver(order('102')));
    const events = await made.store.lastLogIndex();
    expect(await takeOver(order('102'))).toEqual({ kind: 'done', replayed: true, value: first });
    expect(await takeOver(order('102', { priorYearFen: f(1) }))).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'taken-over-with-different-content', accountId: first.accountId, differs: ['balances'] }],
    });
    expect(await takeOver({ ...order('102'), person: { ...order('102').person, name: '另一人' } })).toMatchObject({
      reasons: [{ differs: ['personDetails'] }],
    });
    expect(await takeOver(order('102', { cards: [card('C0000000999', { state: 'registered' })] }))).toMatchObject({
      reasons: [{ differs: ['cards'] }],
    });
    expect(await made.store.lastLogIndex()).toBe(events);
  });

  it('a plan writes nothing, and says what a take-over would', async () => {
    const events = await made.store.lastLogIndex();
    const planned = await made.engine.imports.plan('hifs', order('103'), agency);
    expect(planned).toMatchObject({ kind: 'done', replayed: false });
    expect(await made.store.lastLogIndex()).toBe(events);
    expect(done(await takeOver(order('103')))).toEqual(done(planned));
    expect(await made.engine.imports.plan('hifs', order('103'), agency)).toMatchObject({ kind: 'done', replayed: true });
  });

  it('names every reason, and each card by its place', async () => {
    const { accountId } = await openAccount(made);
    await registerCard(made, accountId, 'C0000009999');
    const bad = order('104', {
      insuranceType: 'resident',
      cards: [card('C0000000104', { currentYearFen: f(0), priorYearFen: f(0) }), card('C0000009999', { kind: 'labourSecurity' })],
    });
    const planned = await made.engine.imports.plan('hifs', bad, agency);
    expect(planned).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'card-number-already-registered', card: 1 }, { code: 'no-personal-account' }],
    });
    expect(await made.engine.imports.plan('hifs', order('105', { poolingArea: '110000' }), agency)).toMatchObject({
      reasons: [{ code: 'pooling-area-without-policy', poolingArea: '110000' }],
    });
  });

  it('a person or a card of another source is refused, whoever comes first', async () => {
    const [one, two] = await Promise.all([takeOver(order('106'), 'hifs'), takeOver(order('106'), 'other')]);
    expect([one.kind, two.kind].toSorted()).toEqual(['done', 'refused']);
    expect(await takeOver(order('107', { cards: [card('C0000000106')] }))).toMatchObject({
      reasons: [{ code: 'card-number-already-registered', card: 0 }],
    });
    await expectSound(made);
  });

  it('two at once under one source id are one', async () => {
    const both = await Promise.all([takeOver(order('108')), takeOver(order('108'))]);
    expect(both.map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect((await totals()).imported).toMatchObject({ accounts: 1, cards: 1 });
    await expectSound(made);
  });

  it('nothing of the legacy system is in the log: neither ids nor numbers nor names', async () => {
    done(await takeOver(order('109', { sourceId: 'LEGACY-ID-109', person: { ...order('109').person, telephone: '13800138000' } })));
    const log = (await logOf(made)).map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
    for (const text of ['LEGACY-ID-109', order('109').person.identityNumber, '古力娜', '13800138000', 'C0000000109'])
      expect(log).not.toContain(text);
    expect(log).toContain('import-hifs-');
  });

  it('adds up what a source has brought, apart from everything else', async () => {
    const { accountId } = await openAccount(made);
    await registerCard(made, accountId, 'C0000000001', { state: 'inUse', opening: { currentYearFen: f(7), priorYearFen: f(0) } });
    done(await takeOver(order('110', { cards: [card('C0000000110', { state: 'stopped', kind: 'labourSecurity' })], priorYearFen: f(5) })));
    done(await takeOver(order('111'), 'other'));
    expect(await totals()).toMatchObject({
      imported: { accounts: 1, cards: 1, currentYearFen: 3000, priorYearFen: 2005, agreements: 0 },
      all: { accounts: 3, cards: 3, currentYearFen: 6007, priorYearFen: 4005, agreements: 3 },
    });
  });
});
