import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const START = path.join(ROOT, 'dist/apps/cli/src/start.js');
const YIKA = path.join(ROOT, 'dist/apps/cli/src/main.js');
const PATIENCE_MS = 240_000;
jest.setTimeout(PATIENCE_MS);

const folders: string[] = [];
const children: ChildProcess[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yika-start-'));
  folders.push(folder);
  return folder;
};
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

type Started = Readonly<{ child: ChildProcess; output: () => string; says: (text: string) => Promise<void>; exit: Promise<number | null> }>;
const start = (dataFolder: string, port: number, ...words: string[]): Started => {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), YIKA_DATA: dataFolder, YIKA_SAMPLE_SCALE: '0.02' };
  const child = spawn(process.execPath, [START, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const says = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended without saying "${text}":\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, output: () => output, says, exit };
};
const yika = (dataFolder: string, ...words: string[]) =>
  spawnSync(process.execPath, [YIKA, '--data', dataFolder, ...words], { encoding: 'utf8', timeout: PATIENCE_MS });
const curlIn = (output: string): string => output.slice(output.indexOf('curl -sS'), output.indexOf('\n\nCtrl-C'));
const settle = (output: string): { settlementId?: string; balanceAfter?: string } =>
  JSON.parse(execFileSync('sh', ['-c', curlIn(output)], { encoding: 'utf8' })) as { settlementId?: string };

afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGINT');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  const dataFolder = newFolder();

  it('plays the sample region into an empty folder, finds every answer as planned and the log balanced, and stops on Ctrl-C', async () => {
    const port = await freePort();
    const engine = start(dataFolder, port);
    await engine.says('Ctrl-C');
    const told = engine.output();
    expect(told).toMatch(/Σ legs = 0 \([\d,]+ events\)\s+ok/);
    expect(told).toMatch(/not as planned\s+0/);
    expect(told).toMatch(/settled\s+[1-9]\d\d/);
    expect(told).toMatch(/moved old→new\s+[1-9]\d*/);
    expect(told).toMatch(/sealed\s+[1-9]\d*/);
    for (const code of ['agreement-suspended', 'card-stopped', 'balance-insufficient', 'settlement-key-voided', 'key-invalid'])
      expect(told).toContain(code);
    expect(settle(told).settlementId).toEqual(expect.any(String));

    engine.child.kill('SIGINT');
    expect(await engine.exit).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });

  it('resumes without a second sample; the printed command still settles', async () => {
    const engine = start(dataFolder, await freePort());
    await engine.says('Ctrl-C');
    expect(engine.output()).not.toContain('not as planned');
    expect(settle(engine.output()).settlementId).toEqual(expect.any(String));
    engine.child.kill('SIGTERM');
    expect(await engine.exit).toBe(0);
  });

  it('goes on with a sample that was interrupted, and ends with the same counts', async () => {
    const interrupted = newFolder();
    const port = await freePort();
    const first = start(interrupted, port);
    await first.says('账户 accounts');
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    expect((JSON.parse(readFileSync(path.join(interrupted, 'sample.json'), 'utf8')) as { state: string }).state).toBe('running');

    const second = start(interrupted, port);
    await second.says('Ctrl-C');
    expect(second.output()).toContain('going on with it');
    expect(second.output()).toMatch(/not as planned\s+0/);
    const tallyIn = (folder: string) => (JSON.parse(readFileSync(path.join(folder, 'sample.json'), 'utf8')) as { tally: object }).tally;
    expect(tallyIn(interrupted)).toEqual(tallyIn(dataFolder));
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
  });

  it('starts empty when asked to', async () => {
    const empty = newFolder();
    const engine = start(empty, await freePort(), '--no-sample');
    await engine.says('Ctrl-C');
    expect(existsSync(path.join(empty, 'sample.json'))).toBe(false);
    expect(engine.output()).not.toContain('curl');
    engine.child.kill('SIGINT');
    expect(await engine.exit).toBe(0);
  });

  it('says so when the port is taken, and when another engine holds the folder; nothing is left running', async () => {
    const held = newFolder();
    const port = await freePort();
    const engine = start(held, port, '--no-sample');
    await engine.says('Ctrl-C');

    const samePort = start(newFolder(), port, '--no-sample');
    expect(await samePort.exit).toBe(1);
    expect(samePort.output()).toContain('is already in use');
    const sameFolder = start(held, await freePort(), '--no-sample');
    expect(await sameFolder.exit).toBe(1);
    expect(sameFolder.output()).toContain('data-folder-in-use');
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);

    engine.child.kill('SIGINT');
    expect(await engine.exit).toBe(0);
  });

  it('says so when the folder cannot be written', async () => {
    const engine = start(path.join(ROOT, 'package.json', 'data'), await freePort());
    expect(await engine.exit).toBe(1);
    expect(engine.output()).toContain('cannot be written');
  });

  it('shows its help, and does not know other words', async () => {
    expect(await start(dataFolder, 1, '--help').exit).toBe(0);
    expect(await start(dataFolder, 1, '--nosample').exit).toBe(2);
  });
});

