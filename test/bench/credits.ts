import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidOf } from '#libs/application';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import { type City, ownCity } from './suite/city';
import { type EngineProcess, startEngine } from './suite/engine-process';
import { underLoad } from './suite/load';
import type { LoadResult } from './suite/load/plan';
import { runPrefix } from './suite/orders';
import { POOLING_AREA } from './suite/region';
import { watchThreads } from './suite/watched-process';
import type { Workshop } from './suite/workshop';

const YIKA = path.join(__dirname, '../../apps/cli/src/main.js');
const SWIPES_PER_SECOND = 500;
const LOOK_EVERY_MS = 100;
const AMOUNT_FEN = 12_345n;

type Parts = Readonly<{ workshop: Workshop; city: City; engine: EngineProcess }>;

/** A file of a credit each for the accounts of a city, over and over; the first was opened by the engine, under an id of its own. */
const writeCredits = ({ folder, accounts }: City, lines: number): string => {
  const file = path.join(folder, 'contribution.csv');
  const rows = Array.from({ length: lines }, (_, n) => `2026-03-${n},${uuidOf(`bench-account-${1 + (n % (accounts - 1))}`)},123.45`);
  const fen = BigInt(lines) * AMOUNT_FEN;
  const sum = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
  const head = [`#period=2026-03,source=contribution,poolingArea=${POOLING_AREA}`, 'reference,accountId,amount'];
  writeFileSync(file, `${[...head, ...rows, `#count=${lines},sum=${sum}`].join('\n')}\n`);
  return file;
};

const swipesFor = ({ workshop, city: { tills, accounts }, engine }: Parts, nth: number, seconds: number): Promise<LoadResult> => {
  const prefix = `${runPrefix().slice(2)}${String(nth % 100).padStart(2, '0')}`;
  const pace = { kind: 'open', perSecond: SWIPES_PER_SECOND } as const;
  return underLoad(workshop, { port: engine.port, tills, accounts, prefix, connections: 64, warmUpSeconds: 0, seconds, pace }, 201);
};

const resultsIn = (file: string): number => {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 2; // The first says what was begun.
  } catch {
    return 0;
  }
};

type Credited = Readonly<{ seconds: number; wholeSeconds: number; windows: readonly LoadResult[]; threads: string }>;

/** `yika credits run` beside window after window of swipes; `seconds`: from its first credit to its last. */
const creditBeside = async (
  parts: Parts,
  file: string,
  { lines, windowSeconds }: Readonly<{ lines: number; windowSeconds: number }>,
): Promise<Credited> => {
  const { workshop, city, engine } = parts;
  const from = performance.now();
  let [beganAt, endedAt, ended, text] = [0, 0, false, ''];
  const threads = watchThreads(engine.pid);
  let spent = '';
  const command = workshop.spawn(process.execPath, [YIKA, '--data', city.folder, '--operator', 'bench', '--json', 'credits', 'run', file]);
  command.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  command.stderr?.resume();
  const code = new Promise<unknown>((done) => command.once('close', done)).finally(() => (ended = true));
  const watching = (async () => {
    while (!isTrue(() => ended) && endedAt === 0) {
      const done = resultsIn(`${file}.results.ndjson`);
      if (beganAt === 0 && done >= 0) beganAt = performance.now();
      if (done >= lines) [endedAt, spent] = [performance.now(), threads(lines)];
      await sleep(LOOK_EVERY_MS);
    }
  })();
  const windows: LoadResult[] = [];
  while (!isTrue(() => ended)) windows.push(await swipesFor(parts, windows.length, windowSeconds));
  const [exit] = await Promise.all([code, watching]);
  if (exit !== 0 || endedAt === 0) throw new Error(`credits run ended with ${String(exit)}: ${text}`);
  return { seconds: (endedAt - beganAt) / 1_000, wholeSeconds: (performance.now() - from) / 1_000, windows, threads: spent };
};

/** Asked through a function: it changes while others are waited for. */
const isTrue = (asked: () => boolean): boolean => asked();

/** A month's credits of a file beside swipes. */
export const credits: Benchmark = {
  name: 'credits',
  what: `a month's credits of 200,000 accounts by yika credits run (quick: 6,000) beside ${SWIPES_PER_SECOND} swipes a second, open loop`,
  run: async (workshop) => {
    const { quick } = workshop;
    const lines = quick ? 6_000 : 200_000;
    const city = await ownCity(workshop, { accounts: quick ? 4_000 : 100_000, swipesEach: 0 }, 'credits');
    const file = writeCredits(city, lines);
    const engine = await startEngine(workshop, city.folder);
    const parts = { workshop, city, engine };
    const alone = await swipesFor(parts, 99, quick ? 2 : 20);
    const { seconds, wholeSeconds, windows, threads } = await creditBeside(parts, file, { lines, windowSeconds: quick ? 1 : 10 });
    const lagSeconds = await engine.lagSeconds();
    await engine.stop();
    return {
      figures: [
        figure(`credits: credits a second beside ${SWIPES_PER_SECOND} swipes`, lines / seconds, 'credits/s', { atLeast: 3_000 }),
        figure('credits: swipes beside it, p99 of the worst window', Math.max(...windows.map(({ latencyMs }) => latencyMs.p99)), 'ms', {
          atMost: 100,
        }),
      ],
      beside: {
        lines,
        accounts: city.accounts,
        'swipes alone, p99 ms': rounded(alone.latencyMs.p99),
        'the whole command with its control totals, s': rounded(wholeSeconds),
        'engine, µs a credit, swipes with it': threads,
        'projection lag at the end, s': rounded(lagSeconds),
      },
    };
  },
};
