import fc from 'fast-check';
import { canonicalJson } from '#libs/kernel';
import { canonicalVerdict } from './canonical-bytes';

const writtenAgain = (text: string): boolean => {
  try {
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false; // A lone surrogate has no canonical form.
  }
};
/** What comes of bytes: never half of a pair. */
const isRead = (text: string): boolean => {
  try {
    JSON.parse(text);
    return !/\p{Surrogate}/u.test(text);
  } catch {
    return false;
  }
};
/** What the one look may say of a text, from what writing it again says. */
const mayBe = (text: string) => [writtenAgain(text) ? 'canonical' : 'not', 'unsure'];

const ASCII = fc.string({ unit: 'binary-ascii', maxLength: 8 });
const VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, '', '"', '\\', '\n', '\u0001', '医保', '😀'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    ASCII,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(ASCII, fc.constantFrom('é', '1', '10', '2')), tie('value'), { maxKeys: 5 }),
  ),
})).value;
/** One letter put in, left out or made another: what damage and other programs write. */
const edited = (text: string, at: number, letter: string, how: number): string => {
  const place = at % (text.length + 1);
  return text.slice(0, place) + (how === 1 ? '' : letter) + text.slice(place + (how === 0 ? 0 : 1));
};

describe('one look at the bytes', () => {
  it('finds canonical what writing again finds canonical, or is unsure', () => {
    fc.assert(
      fc.property(VALUES, (value) => {
        const text = canonicalJson(value);
        expect(mayBe(text)).toContain(canonicalVerdict(text));
      }),
      { numRuns: 2_000 },
    );
  });
  it('never lets another spelling pass, and never finds fault with the right one', () => {
    const letters = fc.constantFrom(
      ...' \n\t"\\,:{}[]0123456789-+.eEabtrufnls'.split(/(?:)/u),
      '\\u0061',
      '"a":1,',
      '-0',
      '1.0',
      '1e2',
      'é',
    );
    fc.assert(
      fc.property(VALUES, fc.array(fc.tuple(fc.nat(), letters, fc.nat(2)), { minLength: 1, maxLength: 3 }), (value, edits) => {
        const text = edits.reduce((sofar, [at, letter, how]) => edited(sofar, at, letter, how), canonicalJson(value));
        if (isRead(text)) expect(mayBe(text)).toContain(canonicalVerdict(text));
      }),
      { numRuns: 10_000 },
    );
  });
  it.each([
    ['{"a":1,"b":2}', 'canonical'],
    ['{"b":2,"a":1}', 'not'],
    ['{"a":1,"a":1}', 'not'],
    ['{"a": 1}', 'not'],
    ['{"a":1} ', 'not'],
    ['{"a":01}', 'not'],
    ['{"a":-0}', 'not'],
    ['{"a":1.0}', 'unsure'],
    ['{"a":"\\u0061"}', 'unsure'],
    ['{"a":"\\/"}', 'not'],
    ['{"医":1}', 'unsure'],
    ['{"a":"医"}', 'canonical'],
    ['{"ab":1,"a":2}', 'not'],
  ])('%s is %s', (text, verdict) => {
    expect(canonicalVerdict(text)).toBe(verdict);
  });
  it('sees nothing of the event before it in the same buffer', () => {
    expect(canonicalVerdict('123456789')).toBe('canonical');
    expect(canonicalVerdict('12')).toBe('canonical');
    expect(canonicalVerdict(`"${'医'.repeat(20_000)}"`)).toBe('canonical');
    expect(canonicalVerdict('"医"')).toBe('canonical');
  });
});
