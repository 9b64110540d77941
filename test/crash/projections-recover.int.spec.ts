import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dumpReadModel, type Notice, type OpenReadModels, openReadModels } from '#libs/adapters/read-models';
import { credit, holderWithCard, type TestEngine, testEngine, withRegion } from '../support/engine-fixture';

const CRASHING = resolve(__dirname, '../../dist/test/crash/crashing-reader.js');

describe('projections: what befalls them while the engine goes on', () => {
  let made: TestEngine;
  let models: OpenReadModels;
  let notices: Notice[];
  let accountId: string;

  const open = async (): Promise<OpenReadModels> => {
    const { folder } = made;
    const reader = { module: CRASHING, opens: 'openCrashingReader', options: { folder } };
    models = await openReadModels({ folder, reader, onNotice: (told) => notices.push(told) });
    return models;
  };
  const caughtUp = async () => models.caughtUp(await made.store.lastLogIndex());
  const balances = async (): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of dumpReadModel(made.folder, 'balances')) lines.push(line);
    return lines;
  };
  const codes = () => notices.map(({ code }) => code);
  const until = async (holds: () => boolean) => {
    while (!holds()) await pause(5);
  };
  const views = () => join(made.folder, 'views.db');

  beforeEach(async () => {
    notices = [];
    made = await withRegion(await testEngine());
    ({ accountId } = await holderWithCard(made, 'C10000001', 10_000));
    await open();
    await caughtUp();
  });
  afterEach(async () => {
    await models.close();
    await made.close();
  });

  it('a thread that dies is started again by itself and goes on where it stood; it is said aloud, and the status tells while it lasts', async () => {
    for (const round of [1, 2, 3]) {
      writeFileSync(join(made.folder, 'crash'), '');
      await until(() => codes().filter((code) => code === 'thread-stopped').length === round);
      const told = await models.status();
      expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['catchingUp']));
      expect(told[0]?.detail).toContain('crashed as asked');
      await expect(models.totals()).rejects.toMatchObject({ name: 'Unavailable', why: 'outage' });
      await credit(made, accountId, round);
      await caughtUp();
      expect(codes().filter((code) => code === 'thread-restarted')).toHaveLength(round);
      expect((await models.totals()).balanceFen).toBe(10_000 + (round * (round + 1)) / 2);
    }
    expect(codes()).not.toContain('views-damaged');
    expect((await models.status()).every(({ state, detail }) => state === 'live' && detail === null)).toBe(true);
  });

  it('a file removed under the running engine is made anew from the log, and says the same', async () => {
    const before = await balances();
    for (const end of ['', '-wal', '-shm']) rmSync(`${views()}${end}`, { force: true });
    await until(() => codes().includes('thread-restarted'));
    await caughtUp();
    expect(await balances()).toEqual(before);
    expect(codes()).toContain('views-damaged');
    expect((await models.totals()).balanceFen).toBe(10_000);
    await models.close();
    await open();
    await caughtUp();
    expect(await balances()).toEqual(before);
  });

  it('a file replaced by another is not gone on with', async () => {
    const before = await balances();
    copyFileSync(views(), `${views()}.other`);
    rmSync(views());
    copyFileSync(`${views()}.other`, views());
    await until(() => codes().includes('thread-restarted'));
    await caughtUp();
    expect(await balances()).toEqual(before);
  });

  it('a file damaged under the running engine is made anew as soon as somebody meets the damage', async () => {
    const before = await balances();
    await models.close();
    await open();
    await caughtUp();
    overwrite(views(), 1);
    await until(() => {
      void models.totals().catch(() => undefined);
      void credit(made, accountId, 1, 'once').catch(() => undefined);
      return codes().includes('thread-restarted');
    });
    await caughtUp();
    expect(await balances()).toHaveLength(before.length);
    expect((await models.totals()).balanceFen).toBe(10_001);
  });

  it.each([
    ['is no database at all', (file: string) => writeFileSync(file, 'nothing of a database'.repeat(400))],
    ['has lost its pages', (file: string) => overwrite(file, 0)],
  ])('a start on a file that %s makes it anew from the log', async (_what, damage) => {
    const before = await balances();
    await models.close();
    damage(views());
    await open();
    await caughtUp();
    expect(codes()).toContain('views-damaged');
    expect(await balances()).toEqual(before);
  });
});

/** Every page but the first ones, overwritten where it lies: no new file. */
const overwrite = (file: string, pagesLeft: number): void => {
  const descriptor = openSync(file, 'r+');
  const from = Math.max(100, pagesLeft * 4_096);
  writeSync(descriptor, Buffer.alloc(statSync(file).size - from, 0xa5), 0, undefined, from);
  closeSync(descriptor);
  expect(readFileSync(file)[from]).toBe(0xa5);
};
