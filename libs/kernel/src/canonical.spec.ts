import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, type Json } from './canonical';

/** Doubles by their bits. Source: RFC 8785, appendix B. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('value'), { maxKeys: 6 }),
  ),
})).value;

describe('canonical JSON', () => {
  it.each(NUMBERS)('writes the double %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('writes the example of the standard byte for byte', () => {
    const value: unknown = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    const expected =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c' +
      '31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(Buffer.from(canonicalJson(value)).toString('hex')).toBe(expected);
  });

  it('sorts members by UTF-16 code units, as the standard does and as sorting by code points would not', () => {
    const value = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew',
      '1': 'One',
      '😀': 'Emoji',
      '\u0080': 'Control',
      ö: 'Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as Record<string, string>).join('|')).toBe(
      'One|Carriage Return|Control|Diaeresis|Euro Sign|Emoji|Hebrew',
    );
    expect(canonicalJson({ b: 1, a: 2, aa: 3, B: 4, '': 5 })).toBe('{"":5,"B":4,"a":2,"aa":3,"b":1}');
  });

  it('writes what the reference implementation writes, for any JSON', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('loses nothing, and writes what it has read as it was', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('leaves out members without a value', () => {
    expect(canonicalJson({ b: undefined, a: { c: undefined }, d: null })).toBe('{"a":{},"d":null}');
  });

  it.each([
    ['a number that is not finite', Number.NaN],
    ['infinity', { amountFen: Number.POSITIVE_INFINITY }],
    ['a bigint', { amountFen: 1n }],
    ['a function', { toJSON: () => 1 }],
    ['nothing in a list', [undefined]],
    ['nothing', undefined],
    ['a symbol', Symbol('x')],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['an instance of a class', new URL('https://example.test')],
    ['a lone surrogate in a text', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
  ])('throws at %s: no second spelling, no silent loss', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
