import { EVENTS_BETWEEN_CLOSINGS_MAX } from '#libs/medical-account';
import { type Benchmark, figure, median, quantile, rounded } from './suite/benchmark';
import { type City, ownCity } from './suite/city';
import { openSettling, type Settling } from './suite/settling';
import type { Workshop } from './suite/workshop';

const EVENTS = 10_000;
const SHORT_HOLDERS = 200; // In turn, so that none of them gets long.

const timed = async (settle: Settling['settle'], holder: number): Promise<number> => {
  const from = performance.now();
  await settle(holder);
  return performance.now() - from;
};

/** Long and short in turn, states in the cache: the medians differ by what the length costs. */
const warm = async (city: City, { quick }: Workshop): Promise<Readonly<{ long: number; short: number }>> => {
  const { settle, close } = await openSettling(city);
  for (let holder = 0; holder < city.accounts; holder++) await settle(holder);
  const long: number[] = [];
  const short: number[] = [];
  for (let n = 0; n < (quick ? 200 : 1_500); n++) {
    long.push(await timed(settle, 0));
    short.push(await timed(settle, 1 + (n % SHORT_HOLDERS)));
  }
  await close();
  return { long: median(long), short: median(short) };
};

const ROOM_FOR_TWO_MB = 4 / 1_024;

/**
 * Nothing of the account is cached when its holder comes: others have pushed it out since, and every swipe reads the stream back to its closing.
 * A whole turn of closings, so that the worst place is in it.
 */
const cold = async (city: City): Promise<readonly number[]> => {
  const { settle, close } = await openSettling(city, { cacheMb: ROOM_FOR_TWO_MB });
  for (let holder = 1; holder < city.accounts; holder++) await settle(holder); // The code is warm, the states are not.
  const took: number[] = [];
  for (let n = 0; n <= EVENTS_BETWEEN_CLOSINGS_MAX; n++) {
    for (let others = 0; others < 3; others++) await settle(1 + ((3 * n + others) % SHORT_HOLDERS));
    took.push(await timed(settle, 0));
  }
  await close();
  return took;
};

/** That an account does not get slower as it gets older. */
export const longStream: Benchmark = {
  name: 'long-stream',
  what: 'a swipe on an account with 10,000 events ÷ on one with 10, warm; and cold',
  run: async (workshop) => {
    const shape = { accounts: 1 + SHORT_HOLDERS, swipesEach: 7, eventsOfFirst: EVENTS };
    const city = await ownCity(workshop, shape, 'long-stream');
    const { long, short } = await warm(city, workshop);
    const took = await cold(city);
    return {
      figures: [
        figure('swipe at 10,000 events ÷ at 10, warm', long / short, 'ratio', { atMost: 1.2 }),
        figure('swipe at 10,000 events, cold', median(took), 'ms', { atMost: 5 }),
      ],
      beside: {
        'warm, 10,000 events, ms': rounded(long),
        'warm, 10 events, ms': rounded(short),
        'cold p99 ms (just before a closing)': rounded(quantile(took, 0.99)),
        'cold longest ms': rounded(quantile(took, 1)),
      },
    };
  },
};
