import { acts, done, refused, scenarios, settled } from '../../support/scenario';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };
const MOVED = { ...OLD_MONEY, total: '50.00', sealed: false };
const NOTHING = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-20 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q5 I4',
      '新卡在发卡银行网点激活，旧卡余额两个分户一分不差自动转入，旧卡随即注销',
      'the bank activates the new card: what stood on the old one moves by itself, bucket by bucket, and the old card is cancelled',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const fresh = await city.card(holder, 'socialSecurity2');
        const activated = await city.enables(fresh);
        done(activated);
        expect(acts(activated)).toEqual(['CardEnabled.v1', 'FinancialAreaReported.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']);
        expect(await city.state(fresh)).toMatchObject({ state: 'inUse', financialAreaActive: true });
        expect([await city.money(old), await city.money(fresh)]).toEqual([NOTHING, MOVED]);
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
        const paid = { accountPaid: { currentYear: '20.00', priorYear: '5.00', total: '25.00' }, balanceAfter: '25.00' };
        settled(await city.swipes(fresh, pharmacy, '25.00'), paid);
      },
    );

    scenario(
      'Q5',
      '首次刷卡不启用新卡，电话也不能；激活两次只转一次',
      'a first swipe activates nothing here, nor does a telephone call; activating twice moves the money once',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const fresh = await city.card(holder, 'socialSecurity2');
        refused(await city.swipes(fresh, pharmacy, '1.00'), 'card-not-enabled');
        refused(await city.enables(fresh, 'hotline'), 'channel-not-allowed');
        const reference = { reference: 'counter-7-0001' };
        done(await city.enables(fresh, 'bankOutlet', reference));
        const again = await city.enables(fresh, 'bankOutlet', reference);
        expect([again.status, again.body.replayed]).toEqual([200, true]);
        refused(await city.enables(fresh), 'card-in-use-already');
        expect(await city.money(fresh)).toEqual(MOVED);
      },
    );

    scenario(
      'Q5 I5',
      '先制的卡没激活，后制的卡已在用：网点不再激活先制的卡，余额留在在用的卡上',
      'a card made first was never activated, one made later is in use: no outlet activates the older one, and the money stays where it is',
      async (city) => {
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const [first, second] = [await city.card(holder, 'socialSecurity2'), await city.card(holder, 'socialSecurity2')];
        done(await city.enables(second));
        refused(await city.enables(first), 'newer-card-in-use');
        refused(await city.enables(first, 'batch'), 'newer-card-in-use');
        expect([(await city.state(second)).state, await city.money(second)]).toEqual(['inUse', MOVED]);
      },
    );

    scenario(
      'Q5 I4',
      '两个柜台同时激活同一张新卡：只有一个办成，余额只转一次',
      'two counters activate the same new card at once: one of them does it, and the balance moves once',
      async (city) => {
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const fresh = await city.card(holder, 'socialSecurity2');
        const both = await Promise.all([city.enables(fresh), city.enables(fresh)]);
        expect(both.map(({ codes }) => codes).sort()).toEqual([[], ['card-in-use-already']]);
        expect(await city.money(fresh)).toEqual(MOVED);
        expect(await city.balance(holder)).toBe('50.00');
      },
    );

    scenario(
      'Q5 I4',
      '激活新卡与旧卡刷卡撞在一起：先后皆可，钱不多不少',
      'an activation and a swipe of the old card at the same moment: in either order no fen is lost or paid twice',
      async (city) => {
        const pharmacy = await city.institution();
        for (const fee of ['1.00', '50.00', '60.00']) {
          const holder = await city.holder();
          const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
          const fresh = await city.card(holder, 'socialSecurity2');
          const [swipe, activation] = await Promise.all([city.swipes(old, pharmacy, fee), city.enables(fresh)]);
          done(activation);
          const paid = swipe.status === 201 ? Math.min(50, Number(fee)) : 0;
          if (swipe.status !== 201) refused(swipe, 'card-cancelled');
          expect(await city.balance(holder)).toBe((50 - paid).toFixed(2));
          expect(await city.money(old)).toEqual(NOTHING);
        }
      },
    );

    scenario(
      'I5 Q5 I4',
      '一人名下两张旧卡，一张封存一张在用：余额都转到同一张新卡',
      'two old cards of one person, one sealed and one in use: all of it moves to the one new card',
      async (city) => {
        const holder = await city.holder();
        const inUse = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', currentYear: '10.00' });
        const sealed = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', currentYear: '7.00', priorYear: '0.01' });
        done(await city.actsOn(sealed, 'stop'));
        expect(await city.money(sealed)).toMatchObject({ total: '7.01', sealed: true });
        const fresh = await city.card(holder, 'socialSecurity2');
        const activated = await city.enables(fresh);
        expect(acts(activated).filter((type) => type === 'BalanceTransferred.v1')).toHaveLength(2);
        expect(await city.money(fresh)).toEqual({ currentYear: '17.00', priorYear: '0.01', total: '17.01', sealed: false });
        expect(await city.money(inUse)).toEqual(NOTHING);
      },
    );

    scenario(
      'I5',
      '同一人在本市只有一个账户，同一卡号只登记一次',
      'a person has one account in the city, and a card number is registered once',
      async (city) => {
        const holder = await city.holder();
        const card = await city.card(holder, 'socialSecurity2');
        const person = { identityKind: '01', identityNumber: holder.identityNumber, name: '张三丰' };
        const again = { reference: 'open-again', poolingArea: '370200', insuranceType: 'employee', person };
        refused(await city.as('agency', 'POST', '/v1/accounts', again), 'person-already-has-account');
        refused(await city.registers(await city.holder(), 'socialSecurity2', card.number), 'card-number-already-registered');
      },
    );

    scenario(
      'I4 Q5',
      '挂失中的旧卡：余额照样转入新卡，旧卡此后不再恢复',
      'an old card that is reported lost: its balance moves to the new card all the same, and it is never restored after',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        done(await city.actsOn(old, 'loss', 'hotline'));
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-temporarily-lost');
        const fresh = await city.card(holder, 'socialSecurity2');
        done(await city.enables(fresh));
        expect(await city.money(fresh)).toEqual(MOVED);
        await city.itIs('2017-03-28 09:00');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-cancelled');
      },
    );

    scenario(
      'Q7 Q5 I4',
      '先办临时卡再换正式卡：余额跟着走两次，分文不差；临时卡随后不能再用',
      'a temporary card first and the formal one later: the balance goes along twice to the fen, and the temporary card ends',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder({ name: '买买提·吐尔逊·阿不都热合曼' });
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const temporary = await city.card(holder, 'temporary', { reason: 'urgent' });
        done(await city.enables(temporary));
        expect([await city.money(old), await city.money(temporary)]).toEqual([NOTHING, MOVED]);
        settled(await city.swipes(temporary, pharmacy, '0.01'), { balanceAfter: '49.99' });
        const formal = await city.card(holder, 'socialSecurity2');
        done(await city.enables(formal));
        expect(await city.money(formal)).toMatchObject({ currentYear: '19.99', priorYear: '30.00' });
        refused(await city.swipes(temporary, pharmacy, '1.00'), 'card-cancelled');
      },
    );

    scenario(
      'I4 Q5',
      '转账之后才撤销旧卡上的结算：钱退到新卡的分户',
      'a settlement of the old card is cancelled after the transfer: the money comes back to the new card',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const swipe = await city.swipes(old, pharmacy, '22.00');
        settled(swipe, { accountPaid: { currentYear: '20.00', priorYear: '2.00', total: '22.00' } });
        const fresh = await city.card(holder, 'socialSecurity2');
        done(await city.enables(fresh));
        expect(await city.money(fresh)).toMatchObject({ total: '28.00' });
        const cancelled = await city.cancels(swipe);
        done(cancelled);
        expect(cancelled.body.accountReturned).toBe('22.00');
        expect([await city.money(old), await city.money(fresh)]).toEqual([NOTHING, MOVED]);
      },
    );

    scenario(
      'I3 I4 Q2',
      '停用前刷的卡停用后补记：从封存的余额付；启用新卡后再补记，从新卡付',
      'a swipe made before the stop and entered after it is paid from the sealed balance; once the new card is in use, from there',
      async (city) => {
        const pharmacy = await city.institution();
        await city.itIs('2017-03-31 20:00');
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2015-01-01', ...OLD_MONEY });
        await city.itIs('2017-04-01 09:00');
        refused(await city.swipes(old, pharmacy, '5.00'), 'card-stopped');
        refused(await city.entersLate(old, pharmacy, '5.00', '2017-04-01 08:00'), 'card-stopped');
        settled(await city.entersLate(old, pharmacy, '4.00', '2017-03-31 21:00'), { accountPaid: { total: '4.00' } });
        expect(await city.money(old)).toMatchObject({ total: '46.00', sealed: true });
        const fresh = await city.card(holder, 'socialSecurity2');
        done(await city.enables(fresh));
        settled(await city.entersLate(old, pharmacy, '5.00', '2017-03-31 21:00'), { accountPaid: { total: '5.00' } });
        expect(await city.money(fresh)).toMatchObject({ total: '41.00' });
      },
    );

    scenario(
      'Q2',
      '靠最后一次刷卡躲过停用的，那一笔撤销后即按停用日停用，余额封存',
      'a card that only its last swipe had kept from the stop is stopped as of that day once the swipe is cancelled, and its balance sealed',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2015-04-02', ...OLD_MONEY });
        const [first, second] = [await city.swipes(card, pharmacy, '5.00'), await city.swipes(card, pharmacy, '6.00')];
        await city.itIs('2017-10-02 09:00');
        done(await city.cancels(first));
        expect(await city.state(card)).toMatchObject({ state: 'inUse', lastSwipedOn: '2017-04-01' });
        done(await city.cancels(second));
        expect(await city.state(card)).toMatchObject({ state: 'stopped', stateSince: '2017-09-30T16:00:00.000Z', sealed: true });
        refused(await city.swipes(card, pharmacy, '1.00'), 'card-stopped');
        expect(await city.money(card)).toMatchObject({ total: '50.00', sealed: true });
      },
    );
  },
);
