import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { idOf, isIdOf } from './ids';

/** The definition, word for word. Source: RFC 9562, 5.5; log-format.md, 3. */
const byDefinition = (name: string): string => {
  const bytes = createHash('sha1')
    .update(Buffer.from('5b0e4d7c9f3a4c1e8d2b6a7f10c4e933', 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

describe('ids of events', () => {
  it('are those of the definition', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        expect(idOf(name)).toBe(byDefinition(name));
        expect(isIdOf(name, byDefinition(name))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('are not met by an id that differs in any one letter, is longer or shorter', () => {
    const id = idOf('settlement-H1-S1#0');
    for (let at = 0; at < id.length; at++)
      for (const other of '0123456789abcdefABCDEF-g:')
        if (other !== id[at]) expect(isIdOf('settlement-H1-S1#0', id.slice(0, at) + other + id.slice(at + 1))).toBe(false);
    for (const other of [`${id}0`, id.slice(0, -1), '', id.toUpperCase()]) expect(isIdOf('settlement-H1-S1#0', other)).toBe(false);
    expect(isIdOf('settlement-H1-S1#1', id)).toBe(false);
  });
});
