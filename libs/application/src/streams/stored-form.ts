import { canonicalJson, type Event, type Json, type NonEmpty, nonEmpty, type Recorded } from '#libs/kernel';
import type { Envelope, EventMeta, Tracing } from '../envelope';
import type { NewClaim, StoredEvent } from '../event-store.port';

export type AnyEvent = Event<string, unknown>;
/** Turns stored words into the newest form of an aggregate's event. @throws Error on a type or form it does not know. */
export type Decode<E> = (type: string, data: unknown) => Pick<E & AnyEvent, 'type' | 'data'>;

type Append<E> = Readonly<{
  events: readonly Recorded<E>[];
  command: Json;
  facts: Json;
  tracing: Tracing;
  claims: readonly NewClaim[];
}>;

/** The canonical bytes of an append's events. Command and facts stand on the first, each claim on the event that it names. */
export const storedForm = <E extends AnyEvent>({ events, command, facts, tracing, claims }: Append<E>): NonEmpty<StoredEvent> =>
  nonEmpty(
    events.map((event, index) => {
      const { id, stream, revision, type, decidedAt } = event;
      const own = claims.filter(({ eventIndex }) => eventIndex === index).map(({ key, commandHash }) => ({ key, commandHash }));
      const meta: EventMeta = {
        append: { index, count: events.length },
        actor: tracing.actor,
        correlationId: tracing.correlationId,
        causationId: tracing.causationId,
        ...(index === 0 ? { command, facts } : {}),
        ...(own.length > 0 ? { claims: own } : {}),
      };
      const envelope: Envelope = { id, stream, revision, type, decidedAt, data: event.data, meta };
      return { id, type, stream, revision, bytes: Buffer.from(canonicalJson(envelope), 'utf8') };
    }),
  );

/** @throws Error when the bytes are no envelope: damage, never a short answer. */
export const envelopeOf = ({ bytes }: Pick<StoredEvent, 'bytes'>): Envelope =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Envelope;

/** @throws Error on damage or an unknown type. */
export const recordedOf = <E>(decode: Decode<E>, stored: Pick<StoredEvent, 'bytes'>): Recorded<E> => {
  const { id, stream, revision, type, decidedAt, data } = envelopeOf(stored);
  return { ...decode(type, data), decidedAt, id, stream, revision } as unknown as Recorded<E>;
};
