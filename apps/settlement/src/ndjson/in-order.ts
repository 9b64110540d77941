/**
 * Works on at most `atOnceMax` items at a time and hands the results on in the order of the items. It takes the next item only when there
 * is room, so a slow reader slows the source down. `work` must not throw: an item's failure is its result.
 */
export async function* inOrder<I, O>(items: AsyncIterable<I>, atOnceMax: number, work: (item: I) => Promise<O>): AsyncGenerator<O> {
  const underWay: Promise<O>[] = [];
  const source = items[Symbol.asyncIterator]();
  let arriving = settledOf(source.next());
  try {
    for (;;) {
      const head = underWay[0];
      const next = head ? await Promise.race([arriving.then(() => 'arrived' as const), head.then(() => 'done' as const)]) : 'arrived';
      if (next === 'done' || (head && underWay.length >= atOnceMax)) {
        if (head) yield await head;
        underWay.shift();
        continue;
      }
      const item = await arriving;
      if ('fault' in item) throw item.fault;
      if (item.result.done) break;
      underWay.push(work(item.result.value));
      arriving = settledOf(source.next());
    }
    for (const result of underWay) yield await result;
  } finally {
    await source.return?.();
  }
}

type Arrival<I> = Readonly<{ result: IteratorResult<I> }> | Readonly<{ fault: Error }>;

/** A source that breaks while we wait for something else is no unhandled rejection: it is told when its turn comes. */
const settledOf = <I>(arriving: Promise<IteratorResult<I>>): Promise<Arrival<I>> =>
  arriving.then(
    (result) => ({ result }),
    (fault: unknown) => ({ fault: fault instanceof Error ? fault : new Error('the stream broke') }),
  );
