import { acts, done, refused, scenarios, settled } from '../../support/scenario';

const BOTH = { currentYear: '20.00', priorYear: '30.00' };
const SIGNED = { holderCheck: { method: 'signature' } };
const NOTHING = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };

scenarios(
  { city: 'qinghe', poolingArea: '990300', packs: ['test/scenarios/made-up/qinghe.yaml'], begins: '2019-03-20 10:00' },
  __filename,
  (scenario) => {
    scenario(
      'I4 Q5',
      '余额次月5日零点成批转入：之前在旧卡分户，之后在新卡，任务没跑也一样；其间撤销的退款一并转入',
      'the balance moves at midnight on the 5th of the next month, job or no job; what was cancelled meanwhile comes along',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-03-01', ...BOTH });
        const swipe = await city.swipes(old, pharmacy, '8.00', SIGNED);
        settled(swipe);
        const fresh = await city.card(holder, 'socialSecurity3');
        const enabled = await city.enables(fresh);
        done(enabled);
        expect(acts(enabled)).not.toContain('BalanceTransferred.v1');
        refused(await city.swipes(old, pharmacy, '1.00', SIGNED), 'card-cancelled');
        done(await city.cancels(swipe));
        expect(await city.balance(holder)).toBe('50.00');
        await city.itIs('2019-04-04 23:59:59');
        settled(await city.swipes(fresh, pharmacy, '1.00', SIGNED), { cashPayment: '1.00' });
        await city.itIs('2019-04-05 00:00');
        expect([await city.money(old), (await city.money(fresh)).total]).toEqual([NOTHING, '50.00']);
        settled(await city.swipes(fresh, pharmacy, '50.00', SIGNED), { accountPaid: { total: '50.00' }, balanceAfter: '0.00' });
      },
    );
  },
);
