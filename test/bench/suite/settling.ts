import type { Append, EventStore } from '#libs/application';
import type { City } from './city';
import { nth } from './nth';
import { cardNumberOf, runPrefix, serialOf, swipeOrder } from './orders';
import { openEngine, openProjections } from './parts';
import { agency, done } from './region';

/** An engine in this process over a city, and one way to make it settle. */
export type Settling = Readonly<{
  /** Settles a swipe of this holder under a serial of its own. */
  settle: (holder: number) => Promise<void>;
  store: EventStore;
  /** What was handed to the store, when it was asked to keep it. */
  appends: Append[];
  /** How long the projections took to have all that the log holds now. Units: seconds. */
  lagSeconds: () => Promise<number>;
  close: () => Promise<void>;
}>;

type Options = Readonly<{ cacheMb?: number; keepAppends?: boolean }>;

export const openSettling = async ({ folder, tills }: City, { cacheMb = 1_024, keepAppends = false }: Options = {}): Promise<Settling> => {
  const appends: Append[] = [];
  const keeping = (store: EventStore): EventStore =>
    Object.assign(Object.create(store) as EventStore, {
      append: (append: Append) => {
        appends.push(append);
        return store.append(append);
      },
    });
  const open = await openEngine(folder, { cacheMb, wrap: ({ store, vault }) => ({ store: keepAppends ? keeping(store) : store, vault }) });
  const projections = await openProjections(folder);
  const prefix = runPrefix();
  const tracings = tills.map(({ institutionCode }) => {
    const actor = { ...agency.actor, principal: institutionCode, organisation: institutionCode };
    return { ...agency, actor };
  });
  let swipes = 0;
  return {
    settle: async (holder) => {
      const n = swipes++;
      const order = swipeOrder(nth(tills, n), serialOf(prefix, n % tills.length, n), cardNumberOf(holder), 100 + (n % 900));
      done(await open.engine.settlements.post(order, nth(tracings, n)));
    },
    store: open.store,
    appends,
    lagSeconds: async () => {
      const from = performance.now();
      await projections.caughtUp(await open.store.lastLogIndex());
      return (performance.now() - from) / 1_000;
    },
    close: async () => {
      await projections.close();
      await open.close();
    },
  };
};

/** Calls `one` until the time is over, so many at once; returns how many were done a second. */
export const duringSeconds = async (seconds: number, atOnce: number, one: (n: number) => Promise<void>): Promise<number> => {
  const began = performance.now();
  const ends = began + seconds * 1_000;
  let next = 0;
  const worker = async () => {
    while (performance.now() < ends) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return next / ((performance.now() - began) / 1_000);
};
