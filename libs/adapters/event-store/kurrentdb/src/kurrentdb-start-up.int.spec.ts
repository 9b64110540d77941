import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPENDED, appendOf } from '../../../../../test/contract/appends';
import { ScriptedKurrentDb, type ScriptedOptions } from '../../../../../test/support/scripted-kurrentdb';
import { CERTIFICATE, KEY } from '../../../../../test/support/scripted-kurrentdb/certificate';
import { HASTY, onKurrentDb } from '../../../../../test/support/scripted-kurrentdb/on-kurrentdb';
import { KurrentDbStartUpError } from './errors';
import { openKurrentDbEventReader, openKurrentDbEventStore } from './event-store';

const place = onKurrentDb();
let folder: string;
let caFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yika-kurrentdb-'));
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, CERTIFICATE);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(place.letGo);

const TLS = { key: KEY, certificate: CERTIFICATE };
/** Units: waitMs in milliseconds. */
const codeOf = async (url: string, waitMs: number = HASTY.startUpMs): Promise<string> => {
  const thrown: unknown = await openKurrentDbEventStore({ ...HASTY, url, startUpMs: waitMs }).then(
    (store) => store.close(),
    (error: unknown) => error,
  );
  if (!(thrown instanceof KurrentDbStartUpError)) return String(thrown);
  expect(thrown.message).toMatch(/\p{Script=Han}.*[A-Za-z ]{10}/su);
  expect(thrown.message).not.toMatch(/s3cret/);
  return thrown.code;
};
const served = async (options: ScriptedOptions): Promise<string> => (await place.serve(options)).url;

describe('KurrentDB: what keeps the engine from starting is said in Chinese and English', () => {
  it('opens with TLS, a trusted certificate and the right password', async () => {
    const server = await place.serve({ tls: TLS, login: 'yika:s3cret' });
    const store = await place.open(server, { url: `${server.url}&tlsCAFile=${encodeURIComponent(caFile)}` });
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED);
  });

  it('tells a wrong password, and does not repeat it', async () => {
    const server = await place.serve({ tls: TLS, login: 'yika:right' });
    const url = server.url.replace('yika:right', 'yika:s3cret');
    expect(await codeOf(`${url}&tlsCAFile=${encodeURIComponent(caFile)}`)).toBe('kurrentdb-credentials');
  });

  it('tells a certificate that is not trusted, and a side that does not speak TLS', async () => {
    expect(await codeOf(await served({ tls: TLS, login: 'yika:s3cret' }))).toBe('kurrentdb-certificate');
    expect(await codeOf((await served({})).replace('tls=false', 'tls=true'))).toBe('kurrentdb-certificate');
  });

  it('tells a certificate file that is not there', async () => {
    expect(await codeOf('esdb://yika:s3cret@localhost:2113?tls=true&tlsCAFile=/nowhere/ca.pem')).toBe('kurrentdb-url');
  });

  it.each(['localhost:2113', 'http://localhost', 'esdb://yika:s3cret@', 'esdb://yika:s3cret@localhost:port'])(
    'tells a connection string that is none: %s',
    async (url) => {
      expect(await codeOf(url)).toBe('kurrentdb-url');
    },
  );

  it('tells a server that is too old, by its version and by what it can do', async () => {
    expect(await codeOf(await served({ version: '22.10.5.0' }))).toBe('kurrentdb-too-old');
    expect(await codeOf(await served({ canBatch: false }))).toBe('kurrentdb-too-old');
  });

  it('tells a user who may not read $all, and one who may not write', async () => {
    expect(await codeOf(await served({ mayReadAll: false }))).toBe('kurrentdb-rights');
    expect(await codeOf(await served({ mayWrite: false }))).toBe('kurrentdb-rights');
  });

  it('tells a node that is read-only and knows no leader', async () => {
    expect(await codeOf(await served({ readOnly: true }), 500)).toBe('kurrentdb-read-only');
  });

  it('tells a server that is not there, after waiting for it', async () => {
    const server = await ScriptedKurrentDb.start();
    server.kill();
    expect(await codeOf(server.url, 500)).toBe('kurrentdb-unreachable');
  });

  it('waits for a server that is starting', async () => {
    const gone = await ScriptedKurrentDb.start();
    gone.kill();
    const opening = openKurrentDbEventStore({ ...HASTY, url: gone.url, startUpMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await place.serve({ port: gone.port });
    await (await opening).close();
  });

  it('tells a log of a layout that it does not know', async () => {
    const server = await place.serve();
    await (await place.open(server)).close();
    server.log.falsify('spec.header', 0, (event) => ({ ...event, data: Buffer.from('{"layout":9,"marksEvery":1000}') }));
    expect(await codeOf(server.url)).toBe('kurrentdb-layout');
  });

  it('tells a reader that there is no log', async () => {
    const server = await place.serve();
    await expect(openKurrentDbEventReader({ ...HASTY, url: server.url })).rejects.toMatchObject({ code: 'kurrentdb-no-log' });
  });

  it('takes no name of a log that would reach into the streams of another', async () => {
    const server = await place.serve();
    for (const log of ['', 'a:b', 'a.claim', '$$x', 'x'.repeat(41)])
      await expect(openKurrentDbEventStore({ ...HASTY, url: server.url, log })).rejects.toThrow(RangeError);
  });
});

describe('KurrentDB: what is set on a stream when it is created', () => {
  it('lets only administrators delete it, or say how much of it is kept; set before its first event', async () => {
    const server = await place.serve();
    const store = await place.open(server);
    await store.append(appendOf('account-1', 'no-stream', 2));
    await store.append(appendOf('account-1', 1));
    const names = server.log.all.map(({ name }) => name);
    expect(names.indexOf('$$spec:account-1')).toBe(names.indexOf('spec:account-1') - 1);
    const [metadata, ...more] = server.log.stream('$$spec:account-1');
    expect(more).toEqual([]);
    expect(JSON.parse(Buffer.from(metadata?.data ?? []).toString())).toMatchObject({ $acl: { $d: '$admins', $mw: '$admins' } });
  });

  it('refuses appends to a store that was opened for reading', async () => {
    const server = await place.serve();
    await (await place.open(server)).close();
    const store = await place.open(server, { readOnly: true });
    expect(await store.append(appendOf('account-1', 'no-stream'))).toEqual({ kind: 'unavailable', cause: 'readOnly' });
  });
});
