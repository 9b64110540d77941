import { type Benchmark, figure, median } from './suite/benchmark';
import { standingCity } from './suite/city';
import { longLogs } from './suite/long-logs';
import { verifyRate } from './suite/replaying';

/** The check of a log that trusts nothing but its bytes; it must find nothing. */
export const verify: Benchmark = {
  name: 'verify',
  what: 'events verified with hashes, every decision made again, one core',
  run: async (workshop) => {
    const { folder, accounts, events } = await standingCity(workshop, longLogs(workshop.quick));
    const rates: number[] = [];
    for (let pass = 0; pass < (workshop.quick ? 2 : 3); pass++) rates.push(await verifyRate(folder));
    return {
      figures: [figure('verify with hashes', median(rates), 'events/s', { atLeast: 60_000 })],
      beside: { accounts, events },
    };
  },
};
