import { type BusinessDate, type Instant, isBusinessDate, isInstant } from '#libs/kernel';
import { BUCKETS, type LedgerAccount, type MedicalFen, type MedicalLeg, type SubAccount } from './events';

/** Reads one stored value, or throws: what was stored is parsed, never cast. It returns the value itself: loading is on the way of a swipe. */
export type Parse<T> = (value: unknown, at: string) => T;

const wrong = (at: string, wanted: string): never => {
  throw new Error(`stored event: ${at} is not ${wanted}`); // Never the value: it goes to the application's log.
};

export const text: Parse<string> = (value, at) => (typeof value === 'string' ? value : wrong(at, 'text'));
export const flag: Parse<boolean> = (value, at) => (typeof value === 'boolean' ? value : wrong(at, 'true or false'));
export const count: Parse<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(at, 'a count');
export const amount: Parse<MedicalFen> = (value, at) =>
  Number.isSafeInteger(value) ? (value as MedicalFen) : wrong(at, 'a whole number of fen');
export const instant: Parse<Instant> = (value, at) => (isInstant(value) ? value : wrong(at, 'an instant'));
export const day: Parse<BusinessDate> = (value, at) => (isBusinessDate(value) ? value : wrong(at, 'a business date'));

export const nullable =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (value, at) =>
    value === null ? null : parse(value, at);

/** One of the names of a closed set; the table makes the compiler check that none is missing. */
export const oneOf = <Name extends string>(names: Readonly<Record<Name, true>>): Parse<Name> => {
  const known: ReadonlySet<unknown> = new Set(Object.keys(names));
  return (value, at) => (known.has(value) ? (value as Name) : wrong(at, 'a known name'));
};

export const listOf =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) return wrong(at, 'a list');
    for (const item of value) parse(item, at);
    return value as readonly T[];
  };

export const pairsOf = <K, V>(key: Parse<K>, parse: Parse<V>): Parse<readonly (readonly [K, V])[]> =>
  listOf((value, at) => {
    if (!Array.isArray(value) || value.length !== 2) return wrong(at, 'a pair');
    key(value[0], at);
    parse(value[1], at);
    return value as [key: K, parsed: V];
  });

export const texts: Parse<Readonly<Record<string, string>>> = (value, at) => {
  if (!isRecord(value)) return wrong(at, 'a record of text');
  for (const name of Object.keys(value)) text(value[name], at);
  return value as Readonly<Record<string, string>>;
};

type Names<D> = D extends unknown ? keyof D : never;
type At<D, K> = D extends unknown ? (K extends keyof D ? D[K] : never) : never;
export type Fields<D> = { readonly [K in Names<D>]-?: Parse<At<D, K>> };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record with exactly these members: one too few or too many is damage, or an event of a newer engine. */
export const record = <D>(fields: Fields<D>): Parse<D> => {
  const entries = Object.entries<Parse<unknown>>(fields);
  return (value, at) => {
    if (!isRecord(value)) return wrong(at, 'a record');
    for (const [name, parse] of entries) parse(value[name], `${at}.${name}`);
    if (Object.keys(value).length !== entries.length) return wrong(at, 'a record with these members only');
    return value as D;
  };
};

export const subAccountName: Parse<SubAccount> = (value, at) => {
  const isName = typeof value === 'string' && value.startsWith('subAccount:') && BUCKETS.some((bucket) => value.endsWith(`:${bucket}`));
  return isName ? (value as SubAccount) : wrong(at, 'a sub-account');
};

const LEDGER = ['subAccount:', 'payable:', 'fund:', 'hold:', 'inTransit:'];
const ledgerAccount: Parse<LedgerAccount> = (value, at) => {
  const isName = typeof value === 'string' && (value === 'receivable' || LEDGER.some((beginning) => value.startsWith(beginning)));
  return isName ? (value as LedgerAccount) : wrong(at, 'a ledger account');
};
export const legs: Parse<readonly MedicalLeg[]> = listOf(record<MedicalLeg>({ account: ledgerAccount, amountFen: amount }));
