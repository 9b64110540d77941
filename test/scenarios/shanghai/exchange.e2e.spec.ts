import { acts, done, refused, scenarios, settled } from '../../support/scenario';
import type { City } from '../../support/scenario-city';

const MONEY = { currentYear: '20.00', priorYear: '30.00' };
const between = async (city: City) => {
  const holder = await city.holder();
  const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-02-01', ...MONEY });
  return { holder, old, fresh: await city.card(holder, 'socialSecurity3') };
};

scenarios(
  { city: 'shanghai', poolingArea: '310000', packs: ['libs/policy/packs/shanghai.yaml'], begins: '2019-03-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'S3 I4',
      '新卡制成而未开通时旧卡照用；一开通旧卡当即废止，余额转入',
      'until the new card is opened the old one works; on opening, the old one is void at once and its balance moves',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        settled(await city.swipes(old, pharmacy, '1.00'), { balanceAfter: '49.00' });
        refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-not-enabled');
        const opened = await city.enables(fresh, 'centre');
        done(opened);
        expect(acts(opened)).toEqual(['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']);
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
        settled(await city.swipes(fresh, pharmacy, '49.00'), { balanceAfter: '0.00' });
      },
    );

    scenario(
      'S3',
      '全市并行：别人开通新卡，不影响我的旧卡',
      'in parallel in the city: that others have opened theirs changes nothing for my old card',
      async (city) => {
        const pharmacy = await city.institution();
        const [mine, theirs] = [await between(city), await between(city)];
        done(await city.enables(theirs.fresh, 'hotline'));
        settled(await city.swipes(mine.old, pharmacy, '1.00'));
      },
    );

    scenario(
      'S4',
      '中心、网点、热线都能开通社保功能；首次刷卡不能',
      'a centre, an outlet and the hotline open the social security function; a first swipe does not',
      async (city) => {
        const pharmacy = await city.institution();
        for (const channel of ['centre', 'bankOutlet', 'hotline']) {
          const { fresh } = await between(city);
          refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-not-enabled');
          done(await city.enables(fresh, channel));
          settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceBefore: '50.00' });
        }
      },
    );

    scenario(
      'S4',
      '在银行开通金融功能时，社保功能一并开通，旧卡同时废止',
      'when the bank opens the financial function the social security function opens with it, and the old card is void',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        done(await city.counter(fresh, 'financial-area', { active: true }));
        expect((await city.state(fresh)).state).toBe('inUse');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
        settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceBefore: '50.00' });
      },
    );

    scenario(
      'S6 S1',
      '只能读旧卡的机具读不了三代卡，答复里说明；能读的照刷，插卡挥卡都行',
      'a reader of old cards only is told what the third-generation card needs; one with either of its two interfaces settles',
      async (city) => {
        const oldOnly = await city.institution({ reads: ['memory'] });
        const { old, fresh } = await between(city);
        settled(await city.swipes(old, oldOnly, '1.00'));
        done(await city.enables(fresh, 'centre'));
        const told = await city.swipes(fresh, oldOnly, '1.00');
        refused(told, 'terminal-cannot-read-credential');
        expect(told.body.primaryReason).toMatchObject({ reads: ['memory'], needs: ['contactChip', 'contactless'] });
        for (const reads of [['contactChip'], ['contactless']])
          settled(await city.swipes(fresh, await city.institution({ reads }), '1.00'));
      },
    );

    scenario(
      'S5 I1',
      '一卡结算先扣医保账户，不足部分是现金或银行卡的另一笔，医保账户绝不透支',
      'one-card settlement draws the medical account first; what it lacks is a tender of its own, and the medical account is never overdrawn',
      async (city) => {
        const pharmacy = await city.institution();
        const { fresh } = await between(city);
        done(await city.enables(fresh, 'centre'));
        settled(await city.swipes(fresh, pharmacy, '80.00'), {
          accountPaid: { total: '50.00' },
          cashPayment: '30.00',
          balanceAfter: '0.00',
        });
      },
    );

    scenario(
      'S7 I4',
      '过渡期旧卡遗失：当场换新卡，余额转入，旧卡作废',
      'an old card lost in the transition is exchanged on the spot: the balance moves, and the old card is void',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        done(await city.actsOn(old, 'loss', 'hotline'));
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-temporarily-lost');
        done(await city.enables(fresh, 'centre'));
        expect(await city.money(fresh)).toMatchObject({ total: '50.00' });
        await city.itIs('2019-03-09 09:00');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
      },
    );
  },
);
