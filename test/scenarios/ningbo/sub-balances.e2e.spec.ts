import { done, scenarios, settled } from '../../support/scenario';

const MONEY = { currentYear: '20.00', priorYear: '30.00' };

scenarios(
  { city: 'ningbo', poolingArea: '330200', packs: ['libs/policy/packs/ningbo.yaml'], begins: '2015-12-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'N1',
      '当年、历年分开记，小票上分开写；先用当年',
      'current-year and prior-year money stand apart, on the receipt too; the current year is drawn first',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        const swipe = await city.swipes(card, pharmacy, '25.00');
        settled(swipe, { accountPaid: { currentYear: '20.00', priorYear: '5.00', total: '25.00' } });
        const receipt = await city.receipt(swipe);
        expect(receipt).toMatch(/其中当年账户\s+20\.00/);
        expect(receipt).toMatch(/其中历年账户\s+5\.00/);
        expect(await city.money(card)).toMatchObject({ currentYear: '0.00', priorYear: '25.00' });
      },
    );

    scenario(
      'N1',
      '1月1日零点当年结转为历年；其后撤销的当年支付退到历年',
      'at midnight on 1 January the current year becomes the prior year; a payment undone after that comes back to the prior year',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        const swipe = await city.swipes(card, pharmacy, '5.00');
        settled(swipe);
        await city.itIs('2015-12-31 23:59:59');
        expect(await city.money(card)).toMatchObject({ currentYear: '15.00', priorYear: '30.00' });
        await city.itIs('2016-01-01 00:00');
        const { currentYear, priorYear } = await city.money(card);
        expect([currentYear, Number(priorYear) >= 45]).toEqual(['0.00', true]);
        done(await city.cancels(swipe));
        expect(await city.money(card)).toMatchObject({ currentYear: '0.00', priorYear: (Number(priorYear) + 5).toFixed(2) });
      },
    );

    scenario(
      'N4 I2',
      '不得提现，也没有转入金融账户的业务',
      'no cash, and no business that moves the money to the financial account',
      async (city) => {
        const holder = await city.holder();
        await city.card(holder, 'socialSecurity2', { inUse: true, ...MONEY });
        for (const act of ['withdrawals', 'payments', 'financial-transfers']) {
          const told = await city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/${act}`, { reference: 'r', amount: '1.00' });
          expect([told.status, told.codes]).toEqual([404, ['route-not-found']]);
        }
        expect(await city.balance(holder)).toBe('50.00');
      },
    );
  },
);
