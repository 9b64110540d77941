import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const ROOT = path.resolve(__dirname, '../..');
const START = path.join(ROOT, 'dist/apps/cli/src/start.js');
const YIKA = path.join(ROOT, 'dist/apps/cli/src/main.js');
const PATIENCE_MS = 120_000;
jest.setTimeout(PATIENCE_MS);

type Told = {
  verdict: string;
  events: number;
  lastLogIndex: number;
  findings: { check: string }[];
  checks: { check: string; share: number }[];
};
let dataFolder: string;
let engine: ChildProcess;
const yika = (...words: string[]) =>
  spawnSync(process.execPath, [YIKA, '--data', dataFolder, ...words], { encoding: 'utf8', timeout: PATIENCE_MS });
const answerOf = (stdout: string): Told => JSON.parse(stdout) as Told;

beforeAll(async () => {
  dataFolder = mkdtempSync(path.join(tmpdir(), 'yika-verify-e2e-'));
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', YIKA_DATA: dataFolder, YIKA_SAMPLE_SCALE: '0.02' };
  engine = spawn(process.execPath, [START], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [engine.stdout, engine.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('Ctrl-C')) {
    if (engine.exitCode !== null) throw new Error(output);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
const stop = async (): Promise<void> => {
  if (engine.exitCode !== null) return;
  const gone = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGINT');
  await gone;
};
afterAll(async () => {
  await stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('yika verify', () => {
  it('beside a running engine: sound, exit code 0, progress on the standard error alone', () => {
    const { status, stdout, stderr } = yika('verify', '--json');
    const told = answerOf(stdout);
    expect([status, told.verdict, told.findings]).toEqual([0, 'sound', []]);
    expect(told.events).toBe(told.lastLogIndex + 1);
    expect(told.checks.every(({ share }) => share === 1)).toBe(true);
    expect(stderr).toContain('100 %');
  });

  it('tells a person in words what share each check covered', () => {
    const { status, stdout } = yika('verify');
    expect(status).toBe(0);
    expect(stdout).toContain('SOUND');
    expect(stdout).toMatch(/deciding again gives the same events.*100 %\s+ok/);
  });

  it('partial is exit code 3, a wrong use 2, no log 1', () => {
    expect(yika('verify', '--no-decide').status).toBe(3);
    const range = yika('verify', '--from', '100', '--to', '200', '--json');
    expect([range.status, answerOf(range.stdout).verdict, answerOf(range.stdout).events]).toEqual([3, 'partial', 101]);
    expect(yika('verify', '--from', 'x').status).toBe(2);
    expect(yika('verify', '--from', '9', '--to', '1').status).toBe(2);
    expect(spawnSync(process.execPath, [YIKA, '--data', tmpdir(), 'verify'], { encoding: 'utf8' }).status).toBe(1);
  });

  it('of a stopped folder: sound; after somebody changed an amount: exit code 1, and where', async () => {
    await stop();
    expect(yika('verify').status).toBe(0);
    const db = new DatabaseSync(path.join(dataFolder, 'views.db'));
    db.exec('UPDATE balances_1 SET amountFen = amountFen + 1 WHERE accountId = (SELECT min(accountId) FROM balances_1)');
    db.close();
    const { status, stdout } = yika('verify');
    expect(status).toBe(1);
    expect(stdout).toContain('a row of a read model is not what the log gives');
  });
});
