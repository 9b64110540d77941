import fc from 'fast-check';
import { canonicalJson } from '#libs/kernel';
import { sameData } from './same-data';

const MEMBERS = fc.constantFrom('a', 'b', 'c');
const VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, 'x', ''),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(MEMBERS, fc.oneof(tie('value'), fc.constant(undefined)), { maxKeys: 3 }),
  ),
})).value;

describe('the same data', () => {
  it('is what is written the same: order and members without a value do not count', () => {
    const isWrittenAlike = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
    fc.assert(
      fc.property(VALUES, VALUES, (a, b) => {
        expect(sameData(a, b)).toBe(isWrittenAlike(a, b));
        expect(sameData(a, structuredClone(a))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
  it.each([
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1, c: 2 }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: undefined }, { b: 1 }, false],
    [{ a: undefined }, { b: undefined }, true],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [0, -0, true],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameData(a, b)).toBe(same);
    expect(sameData(b, a)).toBe(same);
  });
});
