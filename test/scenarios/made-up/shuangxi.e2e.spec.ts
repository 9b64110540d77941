import { done, scenarios, settled } from '../../support/scenario';

const BOTH = { currentYear: '20.00', priorYear: '30.00' };
const SIGNED = { holderCheck: { method: 'signature' } };

scenarios(
  { city: 'shuangxi', poolingArea: '990400', packs: ['test/scenarios/made-up/shuangxi.yaml'], begins: '2019-03-20 10:00' },
  __filename,
  (scenario) => {
    scenario(
      'NY1 I4',
      '新旧卡并行，各用各的分户，互不相通；总额不变',
      'old and new card work side by side, each from its own sub-account; neither pays for the other, and no fen is lost',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-03-01', ...BOTH });
        const fresh = await city.card(holder, 'socialSecurity3');
        done(await city.enables(fresh));
        done(await city.credits(holder, '7.00'));
        const [onOld, onFresh] = [await city.money(old), await city.money(fresh)];
        expect([onOld.total, onFresh.total].sort()).toEqual(['50.00', '7.00']);
        settled(await city.swipes(old, pharmacy, '60.00', SIGNED), { accountPaid: { total: onOld.total } });
        expect(await city.money(fresh)).toEqual(onFresh);
        settled(await city.swipes(fresh, pharmacy, '60.00', SIGNED), { accountPaid: { total: onFresh.total } });
        expect(await city.balance(holder)).toBe('0.00');
      },
    );
  },
);
