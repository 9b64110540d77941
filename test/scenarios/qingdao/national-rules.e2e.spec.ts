import { done, refused, scenarios, settled } from '../../support/scenario';

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2016-01-01 00:00' },
  __filename,
  (scenario) => {
    scenario(
      'R3 N1',
      '一年利息：当年按活期、历年按三个月定期，按实际天数、一年360天，逐户算到分',
      "a year's interest: the current year at the demand rate, the prior year at the term rate, by actual days of 360, to the fen",
      async (city) => {
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2015-12-31', currentYear: '1000.00', priorYear: '1000.00' });
        await city.itIs('2016-12-31 23:59:59');
        expect(await city.balance(holder)).toBe('2000.00');
        await city.itIs('2017-01-01 00:00');
        // 366 days: 1000.00 × 0.0005 × 366/360 = 0.51, 1000.00 × 0.0065 × 366/360 = 6.61; then all of it is the prior year's.
        expect(await city.money(card)).toMatchObject({ currentYear: '0.00', priorYear: '2007.12' });
      },
    );

    scenario(
      'R1',
      '职工缴费、退休划入各记来源；同一业务编号只计一次',
      'contributions of employees and amounts for retirees are credited by their source; the same business number is credited once',
      async (city) => {
        const holder = await city.holder();
        await city.card(holder, 'labourSecurity', { swiped: '2016-12-31' });
        const credit = (source: string, reference: string) =>
          city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/credits`, { reference, source, amount: '80.00', period: '2017-01' });
        done(await credit('contribution', '2017-01-A'));
        done(await credit('retiree', '2017-01-B'));
        expect((await credit('contribution', '2017-01-A')).body.replayed).toBe(true);
        expect(await city.balance(holder)).toBe('160.00');
      },
    );

    scenario(
      'R2 I2',
      '定点医院、药店的个人负担可付；体检不可付',
      'the own part at designated hospitals and pharmacies is paid; a health check is not',
      async (city) => {
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2016-12-31', currentYear: '100.00' });
        const hospital = await city.institution({ kind: 'hospital', services: ['outpatient', 'inpatient', 'physicalExamination'] });
        const inpatient = { medicalCategory: 'inpatient', fundPaid: '60.00', accountEligible: '40.00' };
        settled(await city.swipes(card, hospital, '100.00', inpatient), { fundPaid: '60.00', accountPaid: { total: '40.00' } });
        settled(await city.swipes(card, await city.institution(), '10.00'), { accountPaid: { total: '10.00' } });
        const check = { medicalCategory: 'physicalExamination' };
        refused(await city.swipes(card, hospital, '10.00', check), 'category-not-payable-by-account');
      },
    );

    scenario(
      'R5',
      '暂停联网结算期间刷不了，余额不动，缴费照进；到期恢复',
      'while settlement is suspended nothing is paid, the balance stays, credits come in; it ends on its day',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2016-12-31', currentYear: '100.00' });
        const cause = { cause: 'settlementSuspension', legalDocument: '青医保罚〔2017〕1号', until: '2017-04-01T00:00:00+08:00' };
        done(
          await city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/freezes`, {
            reference: 'S-1',
            scope: { kind: 'person' },
            ...cause,
          }),
        );
        refused(await city.swipes(card, pharmacy, '1.00'), 'debit-frozen');
        done(await city.credits(holder, '5.00'));
        expect(await city.balance(holder)).toBe('105.00');
        await city.itIs('2017-03-31 23:59:59');
        refused(await city.swipes(card, pharmacy, '1.00'), 'debit-frozen');
        await city.itIs('2017-04-01 00:00');
        settled(await city.swipes(card, pharmacy, '1.00'), { balanceBefore: '105.00' });
      },
    );

    scenario(
      'R6 I3',
      '刷卡时看协议：到期次日起不能结算',
      'the agreement is looked at when the card is swiped: from the day after its end nothing is settled',
      async (city) => {
        const pharmacy = await city.institution({ until: '2017-04-30' });
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2016-12-31', currentYear: '100.00' });
        await city.itIs('2017-04-30 23:59:59');
        settled(await city.swipes(card, pharmacy, '1.00'));
        await city.itIs('2017-05-01 00:00');
        const told = await city.swipes(card, pharmacy, '1.00');
        expect(told.codes[0]).toMatch(/^agreement-/);
      },
    );

    scenario(
      'R7',
      '记错的钱用更正事件扣回，原事件不动；不够的记为应收',
      'a wrong credit is taken back by a correction, the first event stays as it is; what is gone already is owed',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01' });
        done(await city.credits(holder, '50.00'));
        settled(await city.swipes(card, pharmacy, '20.00'));
        const before = (await city.log.log()).map(({ bytes }) => Buffer.from(bytes).toString());
        const body = { reference: 'fix-1', amount: '50.00', legalBasis: '社会保险法', reason: '重复划入' };
        done(await city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/corrections`, body));
        expect(await city.account(holder)).toMatchObject({ balance: '0.00', owedByHolder: '20.00' });
        const after = (await city.log.log()).map(({ bytes }) => Buffer.from(bytes).toString());
        expect(after.slice(0, before.length)).toEqual(before);
        expect(after.length).toBeGreaterThan(before.length);
      },
    );

    scenario(
      'R8',
      '身份证号校验码不符的开不了户，答复不重复号码',
      'an identity number with a wrong check character opens no account, and the answer does not repeat it',
      async (city) => {
        const person = { identityKind: '01', identityNumber: '370202199001010000', name: '张三丰' };
        const told = await city.as('agency', 'POST', '/v1/accounts', {
          reference: 'open-r8',
          poolingArea: '370200',
          insuranceType: 'employee',
          person,
        });
        expect([told.status, told.codes, told.text.includes(person.identityNumber)]).toEqual([400, ['field-malformed'], false]);
      },
    );

    scenario(
      'R9',
      '撤销一笔已知的结算，冲正一笔不明的；再撤不再退钱；撤销本身也能冲正',
      'a known settlement is cancelled, an unknown one reversed; once more returns nothing more; a cancellation can itself be reversed',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2017-03-01', currentYear: '50.00' });
        const swipe = await city.swipes(card, pharmacy, '20.00');
        const cancelled = await city.cancels(swipe);
        done(cancelled);
        expect(await city.balance(holder)).toBe('50.00');
        refused(await city.cancels(swipe), 'already-undone');
        done(await city.reverses({ institution: pharmacy, serial: String(cancelled.body.serial) }));
        expect(await city.balance(holder)).toBe('30.00');
        done(await city.reverses({ institution: pharmacy, serial: 'NEVER1' }));
        refused(await city.swipes(card, pharmacy, '1.00', { serial: 'NEVER1' }), 'settlement-key-voided');
        expect(await city.balance(holder)).toBe('30.00');
      },
    );
  },
);
