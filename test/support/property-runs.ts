/** `YIKA_SEED` plays other histories, `YIKA_RUNS` times as many: both are told when a property fails. */
const seed = Number(process.env.YIKA_SEED ?? 20_260_301);
const times = Number(process.env.YIKA_RUNS ?? 1);
/** Where fewer runs are asked for, as many of them follow one another, a failure is enough: nobody waits for the smallest history that fails. */
export const runs = (numRuns: number, nth: number) => ({
  seed: seed + nth,
  numRuns: Math.max(1, Math.round(numRuns * times)),
  endOnFailure: times < 1,
});

/** Counts what happened over all histories: a property says nothing of what never came. */
export const tally = () => {
  const counts = new Map<string, number>();
  return {
    count: (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1),
    /** Names of what did not come often enough, with how often it came. Nothing is asked of fewer runs than a property names. */
    missing: (wanted: readonly string[], atLeast = 1): string[] =>
      wanted
        .filter(() => times >= 1)
        .filter((what) => (counts.get(what) ?? 0) < atLeast)
        .map((what) => `${what}: ${counts.get(what) ?? 0}`),
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
