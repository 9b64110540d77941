import { cpSync, mkdtempSync, openSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckName } from '#libs/audit';
import { Pen, recordedFolder } from '../../../../test/support/recorded-folder';
import { TAMPERED, withoutViews } from '../../../../test/support/tampered-folder';
import { type Verification, type VerifyOrder, verifyFolder } from './verify-folder';

let sound: string;
const folders: string[] = [];
beforeAll(async () => {
  sound = await recordedFolder();
});
afterAll(() => {
  for (const folder of [sound, ...folders]) rmSync(folder, { recursive: true, force: true });
});

const verified = (folder: string, over: Partial<VerifyOrder> = {}): Promise<Verification> =>
  verifyFolder({
    folder,
    from: null,
    to: null,
    decide: true,
    projections: true,
    checkpointFile: undefined,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...over,
  });
const copied = (change: (pen: Pen) => void): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yika-tampered-'));
  folders.push(folder);
  cpSync(sound, folder, { recursive: true });
  const pen = new Pen(folder);
  try {
    change(pen);
  } finally {
    pen.close();
  }
  return folder;
};
const red = ({ checks }: Verification): readonly CheckName[] => checks.filter(({ findings }) => findings > 0).map(({ check }) => check);
const partly = ({ checks }: Verification): readonly CheckName[] =>
  checks.filter(({ of, checked, gaps }) => of !== checked || gaps.length > 0).map(({ check }) => check);
describe('verify: a sound folder', () => {
  it('is sound, and every check has looked at everything that there is', async () => {
    const told = await verified(sound);
    expect(told.findings).toEqual([]);
    expect(told.verdict).toBe('sound');
    expect(partly(told)).toEqual([]);
    const nothing = told.checks.filter(({ of }) => of === 0).map(({ check }) => check);
    expect(nothing).toEqual([]); // Something of everything was recorded: no check is green for want of work.
    expect(told.checks.find(({ check }) => check === 'log')?.checked).toBe(told.lastLogIndex + 1);
  });

  it('is left as it was: not a byte of the log is written', async () => {
    const before = statSync(path.join(sound, 'events.db'));
    await verified(sound);
    const after = statSync(path.join(sound, 'events.db'));
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
  });
});

describe('verify: each kind of damage turns exactly its checks red', () => {
  it.each(TAMPERED)('%s: %j', async (_what, expected, change) => {
    const ofReadModels = expected.some((check) => check === 'projections' || check === 'institutionDays');
    const told = await verified(copied(change), { projections: ofReadModels });
    expect(told.verdict).toBe('findings');
    expect(red(told)).toEqual(expect.arrayContaining([...expected]));
    expect(expected).toEqual(expect.arrayContaining([...red(told)]));
    for (const { zh, en } of told.findings) expect([zh, en].every((words) => words.length > 3)).toBe(true);
  });

  it('a page of the file overwritten: the file is named as damaged, and what was not read is told', async () => {
    const folder = copied(() => undefined);
    const file = path.join(folder, 'events.db');
    const fd = openSync(file, 'r+');
    for (let at = 8 * 4096; at < statSync(file).size; at += 3 * 4096) writeSync(fd, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    const told = await verified(folder, { projections: false }).catch((thrown: unknown) => (thrown as Error).message);
    if (typeof told === 'string') expect(told).toContain('The log is damaged');
    else expect(red(told)).toContain('log');
  });

  it('findings say where, what was expected and what was found', async () => {
    const told = await verified(
      copied((pen) =>
        pen.change(pen.at('SwipeSettled.v1'), ({ data }) => {
          data.terminalCode = 'T7';
        }),
      ),
    );
    expect(told.findings).toEqual([
      expect.objectContaining({
        check: 'decisions',
        logIndex: expect.any(Number) as number,
        stream: expect.stringMatching(/^medicalAccount-/) as string,
        revision: expect.any(Number) as number,
        expected: 'nothing',
        found: 'SwipeSettled.v1',
      }),
    ]);
  });
});

describe('verify: what was not looked at is no pass', () => {
  const PARTIAL: readonly (readonly [what: string, check: CheckName, told: () => Promise<Verification>])[] = [
    ['a range that begins later', 'claims', () => verified(sound, { from: 10 })],
    ['a range that ends earlier', 'projections', () => verified(sound, { to: 20 })],
    ['nothing decided again', 'decisions', () => verified(sound, { decide: false, projections: false })],
    ['no read models asked for', 'projections', () => verified(sound, { projections: false })],
    ['no read models there', 'projections', () => verified(copied(({ folder }) => unlinkSync(path.join(folder, 'views.db'))))],
    [
      'a read model of another version',
      'projections',
      () => verified(copied((pen) => pen.in('views.db', "UPDATE projections SET version = 99 WHERE name = 'balances'"))),
    ],
    ['no content file', 'contents', () => verified(copied(({ folder }) => unlinkSync(path.join(folder, 'content.db'))))],
    ['stopped', 'log', () => verified(sound, { signal: AbortSignal.abort() })],
  ];
  it.each(PARTIAL)('%s: partial, and %s says so', async (_what, check, told) => {
    const found = await told();
    expect(found.findings).toEqual([]);
    expect(found.verdict).toBe('partial');
    expect(partly(found)).toContain(check);
  });

  it('of a stream that is broken, what stands behind the damage is told as not checked', async () => {
    const told = await verified(
      copied((pen) =>
        pen.change(pen.at('AccountCredited.v1'), ({ data }) => {
          data.more = 1;
        }),
      ),
    );
    expect(red(told)).toEqual(expect.arrayContaining(['form']));
    expect(partly(told)).toEqual(expect.arrayContaining(['legs', 'settlements', 'cards', 'agreements', 'closings', 'decisions']));
  });

  it('an older log that was put back is sound in itself, and shorter than a checkpoint has seen', async () => {
    const checkpoint = path.join(path.dirname(sound), `${path.basename(sound)}-checkpoint.json`);
    const folder = copied(withoutViews);
    const seen = { logIndex: 1_000_000, eventHash: 'a'.repeat(64), writtenAt: '2026-03-02T01:00:00.000Z', external: true };
    writeFileSync(checkpoint, JSON.stringify({ format: 'yika-checkpoint', formatVersion: 1, ...seen, standing: [], acceptedLosses: [] }));
    folders.push(checkpoint);
    const told = await verified(folder, { checkpointFile: checkpoint });
    expect([told.verdict, red(told)]).toEqual(['findings', ['seen']]);
    expect(told.findings[0]?.en).toMatch(/the checkpoint outside the data folder has seen 1000000: \d+ events are missing/);
  });

  it('a backup has no read models by its nature: without them it is sound', async () => {
    expect((await verified(copied(withoutViews))).verdict).toBe('sound');
  });

  it('a read model that is behind the log is compared as of its checkpoint', async () => {
    const folder = copied((pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-U1'),
        'U2',
      ),
    );
    expect(red(await verified(folder))).not.toContain('projections');
  });
});
