import { spawn } from 'node:child_process';
import path from 'node:path';
import { done, settled } from '../support/scenario';
import { City } from '../support/scenario-city';

const YIKA = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
const dueRun = (folder: string): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(process.execPath, [YIKA, '--data', folder, '--operator', 'li', 'due', 'run'], { stdio: 'ignore' }).once('close', resolve);
  });

describe('a transfer in that the account did not take', () => {
  let city: City;
  beforeAll(async () => {
    city = await City.opened({ poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-28 09:00' });
  });
  afterAll(() => city.close());

  it('is credited by the run of what is due, once the freeze has been lifted', async () => {
    const holder = await city.holder();
    const account = `/v1/accounts/${holder.accountId}`;
    const freeze = { reference: 'Z1', scope: { kind: 'person' }, cause: 'death', legalDocument: 'D-1' };
    const placed = await city.as('agency', 'POST', `${account}/freezes`, freeze);
    done(placed);
    const name = { poolingArea: '370200', fromPoolingArea: '320100', transferNo: 'NJ-1' };
    const person = { identityKind: '01', identityNumber: holder.identityNumber };
    const file = { ...name, reference: 'F1', person, currentYear: '10.00', priorYear: '20.00' };
    settled(await city.as('agency', 'POST', '/v1/relation-transfers-in/files', file), { stage: 'fileOnly' });
    const money = { ...name, reference: 'M1', batchReference: 'IN-1', amount: '30.00', receivedOn: '2017-03-28' };
    const waits = await city.as('agency', 'POST', '/v1/relation-transfers-in/money', money);
    settled(waits, { stage: 'matched', waitsFor: ['credit-frozen'] });
    done(await city.as('agency', 'POST', `${account}/freezes/${String(placed.body.id)}/lifting`, { reference: 'Z2', reason: '更正' }));
    expect(await dueRun(city.log.folder)).toBe(0);
    expect(await city.balance(holder)).toBe('30.00');
  });
});
