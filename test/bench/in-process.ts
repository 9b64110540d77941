import { bareLoop } from './suite/bare-loop';
import { type Benchmark, figure, median, quantile, rounded } from './suite/benchmark';
import { ownCity } from './suite/city';
import { inParallel } from './suite/parts';
import { duringSeconds, openSettling } from './suite/settling';
import type { Workshop } from './suite/workshop';

const IN_FLIGHT = 256;
const TURNS = 3;
const APPENDS_AT_LEAST = 20_000; // For the bare loop: fewer would be over before it runs evenly.

type Turn = Readonly<{ settled: number; bare: number; p99: number; lagSeconds: number }>;

/** Settlements and bare loop in turn, so that what the machine does besides falls on both. */
const measure = async (workshop: Workshop): Promise<Readonly<{ accounts: number; turns: readonly Turn[] }>> => {
  const { quick, say } = workshop;
  const city = await ownCity(workshop, { accounts: quick ? 3_000 : 20_000, swipesEach: 0 }, 'in-process');
  const { accounts } = city;
  const { settle, appends, lagSeconds, close } = await openSettling(city, { keepAppends: true });
  say('warming up');
  await inParallel(accounts, IN_FLIGHT, settle); // Every account once: states and code are warm.
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const tookMs: number[] = [];
    if (appends.length > APPENDS_AT_LEAST) appends.splice(0, appends.length - APPENDS_AT_LEAST);
    const settled = await duringSeconds(quick ? 1.5 : 10, IN_FLIGHT, async (n) => {
      const at = performance.now();
      await settle((n * 7_919) % accounts);
      tookMs.push(performance.now() - at);
    });
    const lag = await lagSeconds();
    const bare = bareLoop(workshop.folder('bare'), appends, IN_FLIGHT);
    say(`settled ${settled.toFixed(0)}/s, bare loop ${bare.toFixed(0)}/s, lag ${lag.toFixed(1)} s`);
    turns.push({ settled, bare, p99: quantile(tookMs, 0.99), lagSeconds: lag });
  }
  await close();
  return { accounts, turns };
};

/** Durable settlements without HTTP, beside the same rows written by prepared statements and nothing else. */
export const inProcess: Benchmark = {
  name: 'in-process',
  what: 'durable settlements in process, 256 in flight, projections on ÷ the same rows by a bare loop, 256 a commit',
  run: async (workshop) => {
    const { accounts, turns } = await measure(workshop);
    const settled = median(turns.map((turn) => turn.settled));
    const bare = median(turns.map((turn) => turn.bare));
    const lagSeconds = Math.max(...turns.map((turn) => turn.lagSeconds));
    const p99 = median(turns.map((turn) => turn.p99));
    return {
      figures: [
        figure('in-process ÷ bare loop', settled / bare, 'ratio', { atLeast: 0.2 }),
        figure('in-process projection lag at the end', lagSeconds, 's', { atMost: 2 }),
      ],
      beside: { accounts, 'settled a second': rounded(settled), 'bare loop a second': rounded(bare), 'p99 ms': rounded(p99) },
    };
  },
};
