/** `YIKA_SEED` plays other histories, `YIKA_RUNS` times as many: both are told when a property fails. */
const seed = Number(process.env.YIKA_SEED ?? 20_260_301);
const times = Number(process.env.YIKA_RUNS ?? 1);
export const runs = (numRuns: number, nth: number) => ({ seed: seed + nth, numRuns: Math.max(1, Math.round(numRuns * times)) });

/** Counts what happened over all histories: a property says nothing of what never came. */
export const tally = () => {
  const counts = new Map<string, number>();
  return {
    count: (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1),
    /** Names of what did not come often enough, with how often it came. */
    missing: (wanted: readonly string[], atLeast = 1): string[] =>
      wanted.filter((what) => (counts.get(what) ?? 0) < atLeast).map((what) => `${what}: ${counts.get(what) ?? 0}`),
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
