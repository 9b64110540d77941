import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { makeDoor } from '../../apps/settlement/src/door';
import { silentLog } from '../../apps/settlement/src/door-log';
import { type EngineUnderTest, runEngine } from '../crash/engine-process';
import { doorOf, must, PHARMACY, type Region, setUpRegion } from '../crash/region';
import { runs } from '../support/property-runs';
import { type Endpoint, type Hostile, hostile } from './fuzz-corpus';
import { sendRaw, targetOf, wrongWith } from './raw-request';
import { swipeOf } from './swipes';

const REQUESTS_EACH = 25;
const RIGHTS = ['institution', 'agency', 'auditor', 'bankOutlet', 'centre', 'hotline'];

type Operation = Readonly<{ requestBody?: { content: Record<string, { examples?: { sample?: { value?: unknown } } }> } }>;
type Documents = Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }>;

/** Every route that the door has: a new one is fuzzed without a word here. */
const routesOfTheDoor = async () => {
  const nobody = {} as never;
  const door = await makeDoor({ engine: nobody, readModels: nobody, log: silentLog, ratePerSecond: 1, rateBurst: 1, nowMs: () => 0 });
  const routes = door.routes.all().filter(({ method }) => method !== 'HEAD');
  await door.app.close();
  return routes;
};

describe('every endpoint, whatever it is sent', () => {
  let folder: string;
  let engine: EngineUnderTest;
  let region: Region;
  let endpoints: readonly Endpoint[];
  let allRights: string;
  let documented: ReadonlySet<string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yika-fuzz-'));
    engine = await runEngine({ folder });
    region = await setUpRegion(engine, 2);
    const [network, operator] = [doorOf(engine), doorOf(engine, 'operator')];
    const key = { organisation: 'fuzz', rights: RIGHTS, institutionCodes: [PHARMACY, 'P37020000002'], note: '-' };
    allRights = String(must(await operator.call('POST', '/admin/v1/keys', { body: key })).key);
    const { paths } = (await network.call('GET', '/docs-json')).body as Documents;
    await Promise.all([network.close(), operator.close()]);
    const operationAt = ({ method, url }: { method: string; url: string }) => paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const routes = await routesOfTheDoor();
    documented = new Set(routes.filter((route) => operationAt(route)).map(({ method, url }) => `${method} ${url}`));
    endpoints = routes.map((route) => {
      const [type = 'application/json', content] = Object.entries(operationAt(route)?.requestBody?.content ?? {})[0] ?? [];
      const sample = content?.examples?.sample?.value;
      return { ...route, type, example: sample === undefined ? undefined : typeof sample === 'string' ? sample : JSON.stringify(sample) };
    });
  });
  afterAll(async () => {
    await engine.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async ({ method, url }: Endpoint, { path, headers, body }: Hostile) => {
    const isLocal = url.startsWith('/admin/');
    const head = [
      `${method} ${path} HTTP/1.1`,
      'host: localhost',
      'connection: close',
      ...(isLocal ? ['x-yika-operator: fuzz'] : [`authorization: Bearer ${allRights}`]),
      ...headers,
      ...(body === undefined ? [] : [`content-length: ${body.byteLength}`]),
    ];
    return sendRaw(targetOf(isLocal ? engine.socketPath : engine.origin), [`${head.join('\r\n')}\r\n\r\n`, ...(body ? [body] : [])]);
  };

  it('is in the documents, except for those that show the documents and those of the admin socket', () => {
    const missing = endpoints.filter(({ method, url }) => !documented.has(`${method} ${url}`)).map(({ url }) => url);
    expect(missing.filter((url) => !/^\/(docs|admin)/.test(url))).toStrictEqual([]);
    expect(documented.size).toBeGreaterThan(30);
  });

  it('answers with a fault of the client and names it, never with one of its own; and a swipe is settled meanwhile', async () => {
    const real = {
      id: region.holders[1]?.accountId ?? '',
      institutionCode: PHARMACY,
      code: 'P37020000002',
      serial: 'F1',
      date: '2026-03-01',
    };
    const faults: string[] = [];
    const statuses = new Map<string, Set<number>>();
    for (const [nth, endpoint] of endpoints.entries()) {
      const at = `${endpoint.method} ${endpoint.url}`;
      const seen = new Set<number>();
      statuses.set(at, seen);
      const property = fc.asyncProperty(hostile(endpoint, real), async (request) => {
        const outcome = await send(endpoint, request);
        seen.add(outcome.status);
        const wrong = wrongWith(outcome);
        const { path, headers, body, what } = request;
        if (wrong.length > 0)
          faults.push(
            `${at} as ${path.slice(0, 80)} [${headers.join().slice(0, 80)}] ${body?.length ?? 0} B, ${what}: ${wrong.join('; ')}`,
          );
        return wrong.length === 0;
      });
      await fc.check(property, { ...runs(REQUESTS_EACH, nth), endOnFailure: true }); // Bodies are too large to be shown with a failure.
      await aSwipeIsSettled(`during-${nth}`);
    }
    expect(faults).toStrictEqual([]);
    // What takes a form has refused forms: otherwise nothing of the above has come as far as the endpoint.
    const openHearted = endpoints
      .filter(({ example }) => example !== undefined)
      .filter(({ method, url }) => !statuses.get(`${method} ${url}`)?.has(400));
    expect(openHearted.map(({ url }) => url).filter((url) => !/batch|quote/.test(url))).toStrictEqual([]);
  }, 1_800_000);

  const aSwipeIsSettled = async (serial: string) => {
    const holder = region.holders[0];
    if (!holder) throw new Error('no holder');
    const door = doorOf(engine);
    try {
      const answer = await door.call('POST', '/v1/settlements', { key: region.pharmacyKey, body: swipeOf(holder.cardNumber, serial) });
      expect(answer).toMatchObject({ status: 201, body: { serial, cashPayment: '0.00' } });
    } finally {
      await door.close();
    }
  };
});
