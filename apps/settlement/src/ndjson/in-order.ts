type Arrival<I> = Readonly<{ kind: 'item'; value: I }> | Readonly<{ kind: 'end' }> | Readonly<{ kind: 'broken'; fault: Error }>;

/**
 * Works on at most `atOnceMax` items at a time and hands the results on in the order of the items. It takes the next item only when there
 * is room, so a slow reader slows the source down. `work` must not throw: an item's failure is its result.
 */
export async function* inOrder<I, O>(items: AsyncIterable<I>, atOnceMax: number, work: (item: I) => Promise<O>): AsyncGenerator<O> {
  const underWay: Promise<O>[] = [];
  const source = items[Symbol.asyncIterator]();
  let arriving = arrivalOf(source.next());
  try {
    for (;;) {
      const head = underWay[0];
      if (head !== undefined && (underWay.length >= atOnceMax || (await firstOf(arriving, head)) === 'head')) {
        yield await head;
        void underWay.shift();
        continue;
      }
      const arrival = await arriving;
      if (arrival.kind !== 'item') return yield* ending(underWay, arrival);
      underWay.push(work(arrival.value));
      arriving = arrivalOf(source.next());
    }
  } finally {
    await source.return?.();
  }
}

const firstOf = (arriving: Promise<unknown>, head: Promise<unknown>): Promise<'arrival' | 'head'> =>
  Promise.race([arriving.then(() => 'arrival' as const), head.then(() => 'head' as const)]);

/** What was begun is finished and told, also when the source broke in the middle. */
async function* ending<O>(underWay: readonly Promise<O>[], arrival: Exclude<Arrival<unknown>, { kind: 'item' }>): AsyncGenerator<O, void> {
  for (const result of underWay) yield await result;
  if (arrival.kind === 'broken') throw arrival.fault;
}

/** A source that breaks while we wait for something else is no unhandled rejection: it is told when its turn comes. */
const arrivalOf = <I>(next: Promise<IteratorResult<I>>): Promise<Arrival<I>> =>
  next.then(
    (result): Arrival<I> => (result.done === true ? { kind: 'end' } : { kind: 'item', value: result.value }),
    (fault: unknown): Arrival<I> => ({ kind: 'broken', fault: fault instanceof Error ? fault : new Error('the stream broke') }),
  );
