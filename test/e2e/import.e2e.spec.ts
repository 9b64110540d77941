import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identityNumberFor } from '#libs/kernel';
import { writeLegacyFiles } from '../bench/suite/legacy-files';
import { type HttpRegion, httpRegion, must, swipeOf } from './http-region';

const ROOT = path.resolve(__dirname, '../..');
const YIKA = path.join(ROOT, 'dist/apps/cli/src/main.js');
const EXAMPLE = path.join(ROOT, 'apps/cli/src/import/example');
jest.setTimeout(180_000);

type Ended = Readonly<{ code: number | null; out: string; err: string }>;
type Report = Readonly<{
  state: string;
  accounts: Readonly<{ alreadyThere: number; written: number }>;
  rejected: Readonly<{
    lines: number;
    folder: string | null;
    first: readonly Readonly<{ place: string; field: string | null; code: string }>[];
  }>;
  totals: Readonly<{ ok: boolean; rows: readonly Readonly<{ item: string; file: number; events: number; ok: boolean }>[] }> | null;
}>;

let region: HttpRegion;
const folders: string[] = [];
const children: ChildProcess[] = [];
beforeEach(async () => {
  region = await httpRegion();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await region.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yika-import-'));
  folders.push(folder);
  return folder;
};
/** The example, with some of its files written otherwise. */
const filesWith = (changes: Readonly<Record<string, string | ((text: string) => string)>>): string => {
  const folder = newFolder();
  cpSync(EXAMPLE, folder, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const file = path.join(folder, name);
    writeFileSync(file, typeof change === 'string' ? change : change(readFileSync(file, 'utf8')));
  }
  return folder;
};
const begin = (
  ...words: readonly string[]
): Readonly<{ child: ChildProcess; ended: Promise<Ended>; says: (text: RegExp) => Promise<void> }> => {
  const child = spawn(process.execPath, [YIKA, '--data', region.folder, '--json', 'import', ...words, '--source', 'hifs']);
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  const says = async (text: RegExp): Promise<void> => {
    while (!text.test(err)) {
      if (child.exitCode !== null) throw new Error(`ended without saying ${String(text)}:\n${err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { child, ended, says };
};
const imported = async (...words: readonly string[]): Promise<Ended & Readonly<{ report: Report }>> => {
  const ended = await begin(...words).ended;
  return { ...ended, report: (ended.out === '' ? {} : JSON.parse(ended.out)) as Report };
};
const eventsInLog = async (): Promise<number> =>
  (must(await region.local('GET', '/admin/v1/projections')) as { logIndex: number }).logIndex;
const codes = ({ rejected }: Report): string[] => rejected.first.map(({ place, field, code }) => `${place} ${field ?? '-'} ${code}`);

describe('yika import', () => {
  it('takes the example over: the card pays at once, three totals agree, and a second run writes nothing', async () => {
    const first = await imported('run', EXAMPLE);
    expect(first).toMatchObject({ code: 0, report: { state: 'done', accounts: { written: 3, alreadyThere: 0 }, totals: { ok: true } } });
    const swipe = swipeOf('A00000001', 'S1', '24.07');
    expect(must(await region.call('POST', '/v1/settlements', { key: region.keys.pharmacy, body: swipe }))).toMatchObject({
      accountPaid: { total: '24.07' },
    });
    const events = await eventsInLog();
    const again = await imported('run', EXAMPLE);
    expect(again).toMatchObject({ code: 0, report: { state: 'done', accounts: { written: 0, alreadyThere: 3 }, totals: { ok: true } } });
    expect(await eventsInLog()).toBe(events);
  });

  it('a plan writes nothing', async () => {
    const events = await eventsInLog();
    expect(await imported('plan', EXAMPLE)).toMatchObject({ code: 0, report: { state: 'planned', totals: null } });
    expect(await imported('run', EXAMPLE, '--dry-run')).toMatchObject({ code: 0, report: { state: 'planned' } });
    expect(await eventsInLog()).toBe(events);
  });

  it('names every fault of every line with file, line and field, writes nothing, and tells nobody’s data', async () => {
    const wrong = identityNumberFor('370202', '1990-01-02', '011').replace(/.$/, (last) => (last === '1' ? '2' : '1'));
    const governed = identityNumberFor('370202', '1970-01-01', '013');
    const events = await eventsInLog();
    const folder = filesWith({
      'persons.csv': (text) =>
        `${text}GR0004,370200,工人,01,${wrong},示例#,1990-13-01,x\r\nGR0005,999999,employee,01,${governed},示例戊,,\r\n`,
      'cards.csv': (text) => `${text}K5,GR0009,A00000009,socialSecurity3,inUse,\r\nK4,GR0002,A1,socialSecurity3,inUse,\r\n`,
      'balances.csv': (text) => `${text}GR0001,K9,当年,1.00\r\nGR0002,,currentYear,-5\r\nGR0001,K3,当年,1\r\n`,
    });
    const { code, report, out, err } = await imported('run', folder);
    expect(code).toBe(1);
    expect(report.state).toBe('rejected');
    const list = readFileSync(path.join(folder, 'rejects/rejects.csv'), 'utf8').split('\r\n');
    const told = list
      .map((line) => line.split(','))
      .map(([file, line, field, fault]) => `${file}:${line} ${field === '' ? '-' : field} ${fault}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'persons.csv:5 insuranceType word-unknown',
        'persons.csv:5 name name-form',
        'persons.csv:5 birthDate date-form',
        'persons.csv:5 telephone telephone-form',
        'persons.csv:5 identityNumber identity-check-character',
        'cards.csv:6 personId person-not-here',
        'cards.csv:7 cardNumber card-number-form',
        'cards.csv:7 cardId id-twice',
        'cards.csv:5 cardId id-twice',
        'balances.csv:6 cardId card-not-here',
        'balances.csv:7 amount amount-negative',
        'balances.csv:8 cardId card-of-another-person',
        'control.csv:2 persons control-differs',
      ]),
    );
    expect(await eventsInLog()).toBe(events);
    for (const text of [wrong, '示例', 'A00000009']) {
      expect(out).not.toContain(text);
      expect(err).not.toContain(text);
      expect(readFileSync(path.join(folder, 'rejects/rejects.csv'), 'utf8')).not.toContain(text);
    }
  });

  it('an account is one thing: asked to skip, it leaves out all of its lines, and the corrected rejects are imported as they are', async () => {
    const folder = filesWith({
      'balances.csv': (text) => text.replace('GR0001,K2,当年,300.00', 'GR0001,K2,当年,3OO.00'),
      'control.csv': 'item,value\r\npersons,3\r\n',
    });
    expect(await imported('run', folder)).toMatchObject({ code: 1, report: { state: 'rejected', accounts: { written: 0 } } });
    const skipped = await imported('run', folder, '--skip-rejects');
    expect(skipped).toMatchObject({
      code: 0,
      report: { state: 'done', accounts: { written: 2 }, rejected: { lines: 6 }, totals: { ok: true } },
    });
    const rejects = path.join(folder, 'rejects');
    expect(readdirSync(rejects).toSorted()).toEqual(['balances.csv', 'cards.csv', 'persons.csv', 'rejects.csv']);
    const file = path.join(rejects, 'balances.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replace('3OO.00', '300.00'));
    rmSync(path.join(rejects, 'rejects.csv'));
    expect(await imported('run', rejects)).toMatchObject({
      code: 0,
      report: { state: 'done', accounts: { written: 1 }, totals: { ok: true } },
    });
  });

  it('one fen wrong in the control total stops everything, also when rejects may be skipped', async () => {
    const folder = filesWith({ 'control.csv': (text) => text.replace('1144.57', '1144.58') });
    const events = await eventsInLog();
    for (const more of [[], ['--skip-rejects']]) {
      const { code, report } = await imported('run', folder, ...more);
      expect({ code, codes: codes(report) }).toEqual({ code: 1, codes: ['control.csv:7 priorYear control-differs'] });
    }
    expect(await eventsInLog()).toBe(events);
  });

  it('a line of which nobody can tell whose it is leaves no account known to be whole: nothing is skipped over it', async () => {
    const folder = filesWith({ 'balances.csv': (text) => `${text}"GR0002,,当年,1\r\n`, 'control.csv': 'item,value\r\n' });
    const { code, err } = await imported('run', folder, '--skip-rejects');
    expect(code).toBe(1);
    expect(err).toMatch(/whose they are/);
  });

  it('files that were given each other’s names are told by their columns', async () => {
    const cards = readFileSync(path.join(EXAMPLE, 'cards.csv'), 'utf8');
    const { code, err } = await imported('run', filesWith({ 'balances.csv': cards }));
    expect(code).toBe(1);
    expect(err).toMatch(/balances\.csv.*looks like a file of cards/);
  });

  it('the same id with other content is refused and told in what', async () => {
    await imported('run', EXAMPLE);
    const folder = filesWith({ 'balances.csv': (text) => text.replace('58.6', '58.61'), 'control.csv': 'item,value\r\n' });
    const { code, report, out } = await imported('run', folder);
    expect(code).toBe(1);
    expect(codes(report)).toContain('persons.csv:3 - taken-over-with-different-content');
    expect(out).toContain('differs=balances');
  });

  it('GB18030 is read; as UTF-8 the same file is told to be in another encoding', async () => {
    const folder = filesWith({});
    for (const name of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, name), 'utf8');
      writeFileSync(path.join(folder, name), gb18030(text));
    }
    expect((await imported('plan', folder)).report.rejected.first.map(({ code }) => code)).toContain('characters-broken');
    const { code, report } = await imported('plan', folder, '--encoding', 'gb18030');
    expect({ code, first: report.rejected.first }).toEqual({ code: 0, first: [] });
  });

  it('does not read a file in UTF-8 as GB18030: every name would be another one', async () => {
    const { code, err } = await imported('plan', EXAMPLE, '--encoding', 'gb18030');
    expect(code).toBe(1);
    expect(err).toContain('是 UTF-8 编码，与 --encoding 不符');
  });

  it('swipes go on beside it, and the totals agree all the same', async () => {
    await imported('run', EXAMPLE);
    const folder = newFolder();
    await writeLegacyFiles(folder, 1_500);
    const { ended } = begin('run', folder);
    let isOver = false;
    void ended.then(() => (isOver = true));
    let settled = 0;
    for (; !isTrue(() => isOver); settled++) {
      const body = swipeOf('A00000001', `B${settled}`, '0.01');
      must(await region.call('POST', '/v1/settlements', { key: region.keys.pharmacy, body }));
    }
    const { code, out } = await ended;
    expect({ code, ok: (JSON.parse(out) as Report).totals?.ok }).toEqual({ code: 0, ok: true });
    expect(settled).toBeGreaterThan(10);
  });

  it('killed while it writes, the same command goes on; two at once are not let in', async () => {
    const folder = newFolder();
    await writeLegacyFiles(folder, 3_000);
    const first = begin('run', folder);
    await first.says(/写入 writing.*[1-9]\d %/);
    const second = await imported('run', folder);
    expect(second).toMatchObject({ code: 1 });
    expect(second.err).toMatch(/Another import of the source hifs is under way/);
    first.child.kill('SIGKILL');
    await first.ended;
    const { code, report } = await imported('run', folder);
    expect({ code, state: report.state, ok: report.totals?.ok }).toEqual({ code: 0, state: 'done', ok: true });
    expect(report.accounts.alreadyThere).toBeGreaterThan(0);
    expect(report.accounts.alreadyThere + report.accounts.written).toBe(3_000);
  });
});

/** Asked through a function: it changes while the loop waits. */
const isTrue = (asked: () => boolean): boolean => asked();

/** Text in GB18030: made from what the decoder says of every two bytes, since nothing here encodes it. */
const gb18030 = (text: string): Buffer => {
  const decoder = new TextDecoder('gb18030');
  const bytesOf = new Map<string, readonly [number, number]>();
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      const character = decoder.decode(Uint8Array.of(high, low));
      if (low !== 0x7f && character.length === 1) bytesOf.set(character, [high, low]);
    }
  return Buffer.from(
    Array.from(text).flatMap((character) => (character < '\u0080' ? [character.charCodeAt(0)] : [...(bytesOf.get(character) ?? [])])),
  );
};
