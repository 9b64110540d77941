import { type BusinessDate, type Instant, isBusinessDate, isInstant } from './time';

/** Reads one stored value; `at` names its place for the error. @throws Error on any other form: damage, or a log of a newer engine. */
export type Shape<T> = (value: unknown, at: string) => T;
type Read<S> = S extends Shape<infer T> ? T : never;

/** Says where and what was expected, never the value: it may be personal. */
const expected = (at: string, what: string): never => {
  throw new Error(`stored form: ${at} is not ${what}`);
};

const text: Shape<string> = (value, at) => (typeof value === 'string' ? value : expected(at, 'text'));
const flag: Shape<boolean> = (value, at) => (typeof value === 'boolean' ? value : expected(at, 'true or false'));
const whole: Shape<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : expected(at, 'a whole number');
const instant: Shape<Instant> = (value, at) => (isInstant(value) ? value : expected(at, 'an instant'));
const date: Shape<BusinessDate> = (value, at) => (isBusinessDate(value) ? value : expected(at, 'a business date'));

const oneOf =
  <const T extends string>(...words: readonly T[]): Shape<T> =>
  (value, at) =>
    words.find((word) => word === value) ?? expected(at, `one of ${words.join(', ')}`);

const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, at) =>
    value === null ? null : shape(value, at);

const list =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value, at) =>
    Array.isArray(value) ? value.map((item: unknown, i) => shape(item, `${at}[${i}]`)) : expected(at, 'a list');

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Exactly these fields: one more is a form that this engine does not know, and dropping it would lose a fact. */
const record =
  <S extends Readonly<Record<string, Shape<unknown>>>>(shapes: S): Shape<Readonly<{ [N in keyof S]: Read<S[N]> }>> =>
  (value, at) => {
    if (!isPlain(value)) return expected(at, 'a record');
    for (const name of Object.keys(value)) if (!Object.hasOwn(shapes, name)) expected(`${at}.${name}`, 'a known field');
    return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, shape(value[name], `${at}.${name}`)])) as {
      [N in keyof S]: Read<S[N]>;
    };
  };

/** A record some of whose members came later: they are there when they were told, and a form without them is read as it stands. */
const recordWith =
  <S extends Readonly<Record<string, Shape<unknown>>>, L extends Readonly<Record<string, Shape<unknown>>>>(
    shapes: S,
    later: L,
  ): Shape<Readonly<{ [N in keyof S]: Read<S[N]> } & { [N in keyof L]?: Read<L[N]> }>> =>
  (value, at) => {
    const told = Object.entries(later).filter(([name]) => isPlain(value) && Object.hasOwn(value, name));
    return record({ ...shapes, ...Object.fromEntries(told) })(value, at) as Readonly<
      { [N in keyof S]: Read<S[N]> } & { [N in keyof L]?: Read<L[N]> }
    >;
  };

/** Shapes from which an aggregate's codec is put together: stored data is parsed, never cast. */
export const stored = { text, flag, whole, instant, date, oneOf, orNull, list, record, recordWith } as const;
