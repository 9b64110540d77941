import { acts, done, refused, scenarios, settled } from '../../support/scenario';
import type { City } from '../../support/scenario-city';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };
const NOTHING = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };
/** A holder between the cards: the old one in use, the new one in the letter box. */
const between = async (city: City) => {
  const holder = await city.holder();
  const old = await city.card(holder, 'medicalInsurance', { swiped: '2017-05-01', ...OLD_MONEY });
  return { holder, old, fresh: await city.card(holder, 'socialSecurity2') };
};

scenarios(
  { city: 'jinan', poolingArea: '370100', packs: ['libs/policy/packs/jinan.yaml'], begins: '2017-06-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'J3',
      '新卡启用之前，旧医保卡照常使用，没有停用期限',
      'before the new card is enabled the old medical card works as usual, with no date on which it stops',
      async (city) => {
        const pharmacy = await city.institution();
        const { old } = await between(city);
        settled(await city.swipes(old, pharmacy, '5.00'), { accountPaid: { total: '5.00' }, balanceAfter: '45.00' });
        expect(await city.state(old)).toMatchObject({ state: 'inUse', sealed: false });
      },
    );

    scenario(
      'J1 J3 I4',
      '新卡在定点药店首次刷卡即启用：旧卡自动注销，余额转入，这一笔当场结算',
      'the first swipe at a designated pharmacy enables the new card: the old one is cancelled, its balance moves, and this swipe settles',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        settled(await city.swipes(fresh, pharmacy, '45.00'), {
          accountPaid: { currentYear: '20.00', priorYear: '25.00', total: '45.00' },
          balanceBefore: '50.00',
          balanceAfter: '5.00',
        });
        expect((await city.state(old)).state).toBe('cancelled');
        expect((await city.state(fresh)).state).toBe('inUse');
        expect(await city.money(old)).toEqual(NOTHING);
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
      },
    );

    scenario(
      'J1',
      '首次刷卡被拒，什么也没启用：旧卡还能用',
      'a first swipe that is refused enables nothing: the old card still works',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        refused(await city.swipes(fresh, pharmacy, '60.00', { payment: 'full' }), 'balance-insufficient');
        expect((await city.state(fresh)).state).toBe('registered');
        settled(await city.swipes(old, pharmacy, '1.00'));
      },
    );

    scenario(
      'J1 I4',
      '两家药店同时首刷同一张新卡：都按先后结算，余额只转一次',
      'the new card is swiped for the first time at two pharmacies at once: one after the other they settle, and the balance moves once',
      async (city) => {
        const [one, other] = [await city.institution(), await city.institution()];
        const { holder, fresh } = await between(city);
        for (const told of await Promise.all([city.swipes(fresh, one, '30.00'), city.swipes(fresh, other, '15.00')])) settled(told);
        expect(await city.money(fresh)).toEqual({ currentYear: '0.00', priorYear: '5.00', total: '5.00', sealed: false });
        expect(await city.balance(holder)).toBe('5.00');
      },
    );

    scenario(
      'J1 J3 I4',
      '新卡首刷与旧卡刷卡撞在一起：旧卡先到就先付，后到被拒，钱总数不变',
      'the first swipe of the new card races a swipe of the old one: the old pays if it was first, else it is refused; no fen is lost',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, old, fresh } = await between(city);
        const [first, last] = await Promise.all([city.swipes(old, pharmacy, '7.00'), city.swipes(fresh, pharmacy, '3.00')]);
        settled(last);
        if (first.status !== 201) refused(first, 'card-cancelled');
        expect(await city.balance(holder)).toBe(first.status === 201 ? '40.00' : '47.00');
      },
    );

    scenario(
      'J1 J2 J3',
      '也可在银行网点启用，同时激活金融区；电话不能启用',
      'a bank outlet enables it too, and activates the financial area with it in person; a telephone call does not',
      async (city) => {
        const { fresh } = await between(city);
        refused(await city.enables(fresh, 'hotline'), 'channel-not-allowed');
        const enabled = await city.enables(fresh, 'bankOutlet', { financialAreaActivated: true });
        done(enabled);
        expect(acts(enabled)).toEqual(['CardEnabled.v1', 'FinancialAreaReported.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']);
        expect(await city.money(fresh)).toMatchObject({ total: '50.00' });
      },
    );

    scenario(
      'J3 I4',
      '旧卡上的结算在换卡之后撤销：钱退到新卡；部分撤销同样',
      'a settlement of the old card is cancelled after the change, in part and then in full: the money comes back to the new card',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        const swipe = await city.swipes(old, pharmacy, '22.00');
        settled(swipe);
        settled(await city.swipes(fresh, pharmacy, '8.00'), { balanceAfter: '20.00' });
        done(await city.cancels(swipe, { amount: '2.00' }));
        expect(await city.money(fresh)).toMatchObject({ total: '22.00' });
        done(await city.cancels(swipe));
        expect([await city.money(old), (await city.money(fresh)).total]).toEqual([NOTHING, '42.00']);
      },
    );

    scenario(
      'I3 J3',
      '旧卡在换卡前刷、换卡后补记：从新卡的余额付',
      'a swipe of the old card from before the change, entered after it, is paid from the new card',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        await city.itIs('2017-06-01 10:00');
        settled(await city.swipes(fresh, pharmacy, '1.00'));
        settled(await city.entersLate(old, pharmacy, '9.00', '2017-06-01 09:30'), { accountPaid: { total: '9.00' } });
        refused(await city.entersLate(old, pharmacy, '9.00', '2017-06-01 10:00'), 'card-cancelled');
        expect(await city.money(fresh)).toMatchObject({ total: '40.00' });
      },
    );

    scenario('J3 I5', '两张旧卡的余额都转入一张新卡', 'the balances of two old cards move to the one new card', async (city) => {
      const pharmacy = await city.institution();
      const { holder, fresh } = await between(city);
      await city.card(holder, 'medicalInsurance', { swiped: '2017-05-02', currentYear: '0.07' });
      settled(await city.swipes(fresh, pharmacy, '0.01'), { balanceBefore: '50.07', balanceAfter: '50.06' });
    });

    scenario(
      'J4',
      '电话临时挂失七天，期满那一刻自动恢复；七天内本人到场可解除，电话不能解除',
      'a loss reported by telephone bars the card for seven days and ends by itself at that very instant; it is lifted in person, not by telephone',
      async (city) => {
        const pharmacy = await city.institution();
        const { old } = await between(city);
        done(await city.actsOn(old, 'loss', 'hotline'));
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-temporarily-lost');
        refused(await city.actsOn(old, 'loss-lifting', 'hotline'), 'right-missing');
        const { old: lifted } = await between(city);
        done(await city.actsOn(lifted, 'loss', 'hotline'));
        done(await city.actsOn(lifted, 'loss-lifting', 'bankOutlet'));
        settled(await city.swipes(lifted, pharmacy, '1.00'));
        await city.itIs('2017-06-08 09:59:59');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-temporarily-lost');
        await city.itIs('2017-06-08 10:00');
        settled(await city.swipes(old, pharmacy, '1.00'));
        expect(await city.state(old)).toMatchObject({ state: 'inUse', stateSince: '2017-06-08T02:00:00.000Z' });
      },
    );

    scenario(
      'J4 J3 I4',
      '旧卡挂失期间首刷新卡：余额照样转入，七天后旧卡不再恢复',
      'the new card is swiped first while the old one is reported lost: the balance moves all the same, and the old card is not restored',
      async (city) => {
        const pharmacy = await city.institution();
        const { old, fresh } = await between(city);
        done(await city.actsOn(old, 'loss', 'hotline'));
        settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceBefore: '50.00' });
        await city.itIs('2017-06-16 10:00');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
      },
    );

    scenario(
      'J1 J4',
      '新卡拿到手未启用就丢了：电话可挂失，捡到的人首刷不能启用；七天后仍是未启用，再首刷才启用',
      'a new card is lost before it was enabled: a call bars it, its finder enables nothing; after seven days it waits again to be enabled',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, old, fresh } = await between(city);
        done(await city.actsOn(fresh, 'loss', 'hotline'));
        refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-temporarily-lost');
        refused(await city.enables(fresh), 'card-temporarily-lost');
        settled(await city.swipes(old, pharmacy, '1.00'));
        expect([await city.balance(holder), (await city.state(old)).state]).toEqual(['49.00', 'inUse']);
        await city.itIs('2017-06-24 10:00');
        refused(await city.actsOn(fresh, 'loss-lifting', 'bankOutlet'), 'card-not-lost');
        settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceAfter: '48.00' });
      },
    );

    scenario(
      'J1 J5',
      '未启用的新卡正式挂失后补卡：捡到的人刷不动，补的卡首刷启用，余额转入',
      'a new card is formally lost before it was enabled, and another made in its place: the finder pays nothing, the other takes the money',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, fresh } = await between(city);
        done(await city.counter(fresh, 'formal-loss'));
        refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-lost');
        const another = await city.card(holder, 'socialSecurity2', { replaces: fresh });
        settled(await city.swipes(another, pharmacy, '1.00'), { balanceBefore: '50.00' });
        refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-cancelled');
      },
    );

    scenario(
      'J1 I5',
      '先制的卡没启用，后制的卡已在用：先制的卡首刷不启用，也不顶掉在用的卡，并说明该用哪张',
      'of two new cards the later is in use: a first swipe of the earlier one enables and cancels nothing, and says which card to bring',
      async (city) => {
        const pharmacy = await city.institution();
        const { holder, fresh: first } = await between(city);
        const second = await city.card(holder, 'socialSecurity2');
        settled(await city.swipes(second, pharmacy, '1.00'), { balanceAfter: '49.00' });
        refused(await city.swipes(first, pharmacy, '1.00'), 'newer-card-in-use');
        refused(await city.enables(first), 'newer-card-in-use');
        expect((await city.state(second)).state).toBe('inUse');
        settled(await city.swipes(second, pharmacy, '1.00'), { balanceAfter: '48.00' });
      },
    );

    scenario('I3 I5', '外市的卡不在这里刷', 'a card of another city is not settled here', async (city) => {
      const elsewhere = await city.institution();
      const holder = await city.holder();
      const unknown = { cardId: '', number: 'SOC370200999999', kind: 'socialSecurity2', holder };
      refused(await city.swipes(unknown, elsewhere, '1.00'), 'card-unknown');
    });
  },
);
