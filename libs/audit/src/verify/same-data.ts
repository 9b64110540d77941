type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same JSON: order of members does not count, a member without a value is absent, −0 is 0. */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameItems(a, b);
  return sameMembers(a as Members, b as Members);
};

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => sameData(item, b[i]));

const sameMembers = (a: Members, b: Members): boolean => {
  let more = 0; // Members of one beyond those of the other; what parsed or was decided inherits none.
  for (const name in a) {
    const value = a[name];
    if (value === undefined) continue;
    const other = b[name];
    if (value !== other && !sameData(value, other)) return false;
    more++;
  }
  for (const name in b) if (b[name] !== undefined) more--;
  return more === 0;
};
