import { median } from './benchmark';
import { type City, ownCity } from './city';
import { type EngineProcess, startEngine } from './engine-process';
import { underLoad } from './load';
import type { LoadPlan, LoadResult } from './load/plan';
import { nth } from './nth';
import { runPrefix } from './orders';
import { ended, message, type Workshop } from './workshop';

export const CONNECTIONS = 64;
const ACCOUNTS = 100_000;
const ACCOUNTS_QUICK = 3_000;

export type CityEngine = Readonly<{
  city: City;
  engine: EngineProcess;
  plan: (over: Pick<LoadPlan, 'warmUpSeconds' | 'seconds'> & Partial<LoadPlan>) => LoadPlan;
}>;

/** One engine over one city for all benchmarks that go through HTTP; started when the first of them asks. */
export const cityEngine = (workshop: Workshop): Promise<CityEngine> =>
  workshop.once('city-engine', async () => {
    const city = await ownCity(workshop, { accounts: workshop.quick ? ACCOUNTS_QUICK : ACCOUNTS, swipesEach: 0 }, 'city');
    const engine = await startEngine(workshop, city.folder);
    workshop.onClose(engine.stop);
    const { port } = engine;
    const { tills, accounts } = city;
    let loads = 0;
    const prefix = runPrefix().slice(2);
    const plan: CityEngine['plan'] = (over) => {
      const own = `${prefix}${String(++loads).padStart(2, '0')}`;
      return { port, tills, accounts, prefix: own, connections: CONNECTIONS, pace: { kind: 'closed' }, ...over };
    };
    return { city, engine, plan };
  });

export type HttpRate = Readonly<{
  settled: LoadResult;
  perSecond: number;
  echoPerSecond: number;
  ratio: number;
  lagSeconds: number;
  rssMb: number;
}>;

/** The bare echo, on the same bodies from the same load process; the engine stands idle meanwhile. */
const echoRate = async (workshop: Workshop, plan: LoadPlan): Promise<LoadResult> => {
  const child = workshop.fork('echo.js');
  const { port } = await message<{ port: number }>(child);
  const result = await underLoad(workshop, { ...plan, port }, 200);
  await ended(child);
  return result;
};

/** Settlements over HTTP and the bare echo in turn, so that what the machine does besides falls on both; the medians of the turns. */
export const httpRate = (workshop: Workshop): Promise<HttpRate> =>
  workshop.once('http-rate', async () => {
    const { engine, plan } = await cityEngine(workshop);
    const { quick, say } = workshop;
    const turns: Readonly<{ settled: LoadResult; echo: LoadResult; lagSeconds: number; rssMb: number }>[] = [];
    say('warming up');
    await underLoad(workshop, plan({ warmUpSeconds: 0, seconds: quick ? 5 : 20 }), 201);
    for (let turn = 0; turn < (quick ? 2 : 3); turn++) {
      const settled = await underLoad(workshop, plan({ warmUpSeconds: 0.5, seconds: quick ? 2.5 : 10 }), 201);
      const rssMb = engine.rssMb();
      const lagSeconds = await engine.lagSeconds();
      const echo = await echoRate(workshop, plan({ warmUpSeconds: 0.7, seconds: quick ? 1.3 : 5 }));
      say(`settled ${settled.perSecond.toFixed(0)}/s, echo ${echo.perSecond.toFixed(0)}/s`);
      turns.push({ settled, echo, lagSeconds, rssMb });
    }
    const perSecond = median(turns.map(({ settled }) => settled.perSecond));
    const echoPerSecond = median(turns.map(({ echo }) => echo.perSecond));
    return {
      settled: nth(turns, turns.length - 1).settled,
      perSecond,
      echoPerSecond,
      ratio: perSecond / echoPerSecond,
      lagSeconds: Math.max(...turns.map((turn) => turn.lagSeconds)),
      rssMb: Math.max(...turns.map((turn) => turn.rssMb)),
    };
  });
