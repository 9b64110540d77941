import { type Append, type AppendResult, type EventStore, eventId, type LoggedEvent } from '#libs/application';
import { appendOf, claimOn, collect, fresh, range, storedEvent } from './appends';

export type UnquietServer = Readonly<{
  /** A store as another process would open it. */
  open: () => Promise<EventStore>;
  /** Something breaks; it heals by itself. */
  disturb: () => void;
  dispose: () => Promise<void>;
  /** Commands of each engine on each stream. */
  rounds: number;
}>;

const STORES = 3;
const STREAMS = 6;
const KEYS = 24; // Fewer than commands: some are wanted more than once.
const DISTURB_EVERY_MS = 40;
const TIMEOUT_MS = 180_000; // A bound against one that hangs, not a measure of speed.

type Definite = Exclude<AppendResult, { kind: 'unknown' | 'unavailable' }>;
const untilDefinite = async (store: EventStore, append: Append): Promise<Definite> => {
  for (;;) {
    const result = await store.append(append);
    if (result.kind !== 'unknown' && result.kind !== 'unavailable') return result;
  }
};

/** One command on one stream, decided anew after every conflict; the key that it claims is its own or wanted by others, too. */
const command = async (store: EventStore, stream: string, id: string, key: string): Promise<'appended' | 'claimTaken'> => {
  for (;;) {
    let head = -1;
    for await (const { revision } of store.readBackward(stream)) {
      head = revision;
      break;
    }
    const events = [storedEvent(stream, head + 1, { by: id }, eventId(id, 0))] as const;
    const result = await untilDefinite(store, appendOf(stream, head < 0 ? 'no-stream' : head, 1, { events, claims: [claimOn(key)] }));
    if (result.kind !== 'conflict') return result.kind;
  }
};

/** A follower that begins again from its own checkpoint when the store gives up. */
const follow = async (store: EventStore, from: number, seen: LoggedEvent[], signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      for await (const event of store.subscribe(from + seen.length, signal)) seen.push(event);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

/** What several engines over connections that break may rely on. */
export const unquietContract = (name: string, makeServer: () => Promise<UnquietServer>): void => {
  describe(`${name}: several engines over connections that break`, () => {
    it(
      'stores every acknowledged event once and no other, gives every key to one event, and tells every reader the same log',
      async () => {
        const server = await makeServer();
        const stores = await Promise.all(range(0, STORES).map(() => server.open()));
        const [first] = stores as [EventStore];
        const from = (await first.lastLogIndex()) + 1;
        const prefix = fresh('unquiet');
        const seen: LoggedEvent[] = [];
        const stop = new AbortController();
        const following = follow(first, from, seen, stop.signal);
        const disturbing = setInterval(server.disturb, DISTURB_EVERY_MS);
        const work = async (store: EventStore, engine: number): Promise<readonly (readonly [id: string, outcome: string])[]> => {
          const outcomes: (readonly [string, string])[] = [];
          await Promise.all(
            range(0, STREAMS).map(async (n) => {
              for (const round of range(0, server.rounds)) {
                const id = `${prefix}-${engine}-${n}-${round}`;
                const key = `${prefix}-key-${(engine * 7 + n * 5 + round * 11) % KEYS}`;
                outcomes.push([id, await command(store, `${prefix}-${n}`, id, key)]);
              }
            }),
          );
          return outcomes;
        };
        const outcomes = (await Promise.all(stores.map(work))).flat();
        clearInterval(disturbing);

        const log = await collect(first.readLog(from));
        const acknowledged = outcomes.filter(([, outcome]) => outcome === 'appended').map(([id]) => eventId(id, 0));
        expect(log.map(({ id }) => id).sort()).toEqual(acknowledged.sort());
        expect(log.map(({ logIndex }) => logIndex)).toEqual(range(from, from + log.length));
        for (const n of range(0, STREAMS)) {
          const stream = `${prefix}-${n}`;
          const revisions = log.filter((event) => event.stream === stream).map(({ revision }) => revision);
          expect(revisions).toEqual(range(0, revisions.length));
        }
        const claims = await Promise.all(range(0, KEYS).map((n) => first.findClaim(`${prefix}-key-${n}`)));
        expect(claims.flatMap((claim) => claim?.eventId ?? []).sort()).toEqual(acknowledged);
        for (const store of stores) expect(await collect(store.readLog(from))).toEqual(log);
        for (let waited = 0; seen.length < log.length && waited < 500; waited++) await new Promise((resolve) => setTimeout(resolve, 20));
        stop.abort();
        await following;
        expect(seen).toEqual(log);
        await Promise.all(stores.map((store) => store.close()));
        await server.dispose();
      },
      TIMEOUT_MS,
    );
  });
};
