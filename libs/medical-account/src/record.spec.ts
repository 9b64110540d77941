import fc from 'fast-check';
import { count, type Form, flag, listOf, nullable, oneOf, record, text, usually } from './form';

type Inner = { code: string; note: string | null };
type Outer = { name: string; many: number; entry: string; sure: boolean; items: readonly Inner[]; rest: string | null };
const INNER = { code: text, note: nullable(text) };
const OUTER = {
  name: text,
  many: usually(count, 0),
  entry: usually(oneOf({ online: true, late: true }), 'online'),
  sure: flag,
  items: listOf(record<Inner>(INNER)),
  rest: nullable(text),
};

type Members = Readonly<Record<string, unknown>>;
/** The rule of one member: what is not there means what its absence means, and nothing else may stand there. @throws Error where it is wrong. */
const memberOf = (value: Members, name: string, { read, absent }: Form<unknown>): unknown => {
  if (!Object.hasOwn(value, name) && absent) return absent.means;
  const found = read(value[name], name);
  if (!Object.hasOwn(value, name) || (absent && found === absent.means)) throw new Error('wrong');
  return found;
};
/** The rule of the record, member by member and no more. */
const plainly = (forms: Readonly<Record<string, Form<unknown>>>, value: Members): unknown => {
  if (Object.keys(value).some((name) => !Object.hasOwn(forms, name))) return 'wrong';
  try {
    return Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, memberOf(value, name, form)]));
  } catch {
    return 'wrong';
  }
};
const form = record<Outer>(OUTER);
const read = (value: unknown): unknown => {
  try {
    return form.read(value, 'E');
  } catch {
    return 'wrong';
  }
};

const ODD = fc.constantFrom<unknown>(null, undefined, 0, 1, -1, 'x', 'online', 'late', true, [], {}, [{ code: 'x' }], [{ code: 1 }]);
/** Nearly right: each member right, odd or left out; now and then one too many. */
const nearly = fc.record(
  {
    name: fc.oneof({ weight: 9, arbitrary: fc.constant('x') }, ODD),
    many: fc.oneof({ weight: 4, arbitrary: fc.constant(3) }, ODD),
    entry: fc.oneof({ weight: 4, arbitrary: fc.constant('late') }, ODD),
    sure: fc.oneof({ weight: 9, arbitrary: fc.boolean() }, ODD),
    items: fc.oneof({ weight: 9, arbitrary: fc.constantFrom([], [{ code: 'x' }], [{ code: 'x', note: 'y' }]) }, ODD),
    rest: fc.oneof({ weight: 4, arbitrary: fc.constant('y') }, ODD),
    more: fc.constant(1),
    toString: fc.constant(1),
  },
  { requiredKeys: ['name', 'sure', 'items'], noNullPrototype: true },
);
const TOO_MANY: ReadonlySet<string> = new Set(['more', 'toString']);

describe('records as they are read', () => {
  it('are what the rule says member by member, or wrong where it says wrong', () => {
    let sound = 0;
    fc.assert(
      fc.property(nearly, fc.nat(3), fc.constantFrom('name', 'sure', 'items', 'many'), (made, luck, left) => {
        const isIn = (name: string) => (luck === 0 || !TOO_MANY.has(name)) && (luck !== 1 || name !== left);
        const value = Object.fromEntries(Object.entries(made).filter(([name]) => isIn(name)));
        const expected = plainly(OUTER, value);
        if (expected !== 'wrong') sound++;
        expect(read(value)).toStrictEqual(expected);
      }),
      { numRuns: 5_000 },
    );
    expect(sound).toBeGreaterThan(300);
  });
  it.each([[null], [[]], ['x'], [1], [{}], [JSON.parse('{"name":"x","sure":true,"items":[],"__proto__":{"many":3}}')]])(
    '%j is wrong',
    (value) => {
      expect(read(value)).toBe('wrong');
    },
  );
  it('are each its own: what is done to one does not show in the next', () => {
    const one = form.read({ name: 'x', sure: true, items: [] }, 'E') as { many: number };
    one.many = 7;
    expect(form.read({ name: 'x', sure: true, items: [] }, 'E')).toMatchObject({ many: 0 });
  });
  it('name the place of what is wrong, wherever the record stands', () => {
    const inner = record<Inner>(INNER);
    for (const at of ['A', 'B', 'A']) expect(() => inner.read({ code: 1 }, at)).toThrow(`stored event: ${at}.code is not text`);
    expect(() => inner.read({}, 'C')).toThrow('stored event: C.code is not text');
  });
});
