import { type Verification, verifyFolder } from '../../apps/cli/src/verification';
import { type Benchmark, figure, median, rounded } from './suite/benchmark';
import { standingCity } from './suite/city';
import { longLogs } from './suite/long-logs';

/** The very verification of `yika verify`, all that it does in the log's thread. @throws Error when it finds something. */
const rateOf = async (folder: string, decide: boolean): Promise<Verification> => {
  const told = await verifyFolder({
    folder,
    from: null,
    to: null,
    decide,
    projections: false,
    checkpointFile: undefined,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  if (told.findings.length > 0) throw new Error(`${told.findings[0]?.en ?? ''} at log index ${told.findings[0]?.logIndex ?? '?'}`);
  return told;
};

/** Crc, canonical bytes, ids, claims, money, cards, agreements and closings, and every decision made again; read models are another core's. */
export const verify: Benchmark = {
  name: 'verify',
  what: 'events that yika verify checks a second, one core, read models apart',
  run: async (workshop) => {
    const { folder, accounts, events } = await standingCity(workshop, longLogs(workshop.quick));
    const [whole, undecided]: [number[], number[]] = [[], []];
    for (let pass = 0; pass < (workshop.quick ? 2 : 3); pass++) {
      whole.push((await rateOf(folder, true)).eventsPerSecond);
      undecided.push((await rateOf(folder, false)).eventsPerSecond);
    }
    return {
      figures: [figure('verify with hashes', median(whole), 'events/s', { atLeast: 60_000 })],
      beside: { accounts, events, 'without deciding again, events/s': rounded(median(undecided)) },
    };
  },
};
