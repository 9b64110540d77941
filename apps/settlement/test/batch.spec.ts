import { Readable } from 'node:stream';
import { inOrder } from '../src/ndjson/in-order';
import { linesOf } from '../src/ndjson/lines';
import { bearer, done, recorded, scriptedDoor, settled, swipeForm } from './scripted-engine';

describe('POST /v1/settlements/batch', () => {
  const send = async (post: unknown, payload: string | Readable, contentType = 'application/x-ndjson') => {
    const { app } = await scriptedDoor({ settlements: { post } });
    try {
      const headers = { ...bearer('p1'), 'content-type': contentType };
      return await app.inject({ method: 'POST', url: '/v1/settlements/batch', payload, headers });
    } finally {
      await app.close();
    }
  };
  const linesIn = (body: string) =>
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('answers each line in its place, whichever was decided first', async () => {
    const post = async ({ serial }: { serial: string }) => {
      await new Promise((resolve) => setTimeout(resolve, serial === '1' ? 40 : 0));
      return done(settled({ serial }));
    };
    const payload = ['1', '2', '3'].map((serial) => JSON.stringify(swipeForm({ serial }))).join('\n');
    const response = await send(post, payload);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(linesIn(response.body).map(({ line, status, result }) => [line, status, (result as { serial: string }).serial])).toEqual([
      [1, 201, '1'],
      [2, 201, '2'],
      [3, 201, '3'],
    ]);
  });

  it('makes what is wrong with a line that line’s result, and goes on', async () => {
    const { orders, post } = recorded();
    const lines = [
      '{"oops',
      JSON.stringify(swipeForm({ totalFee: 'x', serial: '' })),
      '',
      JSON.stringify(swipeForm({ institutionCode: 'P9' })),
      '{"serial":"1","serial":"2"}',
      JSON.stringify(swipeForm({ lateReason: 'x'.repeat(1_100_000) })),
      JSON.stringify(swipeForm({ serial: 'good' })),
    ];
    const results = linesIn((await send(post, lines.join('\r\n'))).body);
    expect(results.map(({ line, status, problem }) => [line, status, (problem as { code?: string } | undefined)?.code])).toEqual([
      [1, 400, 'json-malformed'],
      [2, 400, 'field-malformed'],
      [4, 403, 'institution-not-own'],
      [5, 400, 'json-duplicate-name'],
      [6, 413, 'line-too-long'],
      [7, 201, undefined],
    ]);
    expect(results[1]?.problem).toMatchObject({ reasons: [expect.anything(), expect.anything()] });
    expect(JSON.stringify(results[4]?.problem)).not.toMatch(/batch|批量/); // It is one already.
    expect(orders.map(({ order, tracing }) => [order.serial, (tracing as { actor: { door: string } }).actor.door])).toEqual([
      ['good', 'batch'],
    ]);
  });

  it('tells an outage or a fault of the engine as the line’s result', async () => {
    const post = async ({ serial }: { serial: string }) => (serial === '1' ? { kind: 'outcomeUnknown' } : Promise.reject(new Error('bug')));
    const payload = ['1', '2'].map((serial) => JSON.stringify(swipeForm({ serial }))).join('\n');
    expect(linesIn((await send(post, payload)).body).map(({ status, problem }) => [status, (problem as { code: string }).code])).toEqual([
      [503, 'outcome-unknown'],
      [500, 'internal-fault'],
    ]);
  });

  it('takes a stream of more than the largest body, and no JSON document', async () => {
    const { orders, post } = recorded();
    const line = `${JSON.stringify(swipeForm())}\n`;
    const count = Math.ceil((3 * 1024 * 1024) / line.length);
    const response = await send(post, Readable.from(Array.from({ length: count }, () => line)));
    expect([linesIn(response.body).length, orders.length]).toEqual([count, count]);
    expect((await send(post, '{}', 'application/json')).statusCode).toBe(415);
  });

  it('answers nothing for an empty stream', async () => {
    const response = await send(recorded().post, '\n\n');
    expect([response.statusCode, response.body]).toEqual([200, '']);
  });
});

describe('lines of a stream', () => {
  const cut = async (chunks: readonly string[], bytesMax = 100) => {
    const lines: unknown[] = [];
    for await (const whole of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), bytesMax)) {
      for (const { lineNo, bytes, tooLong } of whole) lines.push([lineNo, tooLong ? `too long, ${bytes.length} kept` : bytes.toString()]);
    }
    return lines;
  };

  it('are the same however the stream is cut into chunks', async () => {
    const text = '一二\n\nthree\n四';
    const expected = [
      [1, '一二'],
      [3, 'three'],
      [4, '四'],
    ];
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      const lines: unknown[] = [];
      for await (const whole of linesOf(Readable.from(parts), 100))
        for (const { lineNo, bytes: line } of whole) lines.push([lineNo, line.toString()]);
      expect(lines).toEqual(expected);
    }
  });

  it('are passed over when too long, and the next one counts on', async () => {
    expect(await cut(['x'.repeat(60), 'x'.repeat(60), '\nok\n'])).toEqual([
      [1, 'too long, 0 kept'],
      [2, 'ok'],
    ]);
  });
});

describe('work in order', () => {
  it('keeps no more than so many items under way, and stops taking when nobody reads', async () => {
    let taken = 0;
    let underWay = 0;
    let most = 0;
    const items = async function* () {
      for (let i = 0; i < 1_000; i += 1) {
        taken += 1;
        yield [i];
      }
    };
    const results = inOrder(items(), 8, async (i) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return i;
    });
    expect((await results.next()).value).toEqual([0]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBeLessThan(20);
    const rest: number[] = [];
    for await (const ready of results) rest.push(...ready);
    expect([rest.at(-1), most]).toEqual([999, 8]);
    expect(rest).toEqual(Array.from({ length: rest.length }, (_, i) => 1_000 - rest.length + i)); // One after the other, none left out.
  });

  it('hands on what was done before the source broke, then the break', async () => {
    const items = async function* () {
      yield [1];
      throw new Error('cut');
    };
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const ready of inOrder(items(), 4, async (i) => i)) seen.push(...ready);
      })(),
    ).rejects.toThrow('cut');
    expect(seen).toEqual([1]);
  });
});
