import { canonicalJson, type Event, type Json, type NonEmpty, nonEmpty, type Recorded } from '#libs/kernel';
import type { Actor, Envelope, EventMeta, Tracing } from '../envelope';
import type { NewClaim, StoredEvent } from '../event-store.port';

export type AnyEvent = Event<string, unknown>;
/** Turns stored words into the newest form of an aggregate's event. @throws Error on a type or form it does not know. */
export type Decode<E> = (type: string, data: unknown, decidedAt: string) => Pick<E & AnyEvent, 'type' | 'data'>;
/** How an aggregate's events and commands are made short for the log; as they are where nothing is said. */
export type Encode<C, E> = Readonly<{
  event?: (event: E) => Json;
  command?: (command: C, events: readonly E[]) => Json | undefined;
}>;

type Append<C, E> = Readonly<{
  events: readonly Recorded<E>[];
  command: C;
  facts: Json;
  tracing: Tracing;
  claims: readonly NewClaim[];
}>;
/** What stands in the log of `EventMeta`: only what its absence does not tell. Source: docs/reference/log-format.md, 8. */
type StoredMeta = Readonly<{
  actor: StoredActor;
  append?: EventMeta['append'] | undefined;
  causationId?: string | undefined;
  claims?: readonly string[] | undefined;
  command?: Json | undefined;
  correlationId: string;
  facts?: Json | undefined;
  voucher?: EventMeta['voucher'] | undefined;
}>;
type StoredActor = Readonly<{ door?: Actor['door'] | undefined; organisation?: string | undefined; principal: string }>;
type Keyed = Readonly<{ key?: unknown; commandHash?: unknown; institutionCode?: unknown }>;

const ALONE = { index: 0, count: 1 } as const;
/** In these streams an event claims the key that it holds. */
const CLAIMS_ITS_KEY = /^(?:medicalAccount|settlementVoid|institution)-/;

/** The canonical bytes of an append's events. Command and facts stand on the first, each claim on the event that it names. */
export const storedForm = <C, E extends AnyEvent>(
  { events, command, facts, tracing, claims }: Append<C, E>,
  encode: Encode<C, E> = {},
): NonEmpty<StoredEvent> =>
  nonEmpty(
    events.map((event, index) => {
      const { id, stream, revision, type, decidedAt } = event;
      const told =
        index === 0 ? toldOnce({ command: encode.command ? encode.command(command, events) : command, facts, decidedAt }) : NOTHING;
      // Members here and below in the order of canonical JSON: then nothing has to be sorted.
      const meta: StoredMeta = {
        actor: shortActor(tracing.actor, event.data),
        append: events.length > 1 ? { count: events.length, index } : undefined,
        causationId: tracing.causationId === tracing.correlationId ? undefined : tracing.causationId,
        claims: furtherClaims(event, claims, index),
        command: told.command,
        correlationId: tracing.correlationId,
        facts: told.facts,
        voucher: owedBy(tracing, event.data),
      };
      const data = encode.event?.(event) ?? event.data;
      const envelope = { data, decidedAt, id, meta, revision, stream, type };
      return { id, type, stream, revision, bytes: Buffer.from(canonicalJson(envelope), 'utf8') };
    }),
  );

/** The voucher that the act of this key leaves, on its own event. */
const owedBy = ({ voucher }: Tracing, { key }: Keyed): EventMeta['voucher'] | undefined => {
  if (voucher === undefined || voucher.actKey !== key) return undefined;
  const { outletCode, signedBy } = voucher;
  return { outletCode, signedBy };
};

type ToldOnce = Readonly<{ command: Json | undefined; facts: Json | undefined }>;
const NOTHING: ToldOnce = { command: undefined, facts: undefined };

/** Command and facts; the instant of the facts is that of the event. @throws Error when it is not: a bug. */
const toldOnce = ({ command, facts, decidedAt }: Readonly<{ command: unknown; facts: Json; decidedAt: string }>): ToldOnce => {
  const { decidedAt: known, ...others } = (facts ?? { decidedAt }) as Readonly<Record<string, Json>>;
  if (known !== decidedAt) throw new Error('facts of another instant');
  return { command: command as Json | undefined, facts: Object.keys(others).length === 0 ? undefined : others };
};

/** An institution's own act over HTTP is the usual one. */
const shortActor = ({ principal, organisation, door }: Actor, { institutionCode }: Keyed): StoredActor => ({
  door: door === 'http' ? undefined : door,
  organisation: organisation === institutionCode ? undefined : organisation,
  principal,
});
const wholeActor = ({ principal, organisation, door = 'http' }: StoredActor, { institutionCode }: Keyed): Actor => ({
  principal,
  organisation: organisation ?? (institutionCode as string),
  door,
});

/** The claims of an event besides that on its own key. @throws Error when its own is missing, or a hash is not the command's: a bug. */
const furtherClaims = ({ stream, data }: Recorded<AnyEvent>, claims: readonly NewClaim[], index: number): string[] | undefined => {
  const { key, commandHash } = data as Keyed;
  const own = claims.filter(({ eventIndex }) => eventIndex === index);
  const isImplied = CLAIMS_ITS_KEY.test(stream) && typeof key === 'string';
  if (isImplied && !own.some((claim) => claim.key === key)) throw new Error('an event whose key is not claimed');
  if (own.some((claim) => claim.commandHash !== commandHash)) throw new Error('a claim of another command');
  const further = own.flatMap((claim) => (isImplied && claim.key === key ? [] : [claim.key]));
  return further.length === 0 ? undefined : further;
};

/** @throws Error when the bytes are no envelope: damage, never a short answer. */
export const envelopeOf = ({ bytes }: Pick<StoredEvent, 'bytes'>): Envelope => {
  const stored = parsed(bytes);
  const { stream, data, decidedAt } = stored;
  const { append = ALONE, actor, causationId, claims: further = [], facts, ...same } = stored.meta;
  const { key, commandHash } = data as Keyed;
  const keys = [...(CLAIMS_ITS_KEY.test(stream) && typeof key === 'string' ? [key] : []), ...further];
  const claims = keys.map((claimed) => ({ key: claimed, commandHash: commandHash as string }));
  const meta: EventMeta = {
    ...same,
    append,
    actor: wholeActor(actor, data as Keyed),
    causationId: causationId ?? same.correlationId,
    ...(append.index === 0 ? { facts: { decidedAt, ...(facts as object) } } : {}),
    ...(claims.length > 0 ? { claims } : {}),
  };
  return { ...stored, meta };
};

/** @throws Error on damage or an unknown type. */
export const recordedOf = <E>(decode: Decode<E>, { bytes }: Pick<StoredEvent, 'bytes'>): Recorded<E> => {
  const { id, stream, revision, type, decidedAt, data } = parsed(bytes);
  const { type: newest, data: read } = decode(type, data, decidedAt);
  return { type: newest, data: read, decidedAt, id, stream, revision } as unknown as Recorded<E>; // The same layout for every event of a fold.
};

const parsed = (bytes: Uint8Array): Omit<Envelope, 'meta'> & Readonly<{ meta: StoredMeta }> =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as ReturnType<typeof parsed>;
