import { done, refused, scenarios, settled } from '../../support/scenario';

scenarios(
  { city: 'shanxi', poolingArea: '141100', packs: ['libs/policy/packs/shanxi.yaml'], begins: '2017-01-20 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'SX1',
      '自受理起30个工作日：春节不算，调休上班的周末算',
      '30 working days from acceptance: Spring Festival is not counted, the weekends worked for it are',
      async (city) => {
        settled(await city.applies(await city.holder()), { dueOn: '2017-03-08' });
      },
    );

    scenario('SX1', '单位批量申领', 'employers apply in batches', async (city) => {
      for (let person = 0; person < 3; person++)
        settled(await city.applies(await city.holder(), { applicant: 'employer', batchNo: '2017-01' }), { batchNo: '2017-01' });
    });

    scenario(
      'LL1 I3',
      '助农取款点不是定点机构：没有协议，刷不了医保账户',
      'a village cash point is no designated institution: without an agreement it settles nothing on the medical account',
      async (city) => {
        const cashPoint = await city.institution({ kind: 'clinic', services: [] });
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, currentYear: '20.00' });
        refused(await city.swipes(card, cashPoint, '1.00'), 'agreement-missing', 'service-not-in-agreement');
        done(await city.actsOn(card, 'loss', 'hotline'));
      },
    );
  },
);
