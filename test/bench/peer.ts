import { type Benchmark, figure, notRun, type Outcome, rounded } from './suite/benchmark';
import { CONNECTIONS, cityEngine, httpRate } from './suite/http-rate';
import { installedPeers } from './suite/peers';
import { startPostgres } from './suite/postgres';
import { ended, type Workshop } from './suite/workshop';

const NAME = 'http ÷ emmett-postgresql in process';
const BOUND = { atLeast: 4 };
const POOL = 64; // Of 10, 32 and 64 the best for it.

const absent = (why: string): Outcome => ({ figures: [notRun(NAME, 'ratio', BOUND, `not run: ${why}`)], beside: {} });

/** What the process said last, as JSON. */
const lastLine = async (
  workshop: Workshop,
  { folder, script }: Readonly<{ folder: string; script: string }>,
  plan: object,
): Promise<Readonly<{ perSecond: number }>> => {
  const child = workshop.spawn(process.execPath, [script, JSON.stringify(plan)], { cwd: folder });
  const said: string[] = [];
  const complained: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => void said.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => void complained.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await ended(child);
  if (code !== 0) throw new Error(`${script} failed: ${complained.join('')}`);
  return JSON.parse(said.join('').trim().split('\n').at(-1) ?? '') as { perSecond: number };
};

/**
 * The engine's rate, with everything that HTTP, authentication, claims and projections cost, beside that of Emmett doing only the core of it in
 * its own process. Emmett's accounts begin without events, which is to its advantage.
 */
export const peer: Benchmark = {
  name: 'peer',
  what: 'settlements over HTTP ÷ emmett-postgresql reading, folding and appending in process on a real PostgreSQL, 64 in flight',
  run: async (workshop) => {
    const peers = installedPeers(workshop);
    if ('why' in peers) return absent(peers.why);
    const postgres = await startPostgres(workshop);
    if (!postgres) return absent('there is no PostgreSQL on this machine (apt-get install postgresql)');
    const { quick } = workshop;
    const { url, version, stop } = postgres;
    const { perSecond: own } = await httpRate(workshop);
    const { accounts } = (await cityEngine(workshop)).city;
    const time = { warmUpSeconds: quick ? 1.5 : 5, seconds: quick ? 3.5 : 20 };
    const work = { url, accounts, inFlight: CONNECTIONS, connections: POOL, ...time };
    const emmett = await lastLine(workshop, { ...peers, script: 'emmett.mjs' }, work);
    const pgledger = await lastLine(workshop, { ...peers, script: 'pgledger.mjs' }, work);
    await stop();
    return {
      figures: [figure(NAME, own / emmett.perSecond, 'ratio', BOUND)],
      beside: {
        accounts,
        'settled over HTTP a second': rounded(own),
        'emmett a second': rounded(emmett.perSecond),
        'pgledger transfers a second': rounded(pgledger.perSecond),
        PostgreSQL: version,
      },
    };
  },
};
