import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenLocally } from '../src/admin-socket';
import type { Door } from '../src/door';
import { bearer, done, recorded, type Script, scriptedDoor, swipeForm } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (script: Script): Promise<Door> => {
  const door = await scriptedDoor(script);
  closing.push(() => door.app.close());
  return door;
};

describe('the admin socket', () => {
  const openLocally = async (script: Script = {}) => {
    const door = await open(script);
    const folder = mkdtempSync(join(tmpdir(), 'yika-door-'));
    const stop = await listenLocally(door.localServer, folder);
    closing.push(async () => {
      await stop();
      rmSync(folder, { recursive: true });
    });
    const { socketPath } = JSON.parse(readFileSync(join(folder, 'admin.json'), 'utf8')) as { socketPath: string };
    const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
      new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
        const sent = request(
          { socketPath, method, path, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers } },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => {
              text += chunk.toString();
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }));
          },
        );
        sent.on('error', reject).end(body ? JSON.stringify(body) : undefined);
      });
    return { door, socketPath, call };
  };

  it('belongs to the owner of the process alone', async () => {
    const { socketPath } = await openLocally();
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  });

  it('is the only way to keys and packs, however the address is written and whatever key is shown', async () => {
    const list = async () => [];
    const { door, call } = await openLocally({
      keys: { list, authenticate: async () => ({ keyId: 'x', organisation: 'o', rights: ['operator'], institutionCodes: [] }) },
    });
    expect((await call('GET', '/admin/v1/keys')).body).toEqual({ keys: [] });
    for (const url of ['/admin/v1/keys', '/%61dmin/v1/keys', '/admin/v1/keys/']) {
      const response = await door.app.inject({ url, headers: { ...bearer('agency'), 'x-yika-operator': 'ann' } });
      expect([url, response.statusCode]).toEqual([url, 404]);
    }
  });

  it('names who is at the keyboard, and asks for it where two must be different', async () => {
    const principals: unknown[] = [];
    const propose = async (_yaml: string, _file: string, { actor }: { actor: object }) => {
      principals.push(actor);
      return done({ packId: 'p', hash: 'h' });
    };
    const { call } = await openLocally({ packs: { propose } });
    const body = { file: 'a.yaml', yaml: 'a: 1' };
    expect((await call('POST', '/admin/v1/packs', body)).body).toMatchObject({ status: 400, code: 'operator-name-missing' });
    expect((await call('POST', '/admin/v1/packs', body, { 'x-yika-operator': 'ann' })).status).toBe(201);
    expect(principals).toEqual([{ principal: 'local-operator:ann', organisation: 'operator', door: 'admin' }]);
  });

  it('is given the documents as they are written down: the same text every time', async () => {
    const { call } = await openLocally();
    const [one, two] = [await call('GET', '/docs-json'), await call('GET', '/docs-json')].map(({ body }) => JSON.stringify(body));
    expect([one === two, one?.includes('"serial":"DOC-0001"')]).toEqual([true, true]);
  });

  it('opens every other route, too', async () => {
    const { post } = recorded();
    const { call } = await openLocally({ settlements: { post } });
    expect((await call('POST', '/v1/settlements', swipeForm())).status).toBe(201);
  });

  it('gives no key the right of an institution without an institution', async () => {
    const { call } = await openLocally();
    const answer = await call('POST', '/admin/v1/keys', { organisation: 'x', rights: ['institution'], institutionCodes: [], note: '-' });
    expect([answer.status, (answer.body.reasons as { field: string }[]).map(({ field }) => field)]).toEqual([400, ['institutionCodes']]);
  });
});
