import { type Decision, decideWithDue, instantOf, laterOf, type NonEmpty, nonEmpty, type Recorded, settleDue } from '#libs/kernel';
import type { EventStore } from '../event-store.port';
import { Unavailable } from '../unavailable';
import { appendUntilDefinite, placed } from './append';
import { eventId } from './command-identity';
import type { LogFeed } from './log-feed';
import { elapsedMs, type Gathered, type Keys, type Outcome, type Request, type Time } from './request';
import { type AnyEvent, storedForm } from './stored-form';
import { type Aggregate, type Loaded, StreamStates } from './stream-states';
import type { Turns } from './turns';

/** What every kind of stream is run with. */
export type StreamParts = Readonly<{
  store: EventStore;
  time: Time;
  turns: Turns;
  /** Where several engines write to the store. */
  feed?: LogFeed | undefined;
  /** How long a command may try before it answers that it could not. Units: milliseconds. */
  deadlineMs: number;
  /** Told of the newest `decidedAt` seen: an engine whose clock is far behind it is not ready. */
  sawDecidedAt: (decidedAt: string) => void;
  /** Told of every state that a command asks for: whether the cache had it. */
  sawState?: ((from: 'cache' | 'log') => void) | undefined;
}>;
export type RunnerParts<C, E, S, R, F> = StreamParts & Readonly<{ aggregate: Aggregate<C, E, S, R, F>; cacheBytes: number }>;

const MAY_REST_ON_OLD: ReadonlySet<string> = new Set(['refused', 'nothingDue']);

/** In the place of an outcome: what was found before anything was asked. */
export type Instead<Q> = Readonly<{ instead: Q }>;

/** A decision, not yet written, and what it was made on. */
type Attempt<C, S, F, E, R> = Readonly<{
  request: Request<C, S, F>;
  loaded: Loaded<S>;
  gathered: Gathered<F>;
  decidedAt: string;
  decision: Decision<E, R> | Readonly<{ kind: 'nothingDue' }>;
}>;

/**
 * The one way by which commands reach a stream: in turn, load → due and decide → append → acknowledged → evolve.
 * Idempotency: by the command's key, in the decider and by its claim. Throws: on an outage of a read, or a bug.
 */
export class CommandRunner<C, E extends AnyEvent, S extends object, R, F> {
  private readonly states: StreamStates<C, E, S, R, F>;

  constructor(private readonly parts: RunnerParts<C, E, S, R, F>) {
    this.states = new StreamStates(parts);
  }

  async run(request: Request<C, S, F>): Promise<Outcome<E, R>> {
    if (this.parts.turns.isClosed) return { kind: 'unavailable', cause: 'closing' };
    if (this.parts.feed?.isFresh() === false) return { kind: 'unavailable', cause: 'stale' };
    return this.parts.turns.take(request.stream, () => this.runInTurn(request));
  }

  /** The same decision on the same state, recorded nowhere. */
  quote(request: Request<C, S, F>): Promise<Outcome<E, R>> {
    if (request.passing) return this.quoteInTurn(request); // Nothing is read, so nothing is waited for.
    return this.parts.turns.take(request.stream, async () => {
      await this.newest(request.stream);
      return this.quoteInTurn(request);
    });
  }

  /**
   * As `run` or `quote`, for a job that comes by once: the request may follow from the state, and a state that was not in the cache before is
   * not in it after. `instead`: nothing is asked of this stream, and why.
   */
  async visit<Q>(
    stream: string,
    how: 'run' | 'quote',
    requestOn: (loaded: Loaded<S>) => Request<C, S, F> | Instead<Q>,
  ): Promise<Outcome<E, R> | Instead<Q>> {
    if (this.parts.turns.isClosed) return { kind: 'unavailable', cause: 'closing' };
    if (this.parts.feed?.isFresh() === false) return { kind: 'unavailable', cause: 'stale' };
    return this.parts.turns.take(stream, async () => {
      try {
        const request = requestOn(await this.states.visit(stream));
        if ('instead' in request) return request;
        return await (how === 'run' ? this.runInTurn(request) : this.quoteInTurn(request));
      } finally {
        this.states.leave(stream);
      }
    });
  }

  /** The state as it is now. It is the cache's own: look, do not keep, do not change. */
  async load(stream: string): Promise<Loaded<S>> {
    if (!this.parts.feed) return this.glance(stream);
    return this.parts.turns.take(stream, () => this.newest(stream));
  }

  /**
   * The state as this engine knows it: what another engine has written shows within two seconds. For registers, and for what never changes.
   * Throws: Unavailable when that cannot be promised.
   */
  async glance(stream: string): Promise<Loaded<S>> {
    if (this.parts.feed?.isFresh() === false) throw new Unavailable('stale', 'what other engines write is not heard');
    return this.states.cached(stream) ?? (await this.parts.turns.take(stream, () => this.states.current(stream)));
  }

  private async newest(stream: string): Promise<Loaded<S>> {
    const cached = this.states.cached(stream);
    if (cached) await this.states.isNewest(stream, cached.head);
    return this.states.current(stream);
  }

  private async quoteInTurn(request: Request<C, S, F>): Promise<Outcome<E, R>> {
    const attempt = await this.attempt(request, 'lookedUp');
    return withoutEvents(attempt) ?? { kind: 'recorded', events: this.recorded(attempt) };
  }

