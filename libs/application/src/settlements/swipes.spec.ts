import { medicalFen } from '#libs/medical-account';
import { expectSound, logOf } from '../../../../test/support/audit';
import {
  agency,
  codesOf,
  credit,
  done,
  holderWithCard,
  openAccount,
  PHARMACY,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../../../../test/support/engine-fixture';
import { envelopeOf } from '../streams/stored-form';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});
const HOUR = 3_600_000;
const undone = (serial: string) => made.engine.settlements.find(PHARMACY, serial);
const balanceOf = async (accountId: string) =>
  (await made.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);

describe('a quote', () => {
  it('records nothing, and equals the settlement that follows it to the fen and the id', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 20_00);
    const order = swipeOf(made, 'S1', cardNumber, 30_00);
    const before = await made.engine.log.last();
    const quoted = await made.engine.settlements.quote(order, till);
    expect([await made.engine.log.last(), await undone('S1')]).toEqual([before, { kind: 'absent' }]);
    expect(await made.engine.settlements.post(order, till)).toEqual(quoted);
  });

  it('of a refused swipe tells the reasons and leaves no attempt; of a settled serial it is the first answer', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 20_00);
    const before = await made.engine.log.last();
    const full = { ...swipeOf(made, 'S1', cardNumber, 30_00), payment: 'full' as const };
    expect(codesOf(await made.engine.settlements.quote(full, till))).toEqual(['balance-insufficient']);
    expect(await made.engine.log.last()).toBe(before);
    const order = swipeOf(made, 'S2', cardNumber, 5_00);
    const first = await made.engine.settlements.post(order, till);
    expect(await made.engine.settlements.quote(order, till)).toEqual({ ...first, replayed: true });
  });
});

describe('a swipe that replaces another', () => {
  it('cancels it and settles anew in one append: both or none', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 80_00), till));
    const order = { ...swipeOf(made, 'S2', cardNumber, 90_00), replacesSerial: 'S1', payment: 'full' as const };
    const receipt = done(await made.engine.settlements.post(order, till));
    expect(receipt).toMatchObject({ balanceBeforeFen: 100_00, balanceAfterFen: 10_00 });
    const append = (await logOf(made)).slice(-2).map((stored) => envelopeOf(stored));
    expect(append.map(({ type, meta }) => [type, meta.append])).toEqual([
      ['SettlementCancelled.v1', { index: 0, count: 2 }],
      ['SwipeSettled.v1', { index: 1, count: 2 }],
    ]);
    expect([await undone('S1'), await undone('S2')]).toMatchObject([{ state: 'undone' }, { state: 'live' }]);

    const tooMuch = { ...swipeOf(made, 'S3', cardNumber, 101_00), replacesSerial: 'S2', payment: 'full' as const };
    expect(codesOf(await made.engine.settlements.post(tooMuch, till))).toEqual(['balance-insufficient']);
    expect([await undone('S2'), await balanceOf(accountId)]).toMatchObject([{ state: 'live' }, 10_00]);
  });

  it('may carry the invoice of the one that it replaces; nobody else may', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const order = (serial: string, replacesSerial: string | null) => ({
      ...swipeOf(made, serial, cardNumber, 10_00),
      invoiceNo: 'I1',
      replacesSerial,
    });
    done(await made.engine.settlements.post(order('S1', null), till));
    expect(codesOf(await made.engine.settlements.post(order('S2', null), till))).toEqual(['already-settled']);
    done(await made.engine.settlements.post(order('S3', 'S1'), till));
    expect(codesOf(await made.engine.settlements.post(order('S4', null), till))).toEqual(['already-settled']);
  });

  it('a settlement is replaced once', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 10_00), till));
    const replacing = (serial: string) =>
      made.engine.settlements.post({ ...swipeOf(made, serial, cardNumber, 20_00), replacesSerial: 'S1' }, till);
    const answers = await Promise.all(['S2', 'S3'].map(replacing));
    expect(answers.map((answer) => codesOf(answer)[0]).sort()).toEqual(['already-undone', 'done']);
    expect(codesOf(await made.engine.settlements.post({ ...swipeOf(made, 'S4', cardNumber, 1_00), replacesSerial: 'NONE' }, till))).toEqual(
      ['settlement-not-found'],
    );
  });
});

