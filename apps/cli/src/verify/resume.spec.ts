import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pen, recordedFolder } from '../../../../test/support/recorded-folder';
import { type Verification, type VerifyOrder, verifyFolder } from './verify-folder';

let sound: string;
let work: string;
beforeAll(async () => {
  sound = await recordedFolder();
  work = mkdtempSync(path.join(tmpdir(), 'yika-resume-'));
});
afterAll(() => {
  for (const folder of [sound, work]) rmSync(folder, { recursive: true, force: true });
});

const verified = (folder: string, over: Partial<VerifyOrder> = {}): Promise<Verification> =>
  verifyFolder({
    folder,
    from: null,
    to: null,
    decide: true,
    projections: false,
    checkpointFile: undefined,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...over,
  });
/** Somebody's wish to stop, heard after the verification has looked for it so often. */
const stopAfter = (times: number): AbortSignal => {
  let asked = 0;
  return {
    get aborted() {
      return ++asked > times;
    },
    addEventListener: () => undefined,
  } as unknown as AbortSignal;
};
const copied = (name: string): string => {
  const folder = path.join(work, name);
  cpSync(sound, folder, { recursive: true });
  return folder;
};
const ofLog = ({ checks }: Verification) => checks.filter(({ check }) => check !== 'projections');
/** Stops again and again, a few streams further each time, until it is done. */
const inManyRuns = async (folder: string, resumeFile: string): Promise<Verification> => {
  for (let runs = 1; runs < 200; runs++) {
    const told = await verified(folder, { resumeFile, signal: stopAfter(8 + runs) });
    if (!told.stopped) return told;
    expect(told.verdict).not.toBe('sound');
    expect([existsSync(resumeFile), told.events > 0]).toEqual([true, true]);
  }
  throw new Error('it never ends');
};

describe('verify: stopped and gone on with', () => {
  it('however often it is stopped, all runs together cover what one run covers, each event by one of them', async () => {
    const file = path.join(work, 'often.json');
    const once = await verified(sound);
    const often = await inManyRuns(sound, file);
    expect(ofLog(often)).toEqual(ofLog(once));
    expect(often.runs.length).toBeGreaterThan(3);
    expect(often.runs.reduce((sum, { events }) => sum + events, 0)).toBe(once.lastLogIndex + 1);
    expect(existsSync(file)).toBe(false); // It is done: the next one begins anew.
  });

  it('is a pass only when the last run has come to the end', async () => {
    const file = path.join(work, 'pass.json');
    expect((await verified(sound, { projections: true, resumeFile: file, signal: stopAfter(6) })).verdict).toBe('partial');
    expect((await verified(sound, { projections: true, resumeFile: file })).verdict).toBe('sound');
  });

  it('findings of an earlier run are findings of the whole', async () => {
    const folder = copied('findings');
    const pen = new Pen(folder);
    pen.change(pen.at('InstitutionRegistered.v1'), ({ data }) => {
      data.more = 1;
    });
    pen.close();
    const often = await inManyRuns(folder, path.join(work, 'findings.json'));
    expect(often.verdict).toBe('findings');
    expect(often.findings).toEqual((await verified(folder)).findings);
  });

  it('a covered part that is no longer what it was is found, though each run by itself saw nothing', async () => {
    const folder = copied('changed');
    const file = path.join(work, 'changed.json');
    await verified(folder, { resumeFile: file, signal: stopAfter(8) });
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { covered: { digest: string } };
    writeFileSync(file, JSON.stringify({ ...kept, covered: { ...kept.covered, digest: kept.covered.digest.replace(/^./, 'x') } }));
    const told = await verified(folder, { resumeFile: file });
    expect([told.verdict, told.findings.map(({ check }) => check)]).toEqual(['findings', ['log']]);
    expect(told.findings[0]?.en).toBe('what an earlier run has covered is not what it was then');
  });

  it('one byte of a covered event gives another hash', async () => {
    const folder = copied('byte');
    const file = path.join(work, 'byte.json');
    await verified(folder, { resumeFile: file, signal: stopAfter(8) });
    const pen = new Pen(folder);
    pen.change(pen.at('AgreementSigned.v1'), ({ data }) => {
      data.until = '2031-12-31';
    });
    pen.close();
    expect((await verified(folder, { resumeFile: file })).findings.map(({ check }) => check)).toContain('log');
  });

  it('goes on only from its own kind of file, and with the same demands', async () => {
    const file = path.join(work, 'other.json');
    await verified(sound, { resumeFile: file, signal: stopAfter(6) });
    await expect(verified(sound, { resumeFile: file, decide: false })).rejects.toThrow('another --no-decide');
    writeFileSync(file, '{"half":');
    await expect(verified(sound, { resumeFile: file })).rejects.toThrow('no verification that was stopped');
  });
});

it('verify: a beginning beyond the end of the log is refused in words', async () => {
  await expect(verified(sound, { from: 1_000_000 })).rejects.toThrow(/--from 1000000 is beyond the end of the log: its last index is \d+/);
});
