import type { Place } from './checks';

/** A row of the log as a store holds it: the bytes, and the columns that were taken from them. */
export type LogRow = Readonly<{
  logIndex: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  crc: number;
  /** The bytes, as the text whose UTF-8 they are; as they are where they are no UTF-8. */
  stored: string | Uint8Array;
}>;

export type Claimed = Readonly<{ key: string; commandHash: string }>;
type Named = Readonly<Record<string, unknown>>;
export type Command = Readonly<{ type: string; data: Named }>;

/** An event as its bytes tell it. Source: docs/reference/log-format.md, 1. */
export type Envelope = Readonly<{
  id: string;
  stream: string;
  revision: number;
  type: string;
  decidedAt: string;
  data: Named;
  meta: Named;
}>;
/** With all that its short form leaves unsaid. Source: docs/reference/log-format.md, 8. */
export type Entry = Readonly<{
  logIndex: number;
  envelope: Envelope;
  append: Readonly<{ index: number; count: number }>;
  /** As stored; only on the first event of an append. */
  command: unknown;
  facts: Named;
  claims: readonly Claimed[];
}>;

export const placeOf = ({ logIndex, envelope: { stream, revision } }: Entry): Place => ({ logIndex, stream, revision });

export const categoryOf = (stream: string): string => {
  const hyphen = stream.indexOf('-');
  return hyphen < 0 ? stream : stream.slice(0, hyphen);
};

const MEMBERS = 7;
const ALONE = { index: 0, count: 1 } as const;
const NOTHING: Named = {};
const UNCLAIMED: readonly Claimed[] = [];
const NONE: readonly string[] = [];
const CLAIMS_ITS_KEY: ReadonlySet<string> = new Set(['medicalAccount', 'settlementVoid', 'institution']);

const isRecord = (value: unknown): value is Named => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isAbsentOr = (is: (value: unknown) => boolean, value: unknown): boolean => value === undefined || is(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);

/** Exactly the seven members, each of its type; undefined for anything else. */
const envelopeIn = (value: unknown): Envelope | undefined => {
  if (!isRecord(value) || Object.keys(value).length !== MEMBERS) return undefined;
  const { id, stream, revision, type, decidedAt, data, meta } = value;
  const isEnvelope =
    isText(id) && isText(stream) && isCount(revision) && isText(type) && isText(decidedAt) && isRecord(data) && isRecord(meta);
  return isEnvelope ? (value as Envelope) : undefined;
};

const placeIn = (append: unknown): Entry['append'] | undefined => {
  if (append === undefined) return ALONE;
  if (!isRecord(append) || !isCount(append.index) || !isCount(append.count)) return undefined;
  return append.count > 1 && append.index < append.count ? { index: append.index, count: append.count } : undefined;
};

const claimsOf = ({ stream, data, meta }: Envelope): readonly Claimed[] => {
  const { key, commandHash = '' } = data as Readonly<{ key?: unknown; commandHash?: string }>;
  const further = (meta.claims ?? NONE) as readonly string[];
  const own = typeof key === 'string' && CLAIMS_ITS_KEY.has(categoryOf(stream));
  if (further.length === 0) return own ? [{ key, commandHash }] : UNCLAIMED;
  return (own ? [key, ...further] : further).map((claimed) => ({ key: claimed, commandHash }));
};

type Trace = readonly [principal: unknown, organisation: unknown, door: unknown, correlationId: unknown, causationId: unknown];
const NOBODY: Named = {};

/** Who asked and what led to it. */
const traceIn = ({ data, meta }: Envelope): Trace => {
  const { correlationId, causationId = correlationId } = meta;
  const { principal, organisation = data.institutionCode, door = 'http' } = isRecord(meta.actor) ? meta.actor : NOBODY;
  return [principal, organisation, door, correlationId, causationId];
};
const isTraced = ([principal, organisation, door, correlationId, causationId]: Trace): boolean =>
  isText(principal) && isText(organisation) && isText(door) && isText(correlationId) && isText(causationId);

/** Whether two events came of one message: all of an append did. */
export const areTracedAlike = (a: Envelope, b: Envelope): boolean => {
  const [one, other] = [traceIn(a), traceIn(b)];
  return one.every((part, i) => part === other[i]);
};

const isAsked = ({ command, facts }: Named, isFirst: boolean): boolean =>
  isFirst ? isAbsentOr(isRecord, command) && isAbsentOr(isRecord, facts) : command === undefined && facts === undefined;

/** Reads what parsed from the bytes; undefined where it has another form. */
export const entryIn = (value: unknown, logIndex: number): Entry | undefined => {
  const envelope = envelopeIn(value);
  const append = envelope && placeIn(envelope.meta.append);
  if (!append || !isTraced(traceIn(envelope))) return undefined;
  const { command, facts, claims } = envelope.meta;
  if (!isAsked(envelope.meta, append.index === 0) || !isAbsentOr(isTexts, claims)) return undefined;
  return { logIndex, envelope, append, command, facts: (facts as Named | undefined) ?? NOTHING, claims: claimsOf(envelope) };
};