describe('a late entry', () => {
  const late = (serial: string, cardNumber: string, occurredAt: string) => ({
    ...swipeOf(made, serial, cardNumber, 10_00),
    entry: 'late' as const,
    lateReason: 'line down',
    occurredAt,
  });
  const at = (ms: number) => new Date(ms).toISOString();

  it('judges card, freeze and agreement as they were when it occurred, and money as it is now', async () => {
    const { accountId, cardId, cardNumber } = await holderWithCard(made, 'A00000001', 0);
    const { engine, clock } = made;
    const start = clock.nowMs;
    clock.nowMs = start + 2 * HOUR;
    done(await engine.accounts.actOnCard(accountId, cardId, { reference: 'l', act: 'reportLoss', reason: 'telephone' }, agency));
    const freeze = { scope: { kind: 'person' }, cause: 'settlementSuspension', legalDocument: 'D', from: null, until: null } as const;
    done(await engine.accounts.placeFreeze(accountId, { reference: 'f', ...freeze }, agency));
    done(await engine.institutions.act(PHARMACY, 's', { act: 'suspendAgreement', from: null, until: null, reason: 'inspection' }, agency));
    await credit(made, accountId, 7_00);
    clock.nowMs = start + 4 * HOUR;

    expect((await engine.settlements.post(swipeOf(made, 'S1', cardNumber, 10_00), till)).kind).toBe('refused');
    const receipt = done(await engine.settlements.post(late('S2', cardNumber, at(start + HOUR)), till));
    expect(receipt).toMatchObject({ occurredAt: at(start + HOUR), decidedAt: at(start + 4 * HOUR), accountPaidFen: { total: 7_00 } });
    expect(codesOf(await engine.settlements.post(late('S3', cardNumber, at(start + 3 * HOUR)), till))[0]).toBe('agreement-suspended');
  });

  it('what occurred before the loss was reported is paid, what occurred after it is not', async () => {
    const { accountId, cardId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const start = made.clock.nowMs;
    made.clock.nowMs = start + 2 * HOUR;
    done(await made.engine.accounts.actOnCard(accountId, cardId, { reference: 'l', act: 'reportLoss', reason: 'telephone' }, agency));
    made.clock.nowMs = start + 4 * HOUR;
    expect(codesOf(await made.engine.settlements.post(late('S1', cardNumber, at(start + 2 * HOUR)), till))).toEqual([
      'card-temporarily-lost',
    ]);
    expect(done(await made.engine.settlements.post(late('S2', cardNumber, at(start + 2 * HOUR - 1)), till))).toMatchObject({
      accountPaidFen: { total: 10_00 },
      balanceAfterFen: 90_00,
    });
  });
});

describe('a swipe without a card in the hand', () => {
  const byPerson = (serial: string, identityNumber: string, fen: number) => ({
    ...swipeOf(made, serial, '', fen),
    credential: { kind: 'eCredential', number: identityNumber } as const,
  });

  it('draws on the cardless sub-account while no card is in use', async () => {
    const { accountId, identityNumber } = await openAccount(made);
    await credit(made, accountId, 20_00);
    const receipt = done(await made.engine.settlements.post(byPerson('S1', identityNumber, 15_00), till));
    expect(receipt).toMatchObject({ cardId: 'cardless', accountPaidFen: { total: 15_00 }, balanceAfterFen: 5_00, cardTail: '****' });
  });

  it('draws on the card in use as soon as there is one', async () => {
    const { accountId, cardId, identityNumber } = await holderWithCard(made, 'A00000001', 20_00);
    const receipt = done(await made.engine.settlements.post(byPerson('S1', identityNumber, 15_00), till));
    expect(receipt).toMatchObject({ cardId, accountPaidFen: { total: 15_00 }, cardTail: '0001' });
    expect(await balanceOf(accountId)).toBe(5_00);
  });
});

describe('a resident, whose insurance brings no personal account', () => {
  it('pays in cash: nothing was asked of an account that is not there; "full" is refused', async () => {
    const { identityNumber } = await openAccount(made, { insuranceType: 'resident' });
    const order = {
      ...swipeOf(made, 'S1', '', 30_00),
      insuranceType: 'resident' as const,
      credential: { kind: 'eCredential', number: identityNumber } as const,
      fundPaidFen: medicalFen(10_00),
      accountEligibleFen: medicalFen(20_00),
    };
    const receipt = done(await made.engine.settlements.post(order, till));
    expect(receipt).toMatchObject({
      accountPaidFen: null,
      fundPaidFen: 10_00,
      cashPaymentFen: 20_00,
      balanceBeforeFen: 0,
      balanceAfterFen: 0,
    });
    expect(codesOf(await made.engine.settlements.post({ ...order, serial: 'S2', payment: 'full' }, till))).toEqual(['no-personal-account']);
  });
});
