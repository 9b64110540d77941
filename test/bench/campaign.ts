import { adminAddress, engineClient, type RunCounts, readLines } from '../../apps/cli/src/campaigns';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import type { City } from './suite/city';
import { type EngineProcess, startEngine } from './suite/engine-process';
import { underLoad } from './suite/load';
import type { LoadResult } from './suite/load/plan';
import { ownLegacyCity } from './suite/old-cards';
import { runPrefix } from './suite/orders';
import { cpuSecondsOf, memoryOf, watchThreads } from './suite/watched-process';
import type { Workshop } from './suite/workshop';

const SWIPES_PER_SECOND = 300;
const HOLDERS_WHO_SWIPE = 3_000;

type Beside = Readonly<{ windows: readonly LoadResult[]; seconds: number; cpuSeconds: number; counts: RunCounts; threads: string }>;

type Parts = Readonly<{ workshop: Workshop; city: City; engine: EngineProcess }>;

const swipesFor = ({ workshop, city, engine }: Parts, nth: number, seconds: number): Promise<LoadResult> => {
  const { tills, accounts } = city;
  const prefix = `${runPrefix().slice(2)}${String(nth % 100).padStart(2, '0')}`;
  const pace = { kind: 'open', perSecond: SWIPES_PER_SECOND } as const;
  return underLoad(workshop, { port: engine.port, tills, accounts, prefix, connections: 64, warmUpSeconds: 0, seconds, pace }, 201);
};

/** The run, as the command asks for it, beside window after window of swipes, until it has ended. */
const runBeside = async (parts: Parts, windowSeconds: number): Promise<Beside> => {
  const { workshop, city, engine } = parts;
  const admin = engineClient(adminAddress(city.folder) ?? { origin: '' });
  const [cpuBefore, threads] = [cpuSecondsOf(engine.pid), watchThreads(engine.pid)];
  const from = performance.now();
  let ended: Readonly<{ seconds: number; cpuSeconds: number; counts: RunCounts; threads: string }> | undefined;
  const asked = { method: 'POST', path: '/admin/v1/campaigns/qingdao/run', operator: 'bench' } as const;
  let tell = 0;
  const running = readLines(admin, asked, {
    signal: new AbortController().signal,
    onLine: (line) => {
      if (line.state === 'running' && line.accounts >= tell) {
        workshop.say(`${line.stopped} stopped, ${Math.round(engine.rssMb())} MB`);
        tell += Math.max(50_000, Math.ceil(line.total / 4));
      }
    },
  }).then((last) => {
    const counts = last as unknown as RunCounts;
    ended = {
      seconds: (performance.now() - from) / 1_000,
      cpuSeconds: cpuSecondsOf(engine.pid) - cpuBefore,
      threads: threads(counts.stopped),
      counts,
    };
  });
  const windows: LoadResult[] = [];
  const isRunning = () => ended === undefined;
  while (isRunning()) windows.push(await swipesFor(parts, windows.length, windowSeconds));
  await running;
  await admin.close();
  if (!ended) throw new Error('the run has not ended');
  return { windows, ...ended };
};

/** A city's phases, years late: every old card stops, beside swipes. */
export const campaign: Benchmark = {
  name: 'campaign',
  what: 'campaign run over 1,000,000 accounts with 1,600,000 old cards (quick: 4,000 with 6,400) beside 300 swipes a second, open loop',
  run: async (workshop) => {
    const { quick } = workshop;
    const accounts = quick ? 4_000 : 1_000_000;
    const city = await ownLegacyCity(workshop, { holders: HOLDERS_WHO_SWIPE, accounts, withNewCard: false }, 'campaign');
    const { cards } = city;
    const engine = await startEngine(workshop, city.folder);
    const parts = { workshop, city, engine };
    const alone = await swipesFor(parts, 99, quick ? 2 : 20);
    const cpuAlone = await perSecondOf(engine, () => swipesFor(parts, 98, quick ? 2 : 20));
    const memory = memoryOf(engine);
    const { windows, seconds, cpuSeconds, counts, threads } = await runBeside(parts, quick ? 1 : 20);
    const { maxMb, grewMb } = memory.stop();
    const lagSeconds = await engine.lagSeconds();
    await engine.stop();
    if (counts.stopped !== cards || counts.notDone > 0) throw new Error(`of ${cards} cards ${JSON.stringify(counts)}`);
    return {
      figures: [
        figure('campaign: stops a second beside 300 swipes', cards / seconds, 'cards/s', { atLeast: 3_000 }),
        figure('campaign: swipes beside it, p99 of the worst window', Math.max(...windows.map(({ latencyMs }) => latencyMs.p99)), 'ms', {
          atMost: 100,
        }),
        figure('campaign: memory grown over the second half', grewMb, 'MB', { atMost: 64 }),
      ],
      beside: {
        accounts,
        cards,
        'resident memory at its largest, MB': rounded(maxMb),
        'swipes alone, p99 ms': rounded(alone.latencyMs.p99),
        'CPU of the engine, ms a stop': rounded(((cpuSeconds - cpuAlone * seconds) / cards) * 1_000),
        'engine, µs a stop, swipes with it': threads,
        'projection lag at the end, s': rounded(lagSeconds),
      },
    };
  },
};

/** CPU seconds a second that the engine takes for this alone. */
const perSecondOf = async (engine: EngineProcess, work: () => Promise<unknown>): Promise<number> => {
  const [cpu, from] = [cpuSecondsOf(engine.pid), performance.now()];
  await work();
  return (cpuSecondsOf(engine.pid) - cpu) / ((performance.now() - from) / 1_000);
};
