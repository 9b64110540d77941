import { done, refused, scenarios, settled } from '../../support/scenario';

const MONEY = { currentYear: '20.00', priorYear: '30.00' };

scenarios(
  { city: 'jinan', poolingArea: '370100', packs: ['libs/policy/packs/jinan.yaml'], begins: '2017-06-01 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'J5 I4',
      '新卡正式挂失后补卡：余额转入补的卡；挂失的卡再也不能用',
      'a new card is formally lost and replaced: its balance moves to the replacement, and the lost card is never used again',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const lost = await city.card(holder, 'socialSecurity2', { inUse: true, ...MONEY });
        done(await city.counter(lost, 'formal-loss'));
        refused(await city.swipes(lost, pharmacy, '1.00'), 'card-lost');
        const again = await city.card(holder, 'socialSecurity2', { replaces: lost });
        done(await city.enables(again));
        expect(await city.money(again)).toMatchObject({ ...MONEY, total: '50.00' });
        refused(await city.counter(lost, 'formal-loss-lifting'), 'card-cancelled');
        settled(await city.swipes(again, pharmacy, '1.00'), { balanceBefore: '50.00' });
      },
    );

    scenario(
      'J5',
      '补卡之前找到了，本人到场撤销正式挂失',
      'a card found before another was made: the formal report is withdrawn in person',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        done(await city.counter(card, 'formal-loss'));
        done(await city.counter(card, 'formal-loss-lifting'));
        settled(await city.swipes(card, pharmacy, '1.00'));
      },
    );

    scenario(
      'J5 J3',
      '旧卡遗失不补旧卡：换发新卡，余额转入',
      'a lost old card is not issued again: the new card comes instead, and the balance with it',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const old = await city.card(holder, 'medicalInsurance', { swiped: '2017-05-01', ...MONEY });
        done(await city.counter(old, 'formal-loss'));
        const fresh = await city.card(holder, 'socialSecurity2');
        settled(await city.swipes(fresh, pharmacy, '1.00'), { balanceBefore: '50.00', balanceAfter: '49.00' });
      },
    );

    scenario(
      'I4',
      '新卡换新卡（损坏、照片、到期、信息变更、换银行）：余额同样转入，原卡注销',
      'a new card is exchanged for a new one (damage, photo, expiry, changed details or bank): its balance moves the same way',
      async (city) => {
        const pharmacy = await city.institution();
        for (const exchange of ['damage', 'photo', 'expiry', 'changedDetails', 'changedBank']) {
          const holder = await city.holder();
          const before = await city.card(holder, 'socialSecurity2', { inUse: true, ...MONEY });
          const after = await city.card(holder, 'socialSecurity3', { replaces: before, exchange });
          settled(await city.swipes(before, pharmacy, '1.00'));
          done(await city.enables(after));
          expect(await city.money(after)).toMatchObject({ total: '49.00' });
          refused(await city.swipes(before, pharmacy, '1.00'), 'card-cancelled');
        }
      },
    );

    scenario(
      'I4 I6',
      '机器吞卡期间不能用，余额不动；本人核验后取回照常',
      'a card that a machine has kept cannot be used, its balance stays; handed back after an identity check it works again',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        done(await city.counter(card, 'retention', { place: 'ATM-7' }));
        refused(await city.swipes(card, pharmacy, '1.00'), 'card-retained');
        done(await city.counter(card, 'return'));
        settled(await city.swipes(card, pharmacy, '1.00'), { balanceBefore: '50.00' });
      },
    );

    scenario(
      'J4 J5',
      '临时挂失七天内办了正式挂失的，到期不再恢复',
      'a temporary loss that becomes a formal one within the seven days is not restored by itself',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        done(await city.actsOn(card, 'loss', 'hotline'));
        await city.itIs('2017-06-05 09:00');
        done(await city.counter(card, 'formal-loss'));
        await city.itIs('2017-06-09 09:00');
        refused(await city.swipes(card, pharmacy, '1.00'), 'card-lost');
      },
    );

    scenario(
      'J6',
      '密码连错六次锁卡，在网点重置后照常',
      'six wrong PINs in a row lock the card; reset at an outlet it works again',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        for (let tries = 0; tries < 6; tries++) done(await city.wrongPin(card));
        refused(await city.swipes(card, pharmacy, '1.00'), 'pin-locked');
        done(await city.counter(card, 'pin-reset'));
        settled(await city.swipes(card, pharmacy, '1.00'));
      },
    );

    scenario(
      'J2',
      '金融区由银行激活并报来，社保区不因此启用',
      'the bank alone reports that the financial area is active; that does not enable the social security area',
      async (city) => {
        const card = await city.card(await city.holder(), 'socialSecurity2');
        const report = { reference: 'bank-1', active: true };
        const path = `/v1/accounts/${card.holder.accountId}/cards/${card.cardId}/financial-area`;
        refused(await city.as('hotline', 'POST', path, report), 'right-missing');
        done(await city.counter(card, 'financial-area', { active: true }));
        expect((await city.state(card)).state).toBe('registered');
      },
    );

    scenario(
      'J8',
      '收不到卡：所有原因一次说清；居民医保卡可用的，关联那张卡',
      'no card comes: every reason is told at once; where a card works already, it is linked',
      async (city) => {
        const holder = await city.holder();
        const applied = await city.applies(holder);
        const obstacles = [
          'bank-account-not-opened',
          'card-issued-in-another-city',
          'working-card-exists',
          'left-employer',
          'photo-below-standard',
          'number-or-name-changed',
        ].map((code) => ({ code }));
        const failed = await city.step(applied, 'failure', { obstacles, outletCode: 'B0101' });
        done(failed);
        const told = failed.body.obstacles as readonly { code: string }[];
        expect(told.map(({ code }) => code)).toEqual(obstacles.map(({ code }) => code));
        const signedBy = { signer: 'holder', holderCheck: 'CHECK-1' };
        const link = { cardNumber: 'LINK370100', cardKind: 'socialSecurity2', outletCode: 'B0101', signedBy };
        const linked = await city.step(applied, 'link', link);
        settled(linked, { stage: 'linked' });
        expect((await city.account(holder)).cardInUse).toBe(linked.body.cardId);
      },
    );

    scenario(
      'J9',
      '单位申领的卡，领到后10日内要发到个人',
      'a card that an employer has picked up is handed out within 10 days',
      async (city) => {
        const applied = await city.applies(await city.holder(), { applicant: 'employer', batchNo: '2017-06' });
        for (const [step, more] of [
          ['production', {}],
          ['produced', {}],
          ['ready', { place: '单位' }],
        ] as const)
          done(await city.step(applied, step, more));
        const signedBy = { signer: 'proxy', relation: 'employer', proxyCheck: 'CHECK-9' };
        const handOver = { cardNumber: 'NEW37010009', outletCode: 'B0101', receivedBy: 'employer', signedBy };
        const issued = await city.step(applied, 'issue', handOver);
        settled(issued, { stage: 'issued' });
        expect(JSON.stringify(issued.body)).toContain('2017-06-19');
      },
    );

    scenario(
      'J4',
      '社保区与金融区分开挂失：各停各的，各自七天后自动恢复，或本人到场解除',
      'the two areas are reported lost each by itself: a loss bars its own area alone, ends by itself after seven days, or is lifted in person',
      async (city) => {
        const pharmacy = await city.institution();
        const card = await city.card(await city.holder(), 'socialSecurity2', { inUse: true, ...MONEY });
        const financial = { area: 'financial' };
        refused(await city.actsOn(card, 'loss', 'hotline', financial), 'financial-area-not-active');
        done(await city.counter(card, 'financial-area', { active: true }));
        done(await city.actsOn(card, 'loss', 'hotline', financial));
        refused(await city.actsOn(card, 'loss', 'hotline', financial), 'financial-area-lost');
        settled(await city.swipes(card, pharmacy, '1.00'));
        expect(await city.state(card)).toMatchObject({ state: 'inUse', financialAreaActive: true });
        const since = String((await city.state(card)).financialAreaLostSince);
        done(await city.actsOn(card, 'loss', 'hotline'));
        refused(await city.swipes(card, pharmacy, '1.00'), 'card-temporarily-lost');
        refused(await city.actsOn(card, 'loss-lifting', 'hotline', financial), 'right-missing');
        done(await city.actsOn(card, 'loss-lifting', 'bankOutlet', financial));
        expect(await city.state(card)).toMatchObject({ state: 'temporarilyLost', financialAreaLostSince: null });
        done(await city.actsOn(card, 'loss-lifting', 'bankOutlet'));
        done(await city.actsOn(card, 'loss', 'hotline', financial));
        expect((await city.state(card)).financialAreaLostSince).toBe(since); // The clock of a simulation stands still.
        await city.itIs('2017-06-16 08:59');
        expect((await city.state(card)).financialAreaLostSince).toBe(since);
        await city.itIs('2017-06-16 09:00');
        expect(await city.state(card)).toMatchObject({ state: 'inUse', financialAreaActive: true, financialAreaLostSince: null });
        settled(await city.swipes(card, pharmacy, '1.00'));
      },
    );
  },
);
