import type { Door } from '../src/door';
import { bearer, done, LINES, recorded, type Script, scriptedDoor, settled, standing, swipeForm, T0, undone } from './scripted-engine';

const doors: Door[] = [];
const open = async (script: Script) => {
  const door = await scriptedDoor(script);
  doors.push(door);
  return door.app;
};
afterEach(async () => {
  for (const { app } of doors.splice(0)) await app.close();
});
const problemOf = (response: { statusCode: number; headers: object; json: () => unknown }) => {
  expect((response.headers as Record<string, string>)['content-type']).toMatch(/^application\/problem\+json/);
  return response.json() as { status: number; code: string; primaryReason: Record<string, unknown>; reasons: Record<string, unknown>[] };
};

describe('POST /v1/settlements', () => {
  const send = async (script: Script, form: unknown = swipeForm(), headers: object = bearer('p1')) =>
    (await open(script)).inject({
      method: 'POST',
      url: '/v1/settlements',
      payload: form as object,
      headers: headers as Record<string, string>,
    });

  it('settles with the amounts in yuan, and says who asked', async () => {
    const { orders, post } = recorded();
    const response = await send({ settlements: { post } }, swipeForm(), { ...bearer('p1'), 'x-correlation-id': 'C-1' });
    expect([response.statusCode, response.headers['x-correlation-id'], response.json()]).toEqual([
      201,
      'C-1',
      {
        settlementId: 'S1',
        institutionCode: 'P1',
        serial: '1',
        totalFee: '58.60',
        fundPaid: '0.00',
        accountPaid: { currentYear: '30.00', priorYear: '20.00', total: '50.00' },
        cashPayment: '8.60',
        balanceBefore: '50.00',
        balanceAfter: '0.00',
        cardTail: '0001',
        policy: 'qingdao@2026-01-01',
        decidedAt: T0,
        stream: 'medicalAccount-A1',
        revision: 2,
        eventId: 'E1',
        replayed: false,
      },
    ]);
    expect(orders).toEqual([
      {
        order: expect.objectContaining({
          entry: 'online',
          payment: 'upToBalance',
          occurredAt: T0,
          totalFeeFen: 5860,
          replacesSerial: null,
          lines: [],
        }) as unknown,
        tracing: {
          actor: { principal: 'p1', organisation: 'pharmacy', door: 'http' },
          correlationId: 'C-1',
          causationId: expect.stringMatching(/^[\w-]{12}$/) as unknown,
        },
      },
    ]);
  });

  it('answers a repeat with 200 and the same body, marked', async () => {
    const response = await send({ settlements: { post: async () => done(settled(), true) } });
    expect([response.statusCode, response.json()]).toEqual([200, expect.objectContaining({ settlementId: 'S1', replayed: true })]);
  });

  it('says "none" where the person has no personal account', async () => {
    const response = await send({ settlements: { post: async () => done(settled({ accountPaidFen: null })) } });
    expect(response.json()).toMatchObject({ accountPaid: 'none' });
  });

  it('tells every fault of the form at once, one a field, down to the line', async () => {
    const form = swipeForm({
      serial: 'a b',
      totalFee: '1.234',
      fundPaid: 5,
      occurredAt: '2026-02-30T09:00:00+08:00',
      credential: { kind: 'passport' },
      tip: '1',
      lines: [
        { lineNo: 1, code: 'X', name: '药', quantity: '1', price: '1', amount: '1' },
        { lineNo: 0, code: 'X', name: '药', quantity: '1', price: '1', amount: '-1', gift: true },
        null,
      ],
    });
    const problem = problemOf(await send({}, form));
    expect([problem.status, problem.code, problem.reasons.map(({ code, field }) => `${String(code)} ${String(field)}`).sort()]).toEqual([
      400,
      problem.reasons[0]?.code,
      [
        'field-malformed credential.kind',
        'field-malformed fundPaid',
        'field-malformed lines[1].amount',
        'field-malformed lines[1].lineNo',
        'field-malformed occurredAt',
        'field-malformed serial',
        'field-malformed totalFee',
        'field-missing credential.number',
        'field-missing lines[2]',
        'field-unknown lines[1].gift',
        'field-unknown tip',
      ],
    ]);
    for (const reason of problem.reasons) expect(String(reason.messageZh).length).toBeLessThanOrEqual(60);
  });

  it('lets no free text into the log that names a person by number', async () => {
    const problem = problemOf(await send({}, swipeForm({ entry: 'late', lateReason: '断网 11010519491231002X' })));
    expect(problem.reasons.map(({ field }) => field)).toEqual(['lateReason']);
    expect(JSON.stringify(problem)).not.toContain('1949');
  });

  it.each([
    ['{"a":1,"a":2}', 'json-duplicate-name'],
    ['{"a":{"b":1,"\\u0062":2}}', 'json-duplicate-name'],
    ['{"__proto__":{"x":1}}', 'json-forbidden-name'],
    ['{"\\u005f_proto__":1}', 'json-forbidden-name'],
    ['{"a":', 'json-malformed'],
    ['{"a":"\\ud800"}', 'json-malformed'],
    ['['.repeat(50) + ']'.repeat(50), 'json-too-deep'],
    ['', 'body-missing'],
    ['[]', 'field-malformed'],
    ['null', 'field-malformed'],
  ])('refuses the body %s as 400 %s', async (payload, code) => {
    const app = await open({});
    const response = await app.inject({
      method: 'POST',
      url: '/v1/settlements',
      payload,
      headers: { ...bearer('p1'), 'content-type': 'application/json' },
    });
    expect([response.statusCode, problemOf(response).code]).toEqual([400, code]);
  });

  it('refuses with the primary reason first and amounts of facts in yuan', async () => {
    const row = { messageZh: '余额不足', messageEn: 'not enough', remedyZh: '收现金', remedyEn: 'take cash' };
    const catalogue = { short: { family: 'money', ...row }, closed: { family: 'barred', ...row } } as const;
    const reasons = [{ code: 'short', balanceFen: 120, need: { totalFen: 5860 } }, { code: 'closed' }];
    const response = await send({ catalogue, settlements: { post: async () => ({ kind: 'refused', reasons }) } });
    expect([response.statusCode, problemOf(response)]).toEqual([
      422,
      {
        type: '/problems/short',
        title: 'not enough',
        status: 422,
        code: 'short',
        primaryReason: { code: 'short', balance: '1.20', need: { total: '58.60' }, ...row },
        reasons: [
          { code: 'short', balance: '1.20', need: { total: '58.60' }, ...row },
          { code: 'closed', ...row },
        ],
      },
    ]);
  });

  it('names by its serial what the engine calls by its key', async () => {
    const row = { messageZh: '', messageEn: '', remedyZh: '', remedyEn: '' };
    const catalogue = { gone: { family: 'absent', ...row } } as const;
    const reasons = [{ code: 'gone', settlementKey: 'settlement-P37020000001-A-1_b' }];
    const { primaryReason } = problemOf(await send({ catalogue, settlements: { post: async () => ({ kind: 'refused', reasons }) } }));
    expect(primaryReason).toEqual({ code: 'gone', serial: 'A-1_b', ...row });
  });

  it.each([
    ['absent', 404],
    ['forbidden', 403],
    ['key', 409],
    ['form', 400],
    ['barred', 422],
    ['money', 422],
  ] as const)('answers a refusal of family %s with %i', async (family, status) => {
    const catalogue = { x: { family, messageZh: '', messageEn: '', remedyZh: '', remedyEn: '' } };
    const response = await send({ catalogue, settlements: { post: async () => ({ kind: 'refused', reasons: [{ code: 'x' }] }) } });
    expect(response.statusCode).toBe(status);
  });

  it.each([
    [{ kind: 'contended' }, 503, 'contended'],
    [{ kind: 'outcomeUnknown' }, 503, 'outcome-unknown'],
    [{ kind: 'unavailable', cause: 'full' }, 503, 'store-full'],
    [{ kind: 'unavailable', cause: 'closing' }, 503, 'closing'],
    [{ kind: 'throttled', retryAfterSeconds: 7 }, 429, 'attempt-repeated-too-often'],
  ])('answers %j with %i %s and a time to come back', async (answer, status, code) => {
    const response = await send({ settlements: { post: async () => answer } });
    expect([response.statusCode, problemOf(response).code, Number(response.headers['retry-after']) > 0]).toEqual([status, code, true]);
  });

  it('tells a fault of the engine as 500 without a word of the request', async () => {
    const post = async () => Promise.reject(new Error('QD0000001 exploded'));
    const response = await send({ settlements: { post } });
    expect([response.statusCode, problemOf(response).code, response.body.includes('QD0000001')]).toEqual([500, 'internal-fault', false]);
  });

  it('lets an institution post under its own codes only', async () => {
    const response = await send({}, swipeForm({ institutionCode: 'P9' }));
    expect([response.statusCode, problemOf(response).code]).toEqual([403, 'institution-not-own']);
  });

  it('lets only the agency fill in an approval, and the agency nothing but approved late entries', async () => {
    const { post } = recorded();
    const late = { entry: 'late', lateReason: '断网', approval: 'AP-1' };
    const codes = async (form: object, who: 'p1' | 'agency') => (await send({ settlements: { post } }, form, bearer(who))).statusCode;
    expect(await codes(swipeForm(late), 'p1')).toBe(403);
    expect(await codes(swipeForm(late), 'agency')).toBe(201);
    expect(await codes(swipeForm(), 'agency')).toBe(403);
  });
});

