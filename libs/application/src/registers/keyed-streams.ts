import type { Decider, NonEmpty, Recorded } from '#libs/kernel';
import { answerOf } from '../answers';
import type { ActAnswer, Answer } from '../engine';
import type { Tracing } from '../envelope';
import { clockOnly, type DecidedAt } from '../streams/clock-only';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { WantedClaim } from '../streams/request';
import type { AnyEvent, Decode } from '../streams/stored-form';

type KeyedAct<C> = Readonly<{
  stream: string;
  /** Names the command. */
  key: string;
  command: C;
  /** What must be unique over all streams; none where the stream's own state suffices. */
  claims: readonly WantedClaim[];
  tracing: Tracing;
}>;

/** Streams of aggregates whose only fact is the clock: institutions, packs, access keys. */
export type KeyedStreams<C, E extends AnyEvent, S extends object, R> = Readonly<{
  runner: CommandRunner<C, E, S, R, DecidedAt>;
  act: (order: KeyedAct<C>) => Promise<Answer<ActAnswer>>;
}>;

const CACHE_BYTES = 64 * 1024 * 1024;
const STATE_BYTES = 8 * 1024; // A few dozen periods; these states are small and few.

/** Idempotency: by the command's key, which is claimed. Throws: on outage. */
export const keyedStreams = <C, E extends AnyEvent, S extends object, R extends Readonly<{ code: string }>>(
  parts: StreamParts,
  decider: Decider<C, E, S, R, DecidedAt>,
  decode: Decode<E>,
): KeyedStreams<C, E, S, R> => {
  const aggregate = { decider, decode, sizeOf: () => STATE_BYTES };
  const runner = new CommandRunner<C, E, S, R, DecidedAt>({ ...parts, cacheBytes: CACHE_BYTES, aggregate });
  const act: KeyedStreams<C, E, S, R>['act'] = async ({ claims, ...order }) => {
    const outcome = await runner.run({ ...order, gather: clockOnly(claims), lane: 'interactive' });
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
