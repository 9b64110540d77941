/** A stream of numbers that is the same for the same seed on every machine: the sample must be the same everywhere. */
export type Random = Readonly<{
  /** 0 ≤ n < 1. */
  next: () => number;
  /** A whole number, 0 ≤ n < bound. */
  below: (bound: number) => number;
  /** A whole number, both ends included. */
  between: (least: number, most: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(choices: readonly T[]) => T;
  shuffled: <T>(items: readonly T[]) => T[];
}>;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const seedOf = (name: string): number => {
  let hash = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
};

/** Source: mulberry32 (Tommy Ettinger, public domain). No secret depends on it. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Every part of the plan draws from a stream of its own name, so that a change in one part leaves the others as they were. */
export const randomOf = (name: string): Random => {
  const next = mulberry32(seedOf(name));
  const below = (bound: number) => Math.floor(next() * bound);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  };
  const shuffled = <T>(items: readonly T[]): T[] => {
    const out = [...items];
    for (let last = out.length - 1; last > 0; last--) {
      const at = below(last + 1);
      [out[last], out[at]] = [out[at] as T, out[last] as T];
    }
    return out;
  };
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick,
    shuffled,
  };
};

/**
 * Shares `total` out by weight, largest remainder first, so that the counts are exact; whatever has a weight gets at least one,
 * however small the sample. The first name takes up what is left or missing.
 */
export const quotas = <Name extends string>(weights: Readonly<Record<Name, number>>, total: number): ReadonlyMap<Name, number> => {
  const names = Object.keys(weights) as Name[];
  const [first] = names;
  if (first === undefined || total < names.length) throw new Error(`too small a sample: ${total} for ${names.length} kinds`);
  const sum = names.reduce((whole, name) => whole + weights[name], 0);
  const counts = new Map(names.map((name) => [name, Math.max(1, Math.round((weights[name] * total) / sum))]));
  const others = [...counts].reduce((whole, [name, count]) => (name === first ? whole : whole + count), 0);
  if (others >= total) throw new Error(`too small a sample: ${total} for ${others + 1}`);
  return counts.set(first, total - others);
};