describe('POST /v1/settlements/quote', () => {
  it('answers the same decision and posts nothing', async () => {
    const app = await open({ settlements: { quote: async () => done(settled()) } });
    const response = await app.inject({ method: 'POST', url: '/v1/settlements/quote', payload: swipeForm(), headers: bearer('p1') });
    expect([response.statusCode, response.json()]).toEqual([
      200,
      expect.objectContaining({ accountPaid: { currentYear: '30.00', priorYear: '20.00', total: '50.00' }, quoted: true }),
    ]);
  });
});

describe('GET /v1/settlements/{institutionCode}/{serial}', () => {
  const get = async (script: Script, who: Parameters<typeof bearer>[0], url = '/v1/settlements/P1/1') =>
    (await open(script)).inject({ url, headers: bearer(who) });
  const script: Script = { settlements: { find: async () => standing('partlyUndone'), lines: async () => LINES } };

  it('shows owner, agency and auditor what stands there and what was undone', async () => {
    for (const who of ['p1', 'agency', 'auditor'] as const) {
      expect((await get(script, who)).json()).toMatchObject({
        kind: 'settlement',
        state: 'partlyUndone',
        undone: { amount: '0.00' },
        lines: LINES,
      });
    }
  });

  it('shows another institution nothing, not even whether there is something, unless it is the successor', async () => {
    expect((await get({}, 'p9')).statusCode).toBe(403);
    const institutions = { view: async (code: string) => ({ succeededBy: code === 'P1' ? 'P9' : null }) };
    expect((await get({ ...script, institutions }, 'p9')).statusCode).toBe(200);
  });

  it('says of an unknown serial that it may still come, and what excludes it', async () => {
    const response = await get({ settlements: { find: async () => ({ kind: 'absent' }) } }, 'p1');
    const { code, primaryReason } = problemOf(response);
    expect([response.statusCode, code, primaryReason.messageEn]).toEqual([
      404,
      'settlement-not-found',
      'Not settled up to now; a late arrival is possible; only a reversal excludes it.',
    ]);
    expect(primaryReason.messageZh).toContain('冲正');
  });
});

