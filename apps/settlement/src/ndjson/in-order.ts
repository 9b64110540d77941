type Task<O> = { isDone: boolean; result: O | undefined };
type Arrival<I> = Readonly<{ kind: 'items'; items: readonly I[] }> | Readonly<{ kind: 'end' }> | Readonly<{ kind: 'broken'; fault: Error }>;

/**
 * Works on at most `atOnceMax` items at a time and hands the results on in the order of the items, all that are ready at once. It takes the
 * next items only when there is room for them, so a slow reader slows the source down. `work` must not throw: an item's failure is its result.
 */
export async function* inOrder<I, O>(
  source: AsyncIterable<readonly I[]>,
  atOnceMax: number,
  work: (item: I) => Promise<O>,
): AsyncGenerator<readonly O[]> {
  const underWay: Task<O>[] = [];
  let somethingHappened = (): void => undefined;
  const begin = (item: I): void => {
    const task: Task<O> = { isDone: false, result: undefined };
    underWay.push(task);
    void work(item).then((result) => {
      task.result = result;
      task.isDone = true;
      if (task === underWay[0]) somethingHappened();
    });
  };
  const arrivals = arrivalsOf(source, () => somethingHappened());
  let [items, begun]: [readonly I[], number] = [[], 0];
  try {
    for (;;) {
      while (begun < items.length && underWay.length < atOnceMax) begin(items[begun++] as I);
      const arrival = begun === items.length ? arrivals.take() : undefined;
      if (arrival?.kind === 'items') {
        [items, begun] = [arrival.items, 0];
        continue;
      }
      const ready = doneFirst(underWay);
      if (ready.length > 0) yield ready;
      else if (underWay.length > 0 || arrival === undefined) await new Promise<void>((resolve) => (somethingHappened = resolve));
      else if (arrival.kind === 'broken')
        throw arrival.fault; // What was begun has been finished and told.
      else return;
    }
  } finally {
    await arrivals.stop();
  }
}

/** Takes the results that stand first in the queue. */
const doneFirst = <O>(underWay: Task<O>[]): O[] => {
  const unfinished = underWay.findIndex(({ isDone }) => !isDone);
  return underWay.splice(0, unfinished < 0 ? underWay.length : unfinished).map(({ result }) => result as O);
};

/**
 * One piece of the source, asked for ahead. A source that breaks while something else is waited for is no unhandled rejection: it is told
 * when its turn comes; an end is told again and again.
 */
const arrivalsOf = <I>(source: AsyncIterable<readonly I[]>, onArrival: () => void) => {
  const pieces = source[Symbol.asyncIterator]();
  let arrived: Arrival<I> | undefined;
  const ask = (): void => {
    const tell = (arrival: Arrival<I>): void => {
      arrived = arrival;
      onArrival();
    };
    pieces.next().then(
      ({ done, value }) => tell(done === true ? { kind: 'end' } : { kind: 'items', items: value }),
      (fault: unknown) => tell({ kind: 'broken', fault: fault instanceof Error ? fault : new Error('the stream broke') }),
    );
  };
  ask();
  return {
    take: (): Arrival<I> | undefined => {
      const taken = arrived;
      if (taken?.kind !== 'items') return taken;
      arrived = undefined;
      ask();
      return taken;
    },
    stop: async (): Promise<void> => {
      await pieces.return?.();
    },
  };
};
