import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hmacSha256 } from './keyed-hash';

describe('keyed hash', () => {
  it('is HMAC-SHA-256, for keys of any length and any text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.string({ unit: 'grapheme' })), (key, texts) => {
        for (const text of texts) expect(hmacSha256(key, text)).toEqual(createHmac('sha256', key).update(text).digest());
      }),
      { numRuns: 200 },
    );
  });
});
