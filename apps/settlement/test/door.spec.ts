import type { Door } from '../src/door';
import { bearer, done, recorded, type Script, scriptedDoor, swipeForm, T0 } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (script: Script = {}, rate?: { perSecond: number; burst: number }): Promise<Door> => {
  const door = await scriptedDoor(script, rate);
  closing.push(() => door.app.close());
  return door;
};

describe('who comes in', () => {
  it.each([
    [{}, 'key-missing'],
    [{ authorization: 'Bearer yk_nobody_s' }, 'key-invalid'],
    [{ authorization: 'Basic abc' }, 'key-invalid'],
    [{ authorization: 'Bearer ' }, 'key-invalid'],
  ])('is asked for a key in force: %j', async (headers, code) => {
    const { app } = await open();
    const response = await app.inject({ url: '/v1/freezes', headers: headers as Record<string, string> });
    expect([response.statusCode, response.json(), response.headers['www-authenticate']]).toEqual([
      401,
      expect.objectContaining({ code }),
      expect.stringContaining('Bearer'),
    ]);
  });

  it('is asked before a body is read', async () => {
    const { app } = await open();
    const response = await app.inject({
      method: 'POST',
      url: '/v1/settlements',
      payload: '{"broken',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.statusCode).toBe(401);
  });

  it.each([
    ['GET', '/v1/freezes', 'p1'],
    ['GET', '/v1/accounts/A1', 'p1'],
    ['GET', '/v1/events', 'agency'],
    ['POST', '/v1/accounts', 'auditor'],
    ['POST', '/v1/settlements', 'auditor'],
    ['POST', '/v1/accounts/A1/cards/K1/loss-lifting', 'hotline'],
    ['POST', '/v1/institutions/P1/acts', 'p1'],
  ] as const)('may not %s %s as %s', async (method, url, who) => {
    const { app } = await open();
    const response = await app.inject({ method, url, headers: bearer(who), ...(method === 'POST' ? { payload: {} } : {}) });
    expect([response.statusCode, response.json()]).toEqual([403, expect.objectContaining({ code: 'right-missing' })]);
  });

  it('enables a card only through its own channel', async () => {
    const enableCard = async () => done({ accountId: 'A1', id: 'K1', events: [], decidedAt: T0, stream: 's' });
    const { app } = await open({ accounts: { enableCard } });
    const enable = async (channel: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/accounts/A1/cards/K1/enablement',
        payload: { reference: 'R1', channel, financialAreaActivated: true },
        headers: bearer('hotline'),
      });
    expect([(await enable('hotline')).statusCode, (await enable('bankOutlet')).statusCode]).toEqual([201, 403]);
  });

  it('sees only the own day of an institution', async () => {
    const day = { institutionCode: 'P1', businessDate: '2026-03-01', settlements: 1, accountPaidFen: 5000 };
    const { app } = await open({ institutions: { view: async () => ({}) }, readModels: { institutionDay: async () => day } });
    const get = async (who: 'p1' | 'p9') => app.inject({ url: '/v1/institutions/P1/days/2026-03-01', headers: bearer(who) });
    expect((await get('p1')).json()).toEqual({ institutionCode: 'P1', businessDate: '2026-03-01', settlements: 1, accountPaid: '50.00' });
    expect((await get('p9')).statusCode).toBe(403);
  });

  it('is told to wait when too fast, each key for itself', async () => {
    const { app } = await open(
      { readModels: { freezes: async () => ({ rows: [], next: null, asOfLogIndex: 0 }) } },
      { perSecond: 1, burst: 2 },
    );
    const get = async (who: 'agency' | 'auditor') => app.inject({ url: '/v1/freezes', headers: bearer(who) });
    expect([(await get('agency')).statusCode, (await get('agency')).statusCode]).toEqual([200, 200]);
    const third = await get('agency');
    expect([third.statusCode, third.headers['retry-after'], third.json()]).toEqual([
      429,
      '1',
      expect.objectContaining({ code: 'rate-exceeded' }),
    ]);
    expect((await get('auditor')).statusCode).toBe(200);
    expect((await app.inject({ url: '/metrics' })).body).toMatch(/^yika_http_rate_exceeded_total\{limit="key"\} 1$/m);
  });
});

