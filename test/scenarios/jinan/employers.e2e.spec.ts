import { done, refused, scenarios, settled } from '../../support/scenario';

const FOR_STAFF = { applicant: 'employer', batchNo: '2017-06', pickUpOutletCode: 'B0101' };
const TO_EMPLOYER = {
  receivedBy: 'employer',
  outletCode: 'B0101',
  signedBy: { signer: 'proxy', relation: 'employer', proxyCheck: 'CHECK-9' },
};
const HAND_OUT = { outletCode: 'E0001', signedBy: { signer: 'holder', holderCheck: 'CHECK-1' } };

scenarios(
  { city: 'jinan', poolingArea: '370100', packs: ['libs/policy/packs/jinan.yaml'], begins: '2017-06-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'J9',
      '单位领卡后十日内发给职工：第十日还不算逾期，第十一日列入逾期，发到本人即销号',
      'an employer hands a card out within ten days of pick-up: on the tenth it is in time, on the eleventh it is late, and handed out it is done',
      async (city) => {
        const applied = await city.applies(await city.holder(), FOR_STAFF, 'employer');
        settled(applied, { applicant: 'employer', outletCode: 'E0001' });
        done(await city.step(applied, 'produced'));
        const issued = await city.step(applied, 'issue', { cardNumber: 'NEW37010001', ...TO_EMPLOYER });
        settled(issued, { stage: 'issued', handOutBy: '2017-06-11', handOutOverdue: false });
        await city.itIs('2017-06-11 23:59:59');
        expect(await city.pending('employer', 'overdue=true')).toEqual([]);
        await city.itIs('2017-06-12 00:00');
        const late = {
          applicationId: applied.body.applicationId,
          waitsFor: 'handOut',
          deadline: '2017-06-11',
          overdueDays: 1,
          ageDays: 11,
        };
        for (const right of ['employer', 'bankOutlet', 'agency', 'auditor'])
          expect(await city.pending(right, 'overdue=true')).toMatchObject([{ ...late, outletCode: 'E0001' }]);
        expect(await city.pending('school', 'overdue=true')).toEqual([]);
        const path = `/v1/card-applications/${String(applied.body.applicationId)}`;
        expect((await city.as('employer', 'GET', path)).body).toMatchObject({ handOutOverdue: true });
        settled(await city.step(applied, 'hand-out', HAND_OUT, 'employer'), { stage: 'handedOut', handOutOverdue: false });
        expect(await city.pending('employer')).toEqual([]);
        refused(await city.step(applied, 'hand-out', HAND_OUT, 'employer'), 'application-not-at-this-step');
      },
    );

    scenario(
      'J8 J9',
      '制不了卡的，单位和本人都能看到全部原因；已有可用的卡就关联使用',
      'why no card comes: employer and holder hear every reason; a card that works is linked',
      async (city) => {
        const holder = await city.holder();
        const applied = await city.applies(holder, FOR_STAFF, 'employer');
        const obstacles = [
          'bank-account-not-opened',
          'card-issued-in-another-city',
          'working-card-exists',
          'left-employer',
          'photo-below-standard',
          'number-or-name-changed',
        ];
        const failed = await city.step(applied, 'failure', { outletCode: 'B0101', obstacles: obstacles.map((code) => ({ code })) });
        settled(failed, { stage: 'failed' });
        const notice = (await city.as('bankOutlet', 'GET', `/v1/one-time-notices/${String(failed.body.noticeId)}`)).body;
        expect((notice.reasons as readonly { code: string }[]).map(({ code }) => code)).toEqual(obstacles);
        const seen = await city.as('employer', 'GET', `/v1/card-applications/${String(applied.body.applicationId)}`);
        expect((seen.body.obstacles as readonly { code: string }[]).map(({ code }) => code)).toEqual(obstacles);
        const signedBy = { signer: 'holder', holderCheck: 'CHECK-1' };
        const link = { cardNumber: 'OLD37010008', cardKind: 'socialSecurity2', outletCode: 'B0101', signedBy };
        settled(await city.step(applied, 'link', link), { stage: 'linked' });
        expect((await city.account(holder)).cardInUse).not.toBeNull();
      },
    );

    scenario(
      'J9',
      '逾期数按网点、种类清点；单位看不到别的单位',
      'what is late is counted by outlet and kind; an employer sees no other',
      async (city) => {
        await city.sitsAt('other-employer', 'employer', 'E0002');
        const applied = await city.applies(await city.holder(), FOR_STAFF, 'employer');
        settled(applied);
        await city.pending('employer');
        await city.itIs('2017-12-01 09:00');
        const counts = (await city.as('agency', 'GET', '/v1/card-applications/counts')).body;
        expect(counts).toMatchObject({
          today: '2017-12-01',
          rows: [{ outletCode: 'E0001', kind: 'firstIssue', waitsFor: 'card', pending: 1, overdue: 1, earliest: applied.body.dueOn }],
        });
        expect((await city.as('other-employer', 'GET', '/v1/card-applications/counts')).body.rows).toEqual([]);
        refused(await city.as('hotline', 'GET', '/v1/card-applications/counts'), 'right-missing');
      },
    );
  },
);
