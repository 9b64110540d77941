const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
};

/** JSON for the repository: members in order, so that a new run of the same code writes the same bytes. */
export const sortedJson = (value: unknown): string => `${JSON.stringify(sorted(value), null, 2)}\n`;
