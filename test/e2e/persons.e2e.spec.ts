import { identityNumberFor } from '#libs/kernel';
import { type HttpRegion, httpRegion, must, type Reply, swipeOf } from './http-region';

type Fields = Record<string, unknown>;
const RIGHT_NUMBER = identityNumberFor('370200', '1980-02-03', '117');
const WRONG_NUMBER = identityNumberFor('370200', '1980-02-03', '119');

describe('who somebody is, over HTTP', () => {
  let region: HttpRegion;
  let otherDesk: string;
  let n = 0;
  const post = (path: string, body: Fields, key = region.keys.agency): Promise<Reply> =>
    region.call('POST', path, { key, body: { reference: `p-${++n}`, ...body } });
  const get = (path: string, key = region.keys.agency): Promise<Reply> => region.call('GET', path, { key });
  const person = (identityNumber: string, name = '王小明') => ({ identityKind: '01', identityNumber, name });
  const opened = async (identityNumber: string, cardNumber: string, amount: string) => {
    const open = { poolingArea: '370200', insuranceType: 'employee', person: person(identityNumber) };
    const accountId = String(must(await post('/v1/accounts', open)).id);
    const cardId = String(must(await post(`/v1/accounts/${accountId}/cards`, { cardNumber, kind: 'socialSecurity3', state: 'inUse' })).id);
    must(await post(`/v1/accounts/${accountId}/credits`, { source: 'contribution', amount }));
    return { accountId, cardId, cardNumber };
  };
  const approve = (accountId: string, caseId: unknown, key = otherDesk) =>
    post(`/v1/accounts/${accountId}/person-cases/${String(caseId)}/approval`, {}, key);
  const grounds = { reason: 'one person, two files', document: 'DOC-7' };
  const rows = async (path: string): Promise<readonly Fields[]> => {
    await region.projected();
    return must(await get(path)).rows as readonly Fields[];
  };

  beforeAll(async () => {
    region = await httpRegion();
    const body = { organisation: 'agency', rights: ['agency'], institutionCodes: [], note: 'second desk' };
    otherDesk = String(must(await region.local('POST', '/admin/v1/keys', body)).key);
  });
  afterAll(async () => {
    await region.close();
  });

  it('a merge: proposed at one desk, approved at another; the old id and the old card lead to the survivor; both lists tell', async () => {
    const [kept, gone] = [
      await opened(identityNumberFor('370200', '1970-05-06', '201'), 'M00000001', '50'),
      await opened(identityNumberFor('370200', '1970-05-06', '203'), 'M00000002', '80.5'),
    ];
    const path = `/v1/accounts/${kept.accountId}/merges`;
    const wrong = await region.call('POST', path, { key: region.keys.agency, body: { absorbedAccountId: gone.accountId } });
    expect(wrong).toMatchObject({ status: 400, body: { reasons: [{ field: 'reference' }, { field: 'reason' }, { field: 'document' }] } });
    expect(await post(path, { ...grounds, absorbedAccountId: gone.accountId }, region.keys.auditor)).toMatchObject({ status: 403 });
    const proposed = await post(path, { ...grounds, absorbedAccountId: gone.accountId });
    expect(proposed).toMatchObject({ status: 201, body: { state: 'proposed', accountId: kept.accountId } });
    expect(await rows('/v1/person-cases?state=proposed')).toMatchObject([
      { kind: 'merge', absorbedAccountId: gone.accountId, state: 'proposed' },
    ]);
    const { caseId } = proposed.body;
    expect(await approve(kept.accountId, caseId, region.keys.agency)).toMatchObject({
      status: 422,
      body: { code: 'case-approved-by-proposer' },
    });
    expect(await approve(kept.accountId, caseId)).toMatchObject({ status: 201, body: { state: 'done' } });
    expect(must(await get(`/v1/accounts/${gone.accountId}`))).toMatchObject({
      accountId: kept.accountId,
      askedAccountId: gone.accountId,
      absorbedAccountIds: [gone.accountId],
      balance: '130.50',
    });
    const swipe = { method: 'POST', path: '/v1/settlements' } as const;
    const settled = await region.call(swipe.method, swipe.path, { key: region.keys.pharmacy, body: swipeOf(gone.cardNumber, 'PM1', '30') });
    expect(settled).toMatchObject({ status: 201, body: { balanceBefore: '80.50', balanceAfter: '50.50' } });
    expect(await rows(`/v1/person-cases?accountId=${gone.accountId}`)).toMatchObject([{ caseId, state: 'done' }]);
    expect(await rows(`/v1/reissues?accountId=${kept.accountId}`)).toMatchObject([{ cardId: gone.cardId, reason: 'merged', caseId }]);
    const undo = must(await post(`${path}/${String(caseId)}/undo`, grounds));
    expect(await approve(kept.accountId, undo.caseId)).toMatchObject({
      status: 201,
      body: { state: 'done', events: [{ brought: '80.50', returned: '50.50' }] },
    });
    expect(must(await get(`/v1/accounts/${gone.accountId}`))).toMatchObject({ accountId: gone.accountId, balance: '50.50' });
    expect(await rows(`/v1/reissues?accountId=${kept.accountId}`)).toEqual([]);
  });

  it('a wrong number, corrected on proof: the right one leads to the account, the wrong one to nobody until its own holder comes', async () => {
    const account = await opened(WRONG_NUMBER, 'M00000003', '10');
    const path = `/v1/accounts/${account.accountId}/person-changes`;
    const change = {
      grounds: 'correction',
      identityKind: '01',
      identityNumber: RIGHT_NUMBER,
      reason: 'typed wrongly',
      document: 'HUKOU-1',
    };
    expect(await post(path, { ...change, identityNumber: `${RIGHT_NUMBER.slice(0, 17)}?` })).toMatchObject({
      status: 400,
      body: { reasons: [{ field: 'identityNumber' }] },
    });
    const proposed = must(await post(path, change));
    expect(JSON.stringify(proposed)).not.toContain(RIGHT_NUMBER);
    expect(must(await approve(account.accountId, proposed.caseId))).toMatchObject({ state: 'done' });
    const history = must(await get(`/v1/accounts/${account.accountId}/person-history`));
    expect(history.versions).toMatchObject([
      { identityNumber: RIGHT_NUMBER, until: null, grounds: 'correction', document: 'HUKOU-1' },
      { identityNumber: WRONG_NUMBER, grounds: null },
    ]);
    expect(await rows(`/v1/reissues?accountId=${account.accountId}`)).toMatchObject([{ cardId: account.cardId, reason: 'correction' }]);
    const swipe = (number: string, serial: string) =>
      region.call('POST', '/v1/settlements', {
        key: region.keys.pharmacy,
        body: swipeOf('', serial, '1', { credential: { kind: 'eCredential', number } }),
      });
    expect(await swipe(WRONG_NUMBER, 'PC1')).toMatchObject({ status: 422, body: { code: 'card-unknown' } });
    expect(await swipe(RIGHT_NUMBER, 'PC2')).toMatchObject({ status: 201, body: { balanceBefore: '10.00' } });
    const again = { poolingArea: '370200', insuranceType: 'employee', person: person(RIGHT_NUMBER) };
    expect(await post('/v1/accounts', again)).toMatchObject({ status: 409, body: { primaryReason: { accountId: account.accountId } } });
    const rightful = await opened(WRONG_NUMBER, 'M00000004', '3');
    expect(await swipe(WRONG_NUMBER, 'PC3')).toMatchObject({ status: 201, body: { balanceBefore: '3.00' } });
    const back = { ...change, identityNumber: WRONG_NUMBER };
    expect(await post(path, back)).toMatchObject({
      status: 409,
      body: { code: 'identity-number-of-another-person', primaryReason: { accountId: rightful.accountId } },
    });
  });

  it('a card drops out of the list when another is made in its place', async () => {
    const account = await opened(identityNumberFor('370200', '1980-02-03', '121'), 'M00000005', '10');
    const path = `/v1/accounts/${account.accountId}`;
    const change = { grounds: 'nameChanged', name: '王大明', reason: 'changed at the registry', document: 'HUKOU-2' };
    const { caseId } = must(await post(`${path}/person-changes`, change));
    must(await approve(account.accountId, caseId));
    expect(await rows(`/v1/reissues?accountId=${account.accountId}`)).toMatchObject([{ reason: 'nameChanged', cardId: account.cardId }]);
    const card = { cardNumber: 'M00000006', kind: 'socialSecurity3', replacesCardId: account.cardId, exchange: 'changedDetails' };
    must(await post(`${path}/cards`, card));
    expect(await rows(`/v1/reissues?accountId=${account.accountId}`)).toEqual([]);
  });

  it('nothing of it names anybody in the log', async () => {
    const log = await region.call('GET', '/v1/events?from=0', { key: region.keys.auditor });
    for (const personal of [RIGHT_NUMBER, WRONG_NUMBER, '王小明', '王大明']) expect(log.text).not.toContain(personal);
    expect(log.text).toContain('PersonChanged.v1');
  });
});
