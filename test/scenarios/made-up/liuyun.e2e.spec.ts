import { acts, done, refused, scenarios, settled } from '../../support/scenario';

const BOTH = { currentYear: '20.00', priorYear: '30.00' };
const SIGNED = { holderCheck: { method: 'signature' } };
const NOTHING = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };

// A city of nobody's: its file is all there is of it. No line of the engine knows its name.
scenarios(
  { city: 'liuyun', poolingArea: '990100', packs: ['test/scenarios/made-up/liuyun.yaml'], begins: '2019-02-27 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'N1',
      '先用历年、后用当年；居民也有个人账户',
      'the prior year is drawn first, and residents have a personal account, too',
      async (city) => {
        const clinic = await city.institution({ kind: 'clinic' });
        const card = await city.card(await city.holder({ insurance: 'resident' }), 'residentMedical', { swiped: '2019-02-01', ...BOTH });
        const paid = { accountPaid: { priorYear: '30.00', currentYear: '5.00', total: '35.00' }, balanceAfter: '15.00' };
        settled(await city.swipes(card, clinic, '35.00', SIGNED), paid);
      },
    );

    scenario(
      'Q12',
      '一律签字：密码不收，有身份核验的医院也不收',
      'everybody signs: no password is taken, and no identity check of an equipped hospital either',
      async (city) => {
        const card = await city.card(await city.holder(), 'medicalInsurance', { swiped: '2019-02-01', ...BOTH });
        for (const at of [await city.institution(), await city.institution({ kind: 'hospital', equipped: true })]) {
          refused(await city.swipes(card, at, '1.00'), 'holder-check-not-accepted');
          settled(await city.swipes(card, at, '1.00', SIGNED));
        }
        const byPhone = { ...SIGNED, credential: { kind: 'eCredential', number: card.number } };
        refused(await city.swipes(card, await city.institution(), '1.00', byPhone), 'credential-not-accepted', 'card-unknown');
      },
    );

    scenario(
      'S4 S3 I4',
      '热线开通：旧卡当即作废，余额转入；银行网点不办',
      'the hotline opens the card: the old one is void at once and its balance moves; a bank outlet may not',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-02-01', ...BOTH });
        const fresh = await city.card(holder, 'socialSecurity3');
        refused(await city.enables(fresh), 'channel-not-allowed');
        const opened = await city.enables(fresh, 'hotline');
        done(opened);
        expect(acts(opened)).toEqual(['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']);
        refused(await city.swipes(old, pharmacy, '1.00', SIGNED), 'card-cancelled');
        expect([await city.money(old), await city.money(fresh)]).toEqual([NOTHING, { ...BOTH, total: '50.00', sealed: false }]);
      },
    );

    scenario('J1 S4', '首次刷卡也开通', 'so does the first swipe', async (city) => {
      const pharmacy = await city.institution();
      const holder = await city.holder();
      await city.card(holder, 'medicalInsurance', { swiped: '2019-02-01', ...BOTH });
      const fresh = await city.card(holder, 'socialSecurity3');
      settled(await city.swipes(fresh, pharmacy, '1.00', SIGNED), { balanceBefore: '50.00', balanceAfter: '49.00' });
    });

    scenario('S6', '只读旧存储卡的终端读不了三代卡', 'a reader of memory cards reads the old card and not the new one', async (city) => {
      const old = await city.institution({ reads: ['memory'] });
      const holder = await city.holder();
      settled(await city.swipes(await city.card(holder, 'medicalInsurance', { swiped: '2019-02-01', ...BOTH }), old, '1.00', SIGNED));
      const fresh = await city.card(holder, 'socialSecurity3');
      done(await city.enables(fresh, 'centre'));
      const told = await city.swipes(fresh, old, '1.00', SIGNED);
      refused(told, 'terminal-cannot-read-credential');
      expect(told.body.primaryReason).toMatchObject({ needs: ['contactChip', 'contactless'] });
    });

    scenario('J4', '临时挂失不自动恢复，本人到场才解除', 'a reported loss never ends by itself; it is lifted in person', async (city) => {
      const pharmacy = await city.institution();
      const card = await city.card(await city.holder(), 'residentMedical', { swiped: '2019-02-27', ...BOTH });
      done(await city.actsOn(card, 'loss', 'hotline'));
      await city.itIs('2019-02-28 09:00');
      await city.itIs('2019-06-30 23:59:59');
      const told = await city.swipes(card, pharmacy, '1.00', SIGNED);
      expect(told.codes).toContain('card-temporarily-lost');
      done(await city.actsOn(card, 'loss-lifting', 'centre'));
      expect((await city.state(card)).state).toBe('inUse');
    });

    scenario(
      'N1',
      '医保年度7月1日结转：当年变历年',
      'the medical year ends on 1 July: current-year money becomes prior-year money',
      async (city) => {
        const holder = await city.holder();
        const card = await city.card(holder, 'medicalInsurance', { swiped: '2019-06-01', ...BOTH });
        expect(await city.money(card)).toMatchObject(BOTH);
        await city.itIs('2019-07-01 00:00');
        expect(await city.money(card)).toMatchObject({ currentYear: '0.00' });
        expect(Number((await city.money(card)).priorYear)).toBeGreaterThanOrEqual(50);
      },
    );

    scenario(
      'Q2 Q4',
      '闰日停用：2月28日刷过的恰满一年，3月1日刷过的还不满',
      'a stop on a leap day: swiped on 28 February is a year, on 1 March it is not yet',
      async (city) => {
        const pharmacy = await city.institution();
        const on = async (swiped: string) => city.card(await city.holder(), 'medicalInsurance', { swiped, currentYear: '9.00' });
        await city.itIs('2020-02-28 23:59:59');
        const [full, short] = [await on('2019-02-28'), await on('2019-03-01')];
        expect((await city.state(full)).state).toBe('inUse');
        await city.itIs('2020-02-29 00:00');
        refused(await city.swipes(full, pharmacy, '1.00', SIGNED), 'card-stopped');
        expect(await city.state(full)).toMatchObject({ stateSince: '2020-02-28T16:00:00.000Z', sealed: true });
        settled(await city.swipes(short, pharmacy, '1.00', SIGNED));
      },
    );

    scenario(
      'Q4',
      '封存的分户不再进钱：缴费先挂在无卡户，开通新卡时一并转入',
      'a sealed sub-account takes no more money: a credit stands cardless, and comes to the new card with the rest',
      async (city) => {
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2019-01-01', currentYear: '9.00' });
        done(await city.credits(holder, '4.00'));
        expect(await city.money(old)).toMatchObject({ total: '9.00', sealed: true });
        expect(await city.moneyOn(holder, 'cardless')).toMatchObject({ total: '4.00' });
        const fresh = await city.card(holder, 'socialSecurity3');
        done(await city.enables(fresh, 'hotline'));
        expect(await city.money(fresh)).toMatchObject({ total: '13.00' });
      },
    );

    scenario(
      'Q2',
      '2020年2月29日刷过的居民卡，到2021年2月28日还差一天满一年',
      'a resident card swiped on 29 February 2020 is not yet a year idle on 28 February 2021; one of 28 February is',
      async (city) => {
        const pharmacy = await city.institution();
        const leap = await city.card(await city.holder({ insurance: 'resident' }), 'residentMedical', { swiped: '2020-02-29' });
        const full = await city.card(await city.holder({ insurance: 'resident' }), 'residentMedical', { swiped: '2020-02-28' });
        await city.itIs('2021-02-28 00:00');
        refused(await city.swipes(full, pharmacy, '1.00', SIGNED), 'card-stopped');
        settled(await city.swipes(leap, pharmacy, '1.00', SIGNED));
      },
    );

    scenario(
      'Q2',
      '从未刷过的卡，本市自登记之日起算：刚登记的不停用；医疗保险卡一批没有这样写，登记即停',
      'a card never swiped is counted from its registration where the pack says so, and is not stopped yet; where it does not, it is',
      async (city) => {
        const counted = await city.card(await city.holder({ insurance: 'resident' }), 'residentMedical', { swiped: 'never' });
        const stopped = await city.card(await city.holder(), 'medicalInsurance', { swiped: 'never' });
        expect([(await city.state(counted)).state, (await city.state(stopped)).state]).toEqual(['inUse', 'stopped']);
      },
    );

    scenario(
      'S1',
      '三代卡有效期十年，到期那天起不能用',
      'a third-generation card is valid for ten years, and of no use from that day on',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity3');
        done(await city.enables(card, 'hotline'));
        settled(await city.swipes(card, pharmacy, '1.00', SIGNED));
        await city.itIs('2031-02-27 23:59:59');
        settled(await city.swipes(card, pharmacy, '1.00', SIGNED));
        await city.itIs('2031-02-28 00:00');
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'card-expired');
      },
    );
  },
);
