import { done, refused, scenarios } from '../../support/scenario';

scenarios(
  { city: 'xuzhou', poolingArea: '320300', packs: ['libs/policy/packs/xuzhou.yaml'], begins: '2016-03-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'X1 I7',
      '身份证有误、重号、与参保信息不符、无照片：告知单一次写明全部原因',
      'identity card wrong, number used twice, data that differ, no photo: the notice names all of them at once',
      async (city) => {
        const holder = await city.holder();
        const obstacles = [{ code: 'identity-document-wrong-or-missing' }, { code: 'identity-number-used-twice' }];
        const told = await city.applies({ ...holder, name: '李四' }, { photoReference: null, obstacles });
        const codes = [
          'identity-document-wrong-or-missing',
          'identity-number-used-twice',
          'data-differ-from-insurance-system',
          'photo-missing',
        ];
        refused(told, ...codes);
        const notice = (await city.as('bankOutlet', 'GET', `/v1/one-time-notices/${String(told.body.noticeId)}`)).body;
        const reasons = notice.reasons as readonly Readonly<Record<string, string>>[];
        expect(reasons.map(({ code }) => code)).toEqual(codes);
        for (const { procedureZh } of reasons.slice(0, 3)) expect(procedureZh).toContain('办事大厅');
      },
    );

    scenario('X1', '更正后再来，就受理', 'corrected, it is accepted', async (city) => {
      const holder = await city.holder();
      refused(await city.applies(holder, { photoReference: null }), 'photo-missing');
      done(await city.applies(holder));
    });
  },
);
