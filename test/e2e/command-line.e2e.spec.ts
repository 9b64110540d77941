import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { identityNumberFor } from '#libs/kernel';
import { type HttpRegion, httpRegion, must } from './http-region';

const YIKA = resolve(__dirname, '../../dist/apps/cli/src/main.js');
const ACCOUNTS = 110;

let region: HttpRegion;
beforeAll(async () => {
  region = await httpRegion();
  for (let i = 0; i < ACCOUNTS; i++) {
    const person = { identityKind: '01', identityNumber: identityNumberFor('370200', '1971-02-03', String(101 + i)), name: '张三' };
    const body = { reference: `open-${i}`, poolingArea: '370200', insuranceType: 'employee', person };
    must(await region.call('POST', '/v1/accounts', { key: region.keys.agency, body }));
  }
});
afterAll(() => region.close());

type Ended = Readonly<{ code: number | null; out: string; err: string }>;
const ended = (program: string, words: readonly string[]): Promise<Ended> =>
  new Promise((settle) => {
    const child = spawn(program, words);
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (more: string) => (text.out += more));
    child.stderr.setEncoding('utf8').on('data', (more: string) => (text.err += more));
    child.once('close', (code) => settle({ code, ...text }));
  });
const yika = (...words: readonly string[]) => ended(process.execPath, [YIKA, '--data', region.folder, ...words]);
/** The same, read by another program through a pipe. */
const yikaPiped = (reader: string, ...words: readonly string[]) =>
  ended('sh', ['-c', `"$@" | ${reader}`, 'sh', process.execPath, YIKA, '--data', region.folder, ...words]);

describe('what a command answers', () => {
  it('gives the whole log to a program that reads it slowly from a pipe', async () => {
    const { out } = await yikaPiped('(sleep 1; cat)', 'events', 'tail');
    expect(out.length).toBeGreaterThan(2 * 65_536); // More than a pipe holds.
    const indexes = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { logIndex: number }).logIndex);
    const { body } = await region.local('GET', '/admin/v1/projections');
    expect(indexes).toEqual(Array.from({ length: Number(body.logIndex) + 1 }, (_, i) => i));
  });

  it('leaves without a fault when its reader has seen enough', async () => {
    const { out, err } = await yikaPiped('head -n 1', 'events', 'tail');
    expect(JSON.parse(out)).toMatchObject({ logIndex: 0 });
    expect(err).toBe('');
  });

  it('says in words what the engine refuses, and to a program as JSON, with the words beside it', async () => {
    const refused = await yika('projections', 'rebuild', 'nosuch');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('没有这个读模型 · There is no projection of this name.');
    expect(refused.err).not.toContain('{');
    const forPrograms = await yika('--json', 'projections', 'rebuild', 'nosuch');
    expect(forPrograms).toMatchObject({ code: 1, err: refused.err });
    expect(JSON.parse(forPrograms.out)).toMatchObject({ code: 'projection-not-found' });
  });

  it('answers a program with JSON when it fails before it asks the engine', async () => {
    const { code, out, err } = await yika('--json', 'packs', 'propose', '/nonexistent.yaml');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      code: 'failed',
      messageZh: '读不到文件：/nonexistent.yaml',
      messageEn: 'Cannot read /nonexistent.yaml',
    });
    expect(err).toContain('Cannot read /nonexistent.yaml');
  });

  it.each([
    ['an option that there is not', ['keys', 'list', '--jsno']],
    ['a log index that is none', ['events', 'tail', '--from', 'x']],
    ['an option left out', ['keys', 'create']],
  ])('says in both languages that it was given wrongly: %s', async (_, words) => {
    const { code, err } = await yika(...words);
    expect(code).toBe(2);
    expect(err).toContain('命令写法不对，什么也没有做 · The command was given wrongly; nothing was done');
    expect(err).toContain('--help');
  });
});

describe('who is at the keyboard', () => {
  it('is in the log under the name that was given', async () => {
    const { keyId } = JSON.parse(
      (await yika('--json', '--operator', 'li.ming', 'keys', 'create', '--organisation', 'X', '--right', 'auditor')).out,
    ) as {
      keyId: string;
    };
    const { out } = await yika('events', 'tail');
    const made = out.split('\n').filter((line) => line.includes('AccessKeyCreated') && line.includes(keyId));
    expect(made).toHaveLength(1);
    expect(made[0]).toContain('"principal":"local-operator:li.ming"');
  });

  it.each(['李明', 'li ming', 'x'.repeat(41), '', '370202195803120170', '13900000001'])(
    'is asked for when the log cannot take the name: %s',
    async (name) => {
      const { code, out, err } = await yika('--operator', name, 'keys', 'create', '--organisation', 'Y', '--right', 'auditor');
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('工号或拼音');
    },
  );

  it('has made nothing under a name that was not taken', async () => {
    expect((await yika('keys', 'list')).out).not.toMatch(/^\w{16} +Y /m);
  });
});

describe('the engine that a command starts for the moment', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ends with the command when that gets %s while it waits, and leaves the folder to others',
    async (signal) => {
      const folder = mkdtempSync(join(tmpdir(), 'yika-moment-'));
      const store = await openSqliteEventStore({ folder });
      await store.close();
      const child = spawn(process.execPath, [YIKA, '--data', folder, 'events', 'tail', '--follow'], { stdio: 'ignore' });
      const gone = new Promise((settle) => child.once('exit', settle));
      const pidFile = join(folder, 'writer.pid');
      await until(() => existsSync(pidFile) && existsSync(join(folder, 'admin.json')));
      const engine = Number(readFileSync(pidFile, 'utf8'));
      child.kill(signal);
      await gone;
      await until(() => !isAlive(engine));
      rmSync(folder, { recursive: true });
    },
  );
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((settle) => setTimeout(settle, 20));
};
