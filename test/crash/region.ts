import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Pool } from 'undici';
import { identityNumberFor } from '#libs/kernel';
import type { EngineUnderTest } from './engine-process';

export type Fields = Readonly<Record<string, unknown>>;
export type Reply = Readonly<{ status: number; body: Fields }>;
export type Door = Readonly<{
  call: (method: 'GET' | 'POST', at: string, more?: Readonly<{ key?: string; body?: object; name?: string }>) => Promise<Reply>;
  close: () => Promise<void>;
}>;
export type Holder = Readonly<{ accountId: string; cardNumber: string; openingFen: number }>;
/** Keys and holders of a region that outlives the engine which it was set up in. */
export type Region = Readonly<{ agencyKey: string; pharmacyKey: string; holders: readonly Holder[] }>;

export const PHARMACY = 'P37020000001';
const PACKS = path.resolve(__dirname, '../../libs/policy/packs');
const OPENING_YUAN = 5_000;

/** A door of the engine; calls go over connections that stay open. Throws: when the engine cannot be reached or is killed meanwhile. */
export const doorOf = ({ origin, socketPath }: EngineUnderTest, who: 'network' | 'operator' = 'network', connections = 64): Door => {
  const pool = who === 'network' ? new Pool(origin, { connections }) : new Pool('http://admin.invalid', { socketPath, connections: 1 });
  return {
    call: async (method, at, { key, body, name } = {}) => {
      const headers = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(name === undefined ? {} : who === 'operator' ? { 'x-yika-operator': name } : { 'x-correlation-id': name }),
      };
      const answer = await pool.request({ method, path: at, headers, body: body === undefined ? null : JSON.stringify(body) });
      return { status: answer.statusCode, body: (await answer.body.json()) as Fields };
    },
    close: () => pool.destroy(),
  };
};

/** The body of a success. @throws Error with the problem otherwise: the test has set up something wrong. */
export const must = ({ status, body }: Reply): Fields => {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};

/** Packs, keys, a pharmacy in order, and holders with a card in use and money on it, over both doors. */
export const setUpRegion = async (engine: EngineUnderTest, holders: number): Promise<Region> => {
  const [network, operator] = [doorOf(engine), doorOf(engine, 'operator')];
  try {
    const act = async (at: string, body: object, name?: string) =>
      must(await operator.call('POST', at, name === undefined ? { body } : { body, name }));
    const yaml = readFileSync(path.join(PACKS, 'qingdao.yaml'), 'utf8');
    const { packId, hash } = await act('/admin/v1/packs', { file: 'qingdao.yaml', yaml }, 'ann');
    await act('/admin/v1/packs/approvals', { packId, hash }, 'ben');
    const keyFor = async (right: string, institutionCodes: string[] = []) =>
      String((await act('/admin/v1/keys', { organisation: right, rights: [right], institutionCodes, note: '-' })).key);
    const agencyKey = await keyFor('agency');
    const pharmacyKey = await keyFor('institution', [PHARMACY]);
    const post = async (at: string, body: object) => must(await network.call('POST', at, { key: agencyKey, body }));
    await setUpPharmacy(post);
    const made = Array.from({ length: holders }, (_, n) => openHolder(post, n));
    return { agencyKey, pharmacyKey, holders: await Promise.all(made) };
  } finally {
    await Promise.all([network.close(), operator.close()]);
  }
};

type Post = (at: string, body: object) => Promise<Fields>;

const setUpPharmacy = async (post: Post): Promise<void> => {
  const at = `/v1/institutions/${PHARMACY}`;
  await post(at, { reference: 'i-1', name: '示例大药房', kind: 'pharmacy', poolingArea: '370200', identityCheckEquipped: false });
  const agreement = { agreementNo: 'A1', from: '2020-01-01', until: '2039-12-31', services: ['pharmacy'] };
  await post(`${at}/acts`, { reference: 'i-2', act: 'signAgreement', ...agreement });
  const media = ['stripe', 'contactChip', 'contactless', 'qr'];
  await post(`${at}/acts`, { reference: 'i-3', act: 'registerTerminal', terminalCode: 'T1', media });
};

export const openHolder = async (post: Post, n: number): Promise<Holder> => {
  const cardNumber = `C${String(10_000_000 + n)}`;
  const identityNumber = identityNumberFor('370200', `19${50 + (n % 40)}-01-01`, String(100 + (n % 800)));
  const person = { identityKind: '01', identityNumber, name: '张三丰' };
  const opened = await post('/v1/accounts', { reference: `open-${n}`, poolingArea: '370200', insuranceType: 'employee', person });
  const at = `/v1/accounts/${String(opened.id)}`;
  await post(`${at}/cards`, { reference: `card-${n}`, cardNumber, kind: 'socialSecurity3', state: 'inUse' });
  await post(`${at}/credits`, { reference: `first-${n}`, source: 'contribution', amount: `${OPENING_YUAN}.00` });
  return { accountId: String(opened.id), cardNumber, openingFen: OPENING_YUAN * 100 };
};
