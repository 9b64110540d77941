import { createHash } from 'node:crypto';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The leaf of an event. Source: docs/reference/log-format.md, 10; RFC 6962, 2.1. */
export const leafOf = (bytes: Uint8Array): Buffer => sha256(LEAF, bytes);
export const leafHash = (bytes: Uint8Array): string => leafOf(bytes).toString('hex');

export type Tree = Readonly<{ add: (leaf: Buffer) => void; root: () => string }>;

/** The root over all leaves so far, in memory for one hash a level. Source: RFC 6962, 2.1. */
export const treeOf = (): Tree => {
  const peaks: { hash: Buffer; leaves: number }[] = [];
  return {
    add: (leaf) => {
      let [hash, leaves] = [leaf, 1];
      for (let left = peaks.at(-1); left?.leaves === leaves; left = peaks.at(-1)) {
        peaks.pop();
        hash = sha256(NODE, left.hash, hash);
        leaves *= 2;
      }
      peaks.push({ hash, leaves });
    },
    root: () => {
      const [last, ...rest] = peaks.map(({ hash }) => hash).reverse();
      return (last === undefined ? sha256() : rest.reduce((right, left) => sha256(NODE, left, right), last)).toString('hex');
    },
  };
};
