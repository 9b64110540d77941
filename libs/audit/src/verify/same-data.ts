/** Whether two values are the same JSON: order of members does not count, a member without a value is absent, −0 is 0. */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameData(item, b[i]));
  if (Array.isArray(b)) return false;
  let members = 0;
  for (const name in a) {
    const value = (a as Record<string, unknown>)[name];
    if (value === undefined) continue;
    members++;
    if (!sameData(value, (b as Record<string, unknown>)[name])) return false;
  }
  for (const name in b) if ((b as Record<string, unknown>)[name] !== undefined) members--;
  return members === 0;
};
