import { connect } from 'node:net';
import { RateLimit, retryAfter } from '../src/auth/rate-limit';
import type { Door } from '../src/door';
import { connectionsWithin } from '../src/wire/open-files';
import { bearer, done, recorded, type Script, scriptedDoor, settled, swipeForm } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (script: Script = {}, rate?: { perSecond: number; burst: number }): Promise<Door> => {
  const door = await scriptedDoor(script, rate);
  closing.push(() => door.app.close());
  return door;
};
const freezes = { readModels: { freezes: async () => ({ rows: [], next: null, asOfLogIndex: 0 }) } };

describe('the rate of a key', () => {
  it('fills up with time, never beyond its burst, and a clock that goes back gives nothing', () => {
    const rate = new RateLimit(2, 3);
    expect([0, 0, 0].map((now) => rate.take('a', now))).toEqual([0, 0, 0]);
    expect(rate.take('a', 0)).toBe(500);
    expect(rate.take('b', 0)).toBe(0);
    expect(rate.take('a', 500)).toBe(0);
    expect(rate.take('a', 100)).toBe(500);
    expect([10_000, 10_000, 10_000].map((now) => rate.take('a', now))).toEqual([0, 0, 0]);
    expect(rate.take('a', 10_000)).toBeGreaterThan(0);
    expect([retryAfter(1), retryAfter(1_001)]).toEqual(['1', '2']);
  });

  it('keeps no more names than it may where they come from outside', () => {
    const rate = new RateLimit(1, 1, 2);
    for (const name of ['a', 'b', 'c']) rate.take(name, 0);
    expect([rate.wait('a', 0), rate.wait('c', 0)]).toEqual([0, 1_000]); // `a` is forgotten, and so free again.
  });

  it.each([
    ['another spelling of the scheme', { authorization: 'bearer yk_agency_s' }],
    ['another correlation id', { ...bearer('agency'), 'x-correlation-id': 'c-2' }],
    ['another forwarded address', { ...bearer('agency'), 'x-forwarded-for': '10.0.0.9' }],
    ['an operator’s name', { ...bearer('agency'), 'x-yika-operator': 'ann' }],
  ])('is not got round by %s', async (_what, headers) => {
    const { app } = await open(freezes, { perSecond: 1, burst: 1 });
    expect((await app.inject({ url: '/v1/freezes', headers: bearer('agency') })).statusCode).toBe(200);
    expect((await app.inject({ url: '/v1/freezes', headers })).statusCode).toBe(429);
    expect((await app.inject({ url: '/v1/freezes/', headers })).statusCode).toBe(429);
  });

  it('counts each line of a batch: the lines wait, and none is refused for it', async () => {
    const rate = { perSecond: 1_000, burst: 5 };
    const posts = recorded();
    let nowMs = 0;
    const door = await scriptedDoor({ settlements: { post: posts.post } }, rate, () => nowMs);
    closing.push(() => door.app.close());
    const ticking = setInterval(() => {
      nowMs += 1;
    }, 1);
    closing.push(async () => clearInterval(ticking));
    const payload = Array.from({ length: 20 }, (_, i) => `${JSON.stringify(swipeForm({ serial: `B${i}` }))}\n`).join('');
    const headers = { ...bearer('p1'), 'content-type': 'application/x-ndjson' };
    const response = await door.app.inject({ method: 'POST', url: '/v1/settlements/batch', payload, headers });
    const statuses = response.body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status: number }).status);
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 201));
    expect(nowMs).toBeGreaterThanOrEqual(16); // One token for the request and twenty for its lines; five were there.
  });
});

