import { mkdtempSync, rmSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type EngineUnderTest, runEngine } from '../crash/engine-process';
import { type Region, setUpRegion } from '../crash/region';
import { runs } from '../support/property-runs';
import { codeOf, sendRaw, targetOf, wrongWith } from './raw-request';
import { swipeOf } from './swipes';

let folder: string;
let engine: EngineUnderTest;
let region: Region;
let target: NetConnectOpts;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yika-wire-'));
  engine = await runEngine({ folder });
  region = await setUpRegion(engine, 1);
  target = targetOf(engine.origin);
});
afterAll(async () => {
  await engine.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const GET = 'GET /health/live HTTP/1.1\r\n';
const POST = 'POST /v1/settlements HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const SMUGGLED = 'GET /problems HTTP/1.1\r\nhost: x\r\n\r\n';

/** The head of a swipe of the pharmacy, up to the blank line. */
const swipeHead = (more: string) => `${POST}authorization: Bearer ${region.pharmacyKey}\r\n${more}`;
const swipeBody = (serial: string) => JSON.stringify(swipeOf(region.holders[0]?.cardNumber ?? '', serial));
const wholeSwipe = (serial: string, connection = 'close') => {
  const body = swipeBody(serial);
  return `${swipeHead(`connection: ${connection}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`)}\r\n${body}`;
};

describe('what is no HTTP, or HTTP that two readers could take in two ways', () => {
  it.each([
    ['without Host', `${GET}\r\n`, 400, 'host-missing'],
    ['an empty Host', `${GET}host:\r\n\r\n`, 400, 'host-missing'],
    ['two Hosts', `${GET}host: a\r\nhost: b\r\n\r\n`, 400, 'header-twice'],
    ['two keys', `${POST}authorization: Bearer a\r\nAuthorization: Bearer b\r\ncontent-length: 2\r\n\r\n{}`, 400, 'header-twice'],
    ['two content types', `${POST}Content-Type: text/plain\r\ncontent-length: 2\r\n\r\n{}`, 400, 'header-twice'],
    ['length and chunks', `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400, 'request-malformed'],
    ['chunks and length', `${POST}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400, 'request-malformed'],
    ['two lengths', `${POST}content-length: 2\r\ncontent-length: 40\r\n\r\n{}${SMUGGLED}`, 400, 'request-malformed'],
    ['a list of lengths', `${POST}content-length: 2, 2\r\n\r\n{}${SMUGGLED}`, 400, 'request-malformed'],
    ['a signed length', `${POST}content-length: +2\r\n\r\n{}`, 400, 'request-malformed'],
    ['a length below zero', `${POST}content-length: -2\r\n\r\n{}`, 400, 'request-malformed'],
    ['a length in hex', `${POST}content-length: 0x2\r\n\r\n{}`, 400, 'request-malformed'],
    ['a length beyond numbers', `${POST}content-length: 99999999999999999999999\r\n\r\n{}`, 400, 'request-malformed'],
    ['chunks of another coding', `${POST}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400, 'request-malformed'],
    ['chunks last but one', `${POST}transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400, 'request-malformed'],
    ['chunked by another name', `${POST}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400, 'request-malformed'],
    ['a blank before the colon', `${POST}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400, 'request-malformed'],
    ['a chunk size of two readings', `${POST}transfer-encoding: chunked\r\n\r\n1;\n2\r\nxx\r\n0\r\n\r\n`, 401, 'key-missing'],
    ['lines that end in LF alone', 'GET /health/live HTTP/1.1\nhost: x\n\n', 400, 'request-malformed'],
    ['a folded header', `${GET}host: x\r\n y\r\n\r\n`, 400, 'request-malformed'],
    ['a NUL in a header', `${GET}host: x\0\r\n\r\n`, 400, 'request-malformed'],
    ['a header without a name', `${GET}host: x\r\n: y\r\n\r\n`, 400, 'request-malformed'],
    ['Chinese in the address', 'GET /v1/账户 HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request-malformed'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00', 400, 'request-malformed'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request-malformed'],
    ['HTTP/9.9', 'GET /health/live HTTP/9.9\r\nhost: x\r\n\r\n', 400, 'request-malformed'],
    ['an unknown method', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request-malformed'],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n', 405, 'method-not-allowed'],
    ['an expectation', `${POST}expect: tea\r\ncontent-length: 2\r\n\r\n{}`, 417, 'expectation-unknown'],
    ['a head of 200 kB', `${GET}host: x\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`, 431, 'head-too-large'],
    ['ten thousand headers', `${GET}host: x\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 431, 'head-too-large'],
    ['an address of 200 kB', `GET /${'a'.repeat(200_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431, 'head-too-large'],
  ])('%s: is told so once, and the connection ends', async (_what, text, status, code) => {
    const outcome = await sendRaw(target, [text]);
    expect([outcome.status, codeOf(outcome), wrongWith(outcome)]).toEqual([status, code, []]);
    expect('more' in outcome ? outcome.more : '').toBe('');
  });

  type Body = readonly [what: string, header: string, body: Buffer, expected: readonly [number, string]];
  it.each<Body>([
    ['gzip by its header, not by its bytes', 'content-encoding: gzip\r\n', Buffer.from('{}'), [415, 'content-encoding-unsupported']],
    ['gzip by its bytes, not by its header', '', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), [400, 'json-malformed']],
    ['UTF-16', '', Buffer.from('\ufeff{}', 'utf16le'), [400, 'json-malformed']],
    ['no UTF-8 (GBK)', '', Buffer.from([0x22, 0xd5, 0xc5, 0xc8, 0xfd, 0x22]), [400, 'json-malformed']],
    ['NUL', '', Buffer.from('{}\0'), [400, 'json-malformed']],
    ['five megabytes', '', Buffer.alloc(5_000_000, 'a'), [413, 'body-too-large']],
  ])('a body in %s', async (_what, header, body, expected) => {
    const head = swipeHead(`${header}content-length: ${body.length}\r\n`);
    const outcome = await sendRaw(target, [`${head}connection: close\r\n\r\n`, body]);
    expect([outcome.status, codeOf(outcome), wrongWith(outcome)]).toEqual([...expected, []]);
  });

  it('a body in GBK that says so', async () => {
    const head = swipeHead('content-length: 2\r\n\r\n').replace('application/json', 'application/json; charset=GBK');
    const outcome = await sendRaw(target, [head, '{}']);
    expect([outcome.status, codeOf(outcome)]).toEqual([415, 'charset-unsupported']);
  });

  it('more than a megabyte in chunks, whose length nobody said', async () => {
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const outcome = await sendRaw(target, [swipeHead('transfer-encoding: chunked\r\n\r\n'), ...Array.from({ length: 40 }, () => chunk)]);
    expect([outcome.status, codeOf(outcome)]).toEqual([413, 'body-too-large']);
  });
});

describe('one connection, several requests', () => {
  it('a swipe before garbage gets its own answer, and the garbage none that could be taken for it', async () => {
    const outcome = await sendRaw(target, [`${wholeSwipe('pipe-1', 'keep-alive')}\x00\x01garbage\r\n\r\n`]);
    expect(outcome.status).toBe(201);
    expect('more' in outcome ? outcome.more : '').toBe('');
  });

  it('garbage behind an answer that is out already gets one of its own, at once', async () => {
    const refused = `${POST}authorization: Bearer nobody\r\ncontent-length: 2\r\n\r\n{}`;
    const outcome = await sendRaw(target, [`${refused}.garbage`], { deadlineMs: 5_000 });
    expect([outcome.status, outcome.ended]).toEqual([401, 'closed']);
    expect('more' in outcome ? outcome.more : '').toMatch(/^(HTTP\/1\.1 400 [\s\S]*request-malformed|$)/);
  });

  it('a swipe whose body breaks off is not settled, and is told so', async () => {
    const outcome = await sendRaw(target, [wholeSwipe('cut-1').slice(0, -10)], { halfClose: true });
    expect([outcome.status, codeOf(outcome)]).toEqual([400, 'request-cut-short']);
  });

  it('a swipe whose chunks are broken is not settled, and is told so', async () => {
    const outcome = await sendRaw(target, [swipeHead('transfer-encoding: chunked\r\n\r\n'), '5\r\n{"a":zzz']);
    expect([outcome.status, codeOf(outcome)]).toEqual([400, 'request-malformed']);
  });
});

it('bytes of a right request changed at random: a fault of the client or a right answer, never one of the engine', async () => {
  const faults: string[] = [];
  const change = fc.record({ at: fc.nat(900), cut: fc.nat(4), put: fc.uint8Array({ maxLength: 6 }) });
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(1e6), async (changes, serial) => {
    const bytes = changes.reduce<Uint8Array>(
      (sofar, { at, cut, put }) => Buffer.concat([sofar.subarray(0, at), put, sofar.subarray(at + cut)]),
      Buffer.from(wholeSwipe(`r-${serial}`)),
    );
    const outcome = await sendRaw(target, [bytes], { halfClose: true });
    const wrong = outcome.status === 0 && outcome.ended === 'closed' ? [] : wrongWith(outcome);
    if (wrong.length > 0) faults.push(`${wrong.join('; ')} for ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`);
    return wrong.length === 0;
  });
  await fc.check(property, runs(300, 90));
  expect(faults.slice(0, 3)).toStrictEqual([]);
  const after = await sendRaw(target, [wholeSwipe('after-all')]);
  expect(after.status).toBe(201);
}, 1_800_000);
