import type { Decider, Json, NonEmpty, Recorded } from '#libs/kernel';
import { answerOf } from './answers';
import type { ActAnswer, Answer } from './engine';
import type { Tracing } from './envelope';
import type { EventStore } from './event-store.port';
import { commandRunner, type Gathered, type Runner, type Time, type WantedClaim } from './run-command';
import type { AnyEvent, Decode } from './stored-form';

export type DecidedAt = Readonly<{ decidedAt: string }>;
export type StreamParts = Readonly<{ store: EventStore; time: Time; deadlineMs: number; sawDecidedAt: (at: string) => void }>;

/** Streams of aggregates whose only fact is the clock: institutions, packs, access keys. */
export type KeyedStreams<C, E, S, R> = Readonly<{
  runner: Runner<C, E, S, R, DecidedAt>;
  /** `key` names the command; `claims`: what must be unique over all streams, none where the stream's own state suffices. */
  act: (
    order: Readonly<{ stream: string; key: string; command: C; claims: readonly WantedClaim[]; tracing: Tracing }>,
  ) => Promise<Answer<ActAnswer>>;
}>;

const CACHE_BYTES = 64 * 1024 * 1024;
const STATE_BYTES = 8 * 1024; // A few dozen periods; these states are small and few.

/** Idempotency: by the command's key, which is claimed. Throws: on outage. */
export const keyedStreams = <C, E extends AnyEvent, S extends object, R extends Readonly<{ code: string }>>(
  parts: StreamParts,
  decider: Decider<C, E, S, R, DecidedAt>,
  decode: Decode<E>,
): KeyedStreams<C, E, S, R> => {
  const runner = commandRunner<C, E, S, R, DecidedAt>({
    ...parts,
    cacheBytes: CACHE_BYTES,
    aggregate: { decider, decode, sizeOf: () => STATE_BYTES },
  });

  const act: KeyedStreams<C, E, S, R>['act'] = async ({ stream, key, command, claims, tracing }) => {
    const gather = async (_state: S, decidedAt: string): Promise<Gathered<DecidedAt>> => {
      const facts = { decidedAt };
      return { facts, recordedFacts: facts as Json, claims };
    };
    const outcome = await runner.run({ stream, key, command, gather, tracing, lane: 'interactive' });
    return answerOf(
      outcome,
      async (events) => actAnswer(events),
      async (original) => actAnswer([original]),
    );
  };
  return { runner, act };
};

const actAnswer = <E extends AnyEvent>(events: NonEmpty<Recorded<E>>): ActAnswer => ({
  accountId: '',
  id: null,
  events: events.map(({ type, id, revision, data }) => ({ type, eventId: id, revision, data: data as object })),
  decidedAt: events[0].decidedAt,
  stream: events[0].stream,
});