  private async runInTurn(request: Request<C, S, F>): Promise<Outcome<E, R>> {
    const { time, deadlineMs } = this.parts;
    const untilMs = elapsedMs(time) + deadlineMs;
    let takenBefore: string | undefined;
    if (request.newAtFirst) {
      const attempt = await this.attempt(request, 'asNew');
      const outcome = attempt.decision.kind === 'accepted' ? await this.write(attempt, untilMs) : withoutEvents(attempt);
      if (outcome && !['refused', 'claimTaken', 'contended'].includes(outcome.kind)) return outcome;
    }
    for (let tries = 1; ; tries++) {
      const attempt = await this.attempt(request, 'lookedUp', tries);
      const outcome = (await this.proven(attempt)) ?? (await this.write(attempt, untilMs));
      // The next gathering finds a claim that was taken meanwhile; one that it does not show is the caller's to explain.
      const isNewClaim = outcome.kind === 'claimTaken' && outcome.key !== takenBefore;
      if ((outcome.kind !== 'contended' && !isNewClaim) || elapsedMs(time) >= untilMs) return outcome;
      if (outcome.kind === 'claimTaken') takenBefore = outcome.key;
      await time.pause(tries);
    }
  }

  /** A revision proves what is written on it. A refusal may rest on what another engine has changed since: then that one was quicker. */
  private async proven(attempt: Attempt<C, S, F, E, R>): Promise<Outcome<E, R> | undefined> {
    const outcome = withoutEvents(attempt);
    if (!outcome || !MAY_REST_ON_OLD.has(outcome.kind)) return outcome;
    return (await this.states.isNewest(attempt.request.stream, attempt.loaded.head)) ? outcome : { kind: 'contended' };
  }

  private async attempt(request: Request<C, S, F>, keys: Keys, tries = 1): Promise<Attempt<C, S, F, E, R>> {
    const { stream, passing = false } = request;
    const loaded = passing && tries === 1 ? this.states.assumedNew(stream) : await this.states.current(stream);
    const now = instantOf(this.parts.time.nowMs());
    const decidedAt = loaded.lastDecidedAt === null ? now : laterOf(loaded.lastDecidedAt, now);
    const gathered = await request.gather(loaded.state, decidedAt, loaded.head, keys);
    return { request, loaded, gathered, decidedAt, decision: this.decide(request, loaded, gathered.facts) };
  }

  private decide(request: Request<C, S, F>, loaded: Loaded<S>, facts: F): Attempt<C, S, F, E, R>['decision'] {
    const { decider } = this.parts.aggregate;
    const record = (events: readonly E[], offset: number) => recordedAfter(request, loaded.head + offset, events, offset);
    const inputs = { state: loaded.state, facts, record };
    if (!request.onlyDue) return decideWithDue(decider, { ...inputs, command: request.command });
    const { events } = settleDue(decider, inputs);
    return events.length > 0 ? { kind: 'accepted', events: nonEmpty(events) } : { kind: 'nothingDue' };
  }

  private recorded({ request, loaded, decision }: Attempt<C, S, F, E, R>): NonEmpty<Recorded<E>> {
    if (decision.kind !== 'accepted') throw new Error('only an accepted decision has events');
    return nonEmpty(recordedAfter(request, loaded.head, decision.events, 0));
  }

  private async write(attempt: Attempt<C, S, F, E, R>, untilMs: number): Promise<Outcome<E, R>> {
    const { request, loaded, gathered } = attempt;
    const { stream, tracing, lane } = request;
    const events = this.recorded(attempt);
    const claims = request.onlyDue ? [] : placed(gathered.claims, events, request.key);
    const { encode } = this.parts.aggregate;
    const stored = storedForm({ events, command: request.command, facts: gathered.recordedFacts, tracing, claims }, encode);
    this.states.doubt(stream); // Sure again only after the acknowledgement: any other outcome, a throw too, leads to a fresh read.
    const expected = loaded.head < 0 ? 'no-stream' : loaded.head;
    const { store, time } = this.parts;
    const result = await appendUntilDefinite(store, time, { stream, expected, events: stored, claims, lane }, untilMs);
    if (result.kind === 'conflict') return { kind: 'contended' };
    if (result.kind !== 'appended') return result;
    if (request.passing) this.parts.sawDecidedAt(nonEmpty(events)[0].decidedAt);
    else this.states.advance(loaded, events);
    return { kind: 'recorded', events };
  }
}

/** Events with the ids and revisions that they have, or would have, right after a revision; `from`: how many of the command stand before. */
const recordedAfter = <E>(
  { key, stream }: Readonly<{ key: string; stream: string }>,
  after: number,
  events: readonly E[],
  from: number,
): Recorded<E>[] => events.map((event, i) => ({ ...event, id: eventId(key, from + i), stream, revision: after + 1 + i }));

const withoutEvents = <C, S, F, E, R>({ decision, gathered, loaded, decidedAt }: Attempt<C, S, F, E, R>): Outcome<E, R> | undefined => {
  if (decision.kind === 'refused')
    return { kind: 'refused', refusals: decision.refusals, recordedFacts: gathered.recordedFacts, headRevision: loaded.head, decidedAt };
  return decision.kind === 'accepted' ? undefined : decision;
};
