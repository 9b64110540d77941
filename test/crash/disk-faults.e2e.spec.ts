import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expectAllInLog, expectSameAgain, isDone } from './books';
import { type Disk, smallDisk } from './disk';
import { EngineGone, type EngineUnderTest, runEngine } from './engine-process';
import { startLoad } from './load';
import { type Door, doorOf, type Region, setUpRegion } from './region';
import { seeded, seedOfRun } from './seeded';

const DISK_MIB = 160;
jest.setTimeout(120_000);

const disk = smallDisk(DISK_MIB);
const disks = disk === undefined ? describe.skip : describe;
afterAll(() => disk?.remove());

const codesAt = async (door: Door): Promise<readonly unknown[]> => {
  const { status, body } = await door.call('GET', '/health/ready');
  const codes = ((body.reasons ?? []) as { code: string }[]).map(({ code }) => code);
  return [status, codes];
};
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await pause(20);
};

disks('the disk of a running engine (needs root to mount a small one; not run where that cannot be)', () => {
  const { at, fill, empty, readOnly } = disk as Disk;
  const folder = join(at, 'data');
  const random = seeded(seedOfRun('full disk'));
  let engine: EngineUnderTest;
  let region: Region;
  let door: Door;

  beforeAll(async () => {
    engine = await runEngine({ folder });
    region = await setUpRegion(engine, 6);
    door = doorOf(engine);
  });
  afterAll(async () => {
    await door.close();
    await engine.kill('SIGKILL');
  });

  it('fills up under load: writes get 503, reads go on, readiness says why; with room all goes on by itself, nothing is lost', async () => {
    const load = startLoad(door, region, { random, label: 'd', callers: 8 });
    await load.answered(100);
    expect(await codesAt(door)).toEqual([200, []]);
    fill();
    await until(async () => load.acts.filter(({ answer }) => answer?.body.code === 'store-full').length > 50);
    expect(await codesAt(door)).toEqual([503, ['store-full']]);
    const [holder] = region.holders;
    expect((await door.call('GET', `/v1/accounts/${holder?.accountId}`, { key: region.agencyKey })).status).toBe(200);
    const failures = new Set(load.acts.filter((act) => (act.answer?.status ?? 0) >= 500).map(({ answer }) => answer?.body.code));
    expect([...failures].filter((code) => !['store-full', 'outage', 'outcome-unknown', 'busy'].includes(String(code)))).toEqual([]);

    const told = load.acts.length;
    empty();
    await until(async () => load.acts.slice(told).filter(isDone).length > 50);
    await load.stop();
    await until(async () => (await codesAt(door))[0] === 200);
    await expectSameAgain(door, region, load.acts, 0);
    await expectAllInLog(folder, load.acts);
  });

  it('a full disk stays told when nobody sends any more, and an engine that is ready again has room', async () => {
    fill();
    await until(async () => (await startOne(door, region)) === 'store-full');
    for (let i = 0; i < 3; i++) expect(await codesAt(door)).toEqual([503, ['store-full']]);
    empty();
    expect(await codesAt(door)).toEqual([200, []]);
  });

  it('a folder that is read-only is told at the start, in both languages; made writable it starts with all that it had', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'yika-copy-'));
    await door.close();
    await engine.kill('SIGTERM');
    cpSync(folder, copy, { recursive: true });
    readOnly();
    const gone = await runEngine({ folder }).catch((thrown: unknown) => thrown as EngineGone);
    expect(gone).toBeInstanceOf(EngineGone);
    expect((gone as EngineGone).lines.map(({ msg }) => msg).join('\n')).toMatch(/数据目录只读.*read-only.*EROFS/);
    engine = await runEngine({ folder: copy });
    door = doorOf(engine);
    expect(await codesAt(door)).toEqual([200, []]);
    rmSync(copy, { recursive: true, force: true });
  });
});

let credits = 0;
const startOne = async (door: Door, region: Region): Promise<unknown> => {
  const [holder] = region.holders;
  const body = { reference: `full-${credits++}`, source: 'contribution', amount: '1.00' };
  return (await door.call('POST', `/v1/accounts/${holder?.accountId}/credits`, { key: region.agencyKey, body })).body.code;
};
