import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { identityNumberFor } from '#libs/kernel';

/**
 * A month's credits by `yika credits run` beside swipes at a fixed rate (open loop), all on one machine: credits a second, and how long a
 * swipe takes meanwhile, held against the same swipes alone. CPU seconds a thousand credits tell more than the clock on a machine that others
 * use, too.
 * Usage: node dist/test/bench/credits.js [lines] [accounts] [swipes a second]
 * YIKA_BENCH_KEEP=1 leaves the data folder; YIKA_BENCH_PROF=<folder> writes CPU profiles of engine and command.
 */
const [lines = 60_000, accounts = 20_000, swipesPerSecond = 500] = process.argv.slice(2).map(Number);
const HOLDERS = Math.min(400, accounts);
const ALONE_SECONDS = 6;
const PORT = Number(process.env.YIKA_BENCH_PORT ?? 7961);
const AREA = '370200';
const PHARMACY = 'P37020000001';
const ROOT = resolve(__dirname, '../../..');
const PROFILES = process.env.YIKA_BENCH_PROF;

type Body = Readonly<Record<string, unknown>>;
type Region = Readonly<{
  engine: ChildProcess;
  folder: string;
  admin: Pool;
  key: string;
  accountIds: readonly string[];
  cards: readonly string[];
}>;

const profiled = PROFILES === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`];

const call = async (pool: Pool, path: string, body: Body, headers: Record<string, string> = {}): Promise<Body> => {
  const reply = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await reply.body.json()) as Body;
  if (reply.statusCode >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
};

const startEngine = async (folder: string): Promise<Readonly<{ engine: ChildProcess; admin: Pool }>> => {
  const log = openSync(join(folder, 'engine.log'), 'a');
  const env = { ...process.env, YIKA_DATA: folder, PORT: String(PORT), YIKA_LOG_LEVEL: 'warn' };
  const engine = spawn(process.execPath, [...profiled, join(ROOT, 'dist/apps/settlement/src/main.js')], {
    env,
    stdio: ['ignore', log, log],
  });
  for (let tries = 0; tries < 200; tries++) {
    await sleep(100);
    try {
      const { socketPath } = JSON.parse(readFileSync(join(folder, 'admin.json'), 'utf8')) as { socketPath: string };
      const admin = new Pool('http://admin.invalid', { socketPath, connections: 32 });
      await (await admin.request({ method: 'GET', path: '/health/live' })).body.dump();
      return { engine, admin };
    } catch {
      if (engine.exitCode !== null) break;
    }
  }
  throw new Error(`the engine did not start, see ${folder}/engine.log`);
};

const together = async <T>(count: number, one: (n: number) => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) made[n] = await one(n);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return made;
};

const setUp = async (): Promise<Region> => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-bench-credits-'));
  const { engine, admin } = await startEngine(folder);
  const yaml = readFileSync(join(ROOT, 'libs/policy/packs/qingdao.yaml'), 'utf8');
  const pack = await call(admin, '/admin/v1/packs', { file: 'qingdao.yaml', yaml }, { 'x-yika-operator': 'ann' });
  await call(admin, '/admin/v1/packs/approvals', { packId: pack.packId, hash: pack.hash }, { 'x-yika-operator': 'ben' });
  const act = (path: string, reference: string, body: Body) => call(admin, `/v1/institutions/${PHARMACY}${path}`, { reference, ...body });
  await act('', 'bench-1', { name: '示例大药房', kind: 'pharmacy', poolingArea: AREA, identityCheckEquipped: false });
  const agreement = { act: 'signAgreement', agreementNo: 'A1', from: '2020-01-01', until: '2039-12-31', services: ['pharmacy'] };
  await act('/acts', 'bench-2', agreement);
  await act('/acts', 'bench-3', { act: 'registerTerminal', terminalCode: 'T1', media: ['contactChip'] });
  const right = { organisation: 'bench', rights: ['institution'], institutionCodes: [PHARMACY], note: '-' };
  const { key } = await call(admin, '/admin/v1/keys', right);
  const accountIds = await together(accounts, async (n) => {
    const birthDate = new Date(Date.UTC(1950, 0, 1) + Math.floor(n / 999) * 86_400_000).toISOString().slice(0, 10);
    const person = {
      identityKind: '01',
      identityNumber: identityNumberFor(AREA, birthDate, String(1 + (n % 999)).padStart(3, '0')),
      name: '张三',
    };
    return String((await call(admin, '/v1/accounts', { reference: `open-${n}`, poolingArea: AREA, insuranceType: 'employee', person })).id);
  });
  const cards = await together(HOLDERS, async (n) => {
    const cardNumber = `C${100_000_000 + n}`;
    const account = `/v1/accounts/${accountIds[n] ?? ''}`;
    await call(admin, `${account}/cards`, { reference: `card-${n}`, cardNumber, kind: 'socialSecurity3', state: 'inUse' });
    await call(admin, `${account}/credits`, { reference: `first-${n}`, source: 'contribution', amount: '100000.00' });
    return cardNumber;
  });
  return { engine, folder, admin, key: String(key), accountIds, cards };
};

const writeFile = ({ folder, accountIds }: Region): string => {
  const file = join(folder, 'contribution.csv');
  const rows = Array.from({ length: lines }, (_, n) => `2026-03-${n},${accountIds[n % accounts] ?? ''},123.45`);
  const fen = BigInt(lines) * 12_345n;
  const sum = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
  const head = [`#period=2026-03,source=contribution,poolingArea=${AREA}`, 'reference,accountId,amount'];
  writeFileSync(file, `${[...head, ...rows, `#count=${lines},sum=${sum}`].join('\n')}\n`);
  return file;
};

