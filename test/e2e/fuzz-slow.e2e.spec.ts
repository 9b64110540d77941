import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineUnderTest, runEngine } from '../crash/engine-process';
import { type Region, setUpRegion } from '../crash/region';
import { codeOf, sendRaw, targetOf } from './raw-request';
import { swipeOf } from './swipes';

// The promise is ten thousand (`npm run fuzz`); so many take more open files than every machine gives to a test.
const IDLE = Number(process.env.YIKA_FUZZ_CONNECTIONS ?? 300);
const MEMORY_GROWTH_MAX = 64 * 1024 * 1024 + IDLE * 24 * 1024;

let folder: string;
let engine: EngineUnderTest;
let region: Region;
let target: NetConnectOpts;
const sockets: Socket[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yika-slow-'));
  const env = { YIKA_HEAD_SECONDS: '3', YIKA_BODY_SECONDS: '2', YIKA_STALL_SECONDS: '2', YIKA_IDLE_SECONDS: '600' };
  engine = await runEngine({ folder, env });
  region = await setUpRegion(engine, 1);
  target = targetOf(engine.origin);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await engine.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const authorization = (key = region.pharmacyKey) => `authorization: Bearer ${key}\r\n`;
const POST = 'POST /v1/settlements HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n';
const wholeSwipe = (serial: string) => {
  const body = JSON.stringify(swipeOf(region.holders[0]?.cardNumber ?? '', serial));
  const head = `POST /v1/settlements HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n${authorization()}`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const expectSwipe = async (serial: string) => expect((await sendRaw(target, [wholeSwipe(serial)])).status).toBe(201);

/** One figure of /metrics, by its name and labels. */
const figure = async (name: string): Promise<number> => {
  const outcome = await sendRaw(target, ['GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n']);
  const text = 'text' in outcome ? outcome.text : '';
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no figure ${name} in ${outcome.status} ${text.slice(0, 200)}`);
  return Number(line.slice(name.length + 1));
};
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await sleep(200);
};

/** A connection that is held open; what it is sent is thrown away unless `unread`. */
const hold = (text: string, { unread = false } = {}): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(target);
    sockets.push(socket);
    socket.on('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => undefined);
      if (unread) socket.pause();
      else socket.resume();
      if (text !== '') socket.write(text);
      resolve(socket);
    });
  });
const closed = (socket: Socket) =>
  socket.closed ? Promise.resolve() : new Promise<void>((resolve) => socket.once('close', () => resolve()));

describe('a client that keeps us waiting', () => {
  it.each([
    ['says nothing at all', '', 'head-too-slow'],
    ['does not finish its head', 'GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow:', 'head-too-slow'],
  ])('that %s gets 408', async (_what, text, code) => {
    const outcome = await sendRaw(target, [text]);
    expect([outcome.status, codeOf(outcome)]).toEqual([408, code]);
  });

  it('that does not finish its body gets 408, and nothing of it is done', async () => {
    const outcome = await sendRaw(target, [`${POST}${authorization()}\r\n`, '{"institutionCode":"P3']);
    expect([outcome.status, codeOf(outcome)]).toEqual([408, 'body-too-slow']);
  });

  it('that has no key and does not finish its body is answered at once and cut later', async () => {
    const socket = await hold(`${POST}\r\n{"a`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await closed(socket);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 401 [\s\S]*key-missing/);
  });

  it('that lets a batch fall silent is cut; what it sent before is answered', async () => {
    const line = JSON.stringify(swipeOf(region.holders[0]?.cardNumber ?? '', 'silent-1'));
    const head = `POST /v1/settlements/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n${authorization()}`;
    const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
    const outcome = await sendRaw(target, [chunked, `${(line.length + 1).toString(16)}\r\n${line}\n\r\n`]);
    expect(outcome).toMatchObject({ status: 200, text: expect.stringContaining('"serial":"silent-1"') as unknown });
    expect(await figure('yika_http_slow_clients_total{cause="stalled"}')).toBeGreaterThan(0);
  });

  it('that does not read what it asked for is cut', async () => {
    const before = await figure('yika_http_slow_clients_total{cause="stalled"}');
    const socket = await hold('', { unread: true });
    // What the system itself buffers is full after some of it; a connection may not ask for all at once.
    for (let round = 0; round < 8 && !socket.destroyed; round += 1) {
      socket.write('GET /docs-json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(30));
      await sleep(400);
    }
    await until(async () => (await figure('yika_http_slow_clients_total{cause="stalled"}')) > before);
    socket.resume();
    await closed(socket);
  });

  it('that sends thousands of requests and reads no answer gets few, and takes no memory', async () => {
    const before = await figure('yika_process_resident_memory_bytes');
    const crowd = await Promise.all(
      [1, 2, 3].map(() => hold('GET /docs-json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(5_000), { unread: true })),
    );
    await expectSwipe('beside-the-crowd');
    expect((await figure('yika_process_resident_memory_bytes')) - before).toBeLessThan(256 * 1024 * 1024);
    for (const socket of crowd) socket.destroy();
  });

  it('takes no swipe from anybody else', async () => {
    await Promise.all(Array.from({ length: 50 }, () => hold(`${POST}${authorization()}\r\n{"instit`)));
    await expectSwipe('beside-slow-bodies');
  });
});

it(`${IDLE} idle connections: a swipe is settled beside them, and memory does not grow with them`, async () => {
  await expectSwipe('before-idle');
  const before = await figure('yika_process_resident_memory_bytes');
  for (let opened = 0; opened < IDLE; opened += 100) {
    const wave = Math.min(100, IDLE - opened);
    await Promise.all(Array.from({ length: wave }, () => hold('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')));
  }
  expect(await figure('yika_http_connections')).toBeGreaterThanOrEqual(IDLE);
  for (let n = 0; n < 20; n += 1) await expectSwipe(`beside-idle-${n}`);
  expect((await figure('yika_process_resident_memory_bytes')) - before).toBeLessThan(MEMORY_GROWTH_MAX);
  for (const socket of sockets.splice(0)) socket.destroy();
  await until(async () => (await figure('yika_http_connections')) < 5);
  await expectSwipe('after-idle');
}, 300_000);

it('who finds no room makes the idle connections go, and comes in', async () => {
  const few = mkdtempSync(join(tmpdir(), 'yika-few-'));
  const small = await runEngine({ folder: few, env: { YIKA_CONNECTIONS_MAX: '16' } });
  const there = targetOf(small.origin);
  try {
    const idle = await Promise.all(
      Array.from(
        { length: 16 },
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connect(there, () => socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'));
            sockets.push(socket);
            socket.on('error', () => undefined);
            socket.once('data', () => resolve(socket.resume()));
          }),
      ),
    );
    const live = () => sendRaw(there, ['GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n']);
    expect((await live()).status).toBe(0);
    await Promise.all(idle.map(closed));
    await until(async () => (await live()).status === 200);
    await until(async () => small.lines.some(({ code }) => code === 'connections-max')); // Its operator is told.
  } finally {
    await small.kill('SIGTERM');
    rmSync(few, { recursive: true, force: true });
  }
});
