import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const ROOT = path.resolve(__dirname, '../..');
const START = path.join(ROOT, 'dist/apps/cli/src/start.js');
const YIKA = path.join(ROOT, 'dist/apps/cli/src/main.js');
jest.setTimeout(240_000);

const root = mkdtempSync(path.join(tmpdir(), 'yika-backup-'));
const data = path.join(root, 'data');
const outside = path.join(root, 'elsewhere');
const checkpoint = path.join(outside, 'checkpoint.json');
mkdirSync(outside);
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGINT');
  rmSync(root, { recursive: true, force: true });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

type Engine = Readonly<{ origin: string; output: () => string; stop: () => Promise<void> }>;
const start = async (folder: string, ...words: string[]): Promise<Engine> => {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), YIKA_DATA: folder, YIKA_SAMPLE_SCALE: '0.02', YIKA_CHECKPOINT_FILE: checkpoint };
  const child = spawn(process.execPath, [START, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(output);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = (): Promise<void> => {
    child.kill('SIGINT');
    return gone;
  };
  return { origin: `http://127.0.0.1:${port}`, output: () => output, stop };
};

const yika = (...words: string[]) => spawnSync(process.execPath, [YIKA, ...words], { encoding: 'utf8' });
const yikaBeside = (...words: string[]): Promise<number | null> =>
  new Promise((resolve) => spawn(process.execPath, [YIKA, ...words], { stdio: 'ignore' }).once('exit', resolve));

type Sample = Readonly<{ key: string; body: Record<string, unknown> }>;
/** The swipe that `npm start` prints. */
const sampleIn = (output: string): Sample => ({
  key: /Bearer (yk_\S+?)'/.exec(output)?.[1] ?? '',
  body: JSON.parse((/-d '(.*)'/.exec(output)?.[1] ?? '{}').replaceAll(/'"\$\([^)]*\)"'|'"\$\(date \+%s\)-\$\$"'/g, 'X')) as Record<
    string,
    unknown
  >,
});
const swipe = async ({ origin }: Engine, { key, body }: Sample, serial: string): Promise<number> => {
  const { status } = await fetch(`${origin}/v1/settlements`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, serial, occurredAt: new Date().toISOString(), totalFee: '0.01', accountEligible: '0.01' }),
  });
  return status;
};
const settled = async ({ origin }: Engine, { key }: Sample, serial: string): Promise<number> =>
  (await fetch(`${origin}/v1/settlements/P37020000001/${serial}`, { headers: { authorization: `Bearer ${key}` } })).status;
const ready = async ({ origin }: Engine): Promise<Readonly<{ status: number; text: string }>> => {
  const answer = await fetch(`${origin}/health/ready`);
  return { status: answer.status, text: await answer.text() };
};

