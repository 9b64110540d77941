import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { type Fen, fen, formatYuan, interestOf, isYuanText, parseYuan } from './money';

const f = (value: number) => fen<'medical'>(value);

describe('money: a whole number of fen', () => {
  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%p is none', (value) =>
    expect(() => f(value)).toThrow(new RangeError(`not a whole number of fen: ${value}`)),
  );
  it('knows one zero only: JSON would not keep the other', () => {
    expect(Object.is(f(-0), 0)).toBe(true);
    expect([f(0), f(-1), f(Number.MAX_SAFE_INTEGER)]).toStrictEqual([0, -1, 9_007_199_254_740_991]);
  });
});

describe('money: yuan as text', () => {
  it.each([
    ['0', 0],
    ['0.01', 1],
    ['58', 5_800],
    ['58.6', 5_860],
    ['58.60', 5_860],
    ['1.10', 110],
    ['99999999999.99', 9_999_999_999_999],
  ])('%s is %d fen', (text, amountFen) => {
    expect(isYuanText(text)).toBe(true);
    expect(parseYuan<'medical'>(text)).toBe(amountFen);
  });
  it.each(['', '-1', '+1', '01', '00', '1.', '.5', '1.234', '1,00', '1e3', ' 1', '1 ', '1.0a', 'x1', '100000000000'])(
    '"%s" is no amount',
    (text) => {
      expect(isYuanText(text)).toBe(false);
      expect(() => parseYuan(text)).toThrow(new RangeError('not yuan text with at most two places'));
    },
  );
  it.each([58, null, ['58'], undefined])('%p is no text', (value) => expect(isYuanText(value)).toBe(false));
  it.each<[number, string]>([
    [0, '0.00'],
    [1, '0.01'],
    [5_860, '58.60'],
    [-5_860, '-58.60'],
    [9_007_199_254_740_991, '90071992547409.91'],
  ])('%d fen are written %s', (amountFen, text) => expect(formatYuan(amountFen as Fen<'medical'>)).toBe(text));
});

describe('money: yuan text is what exact decimal arithmetic makes of it', () => {
  const amounts = fc.oneof(fc.integer({ min: 0, max: 9_999_999_999_999 }), fc.integer({ min: 0, max: 100_000 }));
  it('written with two places, read back as the same', () => {
    fc.assert(
      fc.property(amounts, (amountFen) => {
        const text = new Decimal(amountFen).dividedBy(100).toFixed(2);
        expect(formatYuan(f(amountFen))).toBe(text);
        expect(parseYuan(text)).toBe(amountFen);
        expect(parseYuan(new Decimal(amountFen).dividedBy(100).toFixed())).toBe(amountFen); // Without zeros at the end.
        if (amountFen > 0) expect(formatYuan(f(-amountFen))).toBe(`-${text}`);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('money: interest', () => {
  it.each<[string, Parameters<typeof interestOf>, number]>([
    ['a hundred yuan for a whole year at 0.35 %', [10_000 * 360, '0.0035', 360], 35],
    ['half a fen is one', [10_000 * 180, '0.0001', 360], 1],
    ['less than half a fen is none', [10_000 * 179, '0.0001', 360], 0],
    ['a year of 365 days gives less a day', [3_650_000, '0.01', 365], 100],
    ['no rate, no interest', [3_600_000, '0', 360], 0],
  ])('%s', (_, of, expected) => expect(interestOf(...of)).toBe(expected));
});
