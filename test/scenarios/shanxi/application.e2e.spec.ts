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
      'SX1 I7',
      '单位用自己的密钥批量申领；外省户籍缺材料的，告知单写明还要带什么，补齐后原号再来',
      'an employer applies with its own key; the notice names the papers an out-of-province holder lacks; brought, the same reference is taken',
      async (city) => {
        const holder = await city.holder();
        const staff = { reference: 'staff-7', applicant: 'employer', batchNo: '2017-02', bankCode: '102' };
        const told = await city.applies(holder, { ...staff, obstacles: [{ code: 'out-of-province-papers-missing' }] }, 'employer');
        refused(told, 'out-of-province-papers-missing');
        const notice = (await city.as('employer', 'GET', `/v1/one-time-notices/${String(told.body.noticeId)}`)).body;
        expect(notice).toMatchObject({ outletCode: 'E0001', timeLimitZh: expect.stringContaining('30个工作日') as string });
        const [reason] = notice.reasons as readonly { materials: readonly { zh: string }[] }[];
        expect(reason?.materials.map(({ zh }) => zh)).toContainEqual(expect.stringContaining('居住证'));
        settled(await city.applies(holder, staff, 'employer'), { batchNo: '2017-02', outletCode: 'E0001' });
        refused(await city.applies(holder, { applicant: 'employer', unitCode: 'E0009' }, 'employer'), 'applicant-not-own');
      },
    );

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
