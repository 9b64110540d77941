import { randomBytes } from 'node:crypto';

const POOL_BYTES = 8 * 1024;
let pool = Buffer.alloc(0);
let used = 0;

/** A few random bytes, from a larger draw of the same generator: a draw costs as much for sixteen bytes as for thousands. None is given twice. */
export const randomFew = (bytes: number): Buffer => {
  if (used + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  const taken = Buffer.from(pool.subarray(used, used + bytes));
  pool.fill(0, used, used + bytes); // What has become a key does not stay here.
  used += bytes;
  return taken;
};
