import fc from 'fast-check';

/** One endpoint as the route table and the OpenAPI document know it; `example`: a body that the documents show for it. */
export type Endpoint = Readonly<{ method: string; url: string; example: string | undefined; type: string }>;
/** A request that nobody honest would send, as bytes. */
export type Hostile = Readonly<{ path: string; headers: readonly string[]; body: Uint8Array | undefined; what: string }>;

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array => Buffer.from(text, encoding);
const named = (what: string, body: fc.Arbitrary<Uint8Array>) => body.map((value) => ({ what, body: value }));

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a JSON value, as the way to it. */
const placesOf = (value: Json): readonly (readonly (string | number)[])[] => {
  if (typeof value !== 'object' || value === null) return [[]];
  const entries: [string | number, Json][] = Array.isArray(value) ? value.map((item, i) => [i, item]) : Object.entries(value);
  return [[], ...entries.flatMap(([name, inner]) => placesOf(inner).map((place) => [name, ...place]))];
};
const replaced = (value: Json, [step, ...rest]: readonly (string | number)[], by: Json): Json => {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? replaced(item, rest, by) : item));
  const own = value as { [name: string]: Json };
  return { ...own, [step]: replaced(own[step] ?? null, rest, by) };
};

const OTHER_NAMES = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '__proto__',
  'then',
  'toJSON',
  '',
  '\u0000',
  'x'.repeat(5_000),
];
const WRONG_VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  9_007_199_254_740_992,
  '',
  ' ',
  '\u0000',
  '\u202e',
  '０１２',
  '１.00',
  '1e3',
  '-0.01',
  '99999999999999999999.99',
  "' OR 1=1 --",
  '../../etc/passwd',
  '$' + '{jndi:ldap://x}',
  '11010519491231002X',
  '2026-02-30',
  '9999-12-31T23:59:60Z',
  '0001-01-01T00:00:00+14:00',
  'x'.repeat(70_000),
  [],
  {},
  [[[]]],
  { length: 1e9 },
];

/** Wrong values in the places of a right body: they come past the form and into the rules. */
const mutated = (example: string): fc.Arbitrary<Uint8Array> => {
  const value = JSON.parse(example.split('\n', 1)[0] ?? '{}') as Json;
  const wrong = fc.oneof(fc.constantFrom(...WRONG_VALUES), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>);
  return fc
    .tuple(fc.constantFrom(...placesOf(value)), wrong)
    .map(([place, by]) => bytes(JSON.stringify(replaced(value, place, by) ?? null)));
};

const depth = fc.constantFrom(17, 100, 5_000, 200_000);
const outOfShape = (example: string): fc.Arbitrary<Readonly<{ what: string; body: Uint8Array }>> => {
  const open = (text: string) => example.replace('{', `{${text},`);
  return fc.oneof(
    named('random bytes', fc.uint8Array({ maxLength: 600 })),
    named(
      'any JSON',
      fc.json({ maxDepth: 4 }).map((text) => bytes(text)),
    ),
    named('a right body with one wrong place', mutated(example)),
    named(
      'deeply nested lists',
      depth.map((n) => bytes(`${'['.repeat(n)}${']'.repeat(n)}`)),
    ),
    named(
      'deeply nested objects',
      depth.map((n) => bytes(`${'{"a":'.repeat(n)}1${'}'.repeat(n)}`)),
    ),
    named(
      'never closed',
      depth.map((n) => bytes('[{"a":'.repeat(n))),
    ),
    named('a name twice', fc.constantFrom(bytes(open('"serial":"1","serial":"2"')), bytes(open('"a":{"b":1,"\\u0062":2}')))),
    named(
      'names of any object',
      fc.constantFrom(...OTHER_NAMES).map((name) => bytes(open(`${JSON.stringify(name)}:{"isAdmin":true}`))),
    ),
    named(
      'cut short',
      fc.nat(Math.max(0, example.length - 1)).map((n) => bytes(example.slice(0, n))),
    ),
    named('UTF-16', fc.constant(bytes(`\ufeff${example}`, 'utf16le'))),
    named('Latin-1', fc.constant(bytes(open('"reason":"\u00e4\u00f6\u00fc"'), 'latin1'))),
    named(
      'NUL bytes',
      fc.nat(example.length).map((n) => bytes(`${example.slice(0, n)}\u0000${example.slice(n)}`)),
    ),
    named('half a character', fc.constantFrom(bytes(open('"reason":"\\ud800"')), bytes(open('"\\udfff":1')))),
    named(
      'numbers beyond numbers',
      fc.constantFrom('1e999', '-1e999', `1${'0'.repeat(400)}`, '0x10', '01', 'NaN').map((n) => bytes(open(`"a":${n}`))),
    ),
    named('a string of two megabytes', fc.constant(bytes(open(`"a":"${'x'.repeat(2_000_000)}"`)))),
    named('ten thousand fields', fc.constant(bytes(open(Array.from({ length: 10_000 }, (_, i) => `"f${i}":${i}`).join(','))))),
    named('nothing', fc.constant(new Uint8Array())),
  );
};

