import { type Act, RIGHTS, type Right, rightsFor } from '#libs/access';
import { identityNumberFor } from '#libs/kernel';
import { examples } from '../../apps/settlement/src/documents';
import { type HttpRegion, httpRegion, must, type Reply } from './http-region';

const { SAMPLE } = examples;
const SIGNED = { signer: 'holder', holderCheck: 'CHECK-1' };
type Fields = Record<string, unknown>;
type Route = readonly [act: readonly Act[], method: 'GET' | 'POST', path: string];

const ACCOUNT = '/v1/accounts/nobody';
const CARD = `${ACCOUNT}/cards/none`;
const APPLICATION = '/v1/card-applications/none';
const ENABLE = ['bankOutlet', 'centre', 'proxy', 'guardian', 'batch', 'hotline'].map((channel) => `enableCard:${channel}` as Act);

/** Every door of card business, and the acts that it is for. */
const ROUTES: readonly Route[] = [
  [['registerCard'], 'POST', `${ACCOUNT}/cards`],
  [ENABLE, 'POST', `${CARD}/enablement`],
  [['reportLoss'], 'POST', `${CARD}/loss`],
  [['liftLoss'], 'POST', `${CARD}/loss-lifting`],
  [['reportFormalLoss'], 'POST', `${CARD}/formal-loss`],
  [['liftFormalLoss'], 'POST', `${CARD}/formal-loss-lifting`],
  [['retainCard'], 'POST', `${CARD}/retention`],
  [['returnCard'], 'POST', `${CARD}/return`],
  [['collectCard'], 'POST', `${CARD}/collection`],
  [['destroyCard'], 'POST', `${CARD}/destruction`],
  [['reportFinancialArea'], 'POST', `${CARD}/financial-area`],
  [['reportPinVerdict'], 'POST', `${CARD}/pin-verdicts`],
  [['unlockPin'], 'POST', `${CARD}/pin-unlocking`],
  [['unlockPin'], 'POST', `${CARD}/pin-reset`],
  [['stopCard'], 'POST', `${CARD}/stop`],
  [['cancelCard'], 'POST', `${CARD}/cancellation`],
  [['seal'], 'POST', `${CARD}/seal`],
  [['unseal'], 'POST', `${CARD}/unseal`],
  [['transfer', 'transferOnApplication'], 'POST', `${ACCOUNT}/transfers`],
  [['applyForCard'], 'POST', '/v1/card-applications'],
  [['listApplications'], 'GET', '/v1/card-applications'],
  [['listApplications'], 'GET', '/v1/card-applications/counts'],
  [['readApplication'], 'GET', APPLICATION],
  [['handleApplication'], 'POST', `${APPLICATION}/production`],
  [['handleApplication'], 'POST', `${APPLICATION}/produced`],
  [['handleApplication'], 'POST', `${APPLICATION}/ready`],
  [['handleApplication'], 'POST', `${APPLICATION}/issue`],
  [['handleApplication'], 'POST', `${APPLICATION}/link`],
  [['handleApplication'], 'POST', `${APPLICATION}/failure`],
  [['handOutCard'], 'POST', `${APPLICATION}/hand-out`],
  [['inquireCards'], 'POST', '/v1/card-inquiries'],
  [['issuePapers'], 'POST', '/v1/vouchers'],
  [['issuePapers'], 'POST', '/v1/vouchers/B0101/2026/1/signed-copy'],
  [['readPapers'], 'GET', '/v1/vouchers/B0101/2026/1'],
  [['readPapers'], 'GET', '/v1/vouchers/B0101/2026/1/page'],
  [['issuePapers'], 'POST', '/v1/one-time-notices'],
  [['readPapers'], 'GET', '/v1/one-time-notices/none'],
  [['readPapers'], 'GET', '/v1/one-time-notices/none/page'],
  [['readAccount'], 'GET', ACCOUNT],
];

