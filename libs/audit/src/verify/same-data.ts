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
  for (const name of Object.keys(a)) if (!sameData(a[name], b[name])) return false;
  for (const name of Object.keys(b)) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
};
