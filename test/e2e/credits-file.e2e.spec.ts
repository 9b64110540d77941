import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { identityNumberFor } from '#libs/kernel';
import { type HttpRegion, httpRegion, must } from './http-region';

const YIKA = resolve(__dirname, '../../dist/apps/cli/src/main.js');
const AREA = '370200';
const ACCOUNTS = 12;

let region: HttpRegion;
let folder: string;
let accountIds: string[];
let numbers: string[];
let files = 0;
beforeAll(async () => {
  region = await httpRegion();
  folder = mkdtempSync(join(tmpdir(), 'yika-credits-'));
  numbers = Array.from({ length: ACCOUNTS }, (_, i) => identityNumberFor(AREA, '1971-02-03', String(101 + i)));
  accountIds = [];
  for (const [i, identityNumber] of numbers.entries()) {
    const person = { identityKind: '01', identityNumber, name: '张三' };
    const body = { reference: `open-${i}`, poolingArea: AREA, insuranceType: i === ACCOUNTS - 1 ? 'resident' : 'employee', person };
    accountIds.push(String(must(await region.call('POST', '/v1/accounts', { key: region.keys.agency, body })).id));
  }
});
afterAll(async () => {
  await region.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = Readonly<{ code: number | null; out: string; err: string }>;
const yika = (words: readonly string[], onBegun?: (kill: (signal: NodeJS.Signals) => void) => void): Promise<Ended> =>
  new Promise((ended) => {
    const child = spawn(process.execPath, [YIKA, '--data', region.folder, '--operator', 'ann', '--json', 'credits', ...words]);
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (more: string) => (text.out += more));
    child.stderr.setEncoding('utf8').on('data', (more: string) => (text.err += more));
    child.once('close', (code) => ended({ code, ...text }));
    onBegun?.((signal) => void child.kill(signal));
  });
const told = ({ out, err }: Ended) => {
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Record<string, never> & {
    lines: Record<string, { lines: number; sum: string; byCode?: object }>;
    standing: never;
  };
};

const HEAD = { period: '2026-03', source: 'contribution', poolingArea: AREA };
/** A file with the totals it should have; `rows`: reference, account, amount. */
const csv = (rows: readonly (readonly [string, string, string])[], over: Readonly<Record<string, string>> = {}): string => {
  const file = join(folder, `month-${++files}.csv`);
  const fen = rows.reduce((sum, [, , amount]) => sum + Math.round(Number(amount) * 100), 0);
  const facts = { ...HEAD, count: String(rows.length), sum: (fen / 100).toFixed(2), ...over };
  const head = Object.entries(facts).map(([name, value]) => `#${name}=${value}`);
  writeFileSync(file, `\ufeff${[...head, 'reference,accountId,amount', ...rows.map((row) => row.join(','))].join('\r\n')}\r\n`);
  return file;
};
const account = (n: number) => accountIds[n % (ACCOUNTS - 1)] ?? '';
const month = (prefix: string, lines: number) => Array.from({ length: lines }, (_, n) => [`${prefix}-${n}`, account(n), '12.34'] as const);
const balance = async (accountId: string) =>
  (await region.call('GET', `/v1/accounts/${accountId}`, { key: region.keys.agency })).body.balance;
const logged = async () => Number((await region.local('GET', '/admin/v1/credits/totals')).body.lastLogIndex);
const resultsOf = (file: string) =>
  readFileSync(`${file}.results.ndjson`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('yika credits plan', () => {
  it('names all that is wrong with a file, in one go, and writes nothing', async () => {
    const file = csv(
      [
        ['A-1', account(0), '10.00'],
        ['A-1', account(1), '10.00'],
        ['A 2', account(1), '1,5'],
        ['A-3', '', '10.005'],
        ['A-4', account(2), '0.00'],
      ] as const,
      { period: '2026-13', sum: '99.00' },
    );
    const before = [await logged(), readdirSync(folder).length];
    const plan = await yika(['plan', file]);
    const faults = (told(plan).faults as unknown as { line: number; field: string }[]).map(({ line, field }) => `${line} ${field}`);
    expect(plan.code).toBe(1);
    expect(faults).toEqual(['1 period', '4 count', '5 sum', '8 reference', '9 ', '10 amount', '10 accountId', '11 amount']);
    expect([await logged(), readdirSync(folder).length]).toEqual(before);
    const run = await yika(['run', file]);
    expect([run.code, await logged(), existsSync(`${file}.results.ndjson`)]).toEqual([1, before[0], false]);
  });

  it('asks the engine of every line: what stands, what would be credited, what would be refused and why', async () => {
    const done = csv([['B-1', account(0), '10.00']]);
    expect((await yika(['run', done])).code).toBe(0);
    const file = csv([
      ['B-1', account(0), '10.00'],
      ['B-2', account(1), '20.00'],
      ['B-3', 'nobody', '30.00'],
      ['B-4', accountIds[ACCOUNTS - 1] ?? '', '40.00'],
    ]);
    const before = await logged();
    const plan = await yika(['plan', file]);
    expect([plan.code, await logged()]).toEqual([0, before]);
    expect(told(plan).standing).toMatchObject({
      replayed: { lines: 1, sum: '10.00' },
      open: { lines: 1, sum: '20.00' },
      refused: { lines: 2, sum: '70.00', byCode: { 'account-not-found': 1, 'no-personal-account': 1 } },
    });
  });
});

describe('yika credits run', () => {
  it('credits a file in NDJSON by credential, with its totals in a file beside, and the balances say so', async () => {
    const file = join(folder, 'retired.ndjson');
    const number = numbers[3] ?? '';
    const lines = [
      { period: '2026-03', source: 'retiree', poolingArea: AREA },
      { reference: 'N-1', amount: '100.5', credential: { kind: 'identityCard', number } },
      { reference: 'N-2', amount: '0.01', accountId: account(4) },
    ];
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    writeFileSync(`${file}.control.json`, JSON.stringify({ count: 2, sum: '100.51' }));
    const before = await balance(account(3));
    const run = await yika(['run', file]);
    expect([run.code, run.err.includes('Error')]).toEqual([0, false]);
    expect(told(run)).toMatchObject({ control: { credited: { lines: 2, sum: '100.51' }, difference: '0.00', faults: [] } });
    expect(Number(await balance(account(3)))).toBeCloseTo(Number(before) + 100.5, 2);
    const everything = run.out + run.err + readFileSync(`${file}.results.ndjson`, 'utf8');
    expect(everything).not.toContain(number);
  });

  it('says of each line what became of it, goes on with the refused ones, and ends with 1 while there are any', async () => {
    const place = { reference: 'F-1', scope: { kind: 'person' }, cause: 'death', legalDocument: '公函' };
    const frozen = must(await region.call('POST', `/v1/accounts/${account(5)}/freezes`, { key: region.keys.agency, body: place }));
    const file = csv([
      ['C-1', account(4), '10.00'],
      ['C-2', account(5), '20.00'],
    ]);
    const first = await yika(['run', file]);
    expect([first.code, told(first).lines]).toMatchObject([1, { credited: { lines: 1 }, refused: { lines: 1, sum: '20.00' } }]);
    expect(resultsOf(file)[2]).toMatchObject({ line: 8, reference: 'C-2', outcome: 'refused' });
    expect(resultsOf(file)[2]?.reasons).toMatchObject([{ code: 'credit-frozen', cause: 'death', messageZh: expect.any(String) as string }]);
    const lifting = { reference: 'F-2', reason: '误报' };
    const path = `/v1/accounts/${account(5)}/freezes/${String(frozen.id)}/lifting`;
    must(await region.call('POST', path, { key: region.keys.agency, body: lifting }));
    const second = await yika(['run', file]);
    expect([second.code, told(second).lines]).toMatchObject([0, { credited: { lines: 2, sum: '30.00' }, refused: { lines: 0 } }]);
    expect((await yika(['status', file])).out).toContain('"done":{"lines":2,"sum":"30.00"}');
  });

  it('credits nothing twice when the file comes again under another name, and names what has changed in it', async () => {
    const first = csv(month('D', 20));
    expect((await yika(['run', first])).code).toBe(0);
    const before = await balance(account(0));
    const again = await yika(['run', csv(month('D', 20))]);
    expect([again.code, told(again)]).toMatchObject([
      0,
      { lines: { credited: { lines: 0 }, replayed: { lines: 20 } }, stoodBefore: { lines: 20 } },
    ]);
    const changed = await yika(['run', csv([['D-0', account(0), '12.35']])]);
    expect([changed.code, told(changed).lines.refused]).toMatchObject([1, { byCode: { 'credit-exists-with-different-amount': 1 } }]);
    expect(await balance(account(0))).toBe(before);
  });

  it('killed in the middle, goes on when it is given again, and the totals hold over both', async () => {
    const file = csv(month('E', 1_500));
    const before = Number(await balance(account(0)));
    const killed = await yika(['run', file], (kill) => {
      const watching = setInterval(() => {
        if (!existsSync(`${file}.results.ndjson`) || resultsSize(file) < 20_000) return;
        clearInterval(watching);
        kill('SIGKILL');
      }, 5);
    });
    expect(killed.code).toBe(null);
    const told1 = resultsOf(file).filter(({ outcome }) => outcome !== undefined).length;
    expect(told1).toBeLessThan(1_500);
    appendFileSync(`${file}.results.ndjson`, '{"line":9,"refer'); // As a kill in the middle of a write leaves it.
    const resumed = await yika(['run', file]);
    expect([resumed.code, told(resumed)]).toMatchObject([
      0,
      { control: { credited: { lines: 1_500, sum: '18510.00' }, difference: '0.00' } },
    ]);
    expect(resultsOf(file).filter(({ outcome }) => outcome !== undefined)).toHaveLength(1_500);
    const own = Array.from({ length: 1_500 }, (_, n) => n).filter((n) => account(n) === account(0)).length;
    expect(Number(await balance(account(0)))).toBeCloseTo(before + own * 12.34, 2);
  });

  it('stops at Ctrl-C after the lines under way, says how many are open, and goes on later', async () => {
    const file = csv(month('G', 1_500));
    const stopped = await yika(['run', file], (kill) => {
      const watching = setInterval(() => {
        if (!existsSync(`${file}.results.ndjson`) || resultsSize(file) < 20_000) return;
        clearInterval(watching);
        kill('SIGINT');
      }, 5);
    });
    expect([stopped.code, told(stopped)]).toMatchObject([1, { stopped: true, control: { difference: '0.00' } }]);
    expect(told(stopped).lines.open?.lines).toBeGreaterThan(0);
    expect((await yika(['run', file])).code).toBe(0);
  });

  it('given by two operators at once as two copies, is credited once, and both sums are right', async () => {
    const rows = month('H', 600);
    const before = Number(await balance(account(1)));
    const [one, two] = await Promise.all([yika(['run', csv(rows)]), yika(['run', csv(rows)])]);
    for (const ended of [one, two]) expect([ended.code, told(ended)]).toMatchObject([0, { control: { difference: '0.00', faults: [] } }]);
    const credited = [one, two].map((ended) => told(ended).lines.credited?.lines ?? 0);
    expect((credited[0] ?? 0) + (credited[1] ?? 0)).toBe(600);
    const own = rows.filter(([, accountId]) => accountId === account(1)).length;
    expect(Number(await balance(account(1)))).toBeCloseTo(before + own * 12.34, 2);
  });

  it('lets one run at a time work on one file', async () => {
    const file = csv(month('I', 800));
    const both = await Promise.all([yika(['run', file]), yika(['run', file])]);
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    expect(both.find(({ code }) => code === 1)?.err).toContain('Another run is at work on this file');
    expect(existsSync(`${file}.results.ndjson.lock`)).toBe(false);
  });

  it('takes no file that was changed since it was begun', async () => {
    const file = csv([['J-1', account(0), '1.00']]);
    expect((await yika(['run', file])).code).toBe(0);
    const other = csv([
      ['J-1', account(0), '1.00'],
      ['J-2', account(1), '1.00'],
    ] as const);
    writeFileSync(file, readFileSync(other));
    const run = await yika(['run', file]);
    expect([run.code, run.err]).toEqual([1, expect.stringContaining('before it was changed')]);
  });

  it('ends with 1 when the results claim a credit that the log does not have', async () => {
    const file = csv([
      ['K-1', account(0), '1.00'],
      ['K-2', account(1), '1.00'],
    ] as const);
    expect((await yika(['run', file])).code).toBe(0);
    const text = readFileSync(`${file}.results.ndjson`, 'utf8').replaceAll(/"logIndex":\d+/g, `"logIndex":${await logged()}`);
    writeFileSync(`${file}.results.ndjson`, text.replace(/"balance":"[\d.]+"/, '"balance":"1.00"'));
    const run = await yika(['run', file]);
    expect([run.code, run.err]).toEqual([1, expect.stringContaining('do not agree')]);
    expect((told(run).control as unknown as { faults: string[] }).faults).toHaveLength(2);
  });
});

const resultsSize = (file: string): number => readFileSync(`${file}.results.ndjson`).length;
