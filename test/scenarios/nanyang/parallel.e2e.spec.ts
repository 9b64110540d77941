import { done, scenarios, settled } from '../../support/scenario';
import type { City } from '../../support/scenario-city';

const MONEY = { currentYear: '20.00', priorYear: '30.00' };
const both = async (city: City) => {
  const holder = await city.holder();
  const old = await city.card(holder, 'medicalInsurance', { swiped: '2016-02-01', ...MONEY });
  const fresh = await city.card(holder, 'socialSecurity2');
  done(await city.enables(fresh));
  return { holder, old, fresh };
};

scenarios(
  { city: 'nanyang', poolingArea: '411300', packs: ['libs/policy/packs/nanyang.yaml'], begins: '2016-03-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'NY1',
      '试运行期新卡启用后，医保卡照样能刷，两张卡用的是同一笔余额',
      'in the trial period the medical card works on beside the enabled new card, and both pay from one balance',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, old, fresh } = await both(city);
        settled(await city.swipes(old, pharmacy, '10.00'), { balanceBefore: '50.00', balanceAfter: '40.00' });
        settled(await city.swipes(fresh, pharmacy, '10.00'), { balanceBefore: '40.00', balanceAfter: '30.00' });
        settled(await city.swipes(old, pharmacy, '35.00'), { accountPaid: { total: '30.00' }, cashPayment: '5.00' });
        expect(await city.balance(holder)).toBe('0.00');
      },
    );

    scenario('NY1 I4', '两张卡同时刷，余额不会用两遍', 'both cards swiped at once: the balance is not spent twice', async (city) => {
      const pharmacy = await city.institution();
      const { holder, old, fresh } = await both(city);
      const two = await Promise.all([city.swipes(old, pharmacy, '40.00'), city.swipes(fresh, pharmacy, '40.00')]);
      for (const told of two) settled(told);
      const paid = two.map(({ body }) => Number((body.accountPaid as { total: string }).total)).sort((a, b) => a - b);
      expect(paid).toEqual([10, 40]);
      expect(await city.balance(holder)).toBe('0.00');
    });

    scenario(
      'NY1 I4',
      '医保卡上的结算撤销，钱回到同一笔余额',
      'a settlement of the medical card is cancelled: the money comes back to the one balance',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, old } = await both(city);
        const swipe = await city.swipes(old, pharmacy, '12.00');
        settled(swipe);
        done(await city.cancels(swipe));
        expect(await city.balance(holder)).toBe('50.00');
      },
    );

    scenario(
      'NY3 NY2',
      '村卫生室也是联网机构，能实时结算',
      'a village clinic is a networked institution and settles in real time',
      async (city) => {
        const village = await city.institution({ kind: 'villageClinic', services: ['outpatient'] });
        const { fresh } = await both(city);
        settled(await city.swipes(fresh, village, '6.00'), { accountPaid: { total: '6.00' } });
      },
    );
  },
);
