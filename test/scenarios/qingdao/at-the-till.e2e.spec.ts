import { done, refused, scenarios, settled } from '../../support/scenario';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-04-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'I1 Q5',
      '余额不足时差额是现金，绝不动银行账户；金融区激活与否，医保账户不变',
      'what the account lacks is cash, never the bank account; whether the financial area is active changes nothing in the medical one',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const fresh = await city.card(holder, 'socialSecurity2', {});
        done(await city.enables(fresh, 'bankOutlet', { financialAreaActivated: false }));
        done(await city.credits(holder, '10.00'));
        const swipe = await city.swipes(fresh, pharmacy, '12.50');
        settled(swipe, { accountPaid: { total: '10.00' }, cashPayment: '2.50', fundPaid: '0.00', balanceAfter: '0.00' });
        expect(Object.keys(swipe.body).filter((name) => /bank|financial/i.test(name))).toEqual([]);
      },
    );

    scenario(
      'I2',
      '个人账户的钱不能提现，也不能付健身体检',
      'money of a personal account is never paid out as cash, nor spent on a health check: there is no such act, and the category is refused',
      async (city) => {
        const clinic = await city.institution({ kind: 'clinic', services: ['outpatient', 'physicalExamination'] });
        const holder = await city.holder();
        const card = await city.card(holder, 'socialSecurity2');
        done(await city.enables(card));
        done(await city.credits(holder, '100.00'));
        refused(await city.swipes(card, clinic, '50.00', { medicalCategory: 'physicalExamination' }), 'category-not-payable-by-account');
        for (const act of ['withdrawals', 'cash-out', 'payments', 'transfers-to-bank']) {
          const told = await city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/${act}`, { reference: 'r', amount: '1.00' });
          expect([told.status, told.codes]).toEqual([404, ['route-not-found']]);
        }
        expect(await city.balance(holder)).toBe('100.00');
      },
    );

    scenario(
      'I3',
      '非定点、暂停、终止或无此服务的机构不能刷；恢复后照常',
      'an institution without an agreement, with a suspended or ended one, or without the service is refused; a resumed one settles',
      async (city) => {
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const pharmacy = await city.institution();
        const unsigned = await city.institution({ services: [] });
        refused(await city.swipes(card, unsigned, '1.00'), 'agreement-missing', 'service-not-in-agreement');
        done(await city.institutionActs(pharmacy, 'suspendAgreement', { reason: '调查' }));
        refused(await city.swipes(card, pharmacy, '1.00'), 'agreement-suspended');
        done(await city.institutionActs(pharmacy, 'resumeAgreement', { reason: '查清' }));
        settled(await city.swipes(card, pharmacy, '1.00'));
        const ward = await city.institution({ kind: 'hospital', services: ['outpatient'] });
        refused(await city.swipes(card, ward, '1.00', { medicalCategory: 'inpatient' }), 'service-not-in-agreement');
      },
    );

    scenario(
      'I6',
      '银行网点看不到账户余额，机构只看本机构的结算；审计只看不办',
      'a bank outlet reads no balance, an institution only its own settlements, an auditor looks and does nothing',
      async (city) => {
        const [pharmacy, other] = [await city.institution(), await city.institution()];
        const holder = await city.holder();
        const card = await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const swipe = await city.swipes(card, pharmacy, '1.00');
        settled(swipe);
        refused(await city.as('bankOutlet', 'GET', `/v1/accounts/${holder.accountId}`), 'right-missing');
        refused(await city.as(other.key, 'GET', `/v1/settlements/${pharmacy.code}/${swipe.serial}`), 'institution-not-own');
        refused(await city.actsOn(card, 'stop', 'auditor'), 'right-missing');
        const log = await city.log.log();
        const text = log.map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
        expect([holder.identityNumber, card.number, '张三丰'].filter((personal) => text.includes(personal))).toEqual([]);
      },
    );

    scenario(
      'I7',
      '被拒的刷卡给收银员一个主要原因，其余原因都列在后面，各有办法',
      'a refused swipe gives the till one primary reason, all others behind it, and a remedy for each, in both languages',
      async (city) => {
        const pharmacy = await city.institution();
        done(await city.institutionActs(pharmacy, 'suspendAgreement', { reason: '调查' }));
        const card = await city.card(await city.holder(), 'socialSecurity2');
        const told = await city.swipes(card, pharmacy, '1.00', { holderCheck: { method: 'signature' } });
        refused(told, 'agreement-suspended', 'card-not-enabled', 'holder-check-not-accepted');
        const reasons = told.body.reasons as readonly Record<string, string>[];
        expect(told.body.primaryReason).toEqual(reasons[0]);
        for (const reason of reasons)
          for (const words of ['messageZh', 'messageEn', 'remedyZh', 'remedyEn']) expect(reason[words]).toMatch(/\S/);
      },
    );

    scenario(
      'Q12',
      '门诊和药店用密码；配有身份核验与监控的医院不用密码，核验身份并签字',
      'clinics and pharmacies take the password; a hospital equipped with identity check takes none: the holder is verified and signs',
      async (city) => {
        const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        const pharmacy = await city.institution();
        const equipped = await city.institution({ kind: 'hospital', equipped: true });
        const plain = await city.institution({ kind: 'hospital' });
        const by = (method: string) => ({ holderCheck: { method } });
        for (const method of ['password', 'passwordNotUsed']) settled(await city.swipes(card, pharmacy, '1.00', by(method)));
        refused(await city.swipes(card, pharmacy, '1.00', by('signature')), 'holder-check-not-accepted');
        for (const method of ['identityVerified', 'signature']) settled(await city.swipes(card, equipped, '1.00', by(method)));
        refused(await city.swipes(card, equipped, '1.00', by('password')), 'holder-check-not-accepted');
        settled(await city.swipes(card, plain, '1.00', by('password')));
      },
    );

    scenario(
      'Q1',
      '旧卡是磁条，新卡是芯片：只能读旧卡的终端读不了新卡，答复里说明',
      'old cards are magnetic stripe, new ones chip: a terminal that reads old cards only is told what the new card needs',
      async (city) => {
        const stripeOnly = await city.institution({ reads: ['stripe'] });
        const holder = await city.holder();
        const old = await city.card(holder, 'labourSecurity', { swiped: '2017-03-25', ...OLD_MONEY });
        settled(await city.swipes(old, stripeOnly, '1.00'));
        const fresh = await city.card(holder, 'socialSecurity2');
        done(await city.enables(fresh));
        const told = await city.swipes(fresh, stripeOnly, '1.00');
        refused(told, 'terminal-cannot-read-credential');
        expect(told.body.primaryReason).toMatchObject({ reads: ['stripe'], needs: ['contactChip'] });
      },
    );

    scenario(
      'Q13',
      '港澳台居民和外国人凭各自证件开户，字母姓名照用',
      'residents of Hong Kong, Macao and Taiwan and foreigners hold accounts by their own documents, names in letters too',
      async (city) => {
        const people = [
          { identityKind: '04', identityNumber: 'H12345678', name: '陳大文' },
          { identityKind: '06', identityNumber: '12345678', name: '林志明' },
          { identityKind: '08', identityNumber: 'E12345678', name: 'MARIE CURIE' },
        ];
        for (const [i, person] of people.entries()) {
          const body = { reference: `abroad-${i}`, poolingArea: '370200', insuranceType: 'employee', person };
          done(await city.as('agency', 'POST', '/v1/accounts', body));
        }
      },
    );
  },
);
