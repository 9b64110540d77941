import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpReadModel } from '#libs/adapters/read-models';
import { expectAllInLog, expectSameAgain, isDone } from '../books';
import type { EngineUnderTest } from '../engine-process';
import { type Act, startLoad, swipeBody } from '../load';
import { type Door, doorOf, type Holder, must, PHARMACY, type Region, setUpRegion } from '../region';
import { below, seeded, seedOfRun } from '../seeded';
import { Cluster } from './cluster';

const ROUNDS = Number(process.env.YIKA_ROUNDS ?? 1);
const HOLDERS = ROUNDS > 2 ? 200 : 40;
const CALLERS = 64;
const KILLS = 3;
const MISHAPS = 0.02;
const SUSPENDED_WITHIN_MS = 5_000;
const PROJECTIONS = ['balances', 'cardTransfers', 'settlements', 'institutionDays', 'cards'];

jest.setTimeout(120_000 + ROUNDS * 60_000);

describe('three engines on one store, their clocks half a minute apart, any process killed at any moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-several-'));
  mkdirSync(join(folder, 'vault'));
  const random = seeded(seedOfRun('several engines'));
  const cluster = new Cluster({ folder, random });
  const acts: Act[] = [];
  let region: Region;
  let door: Door;
  let looked = 0;

  const engines = (): EngineUnderTest[] => cluster.engines.map((engine) => engine as EngineUnderTest);
  const atEach = async <T>(ask: (door: Door, n: number) => Promise<T>, who: 'network' | 'operator' = 'network'): Promise<T[]> => {
    const doors = engines().map((engine) => doorOf(engine, who));
    return Promise.all(doors.map(ask)).finally(() => Promise.all(doors.map((one) => one.close())));
  };

  beforeAll(async () => {
    await cluster.start();
    door = cluster.door();
    region = await setUpRegion(engines()[1] as EngineUnderTest, HOLDERS);
  });
  afterAll(async () => {
    await Promise.allSettled([door.close(), cluster.stop()]); // Also when the setting up failed.
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
    'round %i: everything acknowledged is there once, a repeat anywhere gets the first answer, and the books balance',
    async (round) => {
      cluster.trouble(MISHAPS);
      const load = startLoad(door, region, { random, label: `s${round}`, callers: CALLERS });
      await load.answered(CALLERS);
      for (let kills = 0; kills < KILLS; kills++) {
        await sleep(below(random, 700));
        await cluster.killOne();
      }
      await load.stop();
      cluster.trouble(0);
      acts.push(...load.acts);
      expect(load.acts.filter(isDone).length).toBeGreaterThanOrEqual(CALLERS);

      await expectAllInLog(cluster.storeFolder, acts);
      await expectSameAgain(door, region, acts, looked);
      expect(acts.filter(({ answer }) => answer === undefined || answer.status >= 500)).toEqual([]);
      await expectAllInLog(cluster.storeFolder, acts);
      looked = acts.length;
    },
  );

  it('the three show the same balances at once, and the same read models when they are at the head of the log', async () => {
    for (const { accountId } of region.holders.slice(0, 20)) {
      const views = await atEach(
        async (one) => must(await one.call('GET', `/v1/accounts/${accountId}`, { key: region.agencyKey })).balance,
      );
      expect(new Set(views).size).toBe(1);
    }
    await atEach(async (operator) => {
      for (;;) {
        const { projections, logIndex } = must(await operator.call('GET', '/admin/v1/projections'));
        if ((projections as { state: string; logIndex: number }[]).every((one) => one.state === 'live' && one.logIndex === logIndex))
          return;
        await sleep(20);
      }
    }, 'operator');
    const dumps = await Promise.all(
      engines().map(async (_, n) => {
        const lines: string[] = [];
        for (const name of PROJECTIONS) for await (const line of dumpReadModel(cluster.folderOf(n), name)) lines.push(`${name} ${line}`);
        return lines;
      }),
    );
    expect(dumps[0]?.length).toBeGreaterThan(HOLDERS);
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[2]).toEqual(dumps[0]);
  });

  it('a suspension that one records holds at all of them within five seconds', async () => {
    const [holder] = region.holders as readonly [Holder, ...Holder[]];
    const swipe = (n: number) => ({ key: region.pharmacyKey, body: swipeBody(holder, `suspended-${n}`, '0.01') });
    const suspension = { reference: 'suspend', act: 'suspendAgreement', from: null, until: null, reason: '检查' };
    must(await door.call('POST', `/v1/institutions/${PHARMACY}/acts`, { key: region.agencyKey, body: suspension }));
    await sleep(SUSPENDED_WITHIN_MS);
    const codes = await atEach(async (one, n) => (await one.call('POST', '/v1/settlements', swipe(n))).body.code);
    expect(codes).toEqual(Array(3).fill('agreement-suspended'));
  });
});
