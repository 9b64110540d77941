import { hash } from 'node:crypto';
import type { Append, StoredEvent } from '#libs/application';
import { damaged } from './errors';
import type { Names } from './names';
import { type Proposed, proposedJson, wireId } from './wire-append';
import type { Raw } from './wire-read';

/** Takes up a place of a stream so that nothing else can come there; it is no event of the log. */
export const FENCE = 'YikaFence.v1';

/**
 * What stands beside the bytes of an event. `claims`: the keys that it holds, each with its command hash. `fences`: how many of them stand
 * before it in its stream. `content`: the SHA-256 of its bytes, which lie by themselves because they are too many for an append.
 */
type Beside = Readonly<{ id: string; claims?: Readonly<Record<string, string>>; fences?: number; content?: string }>;

export type Stored = Readonly<{ beside: Beside; place: number; raw: Raw; revision: number }>;

const INLINE_BYTES_MAX = 256 * 1024;
const APPEND_INLINE_BYTES_MAX = 640 * 1024; // The server takes 1 MiB an append unless told otherwise.
const EVENTS_OF_AN_APPEND_MAX = 2_000;
const APPEND_BYTES_MAX = 64 * 1024 * 1024;
const NOTHING = new Uint8Array(0);

export const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** An append as it came, its bytes copied: the caller may change them afterwards. `contents`: bytes to be stored before it, by event. */
export type Plan = Readonly<{
  append: Append;
  first: number;
  bytes: readonly Buffer[];
  size: number;
  contents: ReadonlyMap<number, string>;
}>;

/** @throws RangeError or TypeError on an append that no caller could mean: a bug. */
export const planOf = (append: Append): Plan => {
  const { expected, events } = append;
  const first = expected === 'no-stream' ? 0 : expected + 1;
  const size = events.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  assertMeant(append, first, size);
  const bytes = events.map((event) => Buffer.from(event.bytes));
  return { append, first, bytes, size, contents: setAside(bytes, size) };
};

const assertMeant = ({ stream, events, claims }: Append, first: number, size: number): void => {
  if (!Number.isSafeInteger(first) || first < 0 || stream === '') throw new RangeError('not a stream and revision');
  const astray = events.findIndex((event, i) => event.stream !== stream || event.revision !== first + i);
  if (astray >= 0) throw new RangeError(`event ${astray} does not stand right after the expected revision`);
  if (events.length === 0 || events.length > EVENTS_OF_AN_APPEND_MAX || size > APPEND_BYTES_MAX)
    throw new RangeError(`an append has 1 to ${EVENTS_OF_AN_APPEND_MAX} events, and at most 64 MiB of them`);
  if (new Set(events.map(({ id }) => id)).size !== events.length) throw new TypeError('one id for two events');
  if (new Set(claims.map(({ key }) => key)).size !== claims.length) throw new TypeError('one key for two claims');
  if (claims.some(({ eventIndex }) => !events[eventIndex])) throw new RangeError('a claim names an event that is not there');
};

/** The largest first, until the rest fits. */
const setAside = (bytes: readonly Buffer[], size: number): ReadonlyMap<number, string> => {
  const aside = new Map<number, string>();
  if (size <= INLINE_BYTES_MAX) return aside;
  let left = size;
  for (const [i, one] of [...bytes.entries()].sort(([, a], [, b]) => b.byteLength - a.byteLength)) {
    if (left <= APPEND_INLINE_BYTES_MAX && one.byteLength <= INLINE_BYTES_MAX) break;
    aside.set(i, sha256(one));
    left -= one.byteLength;
  }
  return aside;
};

const besideOf = ({ append, contents }: Plan, index: number, fences: number): Buffer => {
  const claims = append.claims.filter(({ eventIndex }) => eventIndex === index);
  const beside: Beside = {
    id: append.events[index]?.id ?? '',
    ...(claims.length > 0 ? { claims: Object.fromEntries(claims.map(({ key, commandHash }) => [key, commandHash])) } : {}),
    ...(fences > 0 ? { fences } : {}),
    ...(contents.has(index) ? { content: contents.get(index) } : {}),
  };
  return Buffer.from(JSON.stringify(beside), 'utf8');
};

/** The events of an append as the server is to have them behind so many fences. */
export const proposedOf = (plan: Plan, fences: number): Proposed[] =>
  plan.append.events.map(({ type }, index) => {
    const json = !plan.contents.has(index);
    const data = json ? (plan.bytes[index] ?? NOTHING) : NOTHING;
    const metadata = besideOf(plan, index, fences);
    return { id: wireId(type, data, metadata), type, json, data, metadata };
  });

/** @throws DamagedLogError when what is stored is not what its id was made from. */
export const storedOf = (raw: Raw): Stored => {
  const { type, data, metadata, id, name, place } = raw;
  if (wireId(type, data, metadata) !== id)
    throw damaged(`${name} 第 ${place} 条与写入时不符`, `event ${place} of ${name} is not what was written`);
  const beside = JSON.parse(metadata.byteLength === 0 ? '{}' : Buffer.from(metadata).toString('utf8')) as Beside;
  return { beside, place, raw, revision: place - (beside.fences ?? 0) };
};

export const isFence = ({ type }: Raw): boolean => type === FENCE;
/** How many fences stand at or before this one. */
export const fencesUpTo = ({ beside, raw }: Stored): number => (beside.fences ?? 0) + (isFence(raw) ? 1 : 0);

export const fenceBehind = (fences: number): Proposed => {
  const metadata = Buffer.from(JSON.stringify({ fences }), 'utf8');
  const { data } = proposedJson(FENCE, {});
  return { id: wireId(FENCE, data, metadata), type: FENCE, json: true, data, metadata };
};

/** The event as the port knows it, or what its bytes are to be looked up by. */
export const eventOf = ({ beside, raw, revision }: Stored, names: Names, bytes: Uint8Array = raw.data): StoredEvent => ({
  id: beside.id,
  type: raw.type,
  stream: names.streamOf(raw.name),
  revision,
  bytes,
});
