import { createHash } from 'node:crypto';
import { leafOf, treeOf } from './leaf';

/** The definition, word for word. Source: RFC 6962, 2.1. */
const rootByDefinition = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length === 0) return createHash('sha256').digest();
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const sides = [rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k))];
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(Buffer.concat(sides))
    .digest();
};

describe('root over all leaves', () => {
  it('is that of RFC 6962 for every number of events', () => {
    const leaves: Buffer[] = [];
    const tree = treeOf();
    for (let n = 0; n <= 70; n++) {
      expect(tree.root()).toBe(rootByDefinition(leaves).toString('hex'));
      const leaf = leafOf(Buffer.from(`event ${n}`));
      leaves.push(leaf);
      tree.add(leaf);
    }
  });

  it('is that of the known answers of RFC 6962 test data', () => {
    const tree = treeOf();
    tree.add(leafOf(Buffer.alloc(0)));
    expect(tree.root()).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    tree.add(leafOf(Buffer.from([0])));
    expect(tree.root()).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  });
});
