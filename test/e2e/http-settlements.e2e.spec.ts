import { createHash } from 'node:crypto';
import { canonicalJson } from '#libs/kernel';
import { examples, SCHEMAS } from '../../apps/settlement/src/documents';
import { type HttpRegion, holder, httpRegion, must, swipeOf } from './http-region';

const { balance, freeze, SAMPLE } = examples;

const PERSON = { identityKind: '01', identityNumber: '11010519491231002X', name: '欧阳明月', telephone: '13900001234' };
const CARD = 'QD1234567';
const AT = `/v1/settlements/${SAMPLE.institutionCode}`;

describe('a swipe over HTTP', () => {
  let region: HttpRegion;
  let accountId: string;
  let cardId: string;
  beforeAll(async () => {
    region = await httpRegion();
    ({ accountId, cardId } = await holder(region, { cardNumber: CARD, amount: '100.00', person: PERSON }));
  });
  afterAll(() => region.close());
  const post = (body: unknown, path = '/v1/settlements', key = region.keys.pharmacy) => region.call('POST', path, { key, body });
  const get = (path: string, key = region.keys.pharmacy) => region.call('GET', path, { key });

  it('settles, answers the repeat alike, and refuses the serial to anything else', async () => {
    const first = await post(swipeOf(CARD, 'S1', '30.00'));
    expect([first.status, first.body]).toEqual([
      201,
      expect.objectContaining({
        accountPaid: { currentYear: '30.00', priorYear: '0.00', total: '30.00' },
        cashPayment: '0.00',
        balanceBefore: '100.00',
        balanceAfter: '70.00',
        cardTail: '4567',
        policy: expect.stringMatching(/^qingdao@/) as unknown,
        replayed: false,
      }),
    ]);
    expect(Object.keys(first.body).sort()).toEqual(Object.keys(SCHEMAS.Settlement.properties as object).sort());
    const again = await post(swipeOf(CARD, 'S1', '30'));
    expect([again.status, again.body]).toEqual([200, { ...first.body, replayed: true }]);
    const other = await post(swipeOf(CARD, 'S1', '30.01'));
    expect([other.status, other.headers['content-type'], other.body.code]).toEqual([
      409,
      expect.stringMatching(/^application\/problem\+json/),
      'settlement-exists-with-different-amount',
    ]);
    expect(JSON.stringify(other.body)).toContain(String(first.body.decidedAt));
  });

  it('is found through its claim at once, by its owner, the agency and the auditor, and by nobody else', async () => {
    must(
      await post(
        swipeOf(CARD, 'S2', '1.00', { lines: [{ lineNo: 1, code: 'X1', name: '阿莫西林', quantity: '1', price: '1', amount: '1' }] }),
      ),
    );
    for (const key of [region.keys.pharmacy, region.keys.agency, region.keys.auditor]) {
      expect((await get(`${AT}/S2`, key)).body).toMatchObject({
        kind: 'settlement',
        state: 'live',
        lines: [{ name: '阿莫西林', traceCodes: [] }],
      });
    }
    expect((await get(`${AT}/S2`, region.keys.stranger)).status).toBe(403);
    const absent = await get(`${AT}/never`);
    expect([absent.status, absent.body.code]).toEqual([404, 'settlement-not-found']);
  });

  it('quotes the same decision and leaves nothing behind', async () => {
    const quoted = await post(swipeOf(CARD, 'Q1', '5.00'), '/v1/settlements/quote');
    expect([quoted.status, quoted.body]).toEqual([200, expect.objectContaining({ quoted: true, cashPayment: '0.00' })]);
    expect((await get(`${AT}/Q1`)).status).toBe(404);
  });

  it('is cancelled in part and then in full, and its paper says so', async () => {
    must(await post(swipeOf(CARD, 'S3', '20.00')));
    expect((await get(`${AT}/S3/receipt`)).text).toContain('正本');
    const part = await post({ serial: 'C1', reason: 'returnGoods', amount: '5.00' }, `${AT}/S3/cancellation`);
    expect([part.status, part.body]).toEqual([201, expect.objectContaining({ kind: 'settlementCancelled', accountReturned: '5.00' })]);
    expect((await get(`${AT}/S3/receipt?format=html&paper=A4`)).text).toMatch(/部分撤销[\s\S]*重打第1次/);
    const beyond = await post({ serial: 'C2', reason: 'returnGoods', amount: '15.01' }, `${AT}/S3/cancellation`);
    expect(beyond.status).toBe(422);
    must(await post({ serial: 'C3', reason: 'returnGoods' }, `${AT}/S3/cancellation`));
    expect((await get(`${AT}/S3`)).body).toMatchObject({ state: 'undone', undone: { amount: '20.00', accountReturned: '20.00' } });
    expect((await get(`${AT}/S3/receipt`)).text).toContain('【已撤销】');
    expect((await get(`${AT}/C3`)).body).toMatchObject({ kind: 'settlementCancelled', targetSerial: 'S3', amount: '15.00' });
    expect((await get(`${AT}/C3/receipt`)).body.code).toBe('receipt-not-available');
    const ofCancellation = await post({ serial: 'C4', reason: 'returnGoods' }, `${AT}/C3/cancellation`);
    expect([ofCancellation.status, ofCancellation.body.primaryReason]).toEqual([404, expect.objectContaining({ serial: 'C3' })]);
    expect(ofCancellation.text).not.toMatch(/settlement-P|settlementKey/);
    const resent = await post(swipeOf(CARD, 'S3', '20.00'));
    expect([resent.status, resent.body]).toEqual([200, expect.objectContaining({ replayed: true })]); // As at first; what stands is asked by GET.
  });

  it('is reversed when its outcome was never learned, and the repeat of the reversal gets the same answer', async () => {
    const first = await post({ serial: 'R0' }, `${AT}/S2/reversal`);
    expect([first.status, first.body]).toEqual([201, expect.objectContaining({ kind: 'settlementReversed', accountReturned: '1.00' })]);
    const again = await post({ serial: 'R0' }, `${AT}/S2/reversal`);
    expect([again.status, again.body]).toEqual([200, { ...first.body, replayed: true }]);
  });

  it('cannot settle any more once a reversal has taken its serial', async () => {
    const voided = await post({ serial: 'R1' }, `${AT}/late-one/reversal`);
    expect([voided.status, voided.body]).toEqual([201, expect.objectContaining({ kind: 'keyVoided', settlementId: null })]);
    expect((await post(swipeOf(CARD, 'late-one', '1.00'))).body.code).toBe('settlement-key-voided');
    expect((await get(`${AT}/late-one`)).body).toMatchObject({ kind: 'keyVoided' });
  });

  it('is refused with a word for the till, and a wrong card tells nothing about its person', async () => {
    const unknown = await post(swipeOf('ZZ9999999', 'S4', '1.00'));
    expect([unknown.status, (unknown.body.primaryReason as { messageZh: string }).messageZh.length <= 60]).toEqual([422, true]);
    expect(unknown.text).not.toMatch(/欧阳|110105|ZZ9999999|balance/);
    must(
      await region.call('POST', `/v1/accounts/${accountId}/cards/${cardId}/loss`, {
        key: region.keys.bankOutlet,
        body: { reference: 'L1', reason: '挂失' },
      }),
    );
    const lost = await post(swipeOf(CARD, 'S5', '1.00'));
    expect(lost.status).toBe(422);
    expect(lost.text).not.toMatch(/欧阳|110105|"balance/);
    must(
      await region.call('POST', `/v1/accounts/${accountId}/cards/${cardId}/loss-lifting`, {
        key: region.keys.bankOutlet,
        body: { reference: 'L2', reason: '找到' },
      }),
    );
    expect((await post(swipeOf(CARD, 'S6', '1.00'))).status).toBe(201);
  });

  it('comes in hundreds as a batch, answered in order, repeats and bad lines in their places', async () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      i === 150 ? '{' : JSON.stringify(swipeOf(CARD, `B${i === 299 ? 0 : i}`, '0.01', i === 151 ? { totalFee: 'x' } : {})),
    );
    const reply = await region.call('POST', '/v1/settlements/batch', {
      key: region.keys.pharmacy,
      body: lines.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const results = reply.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; status: number; result?: { serial: string } });
    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect([results[150]?.status, results[151]?.status, results[299]?.status, results[299]?.result?.serial]).toEqual([400, 400, 200, 'B0']);
    expect(results.filter(({ status }) => status === 201)).toHaveLength(297);
  });

  it('moves the account, its statement, the freezes and the day of the institution', async () => {
    const agency = region.keys.agency;
    const view = must(await get(`/v1/accounts/${accountId}`, agency));
    const statement = must(await get(`/v1/accounts/${accountId}/statement?limit=500`, agency)) as { rows: { balance: string }[] };
    expect(statement.rows.at(-1)?.balance).toBe(view.balance);
    expect(must(await get(`/v1/accounts/${accountId}?asOf=0`, agency))).toMatchObject({ revision: 0, balance: '0.00' });
    expect(must(await post(balanceOf(CARD), '/v1/accounts/balance'))).toMatchObject({ balance: view.balance, cardTail: '4567' });
    expect((await post(balanceOf(CARD), '/v1/accounts/balance', region.keys.stranger)).status).toBe(403);
    must(await region.call('POST', `/v1/accounts/${accountId}/freezes`, { key: agency, body: freeze }));
    await region.projected();
    expect(must(await get(`/v1/freezes?accountId=${accountId}`, agency)).rows).toEqual([
      expect.objectContaining({ cause: 'judicialFreeze', amount: '100.00' }),
    ]);
    const date = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const day = must(await get(`/v1/institutions/${SAMPLE.institutionCode}/days/${date}`)) as Record<string, string>;
    expect(day).toMatchObject({ reversals: 1, cancellations: 2, fundReturned: '0.00', cashRefund: '0.00' });
    expect(Object.keys(day).sort()).toEqual(Object.keys(SCHEMAS.InstitutionDay.properties as object).sort());
    const paper = await get(`/v1/accounts/${accountId}/statement/print?month=${date.slice(0, 7)}`, agency);
    expect(paper.text).toContain('欧阳明月');
    expect((await get(`/v1/accounts/${accountId}/statement/print?month=2026-13`, agency)).status).toBe(400);
  });

  it('stands in the log in canonical bytes, with who asked and no person in it', async () => {
    must(
      await region.call('POST', '/v1/settlements', {
        key: region.keys.pharmacy,
        body: swipeOf(CARD, 'T1', '0.01'),
        headers: { 'x-correlation-id': 'CORR-1' },
      }),
    );
    const { text, headers } = await get('/v1/events?from=0', region.keys.auditor);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = text.trimEnd().split('\n');
    for (const [i, line] of lines.entries()) {
      const { logIndex, event } = JSON.parse(line) as { logIndex: number; event: object };
      expect([logIndex, line]).toEqual([i, `{"logIndex":${i},"event":${canonicalJson(event)}}`]);
    }
    expect(lines.filter((line) => line.includes('CORR-1')).every((line) => line.includes('"organisation":"chain"'))).toBe(true);
    expect(lines.some((line) => line.includes('CORR-1') && line.includes('SwipeSettled.v1'))).toBe(true);
    expect(text.match(/欧阳|11010519491231002X|13900001234|QD1234567/)).toBeNull();
    const tail = await get(`/v1/events?from=${lines.length - 1}`, region.keys.auditor);
    expect(createHash('sha256').update(tail.text.trimEnd()).digest('hex')).toBe(
      createHash('sha256')
        .update(lines.at(-1) ?? '')
        .digest('hex'),
    );
  });

  it('shows a revoked key the door', async () => {
    const { keys } = must(await region.local('GET', '/admin/v1/keys')) as { keys: { keyId: string; organisation: string }[] };
    const keyId = keys.find(({ organisation }) => organisation === 'other')?.keyId;
    must(await region.local('POST', `/admin/v1/keys/${keyId}/revocation`, { reason: '到期' }));
    const deadline = Date.now() + 5_000;
    let status = 0;
    while (status !== 401 && Date.now() < deadline) status = (await get('/v1/freezes', region.keys.stranger)).status;
    expect(status).toBe(401);
  });
});

