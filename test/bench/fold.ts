import { type Benchmark, figure, median } from './suite/benchmark';
import { standingCity } from './suite/city';
import { longLogs } from './suite/long-logs';
import { accountEvents, foldRate } from './suite/replaying';

const PASSES = 7;

/** What `evolve` does in a second, one thread, events decoded before. */
export const fold: Benchmark = {
  name: 'fold',
  what: 'account events folded in memory, one core',
  run: async (workshop) => {
    const { folder, accounts } = await standingCity(workshop, longLogs(workshop.quick));
    const events = accountEvents(folder);
    foldRate(events); // The first pass only warms the code.
    const rates = Array.from({ length: PASSES }, () => foldRate(events));
    return {
      figures: [figure('fold in memory', median(rates), 'events/s', { atLeast: 300_000 })],
      beside: { accounts, events: events.length },
    };
  },
};
