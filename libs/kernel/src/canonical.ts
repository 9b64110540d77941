/** What JSON can hold without loss. `undefined` as a member's value means that the member is absent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

const PLAIN = /^[ !#-[\]-~]*$/; // Stands in JSON as it is.

/**
 * Canonical JSON text: members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them. Source: RFC 8785.
 * Own code, because every stored byte goes through it; the specs hold it against the reference implementation.
 * @throws TypeError on what canonical JSON cannot hold (NaN, bigint, a function, a lone surrogate, a Date): a bug of the caller.
 */
export const canonicalJson = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return finite(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? list(value) : record(value);
    default:
      throw new TypeError(`not canonical JSON: ${typeof value}`);
  }
};

const text = (value: string): string => {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError('not canonical JSON: a lone surrogate');
  return JSON.stringify(value);
};

const finite = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError('not canonical JSON: a number that is not finite');
  return Object.is(value, -0) ? '0' : String(value);
};

const list = (values: readonly unknown[]): string => {
  let out = '[';
  for (let i = 0; i < values.length; i++) out += (i > 0 ? ',' : '') + canonicalJson(values[i]);
  return `${out}]`;
};

/** Whoever writes much names members in order already: to see that costs a tenth of sorting. */
const inOrder = (names: string[]): string[] => {
  for (let i = 1; i < names.length; i++) if ((names[i - 1] ?? '') > (names[i] ?? '')) return names.sort();
  return names;
};

const record = (value: object): string => {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Also the plain objects of another realm, as structuredClone gives them inside a test's.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw new TypeError('not canonical JSON: not plain data');
  let out = '';
  for (const name of inOrder(Object.keys(value))) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    out += `${out === '' ? '' : ','}${text(name)}:${canonicalJson(member)}`;
  }
  return `{${out}}`;
};