describe('the day of an institution', () => {
  let region: HttpRegion;
  beforeAll(async () => {
    region = await httpRegion();
    await holder(region, { cardNumber: CARD, amount: '50.00', person: PERSON });
  });
  afterAll(() => region.close());

  it('can be reconciled with what account, pooled fund and holder paid and got back', async () => {
    const post = (body: unknown, path = '/v1/settlements') => region.call('POST', path, { key: region.keys.pharmacy, body });
    must(await post(swipeOf(CARD, 'D1', '100.00', { fundPaid: '30.00', accountEligible: '60.00' })));
    must(await post({ serial: 'D2', reason: 'returnGoods', amount: '75.00', fundReturned: '20.00' }, `${AT}/D1/cancellation`));
    must(await post(swipeOf(CARD, 'D3', '9.00', { fundPaid: '4.00', accountEligible: '5.00' })));
    must(await post({ serial: 'D4' }, `${AT}/D3/reversal`));
    await region.projected();
    const date = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const path = `/v1/institutions/${SAMPLE.institutionCode}/days/${date}`;
    const day = must(await region.call('GET', path, { key: region.keys.pharmacy })) as Record<string, string>;
    expect(day).toMatchObject({ accountPaid: '55.00', fundPaid: '34.00', cashPayment: '20.00', fundReturned: '24.00' });
    const fen = (name: string) => Math.round(Number(day[name]) * 100);
    const returned = fen('accountReturned') + fen('fundReturned') + fen('cashRefund');
    expect([returned, fen('totalFee') - returned]).toEqual([84_00, 25_00]);
    expect(fen('payable')).toBe(fen('accountPaid') + fen('fundPaid') - fen('accountReturned') - fen('fundReturned'));
  });
});

const balanceOf = (number: string) => ({ ...balance, credential: { ...balance.credential, number } });
