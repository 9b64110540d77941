import { done, refused, scenarios, settled } from '../../support/scenario';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };
const MOVED = { ...OLD_MONEY, total: '50.00', sealed: false };
const proxy = (relation: string) => ({ proxy: { relation, proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' } });

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-04-28 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q8',
      '直系亲属、监护人可代办激活，要登记关系和双方核验；单位和其他亲属不行，金融业务也不行',
      'direct relatives and guardians may activate for the holder, both identities checked; others may not, and no financial business',
      async (city) => {
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const fresh = await city.card(holder, 'socialSecurity2');
        refused(await city.enables(fresh, 'proxy'), 'proxy-missing');
        refused(await city.enables(fresh, 'proxy', proxy('otherRelative')), 'proxy-not-accepted');
        refused(await city.enables(fresh, 'proxy', { ...proxy('child'), financialAreaActivated: true }), 'proxy-for-financial-business');
        done(await city.enables(fresh, 'proxy', proxy('child')));
        expect(await city.money(fresh)).toEqual(MOVED);
      },
    );

    scenario(
      'Q8 Q5',
      '未成年人由监护人办理启用，只启用社保功能；金融区由银行激活后另报，不影响社保区',
      'a guardian activates for a minor the social security function alone; the bank reports the financial area later, which changes nothing else',
      async (city) => {
        const guardian = { ...proxy('guardian'), financialAreaActivated: false };
        const child = await city.card(await city.holder({ born: '2010-05-01' }), 'socialSecurity2');
        refused(await city.enables(child, 'guardian'), 'proxy-missing');
        refused(await city.enables(child, 'guardian', { ...guardian, financialAreaActivated: true }), 'proxy-for-financial-business');
        done(await city.enables(child, 'guardian', guardian));
        expect(await city.state(child)).toMatchObject({ state: 'inUse', financialAreaActive: false });
        done(await city.counter(child, 'financial-area', { active: true }));
        expect(await city.state(child)).toMatchObject({ state: 'inUse', financialAreaActive: true });
        const adult = await city.card(await city.holder(), 'socialSecurity2');
        refused(await city.enables(adult, 'guardian', guardian), 'guardian-of-an-adult');
      },
    );

    scenario(
      'Q5 I4',
      '本人在银行激活金融区的，新卡随之启用，旧卡余额转入；电话挂失金融区不影响刷卡',
      'who activates the financial area at the bank has the new card in use with it, and the balance moved; its loss by telephone stops no swipe',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const fresh = await city.card(holder, 'socialSecurity2');
        done(await city.counter(fresh, 'financial-area', { active: true }));
        expect(await city.money(fresh)).toEqual(MOVED);
        done(await city.actsOn(fresh, 'loss', 'hotline', { area: 'financial' }));
        settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceBefore: '50.00' });
      },
    );

    scenario('Q9 Q5', '学校批量激活，余额同样转入', 'schools activate in batches; the balance moves all the same', async (city) => {
      const holder = await city.holder();
      await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
      const fresh = await city.card(holder, 'socialSecurity2');
      done(await city.enables(fresh, 'batch'));
      expect(await city.money(fresh)).toEqual(MOVED);
    });

    scenario(
      'Q7',
      '生僻字或姓名过长、急用、信息不符可办临时卡；其他原因不办，不说明原因也不办',
      'a temporary card is made for a rare or long name, urgent need, or data that do not match; for no other reason, and not without one',
      async (city) => {
        const pharmacy = await city.institution();
        for (const reason of ['rareOrLongName', 'urgent', 'dataMismatch']) {
          const card = await city.card(await city.holder(), 'temporary', { reason });
          done(await city.enables(card));
          settled(await city.swipes(card, pharmacy, '1.00'));
        }
        const holder = await city.holder();
        refused(await city.registers(holder, 'temporary', 'TMP37020099', { reason: 'other' }), 'temporary-reason-not-accepted');
        refused(await city.registers(holder, 'temporary', 'TMP37020099'), 'temporary-reason-missing');
      },
    );

    scenario(
      'Q10',
      '注销的旧卡由银行回收、销毁；在用的卡不收，没回收的不毁',
      'a cancelled old card is taken back and destroyed by the bank; not one in use, and none that was not taken back',
      async (city) => {
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        refused(await city.counter(old, 'collection', { place: 'B0101' }), 'card-not-out-of-use');
        done(await city.enables(await city.card(holder, 'socialSecurity2')));
        refused(await city.counter(old, 'destruction', { place: 'R-1' }), 'card-not-collected');
        done(await city.counter(old, 'collection', { place: 'B0101' }));
        done(await city.counter(old, 'destruction', { place: 'R-1' }));
        expect((await city.state(old)).state).toBe('destroyed');
      },
    );

    scenario(
      'Q11',
      '首次申领30个工作日：2017年4月28日受理，劳动节、端午节不算，调休的5月27日算；领卡凭证写明日期、地点、电话',
      'a first issue takes 30 working days, holidays out, a Saturday worked for one in; the receipt names day, place and telephones',
      async (city) => {
        const applied = await city.applies(await city.holder());
        settled(applied, { stage: 'accepted', dueOn: '2017-06-13' });
        done(await city.step(applied, 'production'));
        done(await city.step(applied, 'produced'));
        done(await city.step(applied, 'ready', { place: '市南网点' }));
        const signedBy = { signer: 'holder', holderCheck: 'CHECK-1' };
        const issued = await city.step(applied, 'issue', { cardNumber: 'NEW37020001', outletCode: 'B0101', signedBy });
        settled(issued, { stage: 'issued', pickUp: { place: '市南网点', enquiryTelephone: '12333', complaintTelephone: '12345' } });
      },
    );

    scenario(
      'Q14',
      '制卡进度可查：受理、制卡、制成、可领取',
      'the progress of a card can be asked for: accepted, in production, produced, ready',
      async (city) => {
        const applied = await city.applies(await city.holder());
        const stage = async () =>
          (await city.as('hotline', 'GET', `/v1/card-applications/${String(applied.body.applicationId)}`)).body.stage;
        const stages = [await stage()];
        for (const step of ['production', 'produced', 'ready']) {
          done(await city.step(applied, step, step === 'ready' ? { place: '市南网点' } : {}));
          stages.push(await stage());
        }
        expect(stages).toEqual(['accepted', 'inProduction', 'produced', 'readyForPickUp']);
      },
    );

    scenario(
      'I7',
      '受理的卡业务有凭证号；不能办的出一次性告知单，写明全部原因、材料、流程和时限',
      'card business that is accepted has a voucher; what cannot be done has one notice with every reason, materials, procedure and time limit',
      async (city) => {
        const holder = await city.holder();
        const applied = await city.applies(holder);
        expect(applied.body.vouchers).toEqual([expect.stringMatching(/^B0101-2017-0*\d+$/)]);
        const told = await city.applies(await city.holder(), { photoReference: null, obstacles: [{ code: 'identity-number-used-twice' }] });
        refused(told, 'identity-number-used-twice', 'photo-missing');
        const notice = (await city.as('bankOutlet', 'GET', `/v1/one-time-notices/${String(told.body.noticeId)}`)).body;
        expect((notice.reasons as readonly { code: string }[]).map(({ code }) => code)).toEqual(told.codes);
        expect(notice).toMatchObject({ timeLimitZh: expect.stringContaining('30个工作日') as string });
      },
    );

    scenario(
      'I6',
      '密码连错六次锁卡，本人核验后重置；引擎从不见密码',
      'the sixth wrong PIN in a row locks the card, a reset with identity check opens it; no PIN ever reaches the engine',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const wrong = () => city.wrongPin(card);
        for (let tries = 0; tries < 5; tries++) done(await wrong());
        settled(await city.swipes(card, pharmacy, '1.00'));
        for (let tries = 0; tries < 6; tries++) await wrong();
        const told = await city.swipes(card, pharmacy, '1.00');
        refused(told, 'pin-locked');
        done(await city.counter(card, 'pin-reset'));
        settled(await city.swipes(card, pharmacy, '1.00'));
      },
    );
  },
);