describe('what is no request of ours is a problem of the client', () => {
  it.each([
    ['GET', '/nowhere', 404, 'route-not-found'],
    ['GET', '/v1', 404, 'route-not-found'],
    ['DELETE', '/v1/settlements/P1/1', 405, 'method-not-allowed'],
    ['HEAD', '/v1/settlements/P1/1/receipt', 405, 'method-not-allowed'],
    ['PUT', '/v1/settlements', 405, 'method-not-allowed'],
    ['GET', '/v1/%ZZ', 400, 'url-malformed'],
    ['GET', '/v1/freezes?limit=0', 400, 'field-malformed'],
    ['GET', '/v1/freezes?limit=1&limit=2', 400, 'field-malformed'],
    ['GET', '/v1/freezes?who=me', 400, 'field-unknown'],
    ['GET', '/v1/accounts/a%20b', 400, 'field-malformed'],
    ['GET', '/v1/accounts/A1?asOf=yesterday', 400, 'field-malformed'],
  ] as const)('%s %s → %i %s', async (method, url, status, code) => {
    const { app } = await open();
    const response = await app.inject({ method, url, headers: bearer('agency') });
    expect([response.statusCode, response.headers['content-type']]).toEqual([status, expect.stringMatching(/^application\/problem\+json/)]);
    if (method !== 'HEAD') expect(response.json()).toMatchObject({ status, code, primaryReason: { code } });
    if (status === 405) expect(response.headers.allow).toMatch(/GET|POST/);
  });

  it.each([
    ['text/plain', '{}', 415, 'content-type-unsupported'],
    ['application/xml', '<a/>', 415, 'content-type-unsupported'],
    ['application/x-www-form-urlencoded', 'a=1', 415, 'content-type-unsupported'],
    ['application/x-ndjson', '{}', 415, 'content-type-unsupported'],
    ['application/json', `{"a":"${'x'.repeat(1_100_000)}"}`, 413, 'body-too-large'],
  ])('a body of %s → %i', async (contentType, payload, status, code) => {
    const { app } = await open();
    const headers = { ...bearer('p1'), 'content-type': contentType };
    const response = await app.inject({ method: 'POST', url: '/v1/settlements', payload, headers });
    expect([response.statusCode, response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it('a POST without any body → 400', async () => {
    const { app } = await open();
    const response = await app.inject({ method: 'POST', url: '/v1/settlements', headers: bearer('p1') });
    expect([response.statusCode, response.headers['content-type']]).toEqual([400, expect.stringMatching(/problem/)]);
  });

  it('a log index that the lists have not come to → 503, with where they are and when to ask again', async () => {
    const asked: unknown[] = [];
    const behind = (atLeast: unknown) => {
      asked.push(atLeast);
      return Promise.reject(Object.assign(new Error('behind'), { code: 'not-yet-projected', minLogIndex: 9, asOfLogIndex: 7 }));
    };
    const { app } = await open({
      institutions: { view: async () => ({}) },
      readModels: {
        freezes: (_: unknown, page: unknown) => behind(page),
        cardTransfers: (_: unknown, page: unknown) => behind(page),
        institutionDay: (_code: string, _date: string, atLeast: unknown) => behind(atLeast),
      },
    });
    for (const path of ['freezes', 'card-transfers', 'institutions/P1/days/2026-03-01']) {
      const response = await app.inject({ url: `/v1/${path}?minLogIndex=9`, headers: bearer('agency') });
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
      expect(response.json()).toMatchObject({ code: 'not-yet-projected', primaryReason: { minLogIndex: 9, asOfLogIndex: 7 } });
      expect((await app.inject({ url: `/v1/${path}?minLogIndex=-1`, headers: bearer('agency') })).statusCode).toBe(400);
    }
    expect(asked).toEqual([{ limit: 100, minLogIndex: 9 }, { limit: 100, minLogIndex: 9 }, { minLogIndex: 9 }]);
  });

  it('a cursor of another list → 400', async () => {
    const freezes = async () => Promise.reject(Object.assign(new Error('not a cursor'), { code: 'cursor-form' }));
    const { app } = await open({ readModels: { freezes } });
    expect((await app.inject({ url: '/v1/freezes?cursor=abc', headers: bearer('agency') })).json()).toMatchObject({
      status: 400,
      code: 'cursor-form',
    });
  });
});

describe('opening an account', () => {
  const post = async (payload: object, script: Script = {}) => {
    const { app } = await open(script);
    return app.inject({ method: 'POST', url: '/v1/accounts', payload, headers: bearer('agency') });
  };
  const person = { identityKind: '01', identityNumber: '11010519491231002X', name: '张三' };
  const form = { reference: 'R1', poolingArea: '370200', insuranceType: 'employee', person };

  it('answers with the account and nothing of the person', async () => {
    const open = async () =>
      done({
        accountId: 'A1',
        id: 'A1',
        decidedAt: T0,
        stream: 'medicalAccount-A1',
        events: [
          {
            type: 'AccountOpened.v1',
            eventId: 'E1',
            revision: 0,
            data: { accountId: 'A1', commitments: { name: 'x' }, key: 'k', commandHash: 'h' },
          },
        ],
      });
    const response = await post(form, { accounts: { open } });
    expect([response.statusCode, response.json()]).toEqual([
      201,
      {
        accountId: 'A1',
        id: 'A1',
        events: [{ type: 'AccountOpened.v1', eventId: 'E1', revision: 0, accountId: 'A1' }],
        decidedAt: T0,
        stream: 'medicalAccount-A1',
        replayed: false,
      },
    ]);
  });

  it('refuses a number whose check character is wrong, without repeating it, beside the other faults', async () => {
    const response = await post({ ...form, poolingArea: '', person: { ...person, identityNumber: '110105194912310021' } });
    const { reasons } = response.json<{ reasons: { field: string }[] }>();
    expect([response.statusCode, reasons.map(({ field }) => field).sort()]).toEqual([400, ['person.identityNumber', 'poolingArea']]);
    expect(response.body).not.toContain('110105194912310021');
  });
});

describe('freezes', () => {
  it.each([
    [{ kind: 'amount' }, ['scope.amount']],
    [{ kind: 'cardArea', amount: '1' }, ['scope.amount', 'scope.cardId']],
    [{ kind: 'person', cardId: 'K1' }, ['scope.cardId']],
  ])('a scope %j brings its own field and no other', async (scope, fields) => {
    const { app } = await open();
    const payload = { reference: 'R', scope, cause: 'death', legalDocument: '文书' };
    const response = await app.inject({ method: 'POST', url: '/v1/accounts/A1/freezes', payload, headers: bearer('agency') });
    expect(
      response
        .json<{ reasons: { field: string }[] }>()
        .reasons.map(({ field }) => field)
        .sort(),
    ).toEqual(fields);
  });
});

describe('the log', () => {
  const logged = (logIndex: number) => ({ logIndex, bytes: Buffer.from(`{"id":"${logIndex}","钱":1}`) });

  it('is sent with the stored bytes verbatim, from the index asked for', async () => {
    const read = async function* (from: number) {
      for (let i = from; i < 5; i += 1) yield logged(i);
    };
    const { app } = await open({ log: { read } });
    const response = await app.inject({ url: '/v1/events?from=3', headers: bearer('auditor') });
    expect([response.headers['content-type'], response.body]).toEqual([
      'application/x-ndjson; charset=utf-8',
      '{"logIndex":3,"event":{"id":"3","钱":1}}\n{"logIndex":4,"event":{"id":"4","钱":1}}\n',
    ]);
  });

  it('stops following when the client has gone, and when the door closes', async () => {
    const signals: AbortSignal[] = [];
    const follow = async function* (_from: number, signal: AbortSignal) {
      signals.push(signal);
      yield logged(0);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const { app, streams } = await open({ log: { follow } });
    await app.listen(0, '127.0.0.1');
    const connect = async () => {
      const leave = new AbortController();
      const response = await fetch(`${await app.getUrl()}/v1/events?follow=true`, { headers: bearer('auditor'), signal: leave.signal });
      if (!response.body) throw new Error('no body');
      const reader = response.body.getReader();
      await reader.read();
      return { leave, reader };
    };
    const first = await connect();
    first.leave.abort();
    await new Promise((resolve) => signals[0]?.addEventListener('abort', resolve));
    const second = await connect();
    streams.closeAll();
    expect([(await second.reader.read()).done, signals[1]?.aborted]).toEqual([true, true]);
  });
});

describe('health and metrics', () => {
  it('is ready, or says why not with 503', async () => {
    const reasons = [{ code: 'clock-behind', messageZh: '时钟落后', messageEn: 'the clock is behind' }];
    const { app } = await open({ readiness: async () => ({ ready: false, reasons }) });
    const response = await app.inject({ url: '/health/ready' });
    expect([response.statusCode, response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'not-ready', reasons: [expect.objectContaining(reasons[0])] }),
    ]);
    expect((await app.inject({ url: '/health/live' })).json()).toEqual({ status: 'live' });
    const sound = await open();
    expect((await sound.app.inject({ url: '/health/ready' })).statusCode).toBe(200);
  });

  it('counts settled and refused swipes by reason, and tells nothing of a request', async () => {
    const row = { family: 'money', messageZh: '', messageEn: '', remedyZh: '', remedyEn: '' } as const;
    const { post } = recorded();
    const scripted = async (order: { serial: string }) =>
      order.serial === '1' ? post(order as never, null) : { kind: 'refused', reasons: [{ code: 'short' }] };
    const { app } = await open({ catalogue: { short: row }, settlements: { post: scripted } });
    for (const serial of ['1', 'SECRET-2']) {
      await app.inject({ method: 'POST', url: '/v1/settlements', payload: swipeForm({ serial }), headers: bearer('p1') });
    }
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toMatch(/^yika_settlements_total\{replayed="false"\} 1$/m);
    expect(body).toMatch(/^yika_settlements_refused_total\{code="short"\} 1$/m);
    expect(body).toMatch(/^yika_http_request_duration_seconds_count\{method="POST",route="\/v1\/settlements",status="422"\} 1$/m);
    expect(body).not.toContain('SECRET');
  });
});