const rowsOf = (folder: string, file: string, sql: string): unknown[] => {
  const db = new DatabaseSync(path.join(folder, file), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};
const logOf = (folder: string) => rowsOf(folder, 'events.db', 'SELECT log_index, bytes FROM events ORDER BY log_index');
const balancesOf = (folder: string) => rowsOf(folder, 'views.db', 'SELECT * FROM balances ORDER BY 1, 2, 3, 4');
const lastIndexOf = (folder: string): number => logOf(folder).length - 1;
const caughtUp = async (folder: string): Promise<void> => {
  const last = lastIndexOf(folder);
  const behind = () => (rowsOf(folder, 'views.db', 'SELECT min(logIndex) AS n FROM projections')[0] as { n: number }).n < last;
  while (behind()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('yika backup and restore, beside a running engine', () => {
  const backup = path.join(root, 'backup');
  let engine: Engine;
  let sample: Sample;

  it('makes a whole backup while swipes are settled', async () => {
    engine = await start(data);
    sample = sampleIn(engine.output());
    expect(await swipe(engine, sample, 'FIRST')).toBe(201);
    let n = 0;
    const control = new AbortController();
    const load = (async () => {
      while (!control.signal.aborted) expect(await swipe(engine, sample, `LOAD-${n++}`)).toBe(201);
    })();
    expect(await yikaBeside('--data', data, 'backup', backup)).toBe(0);
    control.abort();
    await load;
    expect(await swipe(engine, sample, 'AFTER')).toBe(201);
    expect(n).toBeGreaterThan(0);
    const checked = yika('--json', 'backup', 'check', backup);
    expect([checked.status, JSON.parse(checked.stdout)]).toMatchObject([0, { sound: true, manifest: { format: 'yika-backup' } }]);
    const copied = logOf(backup);
    expect(logOf(data).slice(0, copied.length)).toEqual(copied);
    expect(readdirSync(backup).sort()).toEqual(['content.db', 'events.db', 'manifest.json', 'vault.db']);
  });

  it('says what is not in it, and refuses a folder that is not empty', () => {
    const told = yika('--data', data, 'backup', path.join(root, 'second'));
    expect(told.stdout).toMatch(/the master key: keep it elsewhere/);
    const refused = yika('--data', data, 'backup', backup);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('holds a backup already')]);
  });

  it('warns of a log that is shorter than the engine remembers, and of no other', () => {
    const folder = path.join(root, 'short');
    cpSync(backup, folder, { recursive: true });
    const warnings = (to: string) =>
      (JSON.parse(yika('--json', '--data', folder, 'backup', path.join(root, to)).stdout) as { warnings: object[] }).warnings;
    const last = lastIndexOf(folder);
    writeFileSync(path.join(folder, 'checkpoint.json'), JSON.stringify({ logIndex: last }));
    expect(warnings('not-short')).toEqual([]);
    writeFileSync(path.join(folder, 'checkpoint.json'), JSON.stringify({ logIndex: last + 1 }));
    expect(warnings('of-short')).toMatchObject([{ code: 'log-shorter-than-seen' }]);
  });

  it('previews and refuses to restore under the engine; the checkpoint outside follows the log', async () => {
    const preview = yika('--data', data, 'restore', backup);
    expect(preview.stdout).toMatch(/events lost.*\n(.*\n)*.*running: stop it before restoring/);
    const refused = yika('--data', data, 'restore', backup, '--yes', '--accept-loss');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('stop it first')]);
    const index = (): number => (JSON.parse(readFileSync(checkpoint, 'utf8')) as { logIndex: number }).logIndex;
    const last = lastIndexOf(data);
    while (index() < last) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(index()).toBe(last);
  });

  it('restores into another folder, where an engine finds the same balances', async () => {
    await engine.stop();
    const atRest = path.join(root, 'at-rest');
    const other = path.join(root, 'other');
    expect(yika('--data', data, 'backup', atRest).status).toBe(0);
    expect(yika('--data', other, 'restore', atRest).stdout).toMatch(/nothing was changed/);
    expect(existsSync(other)).toBe(false);
    expect(yika('--data', other, 'restore', atRest, '--yes').status).toBe(0);
    cpSync(path.join(data, 'master.key'), path.join(other, 'master.key')); // Kept apart, and brought by other people.
    const restored = await start(other, '--no-sample');
    expect(await ready(restored)).toMatchObject({ status: 200 });
    await caughtUp(other);
    expect(balancesOf(other)).toEqual(balancesOf(data));
    expect(balancesOf(other).length).toBeGreaterThan(100);
    expect(await settled(restored, sample, 'AFTER')).toBe(200);
    await restored.stop();
  });

  it('gives up what is newer only when told to, and the engine then takes no swipe until it is told, too', async () => {
    const refused = yika('--data', data, 'restore', backup, '--yes');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('--accept-loss')]);
    expect(yika('--data', data, 'restore', backup, '--yes', '--accept-loss').status).toBe(0);

    const doubting = await start(data);
    expect(doubting.output()).toMatch(/the engine is not ready\n.*\n.*events are missing/);
    expect(await ready(doubting)).toMatchObject({ status: 503, text: expect.stringContaining('log-shorter-than-seen') as string });
    const before = logOf(data).length;
    expect(await swipe(doubting, sample, 'READ-ONLY')).toBe(503);
    expect(await settled(doubting, sample, 'FIRST')).toBe(200); // Queries work.
    expect(await settled(doubting, sample, 'AFTER')).toBe(404);
    await doubting.stop();
    expect(logOf(data)).toHaveLength(before);

    const accepting = await start(data, '--accept-loss');
    expect(await ready(accepting)).toMatchObject({ status: 200 });
    expect(await swipe(accepting, sample, 'AGAIN')).toBe(201);
    await accepting.stop();
    expect(readFileSync(checkpoint, 'utf8')).toContain('log-shorter-than-seen');
  });
});
