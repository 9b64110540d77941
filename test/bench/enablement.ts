import { Pool } from 'undici';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import { startEngine } from './suite/engine-process';
import { type LegacyCity, newCardOf, ownLegacyCity } from './suite/old-cards';
import { memoryOf, watchThreads } from './suite/watched-process';

const FILES_AT_ONCE = 4;

/** One file's lines; how many were answered with 201. Throws: on any other answer. */
const send = async (pool: Pool, { centreKey }: LegacyCity, from: number, until: number): Promise<number> => {
  function* lines(): Generator<string> {
    for (let n = from; n < until; n++)
      yield `${JSON.stringify({ reference: `bench-${n}`, cardNumber: newCardOf(n), financialAreaActivated: false })}\n`;
  }
  const { body } = await pool.request({
    method: 'POST',
    path: '/v1/cards/enablement/batch',
    headers: { authorization: `Bearer ${centreKey}`, 'content-type': 'application/x-ndjson' },
    body: lines() as unknown as string,
  });
  let [enabled, rest] = [0, ''];
  body.setEncoding('utf8');
  for await (const chunk of body as AsyncIterable<string>) {
    const whole = (rest + chunk).split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) {
      if (!line.includes('"status":201')) throw new Error(line);
      enabled += 1;
    }
  }
  return enabled;
};

/** Old money moves to a new card with each line. */
export const enablement: Benchmark = {
  name: 'enablement',
  what: 'batch enablement of 100,000 cards (quick: 4,000), each with the money of an old card, four files at once',
  run: async (workshop) => {
    const cards = workshop.quick ? 4_000 : 100_000;
    const city = await ownLegacyCity(workshop, { holders: 100, accounts: cards, withNewCard: true }, 'enablement');
    const engine = await startEngine(workshop, city.folder);
    const pool = new Pool(`http://127.0.0.1:${engine.port}`, { connections: FILES_AT_ONCE });
    const memory = memoryOf(engine);
    const [threads, from] = [watchThreads(engine.pid), performance.now()];
    const share = cards / FILES_AT_ONCE;
    const done = await Promise.all(Array.from({ length: FILES_AT_ONCE }, (_, n) => send(pool, city, n * share, (n + 1) * share)));
    const seconds = (performance.now() - from) / 1_000;
    const spent = threads(cards);
    const { maxMb, grewMb } = memory.stop();
    const enabled = done.reduce((sum, one) => sum + one, 0);
    const lagSeconds = await engine.lagSeconds();
    await pool.close();
    await engine.stop();
    if (enabled !== cards) throw new Error(`${enabled} of ${cards} cards were enabled`);
    return {
      figures: [
        figure('enablement: cards a second', cards / seconds, 'cards/s', { atLeast: 3_000 }),
        // A short run is all warming up.
        ...(workshop.quick ? [] : [figure('enablement: memory grown over the second half', grewMb, 'MB', { atMost: 64 })]),
      ],
      beside: {
        cards,
        'resident memory at its largest, MB': rounded(maxMb),
        'engine, µs a card': spent,
        'projection lag at the end, s': rounded(lagSeconds),
      },
    };
  },
};