describe('card business: who may, and whose it is', () => {
  let region: HttpRegion;
  let references = 0;
  const keys = {} as Record<Right, string>;
  const keyOf = async (organisation: string, right: string, scope: Fields = {}) => {
    const body = { organisation, rights: [right], institutionCodes: right === 'institution' ? ['H37020000001'] : [], note: '-', ...scope };
    return String(must(await region.local('POST', '/admin/v1/keys', body)).key);
  };
  beforeAll(async () => {
    region = await httpRegion();
    for (const right of RIGHTS) keys[right] = await keyOf(`some-${right}`, right, { outletCodes: [`X-${right}`] });
  });
  afterAll(() => region.close());

  const post = (where: string, body: Fields, key: string): Promise<Reply> => region.call('POST', where, { key, body });
  const get = (where: string, key: string): Promise<Reply> => region.call('GET', where, { key });
  const codesOf = ({ body }: Reply) => ((body.reasons ?? []) as readonly Fields[]).map(({ code }) => code);
  const reference = () => `CH-${++references}`;
  let people = 300;
  const applying = async (over: Fields = {}) => {
    const person = { identityKind: '01', identityNumber: identityNumberFor('370202', '1981-02-03', String(++people)), name: '欧阳明月' };
    const opening = { reference: reference(), poolingArea: SAMPLE.poolingArea, insuranceType: 'employee', person };
    must(await post('/v1/accounts', opening, region.keys.agency));
    return {
      ...{ reference: reference(), poolingArea: SAMPLE.poolingArea, person, kind: 'firstIssue', cardKind: 'socialSecurity3' },
      ...{ outletCode: 'B0101', bankCode: '102', photoReference: 'P-1', pickUpPlace: '市南网点', signedBy: SIGNED, ...over },
    };
  };

  it.each(ROUTES)('%s: %s %s', async (acts, method, path) => {
    const allowed = new Set(acts.flatMap(rightsFor));
    for (const right of RIGHTS) {
      const told = method === 'GET' ? await get(path, keys[right]) : await post(path, {}, keys[right]);
      expect([right, codesOf(told).includes('right-missing')]).toStrictEqual([right, !allowed.has(right)]);
    }
  });

  it('an application is there for the outlet that accepted it, for its bank and for the agency, and for no other counter', async () => {
    const other = await keyOf('bank', 'bankOutlet', { outletCodes: ['B0102'] }); // The same bank's next outlet.
    const [factory, rival] = [
      await keyOf('bank', 'bankOutlet', { bankCode: '102' }),
      await keyOf('rival', 'bankOutlet', { bankCode: '103' }),
    ];
    const centre = await keyOf('centre', 'centre', { outletCodes: ['C0003'] });
    const { applicationId } = must(
      await post('/v1/card-applications', await applying({ pickUpOutletCode: 'C0003' }), region.keys.bankOutlet),
    );
    const path = `/v1/card-applications/${String(applicationId)}`;
    const seen = async (key: string) => (await get(path, key)).status;
    expect(
      await Promise.all([region.keys.bankOutlet, factory, centre, region.keys.agency, region.keys.auditor, keys.hotline].map(seen)),
    ).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await Promise.all([other, rival, keys.employer, keys.school, keys.centre].map(seen))).toEqual([404, 404, 404, 404, 404]);
    for (const key of [other, rival, keys.centre])
      expect(codesOf(await post(`${path}/produced`, { reference: reference() }, key))).toEqual(['card-application-unknown']);
    must(await post(`${path}/production`, { reference: reference() }, factory));
    must(await post(`${path}/produced`, { reference: reference() }, factory));
    const issue = { reference: reference(), cardNumber: 'CHANNEL01', outletCode: 'B0101', signedBy: SIGNED };
    expect(codesOf(await post(`${path}/issue`, issue, centre))).toEqual(['outlet-not-own']);
    must(await post(`${path}/issue`, { ...issue, outletCode: 'C0003' }, centre));
  });

  it('another’s application is told to be under way, and no more; its notices are for whoever may see it; its vouchers for who did it', async () => {
    const rival = await keyOf('rival', 'bankOutlet', { outletCodes: ['B0401'], bankCode: '103' });
    const factory = await keyOf('bank', 'bankOutlet', { outletCodes: ['B0000'], bankCode: '102' });
    const own = { outletCode: 'X-employer', applicant: 'employer' };
    const form = await applying(own);
    const { applicationId, dueOn } = must(await post('/v1/card-applications', form, keys.employer));
    const again = { ...form, reference: reference() };
    const seen = await post('/v1/card-applications', { ...again, ...own }, keys.employer);
    expect(seen.body).toMatchObject({ code: 'application-under-way', primaryReason: { applicationId, dueOn } });
    const other = await post(
      '/v1/card-applications',
      { ...again, reference: reference(), outletCode: 'B0401', applicant: 'holder' },
      rival,
    );
    expect(other.body.code).toBe('application-under-way');
    const line = JSON.stringify({ ...again, reference: reference(), outletCode: 'B0401', applicant: 'holder' });
    const headers = { 'content-type': 'application/x-ndjson' };
    const batch = await region.call('POST', '/v1/card-applications/batch', { key: rival, body: `${line}\n`, headers });
    expect(batch.text).toContain('application-under-way');
    for (const { text } of [other, batch]) for (const secret of [applicationId, dueOn]) expect(text).not.toContain(String(secret));

    const path = `/v1/card-applications/${String(applicationId)}`;
    const stream = `cardApplication-${String(applicationId)}`;
    const voucher = { reference: reference(), outletCode: 'B0401', about: { stream, revision: 0 }, signedBy: SIGNED };
    for (const about of [voucher.about, { stream, revision: 9 }, { stream: 'cardApplication-nobody', revision: 0 }]) {
      const told = await post('/v1/vouchers', { ...voucher, about }, rival);
      expect([told.status, codesOf(told)]).toEqual([404, ['voucher-about-nothing']]);
    }
    const failure = { reference: reference(), outletCode: 'B0000', obstacles: [{ code: 'left-employer' }] };
    const { noticeId } = must(await post(`${path}/failure`, failure, factory));
    for (const key of [factory, keys.employer, region.keys.agency]) {
      expect((await get(`/v1/one-time-notices/${String(noticeId)}`, key)).body).toMatchObject({ applicationId, outletCode: 'B0000' });
      expect((await get(`/v1/one-time-notices/${String(noticeId)}/page`, key)).text).toContain('一次性告知单');
    }
    for (const key of [rival, keys.school])
      expect(codesOf(await get(`/v1/one-time-notices/${String(noticeId)}`, key))).toEqual(['notice-unknown']);
  });

  it('nobody applies, or gives papers out, in the name of another counter', async () => {
    const form = await applying({ outletCode: 'B0999' });
    expect(codesOf(await post('/v1/card-applications', form, region.keys.bankOutlet))).toEqual(['outlet-not-own']);
    const notice = { reference: reference(), business: 'lossReport', outletCode: 'B0999', poolingArea: SAMPLE.poolingArea };
    expect(codesOf(await post('/v1/one-time-notices', { ...notice, reasons: [{ code: 'card-lost' }] }, region.keys.bankOutlet))).toEqual([
      'outlet-not-own',
    ]);
    const accepted = must(await post('/v1/card-applications', await applying(), region.keys.bankOutlet));
    const [outlet, year, number] = String((accepted.vouchers as string[])[0]).split('-');
    const voucher = `/v1/vouchers/${outlet}/${year}/${number}`;
    expect((await get(voucher, region.keys.bankOutlet)).status).toBe(200);
    const other = await keyOf('bank', 'bankOutlet', { outletCodes: ['B0102'] });
    for (const path of [voucher, `${voucher}/page`]) expect(codesOf(await get(path, other))).toEqual(['voucher-unknown']);
    expect(codesOf(await post(`${voucher}/signed-copy`, { reference: reference(), signedCopy: 'S-1' }, other))).toEqual(['outlet-not-own']);
  });

  it('an employer, a school and a committee apply as such, for their own code; the holder for himself', async () => {
    for (const unit of ['employer', 'school', 'committee'] as const) {
      const own = { outletCode: `X-${unit}`, applicant: unit };
      for (const wrong of [{ applicant: 'holder' }, { applicant: unit === 'employer' ? 'school' : 'employer' }, { unitCode: 'X-other' }])
        expect(codesOf(await post('/v1/card-applications', await applying({ ...own, ...wrong }), keys[unit]))).toEqual([
          'applicant-not-own',
        ]);
      for (const atOnce of [{ onTheSpot: true }, { kind: 'temporary', cardKind: 'temporary', reason: 'urgent' }])
        expect(codesOf(await post('/v1/card-applications', await applying({ ...own, ...atOnce }), keys[unit]))).toEqual([
          'at-once-by-office-only',
        ]);
      must(await post('/v1/card-applications', await applying(own), keys[unit]));
    }
    for (const right of ['online', 'selfService'] as const) {
      const own = { outletCode: `X-${right}` };
      expect(codesOf(await post('/v1/card-applications', await applying({ ...own, applicant: 'employer' }), keys[right]))).toEqual([
        'applicant-not-own',
      ]);
      expect(codesOf(await post('/v1/card-applications', await applying({ ...own, onTheSpot: true }), keys[right]))).toEqual([
        'at-once-by-office-only',
      ]);
      must(await post('/v1/card-applications', await applying(own), keys[right]));
    }
    // Through an outlet: a school's code is no employer's; the holder names no unit; of a unit without a key the outlet's word counts.
    const through = async (over: Fields) => post('/v1/card-applications', await applying(over), region.keys.bankOutlet);
    expect(codesOf(await through({ applicant: 'employer', unitCode: 'X-school' }))).toEqual(['unit-of-another-kind']);
    expect(codesOf(await through({ unitCode: 'X-school' }))).toEqual(['unit-without-its-application']);
    for (const unitCode of ['X-school', 'X-nobody']) must(await through({ applicant: 'school', unitCode }));
  });

  it('a key of several counters says at which one it is; home visits are the bank’s', async () => {
    const several = await keyOf('bank', 'bankOutlet', { outletCodes: ['B0201', 'B0202'] });
    const { accountId } = must(await post('/v1/card-applications', await applying(), region.keys.bankOutlet));
    const card = { reference: reference(), cardNumber: 'CHANNEL02', kind: 'socialSecurity3' };
    expect(codesOf(await post(`/v1/accounts/${String(accountId)}/cards`, card, several))).toEqual(['field-missing']);
    const registered = must(await post(`/v1/accounts/${String(accountId)}/cards`, { ...card, outletCode: 'B0202' }, several));
    expect(registered.voucherNo).toMatch(/^B0202-\d{4}-000001$/);
    const path = `/v1/accounts/${String(accountId)}/cards/${String(registered.id)}`;
    const enabling = { reference: reference(), channel: 'bankOutlet', financialAreaActivated: false };
    must(await post(`${path}/enablement`, enabling, region.keys.bankOutlet));
    const loss = `${path}/loss`;
    const atHome = { reference: reference(), reason: '-', signedBy: { ...SIGNED, checkWay: 'homeVisit' } };
    expect(codesOf(await post(loss, atHome, keys.centre))).toEqual(['right-missing']);
    expect(must(await post(loss, atHome, region.keys.bankOutlet)).voucherNo).toMatch(/^B0101-/);
  });

  it('what is taken over with a card, money above all, is told by the agency only: from a counter it makes nothing', async () => {
    const { accountId } = must(await post('/v1/card-applications', await applying(), region.keys.bankOutlet));
    const cards = `/v1/accounts/${String(accountId)}/cards`;
    const card = () => ({ reference: reference(), cardNumber: `TAKEN${reference()}`.replaceAll('-', ''), kind: 'socialSecurity3' });
    const money = { currentYear: '99999.00', priorYear: '1.00' };
    const TOLD: readonly (readonly [told: Fields, fields: string])[] = [
      [{ state: 'inUse', opening: money }, 'state, opening'],
      [{ opening: money }, 'opening'],
      [{ state: 'inUse' }, 'state'],
      [{ lastSwipedOn: '2016-01-01' }, 'lastSwipedOn'],
    ];
    for (const key of [region.keys.bankOutlet, keys.centre])
      for (const [told, fields] of TOLD) {
        const refused = await post(cards, { ...card(), ...told }, key);
        expect([refused.status, refused.body.code, (refused.body.primaryReason as Fields).fields]).toEqual([
          403,
          'take-over-by-agency-only',
          fields,
        ]);
      }
    expect((await get(`/v1/accounts/${String(accountId)}`, region.keys.agency)).body).toMatchObject({ balance: '0.00', cards: [] });
    must(await post(cards, { ...card(), state: 'registered' }, region.keys.bankOutlet));
    must(await post(cards, { ...card(), ...TOLD[0]?.[0], lastSwipedOn: '2016-01-01' }, region.keys.agency));
    expect((await get(`/v1/accounts/${String(accountId)}`, region.keys.agency)).body.balance).toBe('100000.00');
  });

  it('a centre gathers cards, and destroys none', async () => {
    const lines = ['collect', 'destroy'].map(
      (act) => `${JSON.stringify({ reference: reference(), act, place: 'X', cardNumber: 'NOBODYS1' })}\n`,
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const told = async (key: string) => {
      const { text } = await region.call('POST', '/v1/cards/disposal/batch', { key, body: lines.join(''), headers });
      const answers = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { problem?: { code: string } });
      return answers.map(({ problem }) => problem?.code);
    };
    expect(await told(keys.centre)).toEqual(['card-unknown', 'right-missing']);
    expect(await told(keys.bankOutlet)).toEqual(['card-unknown', 'card-unknown']);
  });

  it('a fault of form among the reasons is no refused business: no notice is handed out for it', async () => {
    const told = await post('/v1/card-applications', await applying({ reason: 'photo', photoReference: null }), region.keys.bankOutlet);
    expect([codesOf(told), told.body.noticeId]).toEqual([['application-reason-does-not-fit', 'photo-missing'], undefined]);
  });

  it('keys are listed with what they are for, and made for nothing else', async () => {
    const refused = await region.local('POST', '/admin/v1/keys', {
      organisation: 'E',
      rights: ['employer'],
      institutionCodes: [],
      note: '-',
    });
    expect(codesOf(refused)).toEqual(['access-key-without-outlets']);
    const { keys: listed } = must(await region.local('GET', '/admin/v1/keys')) as { keys: Fields[] };
    expect(listed.filter(({ organisation }) => organisation === 'some-school')).toMatchObject([
      { rights: ['school'], outletCodes: ['X-school'] },
    ]);
  });

  it('who signs for the holder is in the vault; the voucher has a commitment to each field, and no log or answer a name', async () => {
    const person = { identityKind: '01', identityNumber: identityNumberFor('370202', '1955-02-03', '777'), name: '诸葛代办' };
    const proxy = { signer: 'proxy', relation: 'spouse', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7', person };
    const told = await post('/v1/card-applications', await applying({ applicant: 'proxy', signedBy: proxy }), region.keys.bankOutlet);
    const [outlet, year, number] = String((must(told).vouchers as string[])[0]).split('-');
    const voucher = await get(`/v1/vouchers/${outlet}/${year}/${number}`, region.keys.bankOutlet);
    expect(voucher.body).toMatchObject({ relation: 'spouse', holderAge: 'adult', proxyId: expect.any(String) as string });
    expect(Object.keys(voucher.body.proxyCommitments as object)).toEqual(expect.arrayContaining(['identityNumber', 'name']));
    for (const { text } of [told, voucher]) for (const secret of [person.name, person.identityNumber]) expect(text).not.toContain(secret);
  });
});
