import { acts, done, refused, scenarios, settled } from '../../support/scenario';
import type { Fields } from '../../support/scenario-engine';

const PROXY = { signer: 'proxy', relation: 'child', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' };
const GUARDIAN = { ...PROXY, signer: 'guardian', relation: 'parent' };
const CHECKED = { identityCheck: 'CHECK-7' };

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2018-03-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q8',
      '直系亲属可代办激活以外的非金融业务：挂失、解挂、密码重置、申领、领卡；其他亲属不行，金融业务也不行',
      'direct relatives do all other non-financial business too: loss, PIN reset, application, pick-up; others may not, and nothing financial',
      async (city) => {
        const holder = await city.holder();
        const card = await city.card(holder, 'socialSecurity2', { inUse: true });
        const others = { signedBy: { ...PROXY, relation: 'otherRelative' } };
        const about = async (told: { body: Fields }) => {
          const [outlet, year, number] = String(told.body.voucherNo).split('-');
          return (await city.as('bankOutlet', 'GET', `/v1/vouchers/${outlet}/${year}/${number}`)).body;
        };
        const lost = await city.actsOn(card, 'loss', 'bankOutlet', { signedBy: PROXY });
        done(lost);
        expect(await about(lost)).toMatchObject({ businessZh: '临时挂失', ...PROXY, holderAge: 'adult' });
        refused(await city.actsOn(card, 'loss-lifting', 'bankOutlet', others), 'proxy-not-accepted');
        done(await city.actsOn(card, 'loss-lifting', 'bankOutlet', { signedBy: PROXY }));
        for (let tries = 0; tries < 6; tries++) done(await city.wrongPin(card));
        refused(await city.counter(card, 'pin-reset', { ...CHECKED, ...others }), 'proxy-not-accepted');
        const reset = await city.counter(card, 'pin-reset', { ...CHECKED, signedBy: { ...PROXY, checkWay: 'homeVisit' } });
        done(reset);
        expect(await about(reset)).toMatchObject({ relation: 'child', checkWay: 'homeVisit' });
        refused(await city.counter(card, 'financial-area', { active: true, signedBy: PROXY }), 'proxy-for-financial-business');
        const child = await city.holder();
        const fresh = await city.card(child, 'socialSecurity2');
        const signed = { channel: 'bankOutlet', financialAreaActivated: false, signedBy: PROXY };
        refused(await city.enables(fresh, 'bankOutlet', { ...signed, financialAreaActivated: true }), 'proxy-for-financial-business');
        const wrongly = { ...signed, proxy: { relation: 'parent', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' } };
        refused(await city.enables(fresh, 'bankOutlet', wrongly), 'field-malformed');
        const enabled = await city.enables(fresh, 'bankOutlet', signed);
        done(enabled);
        expect(enabled.body.events).toMatchObject([{ type: 'CardEnabled.v1', proxy: { relation: 'child', holderAge: 'adult' } }]);
        const again = await city.applies(holder, {
          kind: 'exchange',
          reason: 'damage',
          replacesCardId: card.cardId,
          applicant: 'proxy',
          signedBy: PROXY,
        });
        settled(again, { stage: 'accepted' });
        done(await city.step(again, 'produced'));
        const fetched = { cardNumber: 'NEW37020008', receivedBy: 'proxy', outletCode: 'B0101' };
        refused(await city.step(again, 'issue', { ...fetched, ...others }), 'proxy-not-accepted');
        settled(await city.step(again, 'issue', { ...fetched, signedBy: PROXY }), { stage: 'issued', receivedBy: 'proxy' });
      },
    );

    scenario(
      'Q8',
      '监护人代办到满十八周岁那天零时为止',
      'a guardian acts for the holder until midnight in China begins the eighteenth birthday',
      async (city) => {
        const holder = await city.holder({ born: '2000-03-02' });
        const card = await city.card(holder, 'socialSecurity2', { inUse: true });
        await city.itIs('2018-03-01 23:59:59');
        const before = await city.actsOn(card, 'loss', 'bankOutlet', { reference: 'minor-1', signedBy: GUARDIAN });
        done(before);
        await city.itIs('2018-03-02 00:00');
        const again = await city.actsOn(card, 'loss', 'bankOutlet', { reference: 'minor-1', signedBy: GUARDIAN });
        expect([again.status, again.body.voucherNo]).toEqual([200, before.body.voucherNo]); // What was done in time stays done.
        const told = await city.actsOn(card, 'loss-lifting', 'bankOutlet', { signedBy: GUARDIAN });
        refused(told, 'guardian-of-an-adult');
        const notice = (await city.as('bankOutlet', 'GET', `/v1/one-time-notices/${String(told.body.noticeId)}`)).body;
        expect(notice).toMatchObject({ businessZh: '解除挂失', timeLimitZh: '材料齐备后当场办结' });
        done(await city.actsOn(card, 'loss-lifting', 'bankOutlet'));
      },
    );

    scenario(
      'Q9 J9',
      '学校为本校学生批量申领、领卡、转发并批量激活；别的学校看不到这些申请',
      'a school applies for its pupils, fetches and hands out their cards, and enables them in a batch; another school sees none of it',
      async (city) => {
        await city.sitsAt('other-school', 'school', 'S0002');
        await city.sitsAt('card-factory', 'bankOutlet', 'B0000', '102');
        const pupil = await city.holder({ born: '2008-05-06' });
        refused(await city.applies(pupil, { applicant: 'holder' }, 'school'), 'applicant-not-own');
        refused(await city.applies(pupil, { applicant: 'school', outletCode: 'S0002' }, 'school'), 'outlet-not-own');
        const applied = await city.applies(pupil, { applicant: 'school', batchNo: 'CLASS-3', bankCode: '102' }, 'school');
        settled(applied, { stage: 'accepted', applicant: 'school' });
        refused(
          await city.as('other-school', 'GET', `/v1/card-applications/${String(applied.body.applicationId)}`),
          'card-application-unknown',
        );
        refused(await city.step(applied, 'production'), 'card-application-unknown'); // Another bank's outlet.
        done(await city.step(applied, 'production', {}, 'card-factory'));
        done(await city.step(applied, 'produced', {}, 'card-factory'));
        refused(await city.step(applied, 'produced', {}, 'school'), 'right-missing');
        const toSchool = { signer: 'proxy', relation: 'school', proxyCheck: 'CHECK-9' };
        const issue = { cardNumber: 'NEW37020009', receivedBy: 'school', outletCode: 'B0000', signedBy: toSchool };
        const issued = await city.step(applied, 'issue', issue, 'card-factory');
        settled(issued, { stage: 'issued', receivedBy: 'school' });
        expect((await city.pending('school')).map(({ applicationId, waitsFor }) => [applicationId, waitsFor])).toEqual([
          [applied.body.applicationId, 'handOut'],
        ]);
        expect(await city.pending('other-school')).toEqual([]);
        const handOut = { outletCode: 'S0001', signedBy: { signer: 'holder', holderCheck: 'CHECK-10' } };
        settled(await city.step(applied, 'hand-out', handOut, 'school'), { stage: 'handedOut' });
        expect(await city.pending('school')).toEqual([]);
        const card = { cardId: String(issued.body.cardId), number: 'NEW37020009', kind: 'socialSecurity2', holder: pupil };
        const path = `/v1/accounts/${pupil.accountId}/cards/${card.cardId}/enablement`;
        const enable = { reference: 'class-3-1', channel: 'batch', financialAreaActivated: false };
        done(await city.as('school', 'POST', path, enable));
        expect((await city.state(card)).state).toBe('inUse');
      },
    );

    scenario(
      'Q13 Q11',
      '儿童无照片也受理，制发无照片卡；日后换有照片的卡，余额随卡转入',
      'a small child without a photo gets a card without one; later it is exchanged for one with a photo, and the balance comes along',
      async (city) => {
        const child = await city.holder({ born: '2010-01-01' });
        refused(await city.applies(await city.holder(), { photoReference: null }), 'photo-missing');
        const onTheSpot = { onTheSpot: true, signedBy: GUARDIAN, applicant: 'guardian' };
        const first = await city.applies(child, { ...onTheSpot, photoReference: null });
        settled(first, { dueOn: '2018-03-02' });
        const issue = (cardNumber: string) => ({ cardNumber, outletCode: 'B0101', signedBy: GUARDIAN, receivedBy: 'guardian' });
        const plain = await city.step(first, 'issue', issue('NEW37020013'));
        const old = { cardId: String(plain.body.cardId), number: 'NEW37020013', kind: 'socialSecurity2', holder: child };
        done(await city.enables(old));
        done(await city.credits(child, '20.00'));
        refused(
          await city.applies(child, { ...onTheSpot, kind: 'exchange', reason: 'photo', replacesCardId: old.cardId, photoReference: null }),
          'photo-missing',
        );
        const second = await city.applies(child, { ...onTheSpot, kind: 'exchange', reason: 'photo', replacesCardId: old.cardId });
        const withPhoto = await city.step(second, 'issue', issue('NEW37020014'));
        const fresh = { ...old, cardId: String(withPhoto.body.cardId), number: 'NEW37020014' };
        done(await city.enables(fresh));
        expect(await city.money(fresh)).toMatchObject({ total: '20.00' });
        expect((await city.state(old)).state).toBe('cancelled');
      },
    );

    scenario(
      'Q10',
      '银行成批回收、凭销毁记录成批销毁旧卡；在用的卡不收，没收回的不毁，重发不重办',
      'a bank gathers old cards and shreds them under a protocol, list by list: none that is in use, none that was not gathered, none twice',
      async (city) => {
        const holder = await city.holder();
        const lost = await city.card(holder, 'socialSecurity2', { inUse: true });
        done(await city.counter(lost, 'formal-loss'));
        const inUse = await city.card(await city.holder(), 'socialSecurity2', { inUse: true });
        const lines = (act: string, place: string) =>
          [lost, inUse].map(({ number }, nth) => JSON.stringify({ reference: `${place}-${nth}`, act, place, cardNumber: number }));
        const list = async (act: string, place: string) =>
          (await city.sends('bankOutlet', '/v1/cards/disposal/batch', lines(act, place))).map(({ status, problem }) => [
            status,
            (problem as { code?: string } | undefined)?.code ?? null,
          ]);
        const early = [
          [422, 'card-not-collected'],
          [422, 'card-not-collected'],
        ];
        expect(await list('destroy', 'PROTOCOL-1')).toEqual(early);
        expect(await list('collect', 'B0101')).toEqual([
          [201, null],
          [422, 'card-not-out-of-use'],
        ]);
        const shredded = [[201, null], early[1]];
        expect(await list('destroy', 'PROTOCOL-2')).toEqual(shredded);
        expect(await list('destroy', 'PROTOCOL-2')).toEqual([[200, null], early[1]]);
        expect((await city.state(lost)).state).toBe('destroyed');
        const events = (await city.as('agency', 'GET', `/v1/accounts/${holder.accountId}/statement`)).text;
        expect(events).toContain('CardDestroyed.v1');
      },
    );

    scenario(
      'Q14 I6',
      '电话、网上、自助机都可查卡状态和制卡进度：姓名、卡号只见首尾，看不到余额；别的城市查不到',
      'by telephone, online and at a machine: state of the cards and progress; name and number but for an end, no balance; nothing from another city',
      async (city) => {
        const holder = await city.holder({ name: '欧阳明月' });
        const card = await city.card(holder, 'socialSecurity2', { inUse: true, currentYear: '20.00' });
        const applied = await city.applies(holder, { kind: 'exchange', reason: 'damage', replacesCardId: card.cardId });
        const ask = { poolingArea: '370200', credential: { kind: 'identityCard', number: holder.identityNumber } };
        for (const right of ['hotline', 'online', 'selfService', 'bankOutlet']) {
          const told = await city.as(right, 'POST', '/v1/card-inquiries', ask);
          expect([right, told.status]).toEqual([right, 200]);
          expect(told.body).toMatchObject({
            holder: '欧***',
            cards: [{ cardId: card.cardId, cardTail: card.number.slice(-4), state: 'inUse' }],
            applications: [{ applicationId: applied.body.applicationId, stage: 'accepted' }],
          });
          for (const secret of [holder.name, holder.identityNumber, card.number, '20.00']) expect(told.text).not.toContain(secret);
        }
        for (const right of ['employer', 'school', 'committee', 'auditor'])
          refused(await city.as(right, 'POST', '/v1/card-inquiries', ask), 'right-missing');
        const byCard = { ...ask, credential: { kind: 'socialSecurityCard', number: card.number } };
        expect((await city.as('hotline', 'POST', '/v1/card-inquiries', byCard)).body).toMatchObject({ holder: '欧***' });
        for (const asked of [ask, byCard])
          refused(await city.as('hotline', 'POST', '/v1/card-inquiries', { ...asked, poolingArea: '370100' }), 'holder-not-found');
        done(await city.actsOn(card, 'loss', 'selfService'));
        refused(await city.actsOn(card, 'loss-lifting', 'online'), 'right-missing');
      },
    );

    scenario(
      'I7',
      '窗口办成的每一笔都有凭证，号码连续；办不成的都有告知单，写明全部原因；重发还是同一张',
      'every act at a counter has its voucher, numbered on; every refusal its notice with all reasons; sent again, it is the same one',
      async (city) => {
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true });
        const first = await city.actsOn(card, 'loss', 'bankOutlet', { reference: 'once' });
        expect(acts(first)).toEqual(['TemporaryLossReported.v1']);
        const again = await city.actsOn(card, 'loss', 'bankOutlet', { reference: 'once' });
        expect([again.status, again.body.voucherNo]).toEqual([200, first.body.voucherNo]);
        const second = await city.actsOn(card, 'loss-lifting', 'bankOutlet');
        const numberOf = ({ body }: { body: Fields }) => Number(String(body.voucherNo).split('-').at(-1));
        expect(numberOf(second) - numberOf(first)).toBe(1);
        const told = await city.actsOn(card, 'loss-lifting', 'bankOutlet', { reference: 'twice' });
        refused(told, 'card-not-lost');
        const same = await city.actsOn(card, 'loss-lifting', 'bankOutlet', { reference: 'twice' });
        expect(same.body.noticeId).toBe(told.body.noticeId);
        const byPhone = await city.enables(card, 'hotline');
        refused(byPhone, 'card-in-use-already', 'channel-not-allowed');
        const notice = (await city.as('hotline', 'GET', `/v1/one-time-notices/${String(byPhone.body.noticeId)}`)).body;
        expect(notice).toMatchObject({ businessZh: '社会保障卡启用', outletCode: 'T12333' });
        refused(await city.as('bankOutlet', 'GET', `/v1/one-time-notices/${String(byPhone.body.noticeId)}`), 'notice-unknown');
        expect((await city.actsOn(card, 'loss', 'hotline')).body.voucherNo).toBeNull(); // Nobody signs by telephone.
      },
    );
  },
);
