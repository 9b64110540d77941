import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenLocally } from '../../apps/settlement/src/admin-socket';
import { examples } from '../../apps/settlement/src/documents';
import { makeDoor } from '../../apps/settlement/src/door';
import { silentLog } from '../../apps/settlement/src/door-log';
import { readSettings } from '../../apps/settlement/src/settings';
import { wire } from '../../apps/settlement/src/wiring';

const { SAMPLE } = examples;

type Fields = Record<string, unknown>;
export type Reply = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  body: Fields;
}>;
export type Call = Readonly<{ key?: string; body?: unknown; headers?: Readonly<Record<string, string>> }>;
export type HttpRegion = Readonly<{
  folder: string;
  origin: string;
  keys: Record<'agency' | 'auditor' | 'bankOutlet' | 'pharmacy' | 'stranger', string>;
  call: (method: 'GET' | 'POST' | 'DELETE', path: string, call?: Call) => Promise<Reply>;
  local: (method: 'GET' | 'POST', path: string, body?: unknown, operator?: string) => Promise<Reply>;
  /** Waits until the projections have what the log holds now. */
  projected: () => Promise<void>;
  close: () => Promise<void>;
}>;

const PACKS = join(__dirname, '../../libs/policy/packs');

/** The whole engine with both its doors, on a folder of its own and a port of the system's choice; packs and one pharmacy set up over HTTP. */
export const httpRegion = async (): Promise<HttpRegion> => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-http-'));
  const { settings } = readSettings({ YIKA_DATA: folder, YIKA_RATE_PER_SECOND: '100000', YIKA_RATE_BURST: '100000' });
  const wired = await wire(settings, {}, silentLog);
  const door = await makeDoor({ ...wired, log: silentLog, ratePerSecond: 1e5, rateBurst: 1e5, nowMs: () => performance.now() });
  const stopLocal = await listenLocally(door.localServer, folder);
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  const origin = await door.app.getUrl();
  const { socketPath } = JSON.parse(readFileSync(join(folder, 'admin.json'), 'utf8')) as { socketPath: string };

  const local: HttpRegion['local'] = (method, path, body, operator) =>
    send({ socketPath }, { method, path, body, headers: operator ? { 'x-yika-operator': operator } : {} });
  const call: HttpRegion['call'] = (method, path, { key, body, headers } = {}) => {
    const { hostname, port } = new URL(origin);
    const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    return send({ host: hostname, port: Number(port) }, { method, path, body, headers: { ...authorization, ...headers } });
  };
  for (const city of ['qingdao', 'jinan']) {
    const yaml = readFileSync(join(PACKS, `${city}.yaml`), 'utf8');
    const { packId, hash } = must(await local('POST', '/admin/v1/packs', { file: `${city}.yaml`, yaml }, 'ann'));
    must(await local('POST', '/admin/v1/packs/approvals', { packId, hash }, 'ben'));
  }
  const keyFor = async (organisation: string, right: string, institutionCodes: string[] = [], outletCodes: string[] = []) =>
    String(must(await local('POST', '/admin/v1/keys', { organisation, rights: [right], institutionCodes, outletCodes, note: '-' })).key);
  const keys = {
    agency: await keyFor('agency', 'agency'),
    auditor: await keyFor('auditor', 'auditor'),
    bankOutlet: await keyFor('bank', 'bankOutlet', [], ['B0101']),
    pharmacy: await keyFor('chain', 'institution', [SAMPLE.institutionCode]),
    stranger: await keyFor('other', 'institution', ['P37020099999']),
  };
  const region: HttpRegion = {
    folder,
    origin,
    keys,
    call,
    local,
    projected: async () => {
      await wired.readModels.caughtUp(await wired.engine.log.last());
    },
    close: async () => {
      door.streams.closeAll();
      await wired.engine.drain();
      await Promise.all([door.app.close(), stopLocal()]);
      await wired.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await setUpPharmacy(region);
  return region;
};

/** The body of a success. @throws Error with the problem otherwise: the test has set up something wrong. */
export const must = ({ status, body }: Reply): Fields => {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};

const setUpPharmacy = async ({ call, keys }: HttpRegion): Promise<void> => {
  const path = `/v1/institutions/${SAMPLE.institutionCode}`;
  const act = async (where: string, body: Fields) => must(await call('POST', `${path}${where}`, { key: keys.agency, body }));
  const register = { name: '示例大药房', kind: 'pharmacy', poolingArea: SAMPLE.poolingArea, identityCheckEquipped: false };
  await act('', { reference: 'set-up-1', ...register });
  await act('/acts', {
    reference: 'set-up-2',
    act: 'signAgreement',
    agreementNo: 'A1',
    from: '2020-01-01',
    until: '2039-12-31',
    services: ['pharmacy'],
  });
  const media = ['stripe', 'contactChip', 'contactless', 'qr'];
  await act('/acts', { reference: 'set-up-3', act: 'registerTerminal', terminalCode: SAMPLE.terminalCode, media });
};

/** A holder of Qingdao with a card in use and money on it; amounts in yuan. */
export const holder = async (
  { call, keys }: HttpRegion,
  { cardNumber, amount, person }: Readonly<{ cardNumber: string; amount: string; person: Fields }>,
): Promise<Readonly<{ accountId: string; cardId: string }>> => {
  const post = async (path: string, body: Fields) => must(await call('POST', path, { key: keys.agency, body }));
  const open = { reference: 'holder-1', poolingArea: SAMPLE.poolingArea, insuranceType: 'employee', person };
  const accountId = String((await post('/v1/accounts', open)).id);
  const card = { reference: 'holder-2', cardNumber, kind: 'socialSecurity3', state: 'inUse' };
  const cardId = String((await post(`/v1/accounts/${accountId}/cards`, card)).id);
  await post(`/v1/accounts/${accountId}/credits`, { reference: 'holder-3', source: 'contribution', amount });
  return { accountId, cardId };
};

/** A swipe at the sample's pharmacy, all of it the holder's own. */
export const swipeOf = (cardNumber: string, serial: string, totalFee: string, over: Fields = {}): Fields => ({
  institutionCode: SAMPLE.institutionCode,
  serial,
  occurredAt: new Date().toISOString(),
  credential: { kind: 'socialSecurityCard', number: cardNumber },
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  totalFee,
  fundPaid: '0',
  accountEligible: totalFee,
  holderCheck: { method: 'password' },
  operatorCode: SAMPLE.operatorCode,
  terminalCode: SAMPLE.terminalCode,
  ...over,
});

type Target = Readonly<{ socketPath: string }> | Readonly<{ host: string; port: number }>;
type Sending = Readonly<{ method: string; path: string; body?: unknown; headers: Readonly<Record<string, string>> }>;

const send = (target: Target, { method, path, body, headers }: Sending): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const type: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json' };
    const sent = httpRequest({ ...target, method, path, agent: false, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json(;|$)/.test(response.headers['content-type'] ?? '') && !/ndjson/.test(response.headers['content-type'] ?? '');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Fields) : {} });
      });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
