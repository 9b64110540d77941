import { openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import { type Benchmark, figure, median, quantile, rounded } from './suite/benchmark';
import { ownCity } from './suite/city';
import { startEngine } from './suite/engine-process';
import { underLoad } from './suite/load';
import { runPrefix } from './suite/orders';
import type { Workshop } from './suite/workshop';

/** Bytes of the events that a load over HTTP leaves in the log, by type. */
const sizesOf = async (workshop: Workshop): Promise<ReadonlyMap<string, number[]>> => {
  const city = await ownCity(workshop, { accounts: 1_000, swipesEach: 0 }, 'event-size');
  const engine = await startEngine(workshop, city.folder);
  const { tills, accounts } = city;
  const prefix = runPrefix();
  const plan = {
    port: engine.port,
    tills,
    accounts,
    prefix,
    connections: 16,
    warmUpSeconds: 0,
    seconds: 2,
    pace: { kind: 'closed' },
    correlated: true,
  } as const;
  await underLoad(workshop, plan, 201);
  await engine.stop();
  const reader = await openSqliteEventReader({ folder: city.folder });
  const sizes = new Map<string, number[]>();
  for await (const { type, bytes } of reader.readLog(city.events)) {
    const known = sizes.get(type) ?? [];
    sizes.set(type, known);
    known.push(bytes.length);
  }
  await reader.close();
  return sizes;
};

/**
 * What a settlement takes in the log: posted over HTTP with serials of 24 characters, half by pharmacies, half by hospitals with visit, batch
 * and invoice numbers, half of the requests with a correlation id of their own.
 */
export const eventSize: Benchmark = {
  name: 'event-size',
  what: 'canonical bytes of a stored event, median over swipes posted over HTTP',
  run: async (workshop) => {
    const sizes = await sizesOf(workshop);
    const all = [...sizes.values()].flat();
    const medians = [...sizes].map(([type, bytes]) => [`${type} median bytes`, median(bytes)] as const);
    return {
      figures: [figure('stored event, median', median(all), 'bytes', { atMost: 900 })],
      beside: { events: all.length, 'p99 bytes': rounded(quantile(all, 0.99)), ...Object.fromEntries(medians) },
    };
  },
};