describe('POST …/cancellation and …/reversal', () => {
  const post = async (act: 'cancellation' | 'reversal', script: Script, who: Parameters<typeof bearer>[0], payload: object) =>
    (await open(script)).inject({ method: 'POST', url: `/v1/settlements/P1/1/${act}`, payload, headers: bearer(who) });

  it('cancels for the owner as the owner and for the agency as the agency', async () => {
    const orders: unknown[] = [];
    const cancel = async (order: unknown) => {
      orders.push(order);
      return done(undone);
    };
    for (const who of ['p1', 'agency'] as const) {
      const response = await post('cancellation', { settlements: { cancel } }, who, { serial: '2', reason: 'returnGoods', amount: '1.5' });
      expect([response.statusCode, response.json()]).toEqual([201, expect.objectContaining({ accountReturned: '50.00', replayed: false })]);
    }
    const order = { institutionCode: 'P1', targetSerial: '1', serial: '2', reason: 'returnGoods', note: null, amountFen: 150 };
    expect(orders).toEqual([
      { ...order, fundReturnedFen: null, byAgency: false },
      { ...order, fundReturnedFen: null, byAgency: true },
    ]);
  });

  it('knows no reason "replaced": that is the word of a settlement that replaces', async () => {
    expect((await post('cancellation', {}, 'p1', { serial: '2', reason: 'replaced' })).statusCode).toBe(400);
  });

  it('reverses, a repeat alike', async () => {
    const reverse = async () => done({ ...undone, kind: 'keyVoided', settlementId: null }, true);
    const response = await post('reversal', { settlements: { reverse } }, 'p1', { serial: '3' });
    expect([response.statusCode, response.json()]).toEqual([200, expect.objectContaining({ kind: 'keyVoided', replayed: true })]);
  });

  it('lets no other institution undo', async () => {
    expect((await post('reversal', {}, 'p9', { serial: '3' })).statusCode).toBe(403);
  });
});
