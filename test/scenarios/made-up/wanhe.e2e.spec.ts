import { acts, done, refused, scenarios, settled } from '../../support/scenario';

const BOTH = { currentYear: '20.00', priorYear: '30.00' };
const SIGNED = { holderCheck: { method: 'signature' } };
const NOTHING = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };
const guardian = { proxy: { relation: 'guardian', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' } };

scenarios(
  { city: 'wanhe', poolingArea: '990200', packs: ['test/scenarios/made-up/wanhe.yaml'], begins: '2019-09-26 10:00' },
  __filename,
  (scenario) => {
    scenario(
      'I4',
      '新卡启用后余额仍在旧卡分户，凭申请在受理中心转入；别处不受理',
      'the balance stays with the old card until the holder applies for it at a centre; nowhere else is it taken',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-09-01', ...BOTH });
        const fresh = await city.card(holder, 'socialSecurity3');
        const enabled = await city.enables(fresh);
        done(enabled);
        expect(acts(enabled)).not.toContain('BalanceTransferred.v1');
        expect((await city.money(old)).total).toBe('50.00');
        settled(await city.swipes(fresh, pharmacy, '1.00', SIGNED), { accountPaid: { total: '0.00' }, cashPayment: '1.00' });
        const move = { reference: 'move-1', fromCardId: old.cardId, toCardId: fresh.cardId };
        const path = `/v1/accounts/${holder.accountId}/transfers`;
        refused(await city.as('bankOutlet', 'POST', path, { ...move, place: 'bankOutlet' }), 'transfer-place-not-allowed');
        done(await city.as('centre', 'POST', path, { ...move, reference: 'move-2', place: 'centre' }));
        expect([await city.money(old), (await city.money(fresh)).total]).toEqual([NOTHING, '50.00']);
        settled(await city.swipes(fresh, pharmacy, '1.00', SIGNED), { accountPaid: { total: '1.00' } });
      },
    );

    scenario('Q8', '监护人代办只限未成年人', 'a guardian acts for a minor, and not for an adult', async (city) => {
      const adult = await city.card(await city.holder(), 'socialSecurity3');
      refused(await city.enables(adult, 'guardian', guardian), 'guardian-of-an-adult');
      const child = await city.card(await city.holder({ born: '2010-05-01' }), 'socialSecurity3');
      done(await city.enables(child, 'guardian', guardian));
    });

    scenario(
      'S4',
      '银行开通金融功能，社保功能同时开通',
      'the bank activates the financial area, and the card is opened with it',
      async (city) => {
        const card = await city.card(await city.holder(), 'socialSecurity3');
        done(await city.counter(card, 'financial-area', { active: true }));
        expect((await city.state(card)).state).toBe('inUse');
      },
    );

    scenario('J5', '正式挂失后找到也不再恢复', 'a card found after its formal loss stays lost', async (city) => {
      const card = await city.card(await city.holder(), 'socialSecurity3', { inUse: true, ...BOTH });
      done(await city.counter(card, 'formal-loss'));
      refused(await city.counter(card, 'formal-loss-lifting'), 'formal-loss-final');
    });

    scenario(
      'J6',
      '密码一日错三次锁卡；第二天重新计',
      'the third wrong PIN of a day locks the card; the next day is counted anew',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity3', { inUse: true, ...BOTH });
        const wrong = () => city.wrongPin(card);
        for (let tries = 0; tries < 2; tries++) done(await wrong());
        await city.itIs('2019-09-27 10:00');
        for (let tries = 0; tries < 2; tries++) done(await wrong());
        settled(await city.swipes(card, pharmacy, '1.00', SIGNED));
        done(await wrong());
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'pin-locked');
      },
    );

    scenario(
      'J4',
      '临时挂失三个工作日：国庆长假不算，调休的周日算',
      'a temporary loss lasts three working days: the national holiday is not counted, the Sunday worked for it is',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity3', { inUse: true, ...BOTH });
        done(await city.actsOn(card, 'loss', 'hotline')); // Friday 27 September; worked: Sunday 29, Monday 30, Tuesday 8 October.
        await city.itIs('2019-10-08 09:59:59');
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'card-temporarily-lost');
        await city.itIs('2019-10-09 00:00');
        settled(await city.swipes(card, pharmacy, '1.00', SIGNED));
      },
    );
  },
);
