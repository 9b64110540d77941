import { identityNumberFor } from '#libs/kernel';
import { acts, done, refused, scenarios, settled } from '../../support/scenario';
import type { Card, City, Holder } from '../../support/scenario-city';
import type { Fields, Told } from '../../support/scenario-engine';

const NANJING = '320100';
const YEARS = { currentYear: '120.00', priorYear: '80.00' };
let nth = 0;
const reference = (): string => {
  nth += 1;
  return `r-${String(nth)}`;
};

const asks = (city: City, { accountId }: Holder, more: Fields = {}): Promise<Told> =>
  city.as('agency', 'POST', `/v1/accounts/${accountId}/relation-transfers`, {
    reference: reference(),
    toPoolingArea: NANJING,
    holderStatus: 'active',
    ...more,
  });
/** What the agency does with one transfer of one holder. */
const carrying =
  (city: City, { accountId }: Holder, transferId: string) =>
  (act: string, more: Fields = {}): Promise<Told> =>
    city.as('agency', 'POST', `/v1/accounts/${accountId}/relation-transfers/${transferId}/${act}`, { reference: reference(), ...more });
const standing = async (city: City, { accountId }: Holder, transferId: string): Promise<Fields> => {
  const { body } = await city.as('agency', 'GET', `/v1/accounts/${accountId}/relation-transfers`);
  return (body.transfers as readonly Fields[]).find((one) => one.transferId === transferId) ?? {};
};
const listed = async (city: City, query: string, transferId: string): Promise<Fields | undefined> => {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await city.as('auditor', 'GET', `/v1/relation-transfers?${query}&limit=500`);
    const found = (body.rows as readonly Fields[]).find((one) => one.transferId === transferId);
    if (found || tries > 100) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
};
/** Somebody with an old card that still works, and money of both years on it. */
const insured = async (city: City): Promise<readonly [Holder, Card]> => {
  const holder = await city.holder();
  return [holder, await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...YEARS })];
};

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-28 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q6',
      '已在外地参保的在原参保地办理关系转移，余额随转：申请、划出在途、对方确认，一分不少',
      'who is insured elsewhere has the former place transfer the relation, and the balance goes along: requested, in transit, confirmed, to the fen',
      async (city) => {
        const pharmacy = await city.institution();
        const [holder, card] = await insured(city);
        const asked = await asks(city, holder);
        done(asked);
        const transferId = String(asked.body.id);
        const does = carrying(city, holder, transferId);
        expect(await standing(city, holder, transferId)).toMatchObject({ stage: 'requested', dueOn: '2017-04-12', overdueWorkingDays: 0 });
        settled(await city.swipes(card, pharmacy, '20.00')); // The own money is the holder's until it leaves.
        const remitted = await does('remittance', { batchReference: 'QD-2017-03-1' });
        done(remitted);
        expect(acts(remitted)).toEqual(['RelationTransferRemitted.v1']);
        expect(JSON.stringify(remitted.body)).not.toMatch(/bank/i);
        expect(await standing(city, holder, transferId)).toMatchObject({
          ...{ stage: 'remitted', currentYear: '100.00', priorYear: '80.00', amount: '180.00', inTransit: '180.00' },
          ...{ batchReference: 'QD-2017-03-1', dueOn: '2017-04-05' },
        });
        expect(await city.balance(holder)).toBe('0.00');
        refused(await city.swipes(card, pharmacy, '1.00'), 'relation-transferred');
        const wrong = await does('confirmation', { amount: '179.99', confirmation: 'NJ-1' });
        refused(wrong, 'relation-transfer-amount-differs');
        expect(wrong.body.primaryReason).toMatchObject({ sent: '180.00', told: '179.99' });
        done(await does('confirmation', { amount: '180.00', confirmation: 'NJ-1' }));
        expect(await standing(city, holder, transferId)).toMatchObject({ stage: 'confirmed', inTransit: '0.00', dueOn: null });
        const late = await does('return', { amount: '180.00', reason: '账户不符' });
        refused(late, 'relation-transfer-confirmed');
        expect(late.body.primaryReason).toHaveProperty('confirmedAt');
        expect(await listed(city, 'direction=out&stage=confirmed', transferId)).toMatchObject({ amount: '180.00', otherArea: NANJING });
      },
    );

    scenario(
      'Q6',
      '对方退回的，余额回到原来的分户，又可刷卡；同一编号不再划出，重发的消息答复相同',
      'what comes back returns to the buckets it left, and pays again; its number sends no more, and a repeated message is answered as before',
      async (city) => {
        const pharmacy = await city.institution();
        const [holder, card] = await insured(city);
        const order = { reference: 'leaving-once' };
        const asked = await asks(city, holder, order);
        const transferId = String(asked.body.id);
        const does = carrying(city, holder, transferId);
        expect((await asks(city, holder, order)).body).toMatchObject({ id: transferId, replayed: true });
        refused(await asks(city, holder), 'relation-transfer-under-way');
        const remittance = { reference: 'remit-once', batchReference: 'QD-2' };
        done(await does('remittance', remittance));
        expect((await does('remittance', remittance)).status).toBe(200);
        refused(await does('remittance', { batchReference: 'QD-3' }), 'relation-transfer-remitted');
        const both = await Promise.all([
          does('confirmation', { amount: '200.00', confirmation: 'NJ-2' }),
          does('return', { amount: '200.00', reason: '户名不符' }),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual([201, 422]); // One of both, whichever came first.
        const [second, card2] = await insured(city);
        const again = carrying(city, second, String((await asks(city, second)).body.id));
        done(await again('remittance', { batchReference: 'QD-4' }));
        done(await again('return', { amount: '200.00', reason: '户名不符' }));
        expect(await city.money(card2)).toMatchObject({ ...YEARS, total: '200.00' });
        settled(await city.swipes(card2, pharmacy, '1.00'));
        refused(await again('remittance', { batchReference: 'QD-5' }), 'relation-transfer-ended');
        done(await asks(city, second));
        expect(await city.state(card)).toMatchObject({ state: 'inUse' });
      },
    );

    scenario(
      'Q6',
      '划出之后才撤销的结算，钱先回本地账户并列明待追加，再以新的编号随后转出',
      'a settlement cancelled after the money left comes back here first, is listed as to be sent after it, and follows under a number of its own',
      async (city) => {
        const pharmacy = await city.institution();
        const [holder, card] = await insured(city);
        const swipe = await city.swipes(card, pharmacy, '50.00');
        settled(swipe);
        const transferId = String((await asks(city, holder)).body.id);
        const does = carrying(city, holder, transferId);
        done(await does('remittance', { batchReference: 'QD-6' }));
        refused(await does('follow-up'), 'relation-transfer-nothing-to-follow');
        done(await city.cancels(swipe));
        expect(await standing(city, holder, transferId)).toMatchObject({ stage: 'remitted', amount: '150.00', toFollow: '50.00' });
        const follow = await does('follow-up');
        done(follow);
        const second = String(follow.body.id);
        const doesAfter = carrying(city, holder, second);
        done(await doesAfter('remittance', { batchReference: 'QD-7' }));
        done(await doesAfter('confirmation', { amount: '50.00', confirmation: 'NJ-4' }));
        done(await does('confirmation', { amount: '150.00', confirmation: 'NJ-3' }));
        expect(await city.balance(holder)).toBe('0.00');
        expect(await standing(city, holder, second)).toMatchObject({
          stage: 'confirmed',
          followsTransferId: transferId,
          currentYear: '50.00',
        });
      },
    );

    scenario(
      'Q6 R4',
      '退休的、居民的、被司法冻结的、已死亡的不能转；撤回的申请不再办理',
      'a retiree, a resident, a court freeze and a death keep the relation here; a withdrawn request is carried out no more',
      async (city) => {
        const [holder] = await insured(city);
        const path = `/v1/accounts/${holder.accountId}`;
        refused(await asks(city, holder, { holderStatus: 'retired' }), 'relation-transfer-not-in-this-status');
        refused(await asks(city, await city.holder({ insurance: 'resident' })), 'relation-transfer-not-of-this-insurance');
        refused(await asks(city, holder, { toPoolingArea: '370200' }), 'relation-transfer-to-same-area');
        const freeze = { reference: reference(), scope: { kind: 'person' }, cause: 'judicialFreeze', legalDocument: '（2017）鲁0202执1号' };
        const placed = await city.as('agency', 'POST', `${path}/freezes`, freeze);
        done(placed);
        refused(await asks(city, holder), 'pay-out-frozen');
        done(
          await city.as('agency', 'POST', `${path}/freezes/${String(placed.body.id)}/lifting`, { reference: reference(), reason: '解除' }),
        );
        const does = carrying(city, holder, String((await asks(city, holder)).body.id));
        done(
          await city.as('agency', 'POST', `${path}/freezes`, {
            ...freeze,
            reference: reference(),
            cause: 'death',
            legalDocument: '死亡证明',
          }),
        );
        refused(await does('remittance', { batchReference: 'QD-8' }), 'pay-out-frozen');
        done(await does('withdrawal', { reason: '本人撤回' }));
        refused(await does('remittance', { batchReference: 'QD-8' }), 'relation-transfer-ended');
        refused(
          await city.as('bankOutlet', 'POST', `${path}/relation-transfers`, {
            reference: 'x',
            toPoolingArea: NANJING,
            holderStatus: 'active',
          }),
          'right-missing',
        );
      },
    );

    scenario(
      'Q6 R4',
      '转入：业务信息与资金先后不限，两者齐备且金额一致才计入一次；金额不符的两边都列明；没有账户的先挂着，开户后计入',
      'coming in: file and money in either order, credited once when they agree; if not, both amounts are named; with no account they wait for one',
      async (city) => {
        const holder = await city.holder();
        const name = { poolingArea: '370200', fromPoolingArea: NANJING, transferNo: 'NJ-2017-77' };
        const person = { identityKind: '01', identityNumber: holder.identityNumber };
        const money = { ...name, batchReference: 'IN-1', amount: '30.00', receivedOn: '2017-03-28' };
        const file = { ...name, person, currentYear: '10.00', priorYear: '20.00' };
        const post = (what: string, body: Fields) =>
          city.as('agency', 'POST', `/v1/relation-transfers-in/${what}`, { reference: reference(), ...body });
        const first = await post('money', money);
        settled(first, { stage: 'moneyOnly', waitsFor: ['file'], ageDays: 0, accountId: null });
        const wrong = await post('files', { ...file, priorYear: '20.01' });
        refused(wrong, 'relation-in-amounts-differ');
        expect(wrong.body.primaryReason).toMatchObject({ file: '30.01', money: '30.00' });
        const nothing = { ...money, fromPoolingArea: '370200', transferNo: 'NJ-0', amount: '0.00', receivedOn: '2017-12-01' };
        const faults = await post('money', nothing);
        expect((faults.body.reasons as readonly Fields[]).map(({ code }) => code)).toEqual([
          'relation-in-from-here',
          'relation-in-received-later',
          'relation-in-without-money',
        ]);
        const [one, two] = await Promise.all([post('files', file), post('files', file)]);
        expect([one.status, two.status].sort()).toEqual([200, 201]);
        const credited = await city.as('agency', 'GET', `/v1/relation-transfers-in/${String(first.body.transferInId)}`);
        expect(credited.body).toMatchObject({ stage: 'credited', accountId: holder.accountId, waitsFor: [] });
        expect(await city.moneyOn(holder, 'cardless')).toMatchObject({ currentYear: '10.00', priorYear: '20.00' });
        expect((await post('money', money)).status).toBe(200);
        refused(await post('money', { ...money, amount: '31.00' }), 'relation-in-told-otherwise');
        refused(await post(`${String(first.body.transferInId)}/file-withdrawal`, { reason: '重发' }), 'relation-in-credited');
        expect(await city.balance(holder)).toBe('30.00');

        const stranger = identityNumberFor('370202', '1990-01-01', '001');
        const other = { ...name, transferNo: 'NJ-2017-78' };
        settled(await post('files', { ...file, ...other, person: { identityKind: '01', identityNumber: stranger } }), {
          stage: 'fileOnly',
        });
        const parked = await post('money', { ...money, ...other, batchReference: 'IN-2' });
        settled(parked, { stage: 'matched', waitsFor: ['account'], dueOn: '2017-04-05' });
        const id = String(parked.body.transferInId);
        await city.itIs('2017-04-12 09:00');
        expect((await city.as('auditor', 'GET', `/v1/relation-transfers-in/${id}`)).body).toMatchObject({
          ageDays: 15,
          overdueWorkingDays: 5,
        });
        expect(await listed(city, 'direction=in&open=true&overdue=true', id)).toMatchObject({
          stage: 'matched',
          amount: '30.00',
          overdueWorkingDays: 5,
        });
        const opening = {
          reference: reference(),
          poolingArea: '370200',
          insuranceType: 'employee',
          person: { identityKind: '01', identityNumber: stranger, name: '李四' },
        };
        const account = await city.as('agency', 'POST', '/v1/accounts', opening);
        done(account);
        // The opening credits it by itself; asking for it again does nothing more.
        expect((await city.as('agency', 'GET', `/v1/accounts/${String(account.body.id)}`)).body.balance).toBe('30.00');
        const path = `/v1/relation-transfers-in/${id}/crediting`;
        const crediting = await Promise.all([city.as('agency', 'POST', path, undefined), city.as('agency', 'POST', path, undefined)]);
        expect(crediting.map(({ body }) => [body.stage, body.replayed])).toEqual([
          ['credited', true],
          ['credited', true],
        ]);
        expect((await city.as('agency', 'GET', `/v1/accounts/${String(account.body.id)}`)).body.balance).toBe('30.00');
      },
    );
  },
);