const IN_PATH = [
  '%00',
  '%ff',
  '%2e%2e%2f',
  '..',
  '%2f',
  '%',
  '%zz',
  '__proto__',
  'constructor',
  '%E5%BC%A0',
  "'%20OR%201=1",
  'x'.repeat(300),
  '-1',
  '*',
  ';a=b',
];
const IN_QUERY = [
  'limit=-1',
  'limit=1e9',
  'limit=1&limit=2',
  'limit[]=1',
  'limit[a]=1',
  '__proto__[x]=1',
  'cursor=%00',
  'cursor=eyJ4IjoxfQ',
  '%ff=%ff',
  '&&&===',
  'from=-1',
  'from=1e20',
  'asOf=9999-99-99',
  'format=pdf',
  `x=${'y'.repeat(8_000)}`,
];
const TYPES = [
  'application/json',
  'application/json;charset=utf-16',
  'application/json; charset=gbk',
  'application/x-ndjson',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json/json',
  ';',
  '*/*',
  'x'.repeat(3_000),
];
const OTHER_HEADERS = [
  'content-encoding: gzip',
  'content-encoding: identity',
  'transfer-encoding: chunked, chunked',
  'x-correlation-id: 11010519491231002X',
  `x-correlation-id: ${'a'.repeat(5_000)}`,
  'x-yika-operator: ../../x',
  'x-http-method-override: DELETE',
  'accept: text/html',
  'if-none-match: *',
  'range: bytes=0-0',
  'x-forwarded-for: 127.0.0.1',
  'cookie: a=b',
  'accept-version: 2.0.0',
  'expect: tea',
];

/** Requests to one endpoint that are wrong in some way, or right by chance. `real`: values that stand for something in this engine. */
export const hostile = ({ method, url, example, type }: Endpoint, real: Readonly<Record<string, string>>): fc.Arbitrary<Hostile> => {
  const segment = (name: string) =>
    fc.oneof({ arbitrary: fc.constant(real[name] ?? 'A1'), weight: 3 }, { arbitrary: fc.constantFrom(...IN_PATH), weight: 1 });
  const path = fc.tuple(
    ...url
      .split('/')
      .map((part) => (part.startsWith(':') ? segment(part.slice(1)) : part === '*' ? fc.constantFrom(...IN_PATH) : fc.constant(part))),
  );
  const query = fc.option(fc.constantFrom(...IN_QUERY), { nil: undefined, freq: 2 });
  const headers = fc.subarray(OTHER_HEADERS, { maxLength: 1 });
  const bodied =
    method === 'GET' ? fc.constant(undefined) : fc.option(outOfShape(example ?? '{"reference":"R1"}'), { nil: undefined, freq: 30 });
  const contentType = fc.oneof({ arbitrary: fc.constant(type), weight: 8 }, { arbitrary: fc.constantFrom(...TYPES), weight: 1 });
  return fc.tuple(path, query, headers, fc.tuple(bodied, contentType)).map(([parts, asked, others, [sent, sentAs]]) => ({
    path: `${parts.join('/') || '/'}${asked === undefined ? '' : `?${asked}`}`,
    headers: [...(sent === undefined ? [] : [`content-type: ${sentAs}`]), ...others],
    body: sent?.body,
    what: sent?.what ?? 'no body',
  }));
};
