import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectAllInLog, expectProjectionsRight, expectSameAgain, isDone } from './books';
import { type EngineUnderTest, runEngine, spawnEngine } from './engine-process';
import { type Act, startLoad } from './load';
import { type Door, doorOf, must, type Region, setUpRegion } from './region';
import { below, seeded, seedOfRun } from './seeded';

const ROUNDS = Number(process.env.YIKA_ROUNDS ?? 2);
const HOLDERS = 12;
const CALLERS = 24;
const FIRST_KILL_MS = 30;
const KILL_WITHIN_MS = 900;
const START_MS = 900;

jest.setTimeout(60_000 + ROUNDS * 30_000);

describe('the engine killed with SIGKILL at random instants of its work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-killed-'));
  const random = seeded(seedOfRun('SIGKILL under load'));
  const acts: Act[] = [];
  let region: Region;
  let engine: EngineUnderTest;
  let looked = 0;

  beforeAll(async () => {
    engine = await runEngine({ folder });
    region = await setUpRegion(engine, HOLDERS);
  });
  afterAll(async () => {
    await engine.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const withDoors = async (look: (network: Door, operator: Door) => Promise<void>): Promise<void> => {
    const [network, operator] = [doorOf(engine), doorOf(engine, 'operator')];
    await look(network, operator).finally(() => Promise.all([network.close(), operator.close()]));
  };
  const caughtUp = async (operator: Door): Promise<boolean> => {
    const { projections, logIndex } = must(await operator.call('GET', '/admin/v1/projections'));
    return (projections as { state: string; logIndex: number }[]).every((one) => one.state === 'live' && one.logIndex === logIndex);
  };
  const lookAtAll = () =>
    withDoors(async (network, operator) => {
      await expectAllInLog(folder, acts);
      await expectSameAgain(network, region, acts, looked);
      expect(acts.filter(({ answer }) => answer === undefined || answer.status >= 500)).toEqual([]);
      await expectAllInLog(folder, acts);
      await expectProjectionsRight(folder, () => caughtUp(operator));
      looked = acts.length;
    });

  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
    'round %i: the next start finds everything acknowledged, once; a repeat gets the first answer; books, claims and projections are right',
    async (round) => {
      const door = doorOf(engine);
      const load = startLoad(door, region, { random, label: `k${round}`, callers: CALLERS });
      await load.answered(CALLERS);
      await sleep(FIRST_KILL_MS + below(random, KILL_WITHIN_MS));
      await engine.kill('SIGKILL');
      await load.stop();
      await door.close();
      acts.push(...load.acts);
      expect(load.acts.filter(isDone).length).toBeGreaterThanOrEqual(CALLERS / 2);
      expect(load.acts.filter(({ answer }) => answer === undefined).length).toBeGreaterThan(0);

      if (round % 2 === 0) {
        const starting = spawnEngine({ folder }); // And once more while it starts.
        await sleep(below(random, START_MS));
        starting.child.kill('SIGKILL');
        await starting.exited;
      }
      engine = await runEngine({ folder });
      await lookAtAll();
    },
  );
});
