import type { Lane } from '#libs/application';

/** A bound on one commit. Half of it is the most that jobs may take. */
export type CommitBound = Readonly<{ items: number; bytes: number }>;
export type Queued = Readonly<{ lane: Lane; bytes: number }>;

/** Two lanes, first in first out each; interactive items go first, and jobs never fill more than half of a commit. */
export type LaneQueue<Item extends Queued> = Readonly<{
  size: () => number;
  bytes: () => number;
  add: (item: Item) => void;
  /** Takes out an item that waits no longer. */
  drop: (item: Item) => void;
  takeBatch: (bound: CommitBound) => Item[];
}>;

export const laneQueue = <Item extends Queued>(): LaneQueue<Item> => {
  const lanes: Record<Lane, Set<Item>> = { interactive: new Set(), job: new Set() };
  let bytes = 0;

  const remove = (item: Item): boolean => {
    const was = lanes[item.lane].delete(item);
    if (was) bytes -= item.bytes;
    return was;
  };
  /** Moves items until the next would break the bound; `taken.bytes` counts what the batch holds so far. */
  const fill = (batch: Item[], lane: Lane, bound: CommitBound, taken: { bytes: number }): void => {
    let items = 0;
    let own = 0;
    for (const item of lanes[lane]) {
      const fits = items < bound.items && own + item.bytes <= bound.bytes;
      if (!fits && batch.length > 0) return; // The first of a batch always goes, however big it is.
      remove(item);
      batch.push(item);
      items++;
      own += item.bytes;
      taken.bytes += item.bytes;
    }
  };

  return {
    size: () => lanes.interactive.size + lanes.job.size,
    bytes: () => bytes,
    add: (item) => {
      lanes[item.lane].add(item);
      bytes += item.bytes;
    },
    drop: (item) => void remove(item),
    takeBatch: ({ items, bytes: bytesMax }) => {
      const batch: Item[] = [];
      const taken = { bytes: 0 };
      fill(batch, 'interactive', { items, bytes: bytesMax }, taken);
      const left = { items: items - batch.length, bytes: bytesMax - taken.bytes };
      fill(batch, 'job', { items: Math.min(left.items, items >> 1), bytes: Math.min(left.bytes, bytesMax / 2) }, taken);
      return batch;
    },
  };
};
