import { type Benchmark, figure, rounded } from './suite/benchmark';
import { standingCity } from './suite/city';
import { startEngine } from './suite/engine-process';
import { CONNECTIONS } from './suite/http-rate';
import { underLoad } from './suite/load';
import { runPrefix } from './suite/orders';

const LOOK_EVERY_MS = 500;

/**
 * A whole city: how soon the engine is ready on it, and what memory it takes under load. The load is written into the ready-made city, which
 * takes minutes to build: it grows a little with every run.
 */
export const big: Benchmark = {
  name: 'big',
  what: '1,000,000 accounts and 5,000,000 events (quick: 10,000 and 50,000): start to ready; memory under load',
  run: async (workshop) => {
    const { quick } = workshop;
    const { folder, accounts, events, tills } = await standingCity(workshop, { accounts: quick ? 10_000 : 1_000_000, swipesEach: 2 });
    const engine = await startEngine(workshop, folder);
    let rssMb = engine.rssMb();
    const timer = setInterval(() => {
      rssMb = Math.max(rssMb, engine.rssMb());
    }, LOOK_EVERY_MS);
    const plan = { port: engine.port, tills, accounts, prefix: runPrefix(), connections: CONNECTIONS, warmUpSeconds: 1 };
    const load = await underLoad(workshop, { ...plan, seconds: quick ? 3 : 60, pace: { kind: 'closed' } }, 201);
    clearInterval(timer);
    const lagSeconds = await engine.lagSeconds();
    await engine.stop();
    return {
      figures: [
        figure('big: start to ready', engine.startMs / 1_000, 's', { atMost: 5 }),
        figure('big: resident memory under load', rssMb, 'MB', { atMost: 700 }),
        figure('big projection lag at the end', lagSeconds, 's', { atMost: 2 }),
      ],
      beside: { accounts, events, 'settled a second, states cold': rounded(load.perSecond), 'p99 ms': rounded(load.latencyMs.p99) },
    };
  },
};
