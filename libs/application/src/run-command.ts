import { LRUCache } from 'lru-cache';
import {
  type Decider,
  type Decision,
  decideWithDue,
  instantOf,
  type Json,
  laterOf,
  type NonEmpty,
  nonEmpty,
  type Recorded,
  settleDue,
} from '#libs/kernel';
import { eventId } from './command-identity';
import type { Tracing } from './envelope';
import type { EventStore, ExpectedRevision, Lane, NewClaim } from './event-store.port';
import { type AnyEvent, type Decode, recordedOf, storedForm } from './stored-form';

/** A claim without its place: it goes to the event whose `data.key` it is, else to the one that answers the command. */
export type WantedClaim = Readonly<{ key: string; commandHash: string }>;
export type Gathered<F> = Readonly<{ facts: F; recordedFacts: Json; claims: readonly WantedClaim[] }>;

export type Request<C, S, F> = Readonly<{
  stream: string;
  /** Names the command: ids of its events follow from it. */
  key: string;
  command: C;
  gather: (state: S, decidedAt: string, headRevision: number) => Promise<Gathered<F>>;
  tracing: Tracing;
  lane: Lane;
  /** Append what time has brought about and nothing else. */
  onlyDue?: boolean;
}>;

export type Unavailable = Readonly<{ kind: 'unavailable'; cause: 'full' | 'closing' | 'readOnly' | 'busy' | 'outage' }>;
export type Outcome<E, R> =
  | Readonly<{ kind: 'recorded'; events: NonEmpty<Recorded<E>> }>
  | Readonly<{ kind: 'replayed'; original: Recorded<E> }>
  | Readonly<{ kind: 'refused'; refusals: NonEmpty<R>; recordedFacts: Json; headRevision: number; decidedAt: string }>
  | Readonly<{ kind: 'nothingDue' }>
  | Readonly<{ kind: 'claimTaken'; key: string }> // By a command that the facts do not show; nothing of this one is stored.
  | Readonly<{ kind: 'contended' }> // Others kept winning until the deadline; nothing of this command is stored.
  | Readonly<{ kind: 'outcomeUnknown' }> // Never to be told as "not settled".
  | Unavailable;

export type Time = Readonly<{ nowMs: () => number; pause: (attempt: number) => Promise<void> }>; // `pause` is jittered.

export type Aggregate<C, E, S, R, F> = Readonly<{
  decider: Decider<C, E, S, R, F>;
  decode: Decode<E>;
  /** Rough bytes that a state takes in the cache. */
  sizeOf: (state: S) => number;
}>;
export type RunnerParts<C, E, S, R, F> = Readonly<{
  store: EventStore;
  aggregate: Aggregate<C, E, S, R, F>;
  time: Time;
  deadlineMs: number;
  cacheBytes: number;
  /** Told of the newest `decidedAt` seen: an engine whose clock is far behind it is not ready. */
  sawDecidedAt: (decidedAt: string) => void;
}>;

/** State as of the newest event; `head` is that event's revision, -1 for a stream that is not there. */
export type Loaded<S> = Readonly<{ state: S; head: number; lastDecidedAt: string | null }>;

export type Runner<C, E, S, R, F> = Readonly<{
  run: (request: Request<C, S, F>) => Promise<Outcome<E, R>>;
  /** The same decision on the same state, recorded nowhere. */
  quote: (request: Request<C, S, F>) => Promise<Outcome<E, R>>;
  /** The state as it is now. It is the cache's own: look, do not keep, do not change. */
  load: (stream: string) => Promise<Loaded<S>>;
}>;

type Attempted<C, S, F, E, R> = Readonly<{
  request: Request<C, S, F>;
  loaded: Loaded<S>;
  decision: Decision<E, R> | { kind: 'nothingDue' };
  gathered: Gathered<F>;
  decidedAt: string;
}>;

/**
 * Makes the one way by which commands reach a stream: a queue a stream, and load → due and decide → append → acknowledged → evolve.
 * Idempotency: by the command's key, in the decider and by its claim. Units: milliseconds.
 */
