import { done, refused, scenarios, settled } from '../../support/scenario';
import type { City, Holder } from '../../support/scenario-city';
import type { Fields, Told } from '../../support/scenario-engine';

const SIGNED = { holderCheck: { method: 'signature' } };
const MONEY = { currentYear: '20.00', priorYear: '30.00' };
const asks = (city: City, { accountId }: Holder, reference: string, more: Fields = {}): Promise<Told> =>
  city.as('agency', 'POST', `/v1/accounts/${accountId}/relation-transfers`, {
    reference,
    toPoolingArea: '370200',
    holderStatus: 'active',
    ...more,
  });

scenarios(
  { city: 'qinghe', poolingArea: '990300', packs: ['test/scenarios/made-up/qinghe.yaml'], begins: '2019-03-20 10:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q6',
      '受理转移即停用账户；三十日未办结的自行失效，账户恢复可用，旧编号不再办理；封存的先解封才能转',
      'nothing is paid from the request on; left alone it ends after thirty days, to the second, and the account pays again; unseal before asking',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'medicalInsurance', { swiped: '2019-03-01', ...MONEY });
        done(await city.actsOn(card, 'seal'));
        refused(await asks(city, holder, 'q-1'), 'sub-account-sealed');
        done(await city.actsOn(card, 'unseal'));
        refused(await asks(city, holder, 'q-2', { holderStatus: 'stopped' }), 'relation-transfer-not-in-this-status');
        const asked = await asks(city, holder, 'q-3');
        done(asked);
        const transferId = String(asked.body.id);
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'relation-transferred');
        await city.itIs('2019-04-19 09:59:59');
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'relation-transferred');
        await city.itIs('2019-04-19 10:00:05');
        settled(await city.swipes(card, pharmacy, '1.00', SIGNED), { accountPaid: { total: '1.00' } });
        const path = `/v1/accounts/${holder.accountId}/relation-transfers`;
        refused(
          await city.as('agency', 'POST', `${path}/${transferId}/remittance`, { reference: 'q-4', batchReference: 'QH-1' }),
          'relation-transfer-ended',
        );
        const { body } = await city.as('auditor', 'GET', path);
        expect(body.transfers).toMatchObject([{ transferId, stage: 'lapsed', dueOn: null, amount: '0.00' }]);
      },
    );

    scenario(
      'Q6',
      '转出后回来的：转入的余额一律计入历年，关系随之恢复，又可刷卡',
      'who left and comes back: what comes along goes to the prior year, the relation is resumed by it, and the account pays again',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'medicalInsurance', { swiped: '2019-04-01', ...MONEY });
        const path = `/v1/accounts/${holder.accountId}/relation-transfers`;
        const transferId = String((await asks(city, holder, 'b-1')).body.id);
        const does = (act: string, body: Fields) => city.as('agency', 'POST', `${path}/${transferId}/${act}`, body);
        done(await does('remittance', { reference: 'b-2', batchReference: 'QH-2' }));
        done(await does('confirmation', { reference: 'b-3', amount: '50.00', confirmation: 'QD-9' }));
        refused(await city.swipes(card, pharmacy, '1.00', SIGNED), 'relation-transferred');
        refused(await asks(city, holder, 'b-4'), 'relation-transferred');
        const name = { poolingArea: '990300', fromPoolingArea: '370200', transferNo: 'QD-77' };
        const person = { identityKind: '01', identityNumber: holder.identityNumber };
        const money = { ...name, reference: 'b-5', batchReference: '6222021234567890', amount: '52.00', receivedOn: '2019-04-19' };
        const sends = (what: string, body: Fields) => city.as('agency', 'POST', `/v1/relation-transfers-in/${what}`, body);
        refused(await sends('money', money), 'field-malformed'); // A card number is no batch number.
        done(await sends('money', { ...money, batchReference: 'QH-IN-1' }));
        settled(await sends('files', { ...name, reference: 'b-6', person, currentYear: '22.00', priorYear: '30.00' }), {
          stage: 'credited',
        });
        expect(await city.money(card)).toMatchObject({ currentYear: '0.00', priorYear: '52.00' });
        settled(await city.swipes(card, pharmacy, '2.00', SIGNED), { accountPaid: { total: '2.00' } });
      },
    );
  },
);
