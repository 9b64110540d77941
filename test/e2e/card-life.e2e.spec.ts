import { identityNumberFor } from '#libs/kernel';
import { examples } from '../../apps/settlement/src/documents';
import { type HttpRegion, holder, httpRegion, must, swipeOf } from './http-region';

const { SAMPLE } = examples;
const CARD = 'E20000001';
const OLD = identityNumberFor('370202', '1949-10-01', '001');
const ADULT = identityNumberFor('370202', '1980-01-01', '003');
const YOUNG = identityNumberFor('370202', '2019-06-01', '002');
type Body = Readonly<Record<string, unknown>>;

let region: HttpRegion;
beforeAll(async () => {
  region = await httpRegion();
});
afterAll(async () => region.close());

describe('the life of a card, over HTTP', () => {
  let accountId = '';
  let cardId = '';
  const person = { identityKind: '01', identityNumber: OLD, name: '测试甲' };
  const verdict = (key: string, nth: number, over: Body = {}) =>
    region.call('POST', '/v1/accounts/pin-verdicts', {
      key,
      body: {
        reference: `pin-${nth}`,
        institutionCode: SAMPLE.institutionCode,
        credential: { kind: 'socialSecurityCard', number: CARD },
        verdict: 'wrong',
        verdictReference: `HSM-${nth}`,
        ...over,
      },
    });

  it('a pharmacy reports wrong PINs of a card in its hand; the 6th in a row locks it; a resend counts nothing, nor under a new number', async () => {
    ({ accountId, cardId } = await holder(region, { cardNumber: CARD, amount: '100.00', person }));
    const { pharmacy } = region.keys;
    for (let nth = 1; nth <= 5; nth++) expect((await verdict(pharmacy, nth)).body).toMatchObject({ verdict: 'wrong', locked: false });
    expect((await verdict(pharmacy, 5)).body).toMatchObject({ locked: false, replayed: true });
    for (let nth = 51; nth <= 57; nth++) {
      // One verdict under ever new numbers counts once, whatever it says now.
      const again = await verdict(pharmacy, nth, { verdictReference: 'HSM-5', verdict: nth === 57 ? 'right' : 'wrong' });
      expect([again.status, again.body.code]).toEqual([409, 'verdict-counted-already']);
      expect(again.body.primaryReason).toHaveProperty('countedAt');
    }
    expect((await verdict(pharmacy, 6)).body).toMatchObject({ locked: true, replayed: false });
    const swiped = await region.call('POST', '/v1/settlements', { key: pharmacy, body: swipeOf(CARD, 'S1', '5.00') });
    expect([swiped.status, (swiped.body.reasons as Body[])[0]?.code]).toEqual([422, 'pin-locked']);
  });
  it('tells nobody whose card it is, takes no other institution’s word, and no PIN', async () => {
    const told = await verdict(region.keys.pharmacy, 6);
    expect(told.text).not.toContain(accountId);
    expect(told.text).not.toContain(cardId);
    expect((await verdict(region.keys.stranger, 7)).status).toBe(403);
    expect((await verdict(region.keys.pharmacy, 8, { pin: '123456' })).status).toBe(400);
  });
  it('is unlocked by an outlet with an identity check, whose number may be nobody’s identity number', async () => {
    const path = `/v1/accounts/${accountId}/cards/${cardId}/pin-unlocking`;
    const { bankOutlet } = region.keys;
    const wrong = await region.call('POST', path, { key: bankOutlet, body: { reference: 'u0', identityCheck: OLD } });
    expect(wrong.status).toBe(400);
    must(await region.call('POST', path, { key: bankOutlet, body: { reference: 'u1', identityCheck: 'IDC-1' } }));
    must(await region.call('POST', '/v1/settlements', { key: region.keys.pharmacy, body: swipeOf(CARD, 'S2', '5.00') }));
  });
  it('whether a holder is a minor is read in the vault: a guardian is told that an adult acts himself', async () => {
    const enabledByGuardian = async (nth: number, identityNumber: string) => {
      const post = async (path: string, body: Body) => must(await region.call('POST', path, { key: region.keys.agency, body }));
      const open = { reference: `g${nth}`, poolingArea: SAMPLE.poolingArea, insuranceType: 'employee' };
      const id = String((await post('/v1/accounts', { ...open, person: { identityKind: '01', identityNumber, name: '测试乙' } })).id);
      const card = String(
        (await post(`/v1/accounts/${id}/cards`, { reference: `gc${nth}`, cardNumber: `E2000010${nth}`, kind: 'socialSecurity3' })).id,
      );
      const proxy = { relation: 'guardian', proxyCheck: 'IDC-2', holderCheck: 'IDC-3' };
      return region.call('POST', `/v1/accounts/${id}/cards/${card}/enablement`, {
        key: region.keys.bankOutlet,
        body: { reference: `ge${nth}`, channel: 'guardian', financialAreaActivated: false, proxy },
      });
    };
    expect(await enabledByGuardian(1, YOUNG)).toMatchObject({ status: 201 });
    const told = (await enabledByGuardian(2, ADULT)).body.reasons as Body[];
    expect(told.map(({ code }) => code)).toEqual(['guardian-of-an-adult']);
  });
  it('formally lost, replaced, handed in: the money is on the new card, and the old one is destroyed', async () => {
    const { agency, bankOutlet } = region.keys;
    const at = async (key: string, path: string, body: Body) =>
      must(await region.call('POST', `/v1/accounts/${accountId}/cards${path}`, { key, body }));
    await at(bankOutlet, `/${cardId}/formal-loss`, { reference: 'f1', identityCheck: 'IDC-4' });
    const issue = { replacesCardId: cardId, exchange: 'formalLoss' };
    const fresh = String((await at(bankOutlet, '', { reference: 'f2', cardNumber: 'E20000099', kind: 'socialSecurity3', ...issue })).id);
    await at(bankOutlet, `/${fresh}/enablement`, { reference: 'f3', channel: 'bankOutlet', financialAreaActivated: true });
    await at(agency, `/${cardId}/collection`, { reference: 'f4', place: 'outlet-1' });
    await at(agency, `/${cardId}/destruction`, { reference: 'f5', place: 'D-2026-03' });
    const { body } = await region.call('GET', `/v1/accounts/${accountId}`, { key: agency });
    expect(body.balance).toBe('95.00');
    expect(body.subAccounts).toMatchObject([{ cardId: fresh, sealed: false, total: '95.00' }]);
    const cards = body.cards as Body[];
    expect(cards.find((card) => card.cardId === cardId)).toMatchObject({ state: 'destroyed', successorCardId: fresh });
    expect(cards.find((card) => card.cardId === fresh)).toMatchObject({ state: 'inUse', replacesCardId: cardId, pinLockedSince: null });
  });
});
