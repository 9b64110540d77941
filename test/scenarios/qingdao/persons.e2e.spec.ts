import { identityNumberFor } from '#libs/kernel';
import { done, refused, scenarios, settled } from '../../support/scenario';
import type { City, Holder } from '../../support/scenario-city';
import { type Fields, must } from '../../support/scenario-engine';

const grounds = { reason: 'one person, two files', document: 'FILE-7' };

/** A second desk of the agency: who proposes does not approve. */
const secondDesk = async (city: City): Promise<string> => {
  const body = { organisation: 'agency', rights: ['agency'], institutionCodes: [], note: 'second desk' };
  return String(must(await city.log.local({ method: 'POST', path: '/admin/v1/keys', body })).key);
};

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-04-28 09:00' },
  __filename,
  (scenario) => {
    let number = 0;
    const proposes = async (city: City, { accountId }: Holder, what: string, form: Fields) =>
      city.as('agency', 'POST', `/v1/accounts/${accountId}/${what}`, { reference: `N-${++number}`, ...form });
    const approves = async (city: City, { accountId }: Holder, caseId: unknown, desk: string) =>
      city.as(desk, 'POST', `/v1/accounts/${accountId}/person-cases/${String(caseId)}/approval`, { reference: `N-${++number}` });

    scenario(
      'I5',
      '一人两户由两名经办人员合并为一户：余额按卡按当年历年并入，旧卡照用，此前的结算撤销也退到存续账户',
      'two accounts become one, by two operators: balances by card and bucket; old cards work on; cancellations land on the survivor',
      async (city) => {
        const pharmacy = await city.institution();
        const [kept, gone] = [await city.holder(), await city.holder()];
        const card = await city.card(kept, 'labourSecurity', { swiped: '2017-03-25', currentYear: '20.00', priorYear: '30.00' });
        const old = await city.card(gone, 'labourSecurity', { swiped: '2017-03-26', currentYear: '7.00', priorYear: '5.00' });
        const before = await city.swipes(old, pharmacy, '4.00');
        settled(before);
        const desk = await secondDesk(city);
        const proposed = await proposes(city, kept, 'merges', { ...grounds, absorbedAccountId: gone.accountId });
        done(proposed);
        refused(await approves(city, kept, proposed.body.caseId, 'agency'), 'case-approved-by-proposer');
        done(await approves(city, kept, proposed.body.caseId, desk));
        expect(await city.account(gone)).toMatchObject({ accountId: kept.accountId, askedAccountId: gone.accountId, balance: '58.00' });
        expect(await city.moneyOn(kept, old.cardId)).toMatchObject({ total: '8.00' });
        done(await city.cancels(before));
        expect(await city.moneyOn(kept, old.cardId)).toMatchObject({ currentYear: '7.00', priorYear: '5.00' });
        settled(await city.swipes(old, pharmacy, '2.00'));
        const formal = await city.card(kept, 'socialSecurity2');
        done(await city.enables(formal));
        expect(await city.money(formal)).toMatchObject({ total: '60.00' });
        expect(await city.state(card)).toMatchObject({ state: 'cancelled' });
      },
    );

    scenario(
      'Q14',
      '姓名、证件号码有误的，凭证明由两名经办人员更正；错号不再有效，卡列入换发清单，换发后销号',
      'a wrong name or number is corrected on proof by two operators; the wrong number leads nowhere, and the card is listed until it is reissued',
      async (city) => {
        const pharmacy = await city.institution();
        const holder = await city.holder();
        const card = await city.card(holder, 'socialSecurity2', { inUse: true, currentYear: '10.00' });
        const right = identityNumberFor('370200', '1981-02-03', '227');
        const desk = await secondDesk(city);
        const form = { ...grounds, grounds: 'correction', identityKind: '01', identityNumber: right };
        const proposed = await proposes(city, holder, 'person-changes', form);
        done(proposed);
        done(await approves(city, holder, proposed.body.caseId, desk));
        const credential = (identityNumber: string) => ({ credential: { kind: 'eCredential', number: identityNumber } });
        refused(await city.swipes(card, pharmacy, '1.00', credential(holder.identityNumber)), 'card-unknown');
        settled(await city.swipes(card, pharmacy, '1.00', credential(right)));
        const listed = async () => {
          const last = (await city.log.log()).length - 1;
          for (;;) {
            const page = must(await city.as('agency', 'GET', `/v1/reissues?accountId=${holder.accountId}`));
            if (Number(page.asOfLogIndex) >= last) return page.rows;
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        };
        expect(await listed()).toMatchObject([{ cardId: card.cardId, reason: 'correction' }]);
        await city.card(holder, 'socialSecurity2', { replaces: card, exchange: 'changedDetails' });
        expect(await listed()).toEqual([]);
      },
    );
  },
);