/** Swipes at a fixed rate, whatever becomes of them; times from the moment when each was due. */
const swiping = ({ key, cards }: Region): Readonly<{ stop: () => Promise<void>; times: () => number[] }> => {
  const pool = new Pool(`http://127.0.0.1:${PORT}`, { connections: 64 });
  const beganMs = performance.now();
  const underWay = new Set<Promise<void>>();
  let took: number[] = [];
  let sent = 0;
  const one = async (n: number, dueMs: number) => {
    const swipe = {
      institutionCode: PHARMACY,
      serial: `S${process.pid}-${Math.round(beganMs)}-${n}`,
      occurredAt: new Date().toISOString(),
      credential: { kind: 'socialSecurityCard', number: cards[n % cards.length] },
      insuranceType: 'employee',
      medicalCategory: 'pharmacyPurchase',
      totalFee: '1.00',
      fundPaid: '0',
      accountEligible: '1.00',
      holderCheck: { method: 'password' },
      operatorCode: 'O1',
      terminalCode: 'T1',
    };
    await call(pool, '/v1/settlements', swipe, { authorization: `Bearer ${key}` });
    took.push(performance.now() - dueMs);
  };
  const timer = setInterval(() => {
    for (const now = performance.now(); beganMs + (sent * 1000) / swipesPerSecond <= now; sent++) {
      const swipe = one(sent, beganMs + (sent * 1000) / swipesPerSecond).finally(() => underWay.delete(swipe));
      underWay.add(swipe);
    }
  }, 1);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      await pool.close();
    },
    times: () => {
      const times = took;
      took = [];
      return times.toSorted((a, b) => a - b);
    },
  };
};

const TICKS = 100; // Of Linux, a second.
const cpuSeconds = (pid: number | undefined): number => {
  try {
    const [user = 0, system = 0] =
      readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')
        .slice(11, 13)
        .map(Number) ?? [];
    return (user + system) / TICKS;
  } catch {
    return Number.NaN;
  }
};

const share = (times: readonly number[], part: number): number => times[Math.floor(times.length * part)] ?? 0;

const main = async (): Promise<void> => {
  const region = await setUp();
  const { engine, folder, admin } = region;
  const file = writeFile(region);
  const swipes = swiping(region);
  await sleep(2_000); // Warm.
  swipes.times();
  const cpuBefore = cpuSeconds(engine.pid);
  await sleep(ALONE_SECONDS * 1_000);
  const alone = swipes.times();
  const cpuAlone = (cpuSeconds(engine.pid) - cpuBefore) / ALONE_SECONDS;

  const command = ['--data', folder, '--operator', 'bench', '--json', 'credits', 'run', file];
  const beganCpu = cpuSeconds(engine.pid);
  const began = performance.now();
  const cli = spawn(process.execPath, [...profiled, join(ROOT, 'dist/apps/cli/src/main.js'), ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let answer = '';
  cli.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  const exit = new Promise<number>((ended) => cli.once('close', (code) => ended(code ?? 1)));
  const credited = join(folder, 'contribution.csv.results.ndjson');
  let lastLines = 0;
  let creditedMs = 0;
  let cpuThen = 0;
  let beside: number[] = [];
  const watch = setInterval(() => {
    const text = readFileSyncOr(credited);
    lastLines = text.split('\n').length - 2;
    if (creditedMs === 0 && lastLines >= lines) {
      creditedMs = performance.now() - began;
      cpuThen = cpuSeconds(engine.pid);
      beside = swipes.times();
    }
  }, 250);
  const code = await exit;
  clearInterval(watch);
  const totalSeconds = (performance.now() - began) / 1000;
  const checking = swipes.times();
  await swipes.stop();
  const seconds = creditedMs / 1000;
  const engineSeconds = cpuThen - beganCpu - cpuAlone * seconds;
  const figures = [
    { name: 'credits beside swipes', value: Math.round(lines / seconds), unit: 'credits/s', atLeast: 3_000 },
    { name: 'swipes beside credits, p99', value: Number(share(beside, 0.99).toFixed(1)), unit: 'ms', atMost: 25 },
    { name: 'swipes alone, p99', value: Number(share(alone, 0.99).toFixed(1)), unit: 'ms' },
    { name: 'swipes beside the control totals, p99', value: Number(share(checking, 0.99).toFixed(1)), unit: 'ms' },
    { name: 'CPU of the engine for 1,000 credits', value: Number(((engineSeconds / lines) * 1_000).toFixed(3)), unit: 's' },
    { name: 'the whole command', value: Number(totalSeconds.toFixed(1)), unit: 's' },
  ].map((figure) => ({ ...figure, ok: value(figure) }));
  for (const { name, value: of, unit, ok } of figures) process.stdout.write(`${name}: ${of} ${unit}${ok ? '' : '  ✗'}\n`);
  process.stdout.write(`${JSON.stringify({ figures, exit: code })}\n`);
  if (code !== 0) process.stderr.write(`${answer}\n`);
  await admin.destroy();
  engine.kill('SIGINT');
  await new Promise((gone) => engine.once('exit', gone));
  if (process.env.YIKA_BENCH_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  else process.stderr.write(`${folder}\n`);
  process.exitCode = code === 0 && figures.every(({ ok }) => ok) ? 0 : 1;
};

const value = ({ value: of, atLeast, atMost }: Readonly<{ value: number; atLeast?: number; atMost?: number }>): boolean =>
  (atLeast === undefined || of >= atLeast) && (atMost === undefined || of <= atMost);

const readFileSyncOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

void main();
