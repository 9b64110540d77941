import { LRUCache } from 'lru-cache';
import type { Decider, NonEmpty, Recorded } from '#libs/kernel';
import type { EventReader } from '../event-store.port';
import type { LogFeed } from './log-feed';
import { type AnyEvent, type Decode, type Encode, recordedOf } from './stored-form';

/** State as of the newest event; `head` is that event's revision, -1 for a stream that is not there. */
export type Loaded<S> = Readonly<{ state: S; head: number; lastDecidedAt: string | null }>;
/** `inDoubt`: an append is under way, or its outcome is not known. */
type Entry<S> = { -readonly [Member in keyof Loaded<S>]: Loaded<S>[Member] } & { inDoubt: boolean; bytes: number };
export type Aggregate<C, E, S, R, F> = Readonly<{
  decider: Decider<C, E, S, R, F>;
  decode: Decode<E>;
  encode?: Encode<C, E>;
  /** Rough bytes that a state takes in the cache. */
  sizeOf: (state: S) => number;
}>;
type StateParts<C, E, S, R, F> = Readonly<{
  store: EventReader;
  /** Where several engines write to the store; without it this one alone does, and what it knows is so. */
  feed?: LogFeed | undefined;
  aggregate: Aggregate<C, E, S, R, F>;
  cacheBytes: number;
  sawDecidedAt: (decidedAt: string) => void;
  /** Told of every state that a command asks for: whether the cache had it. */
  sawState?: ((from: 'cache' | 'log') => void) | undefined;
}>;

/** The states of one kind of stream: from the cache, else folded from the newest closing on. Losing an entry costs a read and nothing else. */
export class StreamStates<C, E extends AnyEvent, S extends object, R, F> {
  private readonly cache: LRUCache<string, Entry<S>>;
  /** Of streams in whose turn a job is: kept no longer than that, unless they were in the cache before. */
  private readonly visits = new Map<string, Entry<S>>();

  constructor(private readonly parts: StateParts<C, E, S, R, F>) {
    this.cache = new LRUCache({
      maxSize: Math.max(1, parts.cacheBytes),
      sizeCalculation: ({ bytes }) => bytes,
    });
    parts.feed?.listen((stream, revision) => {
      const entry = this.cache.peek(stream);
      if (entry && entry.head < revision) this.cache.delete(stream);
    });
  }

  cached(stream: string): Loaded<S> | undefined {
    const entry = this.visits.get(stream) ?? this.cache.get(stream);
    return entry?.inDoubt === false ? entry : undefined;
  }

  /**
   * As `current`, for who comes by once, until `leave`: a state that is not in the cache does not come in, and one that is there is no younger
   * for it. So a job over a million accounts does not push out those that tills are using.
   */
  async visit(stream: string): Promise<Loaded<S>> {
    const cached = this.parts.feed ? undefined : this.cache.peek(stream); // What another engine may have written is read.
    const entry = cached?.inDoubt === false ? cached : { ...(await this.read(stream)), bytes: 1, inDoubt: false };
    this.visits.set(stream, entry);
    return entry;
  }

  leave(stream: string): void {
    this.visits.delete(stream);
  }

  /** In the stream's turn only: a read beside a running append could put the state from before it back. Throws: on outage or damage. */
  async current(stream: string): Promise<Loaded<S>> {
    const cached = this.cached(stream);
    this.parts.sawState?.(cached ? 'cache' : 'log');
    if (cached) return cached;
    const loaded = await this.read(stream);
    if (loaded.head >= 0) this.keep(stream, loaded);
    return loaded;
  }

  /** Of a stream that is believed not to be there; the append's expected revision is the proof. */
  assumedNew(stream: string): Loaded<S> {
    return this.cached(stream) ?? { state: this.parts.aggregate.decider.initialState(), head: -1, lastDecidedAt: null };
  }

  /** In the stream's turn only. Whether nobody has written after `head`: asked of the store, as the feed may hear it later. Throws: on outage. */
  async isNewest(stream: string, head: number): Promise<boolean> {
    if (!this.parts.feed || (await this.headInStore(stream)) === head) return true;
    this.cache.delete(stream);
    this.visits.delete(stream);
    return false;
  }

  /** Until `advance` says what became of it, the state is read afresh by whoever asks. */
  doubt(stream: string): void {
    const visited = this.visits.get(stream);
    if (visited) visited.inDoubt = true;
    const entry = this.cache.peek(stream);
    if (entry) entry.inDoubt = true;
  }

  /** Folds what was acknowledged into the state on which it was decided. */
  advance({ state }: Loaded<S>, events: NonEmpty<Recorded<E>>): void {
    const { decider } = this.parts.aggregate;
    const last = events[events.length - 1] ?? events[0];
    this.parts.sawDecidedAt(last.decidedAt);
    if (this.visits.delete(last.stream) && !this.cache.has(last.stream)) return; // Nobody is waiting for it.
    const folded = events.reduce<S>((sofar, event) => decider.evolve(sofar, event), state);
    this.keep(last.stream, { state: folded, head: last.revision, lastDecidedAt: last.decidedAt });
  }

  private keep(stream: string, { state, head, lastDecidedAt }: Loaded<S>): void {
    // Another engine's event came in while this was read or appended: what is known is old already, and nobody would say so again.
    if (this.parts.feed && this.parts.feed.newest(stream) > head) return void this.cache.delete(stream);
    const bytes = Math.max(1, this.parts.aggregate.sizeOf(state));
    const entry = this.cache.peek(stream);
    // In place where only what the entry says is new: to set it again moves it through the cache's books.
    if (entry?.bytes === bytes) Object.assign(entry, { state, head, lastDecidedAt, inDoubt: false });
    else this.cache.set(stream, { state, head, lastDecidedAt, bytes, inDoubt: false });
  }

  private async headInStore(stream: string): Promise<number> {
    for await (const { revision } of this.parts.store.readBackward(stream)) return revision;
    return -1;
  }

  private async read(stream: string): Promise<Loaded<S>> {
    const { decider, decode } = this.parts.aggregate;
    const newestFirst: Recorded<E>[] = [];
    for await (const stored of this.parts.store.readBackward(stream)) {
      const event = recordedOf(decode, stored);
      newestFirst.push(event);
      if (decider.isClosing(event)) break;
    }
    const last = newestFirst[0];
    if (last) this.parts.sawDecidedAt(last.decidedAt);
    return {
      state: newestFirst.reverse().reduce<S>((state, event) => decider.evolve(state, event), decider.initialState()),
      head: last?.revision ?? -1,
      lastDecidedAt: last?.decidedAt ?? null,
    };
  }
}
