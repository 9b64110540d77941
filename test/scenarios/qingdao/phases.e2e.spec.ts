import { acts, done, refused, scenarios, settled } from '../../support/scenario';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2015-04-01 23:59' },
  __filename,
  (scenario) => {
    scenario(
      'Q2 I3',
      '2015年4月1日最后一次刷卡，恰满两年，2017年4月1日起停用；4月2日零点刷卡的还差一天，照常使用',
      'last swiped on 1 April 2015: exactly two years, stopped on 1 April 2017; swiped a minute later, at midnight in Shanghai: in use',
      async (city) => {
        const pharmacy = await city.institution();
        const [one, other] = [await city.holder(), await city.holder()];
        const exactly = await city.card(one, 'labourSecurity', { swiped: '2014-01-01', ...OLD_MONEY });
        const dayLater = await city.card(other, 'labourSecurity', { swiped: '2014-01-01', ...OLD_MONEY });
        settled(await city.swipes(exactly, pharmacy, '1.00'));
        await city.itIs('2015-04-02 00:00');
        settled(await city.swipes(dayLater, pharmacy, '1.00'));
        expect((await city.state(exactly)).lastSwipedOn).toBe('2015-04-01');
        expect((await city.state(dayLater)).lastSwipedOn).toBe('2015-04-02');

        await city.itIs('2017-03-31 23:59:59');
        settled(
          await city.swipes(
            await city.card(await city.holder(), 'labourSecurity', { swiped: '2015-04-02', ...OLD_MONEY }),
            pharmacy,
            '1.00',
          ),
        );
        expect((await city.state(exactly)).state).toBe('inUse');
        await city.itIs('2017-04-01 00:00');
        refused(await city.swipes(exactly, pharmacy, '1.00'), 'card-stopped');
        expect(await city.state(exactly)).toMatchObject({ state: 'stopped', stateSince: '2017-03-31T16:00:00.000Z' });
        settled(await city.swipes(dayLater, pharmacy, '1.00'));
      },
    );

    scenario(
      'Q2',
      '从未刷过的劳动保障卡第一批即停用，不论到期任务跑没跑',
      'a labour-security card that was never swiped stops with the first phase, whether a job has come to it or not',
      async (city) => {
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: 'never', ...OLD_MONEY });
        expect(await city.state(card)).toMatchObject({ state: 'stopped', stateSince: '2017-03-31T16:00:00.000Z', sealed: true });
      },
    );

    scenario(
      'Q2',
      '一人两张旧卡，只刷过其中一张：没刷的那张停用封存，刷过的照常',
      'of the two old cards of a person only one was swiped: the other is stopped and sealed, this one goes on',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const swiped = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const idle = await city.card(holder, 'labourSecurity', { swiped: '2014-03-01', ...OLD_MONEY });
        refused(await city.swipes(idle, pharmacy, '1.00'), 'card-stopped');
        settled(await city.swipes(swiped, pharmacy, '5.00'), { accountPaid: { total: '5.00' } });
        expect(await city.money(idle)).toEqual({ ...OLD_MONEY, total: '50.00', sealed: true });
        expect(await city.money(swiped)).toMatchObject({ total: '45.00', sealed: false });
      },
    );

    scenario(
      'Q2',
      '最后一次刷卡全额撤销的不算刷过：退回到前一次刷卡之日计；撤销又冲正的照算',
      'a last swipe cancelled in full is none: the day of the one before counts; where the cancellation is reversed, it counts again',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2015-06-01', ...OLD_MONEY });
        const swipe = await city.swipes(card, pharmacy, '5.00');
        done(await city.cancels(swipe));
        expect(await city.state(card)).toMatchObject({ state: 'inUse', lastSwipedOn: '2015-06-01' });
        const other = await city.card(await city.holder(), 'labourSecurity', { swiped: '2015-06-01', ...OLD_MONEY });
        const undone = await city.cancels(await city.swipes(other, pharmacy, '5.00'));
        done(await city.reverses({ institution: pharmacy, serial: String(undone.body.serial) }));
        expect(await city.state(other)).toMatchObject({ lastSwipedOn: '2017-04-01' });
        await city.itIs('2017-10-01 00:00');
        refused(await city.swipes(card, pharmacy, '5.00'), 'card-stopped');
        settled(await city.swipes(other, pharmacy, '5.00'), { accountPaid: { total: '5.00' }, balanceBefore: '45.00' });
      },
    );

    scenario(
      'Q2',
      '第二批：2016年9月30日及10月1日刷过的满一年停用，10月2日的照常；2月29日刷过的也已满一年',
      'second phase: swiped on 30 September or 1 October 2016 is a year, 2 October is not; 29 February is long a year',
      async (city) => {
        const pharmacy = await city.institution();
        const on = async (swiped: string) => city.card(await city.holder(), 'labourSecurity', { swiped, ...OLD_MONEY });
        for (const swiped of ['2016-02-29', '2016-09-30', '2016-10-01']) {
          const card = await on(swiped);
          refused(await city.swipes(card, pharmacy, '1.00'), 'card-stopped');
          expect(await city.state(card)).toMatchObject({ stateSince: '2017-09-30T16:00:00.000Z' });
        }
        settled(await city.swipes(await on('2016-10-02'), pharmacy, '1.00'));
      },
    );

    scenario(
      'Q2 Q4',
      '居民医保卡不随前两批停用，2017年12月31日起停用；卡上没有个人账户，什么也不封存',
      'a resident medical card outlives the first two phases and stops on 31 December 2017; it carries no account, so nothing is sealed',
      async (city) => {
        const clinic = await city.institution({ kind: 'clinic' });
        const card = await city.card(await city.holder({ insurance: 'resident' }), 'residentMedical', { swiped: '2013-01-01' });
        settled(await city.swipes(card, clinic, '8.00'), { accountPaid: 'none', cashPayment: '8.00' });
        await city.itIs('2017-12-30 23:59:59');
        settled(await city.swipes(card, clinic, '8.00'));
        await city.itIs('2017-12-31 00:00');
        refused(await city.swipes(card, clinic, '8.00'), 'card-stopped');
        expect(await city.state(card)).toMatchObject({ state: 'stopped', sealed: false, carriesPersonalAccount: false });
      },
    );

    scenario(
      'Q2 Q4 I4',
      '天天刷的劳动保障卡2017年12月31日也停用；余额封存不丢，缴费照常计入',
      'a labour-security card swiped every day stops on 31 December 2017, too; its balance is sealed, not lost, and still credited',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2017-12-30', ...OLD_MONEY });
        refused(await city.swipes(card, pharmacy, '1.00'), 'card-stopped');
        done(await city.credits(holder, '7.00'));
        expect(await city.money(card)).toEqual({ currentYear: '27.00', priorYear: '30.00', total: '57.00', sealed: true });
      },
    );

    scenario(
      'Q3 Q7',
      '2018年1月1日起旧卡一律不能用；新卡和临时卡能用',
      'from 1 January 2018 no old card works; new cards and temporary cards do',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-12-30', ...OLD_MONEY });
        await city.itIs('2018-01-01 00:00');
        refused(await city.swipes(old, pharmacy, '1.00'), 'card-stopped');
        const temporary = await city.card(holder, 'temporary', { reason: 'urgent' });
        done(await city.enables(temporary));
        settled(await city.swipes(temporary, pharmacy, '1.00'), { accountPaid: { total: '1.00' } });
        const formal = await city.card(holder, 'socialSecurity2');
        const enabled = await city.enables(formal);
        done(enabled);
        expect(acts(enabled)).toContain('BalanceTransferred.v1');
        refused(await city.swipes(temporary, pharmacy, '1.00'), 'card-cancelled');
        settled(await city.swipes(formal, pharmacy, '1.00'), { accountPaid: { total: '1.00' } });
        expect(await city.balance(holder)).toBe(await city.money(formal).then(({ total }) => total));
      },
    );
  },
);