describe('wrong keys', () => {
  const wrong = { authorization: 'Bearer yk_wrong_key' };

  it('of one address are looked up so often and no more; a key that has been right before goes on', async () => {
    const asked: string[] = [];
    const authenticate = async (key: string) => {
      asked.push(key);
      return key === 'yk_agency_s' ? { keyId: 'agency', organisation: 'agency', rights: ['agency'], institutionCodes: [] } : undefined;
    };
    const { app } = await open({ ...freezes, keys: { authenticate } });
    const get = async (headers: Record<string, string>) => (await app.inject({ url: '/v1/freezes', headers })).statusCode;
    expect(await get(bearer('agency'))).toBe(200);
    const statuses = await Promise.all(Array.from({ length: 60 }, () => get(wrong)));
    expect(new Set(statuses)).toEqual(new Set([401]));
    asked.length = 0;
    const late = await app.inject({ url: '/v1/freezes', headers: wrong });
    expect([late.statusCode, late.json(), late.headers['retry-after'], asked]).toEqual([
      429,
      expect.objectContaining({ code: 'unknown-keys-too-many' }),
      '1',
      [],
    ]);
    expect(await get(bearer('agency'))).toBe(200);
    expect((await app.inject({ url: '/metrics' })).body).toMatch(/^yika_http_rate_exceeded_total\{limit="unknownKeys"\} 1$/m);
  });
});

it('a key has so many streams open at once and no more, and gets room when one ends', async () => {
  const follow = async function* (_from: number, signal: AbortSignal) {
    yield { logIndex: 0, bytes: Buffer.from('{}') };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const door = await open({ log: { follow } });
  const { url } = await listening(door);
  const control = new AbortController();
  const followed = async (signal?: AbortSignal) =>
    (await fetch(`${url}/v1/events?follow=true`, { headers: bearer('auditor'), signal })).status;
  const open16 = await Promise.all(Array.from({ length: 16 }, () => followed(control.signal)));
  expect(new Set(open16)).toEqual(new Set([200]));
  expect(await followed()).toBe(429);
  control.abort();
  while ((await followed(AbortSignal.timeout(5_000))) === 429) await new Promise((resolve) => setTimeout(resolve, 20));
});

it('a key has so much of its bodies held at once, whatever it began and did not finish; others go on', async () => {
  const door = await scriptedDoor({ settlements: recorded() }, undefined, undefined, { heldBytesPerKey: 100_000 });
  closing.push(() => door.app.close());
  const { url } = await listening(door);
  const { hostname, port } = new URL(url);
  const begin = (who: 'p1' | 'p9') =>
    new Promise<string>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) });
      const head = `POST /v1/settlements HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n`;
      socket.write(`${head}authorization: ${bearer(who).authorization}\r\n\r\n${' '.repeat(60_000)}`);
      socket.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      socket.on('error', () => undefined);
      setTimeout(() => resolve('waits'), 1_500).unref();
    });
  expect(await begin('p1')).toBe('waits');
  expect(await begin('p1')).toMatch(/^HTTP\/1\.1 429 [\s\S]*bodies-too-many/);
  expect(await begin('p9')).toBe('waits');
  const payload = swipeForm();
  expect((await door.app.inject({ method: 'POST', url: '/v1/settlements', payload, headers: bearer('p1') })).statusCode).toBe(201);
});

const listening = async ({ app }: Door) => {
  await app.listen({ host: '127.0.0.1', port: 0 });
  closing.push(async () => app.getHttpServer().closeAllConnections());
  return { url: await app.getUrl() };
};

it('takes fewer connections than it may when there are not as many files: the log never goes without', () => {
  expect([connectionsWithin(12_000, 768), connectionsWithin(500, 768), connectionsWithin(500, null)]).toEqual([768, 500, 500]);
});

it('asks the engine once, however many want its figures at the same time', async () => {
  let asked = 0;
  const status = async () => {
    asked += 1;
    return [];
  };
  const { app } = await open({ settlements: { post: async () => done(settled()) }, readModels: { status } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject({ url: '/metrics' })));
  expect([new Set(answers.map(({ statusCode }) => statusCode)), asked <= 2]).toEqual([new Set([200]), true]);
});
