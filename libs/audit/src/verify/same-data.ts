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
  const names = Object.keys(a);
  let absent = 0;
  for (const name of names) {
    const value = a[name];
    if (value === undefined) absent++;
    const other = b[name];
    if (value !== other && !sameData(value, other)) return false;
  }
  // As many as there and all of them met: then there is none more.
  const others = Object.keys(b);
  if (absent === 0 && others.length === names.length) return true;
  for (const name of others) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
};