export const commandRunner = <C, E extends AnyEvent, S extends object, R, F>(parts: RunnerParts<C, E, S, R, F>): Runner<C, E, S, R, F> => {
  const { store, aggregate, time } = parts;
  const { decider } = aggregate;
  // A hint: losing an entry costs a read and nothing else.
  const cache = new LRUCache<string, Loaded<S>>({
    maxSize: Math.max(1, parts.cacheBytes),
    sizeCalculation: ({ state }) => aggregate.sizeOf(state),
  });
  const queues = new Map<string, Promise<unknown>>();

  const load = async (stream: string): Promise<Loaded<S>> => {
    const newestFirst: Recorded<E>[] = [];
    for await (const stored of store.readBackward(stream)) {
      const event = recordedOf(aggregate.decode, stored);
      newestFirst.push(event);
      if (decider.isClosing(event)) break;
    }
    const last = newestFirst[0];
    if (last) parts.sawDecidedAt(last.decidedAt);
    return {
      state: newestFirst.reverse().reduce<S>((state, event) => decider.evolve(state, event), decider.initialState()),
      head: last?.revision ?? -1,
      lastDecidedAt: last?.decidedAt ?? null,
    };
  };

  const current = async (stream: string): Promise<Loaded<S>> => {
    const cached = cache.get(stream);
    if (cached) return cached;
    const loaded = await load(stream);
    if (loaded.head >= 0) cache.set(stream, loaded);
    return loaded;
  };

  const attempt = async (request: Request<C, S, F>): Promise<Attempted<C, S, F, E, R>> => {
    const loaded = await current(request.stream);
    const now = instantOf(time.nowMs());
    const decidedAt = loaded.lastDecidedAt === null ? now : laterOf(loaded.lastDecidedAt, now);
    const gathered = await request.gather(loaded.state, decidedAt, loaded.head);
    const record = (events: readonly E[], offset: number): Recorded<E>[] =>
      events.map((event, i) => ({
        ...event,
        id: eventId(request.key, offset + i),
        stream: request.stream,
        revision: loaded.head + 1 + offset + i,
      }));
    const inputs = { state: loaded.state, facts: gathered.facts, record };
    if (!request.onlyDue)
      return { request, loaded, gathered, decidedAt, decision: decideWithDue(decider, { ...inputs, command: request.command }) };
    const { events } = settleDue(decider, inputs);
    return {
      request,
      loaded,
      gathered,
      decidedAt,
      decision: events.length > 0 ? { kind: 'accepted', events: nonEmpty(events) } : { kind: 'nothingDue' },
    };
  };

  const recorded = ({ request, loaded, decision }: Attempted<C, S, F, E, R>): NonEmpty<Recorded<E>> => {
    if (decision.kind !== 'accepted') throw new Error('only an accepted decision has events');
    return nonEmpty(
      decision.events.map((event, i) => ({ ...event, id: eventId(request.key, i), stream: request.stream, revision: loaded.head + 1 + i })),
    );
  };

  const answerWithoutEvents = ({ decision, gathered, loaded, decidedAt }: Attempted<C, S, F, E, R>): Outcome<E, R> | undefined => {
    if (decision.kind === 'refused')
      return { kind: 'refused', refusals: decision.refusals, recordedFacts: gathered.recordedFacts, headRevision: loaded.head, decidedAt };
    return decision.kind === 'accepted' ? undefined : decision;
  };

  const appendOnce = async (attempted: Attempted<C, S, F, E, R>, untilMs: number): Promise<Outcome<E, R>> => {
    const { request, loaded, gathered } = attempted;
    const events = recorded(attempted);
    const claims = request.onlyDue ? [] : placed(gathered.claims, events, request.key);
    const { tracing, command } = request;
    const stored = storedForm({ events, command: command as Json, facts: gathered.recordedFacts, tracing, claims });
    const expected: ExpectedRevision = loaded.head < 0 ? 'no-stream' : loaded.head;
    cache.delete(request.stream); // Back only after the acknowledgement: any other outcome, a throw too, leads to a fresh read.
    for (let tries = 1; ; tries++) {
      const result = await store.append({ stream: request.stream, expected, events: stored, claims, lane: request.lane });
      if (result.kind === 'appended') break;
      if (result.kind === 'unavailable') return result;
      if (result.kind === 'claimTaken') return result;
      if (result.kind === 'conflict') return { kind: 'contended' };
      if (time.nowMs() >= untilMs) return { kind: 'outcomeUnknown' };
      await time.pause(tries); // The very same events again, until the answer is definite.
    }
    const last = events[events.length - 1] ?? events[0];
    parts.sawDecidedAt(last.decidedAt);
    const state = events.reduce<S>((folded, event) => decider.evolve(folded, event), loaded.state);
    cache.set(request.stream, { state, head: last.revision, lastDecidedAt: last.decidedAt });
    return { kind: 'recorded', events };
  };

  const runInTurn = async (request: Request<C, S, F>): Promise<Outcome<E, R>> => {
    const untilMs = time.nowMs() + parts.deadlineMs;
    let takenBefore: string | undefined;
    for (let tries = 1; ; tries++) {
      const attempted = await attempt(request);
      const outcome = answerWithoutEvents(attempted) ?? (await appendOnce(attempted, untilMs));
      // The next gathering finds a claim that was taken meanwhile; one that it does not show is the caller's to explain.
      const isNewClaim = outcome.kind === 'claimTaken' && outcome.key !== takenBefore;
      if ((outcome.kind !== 'contended' && !isNewClaim) || time.nowMs() >= untilMs) return outcome;
      if (outcome.kind === 'claimTaken') takenBefore = outcome.key;
      await time.pause(tries);
    }
  };

  const inTurn = <T>(stream: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(stream) ?? Promise.resolve()).then(work);
    const done: Promise<unknown> = turn.catch(() => undefined).then(() => queues.get(stream) === done && queues.delete(stream));
    queues.set(stream, done);
    return turn;
  };

  const quoteInTurn = async (request: Request<C, S, F>): Promise<Outcome<E, R>> => {
    const attempted = await attempt(request);
    return answerWithoutEvents(attempted) ?? { kind: 'recorded', events: recorded(attempted) };
  };

  return {
    run: (request) => inTurn(request.stream, () => runInTurn(request)),
    quote: (request) => inTurn(request.stream, () => quoteInTurn(request)),
    // In turn when it must be read: a read beside a running append could put the state from before it back into the cache.
    load: async (stream) => cache.get(stream) ?? (await inTurn(stream, () => current(stream))),
  };
};

const placed = (wanted: readonly WantedClaim[], events: readonly AnyEvent[], commandKey: string): NewClaim[] => {
  const indexOf = (key: string) => events.findIndex(({ data }) => (data as { key?: unknown }).key === key);
  return wanted.map(({ key, commandHash }) => {
    const own = indexOf(key);
    const eventIndex = own >= 0 ? own : indexOf(commandKey);
    if (eventIndex < 0) throw new Error('a claim without an event that answers its command');
    return { key, commandHash, eventIndex };
  });
};
