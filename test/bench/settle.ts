import { setTimeout as sleep } from 'node:timers/promises';
import { eventId, type StoredEvent } from '#libs/application';
import { canonicalJson } from '#libs/kernel';
import { done, holderWithCard, swipeOf, type TestEngine, testEngine, till, withRegion } from '../support/engine-fixture';

/**
 * Swipes decided and stored in process, held against bare appends of the same size in the same run; only the ratio travels.
 * Usage: node dist/test/bench/settle.js [swipes] [in flight]
 */
const [swipes = 20_000, inFlight = 64] = process.argv.slice(2).map(Number);
const HOLDERS = 500;
const EVENT_BYTES = 2_800;

type Measured = Readonly<{ perSecond: number; p50: number; p99: number }>;

const measured = async (times: number, one: (n: number) => Promise<void>): Promise<Measured> => {
  const tookMs: number[] = [];
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    while (next < times) {
      const n = next++;
      const at = performance.now();
      await one(n);
      tookMs.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - began) / 1000;
  const sorted = tookMs.toSorted((a, b) => a - b);
  const share = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
  return { perSecond: Math.round(times / seconds), p50: share(0.5), p99: share(0.99) };
};

const bareAppend = (made: TestEngine) => async (n: number) => {
  const stream = `bench-${n}`;
  const id = eventId(stream, 0);
  const envelope = {
    id,
    stream,
    revision: 0,
    type: 'Bench.v1',
    decidedAt: '2026-03-01T01:00:00.000Z',
    data: 'x'.repeat(EVENT_BYTES),
    meta: {},
  };
  const event: StoredEvent = { id, stream, revision: 0, type: 'Bench.v1', bytes: Buffer.from(canonicalJson(envelope)) };
  const claims = [{ key: stream, commandHash: '1:0', eventIndex: 0 }];
  const { kind } = await made.store.append({ stream, expected: 'no-stream', events: [event], claims, lane: 'interactive' });
  if (kind !== 'appended') throw new Error(kind);
};

const main = async (): Promise<void> => {
  const made = await withRegion(await testEngine({ cacheBytes: 512_000_000 }));
  const holders = await Promise.all(Array.from({ length: HOLDERS }, (_, i) => holderWithCard(made, `C${100_000_000 + i}`, 100_000)));
  const settle = async (n: number) => {
    const { cardNumber } = holders[n % HOLDERS] ?? { cardNumber: '' };
    done(await made.engine.settlements.post(swipeOf(made, `S${n}`, cardNumber, 100), till));
  };
  const settled = await measured(swipes, settle);
  await sleep(500);
  const bare = await measured(swipes, bareAppend(made));
  const text = ({ perSecond, p50, p99 }: Measured) => `${perSecond}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  process.stdout.write(`swipes settled, ${inFlight} in flight: ${text(settled)}\nbare appends of ${EVENT_BYTES} bytes:  ${text(bare)}\n`);
  process.stdout.write(`ratio ${(settled.perSecond / bare.perSecond).toFixed(2)}\n`);
  await made.close();
};

void main();
