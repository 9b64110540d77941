import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../support/audit';
import {
  credit,
  done,
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

describe('Qingdao: a card that is in use from the start', () => {
  it('takes what stood cardless: the holder pays with it at once', async () => {
    const { accountId } = await openAccount(made);
    await credit(made, accountId, 1_000_00);
    await registerCard(made, accountId, 'NEW000001', { state: 'inUse' });
    expect(done(await made.engine.settlements.post(swipeOf(made, 'S1', 'NEW000001', 10_00), till))).toMatchObject({
      balanceBeforeFen: 1_000_00,
      cashPaymentFen: 0,
      accountPaidFen: { total: 10_00 },
    });
  });

  it('but not one that a phase has long stopped: cardless money is not sealed with it', async () => {
    const { accountId } = await openAccount(made);
    await credit(made, accountId, 1_000_00);
    const opening = { currentYearFen: medicalFen(5_00), priorYearFen: medicalFen(0) };
    const old = await registerCard(made, accountId, 'OLD000001', {
      kind: 'labourSecurity',
      state: 'inUse',
      lastSwipedOn: '2016-05-01',
      opening,
    });
    const view = await made.engine.accounts.view(accountId, null);
    expect(view?.balances).toEqual(
      [
        [`subAccount:${old}:currentYear`, 5_00],
        ['subAccount:cardless:currentYear', 1_000_00],
      ].sort(),
    );
  });
});
