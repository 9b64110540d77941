import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, scenarios, settled } from '../../support/scenario';

const PACK = 'libs/policy/packs/qingdao.yaml';
/** The city's pack as a later notice changes it: the last phase is put off to 31 March 2018. */
const putOff = (): string =>
  readFileSync(join(__dirname, '../../..', PACK), 'utf8')
    .replace('packId: qingdao@1', 'packId: qingdao@2')
    .replace('effectiveFrom: 2015-01-01', 'effectiveFrom: 2017-12-01')
    .replace('on: 2017-12-31', 'on: 2018-03-31');

scenarios({ city: 'qingdao', poolingArea: '370200', packs: [PACK], begins: '2017-11-20 09:00' }, __filename, (scenario) => {
  scenario(
    'Q2 Q3',
    '后来的公告把最后一批推迟到2018年3月31日：旧卡用到那天，已停的不恢复',
    'a later notice puts the last phase off to 31 March 2018: old cards work until then, and what is stopped stays stopped',
    async (city) => {
      const pharmacy = await city.institution();
      const [first, second] = [await city.holder(), await city.holder()];
      const inUse = await city.card(first, 'labourSecurity', { swiped: '2017-11-01', currentYear: '20.00' });
      const stopped = await city.card(second, 'labourSecurity', { swiped: '2015-01-01', currentYear: '20.00' });
      refused(await city.swipes(stopped, pharmacy, '1.00'), 'card-stopped');
      await city.publishes(putOff(), 'qingdao-2.yaml');
      await city.itIs('2017-12-31 00:00');
      settled(await city.swipes(inUse, pharmacy, '1.00'), { policy: 'qingdao@2' });
      refused(await city.swipes(stopped, pharmacy, '1.00'), 'card-stopped');
      await city.itIs('2018-03-30 23:59:59');
      settled(await city.swipes(inUse, pharmacy, '1.00'));
      await city.itIs('2018-03-31 00:00');
      refused(await city.swipes(inUse, pharmacy, '1.00'), 'card-stopped');
      expect(await city.state(inUse)).toMatchObject({ stateSince: '2018-03-30T16:00:00.000Z', sealed: true });
    },
  );
});
