/**
 * How a refusal leaves the engine: 404 absent, 403 forbidden, 409 key used otherwise, 422 all the rest.
 * Source of the four texts: written for the cashier at the till (zh, at most 60 characters) and for the developer (en).
 */
export type RefusalFamily = 'absent' | 'forbidden' | 'key' | 'form' | 'barred' | 'money';

/** One row of a refusal catalogue; the order of the rows is the order of precedence. */
export type RefusalRow = Readonly<{
  family: RefusalFamily;
  messageZh: string;
  messageEn: string;
  remedyZh: string;
  remedyEn: string;
}>;

/** Sorts refusals by the catalogue's order and drops exact repeats; the first is the one for the till. */
export const byPrecedence = <R extends { code: string }>(
  catalogue: Readonly<Record<R['code'], RefusalRow>>,
  refusals: readonly R[],
): R[] => {
  const order = Object.keys(catalogue);
  const seen = new Set<string>();
  return refusals
    .filter((refusal) => {
      const text = JSON.stringify(refusal);
      return !seen.has(text) && Boolean(seen.add(text));
    })
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
};
