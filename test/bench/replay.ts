import { type Benchmark, figure, median } from './suite/benchmark';
import { standingCity } from './suite/city';
import { longLogs } from './suite/long-logs';
import { replayRate } from './suite/replaying';

const PASSES = 3;

/** From the file to all states: read, checksum, parse, decode, fold; one thread. */
export const replay: Benchmark = {
  name: 'replay',
  what: 'events replayed from the file into all states, one core',
  run: async (workshop) => {
    const { folder, accounts, events } = await standingCity(workshop, longLogs(workshop.quick));
    replayRate(folder); // The first pass only warms the code.
    const rates: number[] = [];
    for (let pass = 0; pass < PASSES; pass++) rates.push(replayRate(folder));
    return {
      figures: [figure('replay from file', median(rates), 'events/s', { atLeast: 120_000 })],
      beside: { accounts, events },
    };
  },
};
