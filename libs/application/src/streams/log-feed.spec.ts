import { setTimeout as sleep } from 'node:timers/promises';
import type { EventReader, LoggedEvent } from '../event-store.port';
import { type LogFeed, openLogFeed } from './log-feed';
import { StreamStates } from './stream-states';

const event = (logIndex: number, stream = 's', revision = logIndex): LoggedEvent => ({
  logIndex,
  stream,
  revision,
  id: `e${logIndex}`,
  type: 'Counted.v1',
  bytes: Buffer.from(JSON.stringify({ decidedAt: '2026-03-01T01:00:00.000Z', data: {}, meta: { actor: {} } })),
});

/** A store whose log, reachability and subscriptions the spec moves. */
const movable = (log: LoggedEvent[]) => {
  const world = { reachable: true, subscriptions: 0, cutAfter: Number.POSITIVE_INFINITY };
  const reader = {
    lastLogIndex: async () => {
      if (!world.reachable) throw new Error('gone');
      return log.length - 1;
    },
    subscribe: async function* (from: number, signal: AbortSignal) {
      world.subscriptions++;
      let next = from;
      for (let given = 0; !signal.aborted; ) {
        const found = log[next];
        if (found && given++ >= world.cutAfter) throw new Error('cut');
        if (found) yield found;
        if (found) next++;
        else await sleep(5);
      }
    },
    readBackward: async function* (stream: string) {
      yield* log.filter((one) => one.stream === stream).reverse();
    },
  } as unknown as EventReader;
  return { world, reader };
};
const clock = { ms: 0 };
const time = { nowMs: () => 0, pause: async () => undefined, elapsedMs: () => clock.ms };
const until = async (isSo: () => boolean) => {
  for (let i = 0; i < 400 && !isSo(); i++) await sleep(5);
  expect(isSo()).toBe(true);
};

let feed: LogFeed;
beforeEach(() => {
  clock.ms = 0;
});
afterEach(() => feed.close());

describe('the feed of what others write', () => {
  it('tells every event after its opening once, in order, over a subscription that breaks again and again', async () => {
    const log = [event(0), event(1)];
    const { world, reader } = movable(log);
    world.cutAfter = 2;
    feed = await openLogFeed(reader, time);
    const heard: number[] = [];
    feed.listen((_, revision) => heard.push(revision));
    for (let n = 2; n < 7; n++) log.push(event(n));
    await until(() => heard.length >= 5);
    expect(heard).toEqual([2, 3, 4, 5, 6]);
    expect(world.subscriptions).toBeGreaterThan(2);
    expect(feed.newest('s')).toBe(6);
    expect(feed.newest('other')).toBe(-1);
  });

  it('is old when the store was not reached for more than two seconds, and fresh again once it was heard to its end', async () => {
    const log: LoggedEvent[] = [];
    const { world, reader } = movable(log);
    feed = await openLogFeed(reader, time);
    clock.ms = 2_000;
    expect(feed.isFresh()).toBe(true);
    clock.ms = 5_000;
    await until(() => feed.isFresh());
    world.reachable = false;
    await sleep(50);
    clock.ms = 7_001;
    await sleep(600);
    expect(feed.isFresh()).toBe(false);
    world.reachable = true;
    await until(() => feed.isFresh());
  });

  it('forgets a stream only long after the reads that may have missed its event', async () => {
    const log = [event(0, 'a', 0)];
    const { reader } = movable(log);
    feed = await openLogFeed(reader, time);
    log.push(event(1, 'a', 1));
    await until(() => feed.newest('a') === 1);
    clock.ms = 15_001;
    log.push(event(2, 'b', 0));
    await until(() => feed.newest('b') === 0);
    expect(feed.newest('a')).toBe(1);
    clock.ms = 30_002;
    log.push(event(3, 'b', 1));
    await until(() => feed.newest('b') === 1);
    expect(feed.newest('a')).toBe(-1);
  });

  it('a state that was being read while an event came in is not kept: nobody would say again that it is old', async () => {
    const log = [event(0)];
    const { reader } = movable(log);
    feed = await openLogFeed(reader, time);
    let letGo: () => void = () => undefined;
    const slow = {
      ...reader,
      readBackward: async function* () {
        const seen = [...log].reverse();
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        yield* seen;
      },
    } as EventReader;
    const states = new StreamStates<never, { type: string; decidedAt: string; data: object }, { count: number }, never, never>({
      store: slow,
      feed,
      cacheBytes: 1_000,
      sawDecidedAt: () => undefined,
      aggregate: {
        decider: {
          decide: () => ({ kind: 'refused', refusals: [] as never }),
          due: () => [],
          evolve: ({ count }) => ({ count: count + 1 }),
          initialState: () => ({ count: 0 }),
          isClosing: () => false,
        },
        decode: (type, data) => ({ type, data: data as object }),
        sizeOf: () => 1,
      },
    });
    const reading = states.current('s');
    await sleep(5);
    log.push(event(1));
    await until(() => feed.newest('s') === 1);
    letGo();
    expect((await reading).state).toEqual({ count: 1 });
    expect(states.cached('s')).toBeUndefined();
  });
});
