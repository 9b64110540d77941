/** A stream of numbers that the same seed gives again, in [0, 1). */
export type Random = () => number;

export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const below = (random: Random, bound: number): number => Math.floor(random() * bound);

/** The seed of this run: YIKA_SEED, else another one each time; printed, so that a run that failed can be had again. */
export const seedOfRun = (what: string): number => {
  const seed = Number(process.env.YIKA_SEED ?? Date.now() % 1_000_000_007);
  process.stdout.write(`${what}: YIKA_SEED=${seed}\n`);
  return seed;
};
