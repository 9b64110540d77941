import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../support/audit';
import {
  codesOf,
  done,
  enableCard,
  openAccount,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../../support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const opening = (currentYear: number, priorYear: number) => ({
  currentYearFen: medicalFen(currentYear),
  priorYearFen: medicalFen(priorYear),
});
const view = async (accountId: string) => {
  const found = await made.engine.accounts.view(accountId, null);
  if (!found) throw new Error('no such account');
  return found;
};
const card = async (accountId: string, cardId: string) => (await view(accountId)).cards.find(([id]) => id === cardId)?.[1];
const money = async (accountId: string, cardId: string) =>
  (await view(accountId)).balances.reduce((sum, [account, fen]) => (account.startsWith(`subAccount:${cardId}:`) ? sum + fen : sum), 0);

describe('Qingdao: old cards, phases and the new card', () => {
  it('Q2, Q3: a labour-security card is stopped by the phases, whatever day it is presented', async () => {
    const { accountId } = await openAccount(made);
    await registerCard(made, accountId, 'OLD000001', {
      kind: 'labourSecurity',
      state: 'inUse',
      lastSwipedOn: '2016-05-01',
      opening: opening(20_00, 30_00),
    });
    const answer = await made.engine.settlements.post(swipeOf(made, 'S1', 'OLD000001', 10_00), till);
    expect(codesOf(answer)).toEqual(['card-stopped']);
  });

  it('Q4, I4: what stood on it is sealed, not lost', async () => {
    const { accountId } = await openAccount(made);
    const cardId = await registerCard(made, accountId, 'OLD000002', {
      kind: 'labourSecurity',
      state: 'inUse',
      lastSwipedOn: '2016-05-01',
      opening: opening(20_00, 30_00),
    });
    expect(await card(accountId, cardId)).toMatchObject({ sealed: true });
    expect(await money(accountId, cardId)).toBe(50_00);
  });

  it('Q2: the phase that stopped it follows from its last swipe', async () => {
    for (const [lastSwipedOn, from] of [
      ['2015-03-31', '2017-03-31T16:00:00.000Z'],
      ['2016-09-30', '2017-09-30T16:00:00.000Z'],
      ['2017-06-01', '2017-12-30T16:00:00.000Z'],
    ] as const) {
      const { accountId } = await openAccount(made);
      const cardId = await registerCard(made, accountId, `OLD${lastSwipedOn.replaceAll('-', '').slice(2)}`, {
        kind: 'labourSecurity',
        state: 'inUse',
        lastSwipedOn,
      });
      expect((await card(accountId, cardId))?.timeline.at(-1)).toEqual({ from, state: 'stopped' });
    }
  });

  it('Q4: a resident medical card carries no personal account: stopping it seals nothing', async () => {
    const { accountId } = await openAccount(made, { insuranceType: 'resident' });
    const cardId = await registerCard(made, accountId, 'RES000001', {
      kind: 'residentMedical',
      state: 'inUse',
      lastSwipedOn: '2017-06-01',
    });
    expect(await card(accountId, cardId)).toMatchObject({ sealed: false, carriesPersonalAccount: false });
    expect((await card(accountId, cardId))?.timeline.at(-1)?.state).toBe('stopped');
  });

  it('Q5, I4: the bank activates the new card, and the old balance moves into it, fen by fen, and pays', async () => {
    const { accountId } = await openAccount(made);
    const old = await registerCard(made, accountId, 'OLD000003', {
      kind: 'labourSecurity',
      state: 'inUse',
      lastSwipedOn: '2016-05-01',
      opening: opening(20_00, 30_00),
    });
    const fresh = await registerCard(made, accountId, 'NEW000003');
    expect(codesOf(await made.engine.settlements.post(swipeOf(made, 'S1', 'NEW000003', 10_00), till))).toEqual(['card-not-enabled']);
    const act = await enableCard(made, accountId, fresh);
    expect(act.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['CardEnabled.v1', 'SubAccountUnsealed.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']),
    );
    expect([await money(accountId, old), await money(accountId, fresh)]).toEqual([0, 50_00]);
    expect((await view(accountId)).balances.map(([account]) => account)).toEqual([
      `subAccount:${fresh}:currentYear`,
      `subAccount:${fresh}:priorYear`,
    ]);
    const receipt = done(await made.engine.settlements.post(swipeOf(made, 'S2', 'NEW000003', 25_00), till));
    expect(receipt).toMatchObject({
      accountPaidFen: { currentYear: 20_00, priorYear: 5_00, total: 25_00 },
      cashPaymentFen: 0,
      balanceAfterFen: 25_00,
      cardTail: '0003',
    });
  });

  it('Q5: there is no enablement by the first swipe, nor by telephone', async () => {
    const { accountId } = await openAccount(made);
    const fresh = await registerCard(made, accountId, 'NEW000004');
    expect(codesOf(await made.engine.settlements.post(swipeOf(made, 'S1', 'NEW000004', 10_00), till))).toEqual(['card-not-enabled']);
    const byPhone = await made.engine.accounts.enableCard(
      accountId,
      fresh,
      { reference: 'r', channel: 'hotline', financialAreaActivated: false },
      till,
    );
    expect(codesOf(byPhone)).toEqual(['channel-not-allowed']);
  });

  it('Q3, Q7: a temporary card works after the old ones stopped', async () => {
    const { accountId } = await openAccount(made);
    const temporary = await registerCard(made, accountId, 'TMP000001', { kind: 'temporary' });
    await enableCard(made, accountId, temporary);
    expect((await made.engine.settlements.post(swipeOf(made, 'S1', 'TMP000001', 10_00), till)).kind).toBe('done');
  });

  it('I5: several old cards hang on one person; all their money moves to the one new card', async () => {
    const { accountId } = await openAccount(made);
    for (const [number, fen] of [
      ['OLD000005', 10_00],
      ['OLD000006', 7_00],
    ] as const)
      await registerCard(made, accountId, number, {
        kind: 'labourSecurity',
        state: 'inUse',
        lastSwipedOn: '2016-05-01',
        opening: opening(fen, 0),
      });
    const fresh = await registerCard(made, accountId, 'NEW000005');
    await enableCard(made, accountId, fresh);
    expect(await money(accountId, fresh)).toBe(17_00);
  });
});