describe('npm run yika', () => {
  const dataFolder = newFolder();
  beforeAll(async () => {
    const engine = start(dataFolder, await freePort(), '--no-sample'); // Only this makes a log.
    await engine.says('Ctrl-C');
    engine.child.kill('SIGINT');
    await engine.exit;
  });

  it('makes no log in a folder that was mistyped, and says so', () => {
    const mistyped = newFolder();
    const { status, stderr } = yika(mistyped, 'keys', 'list');
    expect([status, stderr.includes('no log in it'), existsSync(path.join(mistyped, 'events.db'))]).toEqual([1, true, false]);
  });

  it('does its work through an engine of the moment when none runs, and leaves none behind', () => {
    const proposed = yika(dataFolder, '--operator', 'li', '--json', 'packs', 'propose', path.join(ROOT, 'libs/policy/packs/jinan.yaml'));
    expect(proposed.status).toBe(0);
    const { packId, hash } = JSON.parse(proposed.stdout) as { packId: string; hash: string };
    expect(packId).toBe('jinan@1');
    const bySame = yika(dataFolder, '--operator', 'li', 'packs', 'approve', packId, hash);
    expect(bySame.status).toBe(1);
    expect(bySame.stderr).toContain('pack-approved-by-proposer');
    expect(yika(dataFolder, '--operator', 'wang', 'packs', 'approve', packId, hash).status).toBe(0);
    expect(yika(dataFolder, 'packs', 'list').stdout).toContain('published');
    expect(existsSync(path.join(dataFolder, 'admin.json'))).toBe(false);
  });

  it('makes, lists and revokes keys', () => {
    const made = yika(
      dataFolder,
      '--json',
      'keys',
      'create',
      '--organisation',
      'H1',
      '--right',
      'institution',
      '--institution',
      'H37010000001',
    );
    const { key, keyId } = JSON.parse(made.stdout) as { key: string; keyId: string };
    expect(key).toMatch(/^yk_/);
    const listed = yika(dataFolder, '--json', 'keys', 'list');
    expect(listed.stdout).toContain(keyId);
    expect(listed.stdout).not.toContain(key);
    expect(yika(dataFolder, 'keys', 'revoke', keyId, '--reason', 'gone').status).toBe(0);
    expect(yika(dataFolder, 'keys', 'revoke', 'nobody', '--reason', 'gone').status).toBe(1);
  });

  it('rebuilds a projection, settles what is due, prints the log', () => {
    expect(yika(dataFolder, 'projections', 'rebuild', 'balances').status).toBe(0);
    expect(yika(dataFolder, 'projections', 'rebuild', 'nothing').status).toBe(1);
    expect(yika(dataFolder, 'projections', 'status').stdout).toContain('institutionDays');
    expect(yika(dataFolder, 'due', 'run').status).toBe(0);
    expect(JSON.parse(yika(dataFolder, 'events', 'tail').stdout.split('\n')[0] ?? '')).toMatchObject({ logIndex: 0 });
  });

  it('tells a wrong command from a refused one by its exit code', () => {
    expect(yika(dataFolder, 'keys', 'create').status).toBe(2);
    expect(yika(dataFolder, 'nothing').status).toBe(2);
    expect(yika(dataFolder, '--help').status).toBe(0);
  });
});
