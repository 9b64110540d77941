import { openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import { envelopeOf } from '#libs/application';
import { recordedAccountEvent } from '#libs/medical-account';
import { type Benchmark, figure, median, quantile, rounded } from './suite/benchmark';
import { ownCity } from './suite/city';
import { startEngine } from './suite/engine-process';
import { underLoad } from './suite/load';
import { runPrefix } from './suite/orders';
import type { Till } from './suite/region';
import type { Workshop } from './suite/workshop';

type Sizes = Record<Till['kind'], number[]>;

/** Three of pharmacies to two of hospitals: most swipes of an account buy medicine. */
const mixed = (tills: readonly Till[]): readonly Till[] => [
  ...tills.filter(({ kind }) => kind === 'pharmacy').slice(0, 3),
  ...tills.filter(({ kind }) => kind === 'hospital').slice(0, 2),
];

/** Bytes of the settlements that a load over HTTP leaves in the log. */
const sizesOf = async (workshop: Workshop): Promise<Sizes> => {
  const { folder, accounts, events, ...city } = await ownCity(workshop, { accounts: 1_000, swipesEach: 0 }, 'event-size');
  const engine = await startEngine(workshop, folder);
  const load = { port: engine.port, tills: mixed(city.tills), accounts, prefix: runPrefix(), connections: 20, correlated: true } as const;
  await underLoad(workshop, { ...load, warmUpSeconds: 0, seconds: 2, pace: { kind: 'closed' } }, 201);
  await engine.stop();
  const reader = await openSqliteEventReader({ folder });
  const sizes: Sizes = { pharmacy: [], hospital: [] };
  for await (const logged of reader.readLog(events)) {
    if (logged.type !== 'SwipeSettled.v1') continue;
    const { data } = recordedAccountEvent(envelopeOf(logged));
    const isPharmacy = 'institutionCode' in data && data.institutionCode.startsWith('P');
    sizes[isPharmacy ? 'pharmacy' : 'hospital'].push(logged.bytes.length);
  }
  await reader.close();
  return sizes;
};

/**
 * What a settlement takes in the log: posted over HTTP with serials of 24 characters, by hospitals with visit, batch and invoice numbers of 25,
 * every second request with a correlation id of its own.
 */
export const eventSize: Benchmark = {
  name: 'event-size',
  what: 'canonical bytes of a settlement, median over swipes posted over HTTP, three at pharmacies to two at hospitals',
  run: async (workshop) => {
    const { pharmacy, hospital } = await sizesOf(workshop);
    const all = [...pharmacy, ...hospital];
    return {
      figures: [figure('stored event, median', median(all), 'bytes', { atMost: 900 })],
      beside: {
        events: all.length,
        'at a pharmacy, median bytes': median(pharmacy),
        'at a hospital, median bytes': median(hospital),
        'p99 bytes': rounded(quantile(all, 0.99)),
      },
    };
  },
};
