import { type Append, type AppendResult, type ExpectedRevision, eventId, type NewClaim, type StoredEvent } from '#libs/application';
import { canonicalJson, nonEmpty } from '#libs/kernel';

export const HASH = `1:${'a'.repeat(64)}`;
let serial = 0;
/** A name that no other spec of the run uses: some stores keep their log from one spec to the next. */
export const fresh = (prefix: string): string => `${prefix}-${process.pid.toString(36)}${(serial++).toString(36)}`;

export const storedEvent = (stream: string, revision: number, data: object = {}, id = eventId(stream, revision)): StoredEvent => {
  const type = 'SwipeSettled.v1';
  const bytes = Buffer.from(canonicalJson({ data, decidedAt: '2026-03-01T01:00:00.000Z', id, meta: {}, revision, stream, type }));
  return { id, type, stream, revision, bytes };
};
export const claimOn = (key: string, eventIndex = 0): NewClaim => ({ key, commandHash: HASH, eventIndex });
export const appendOf = (stream: string, expected: ExpectedRevision, count = 1, more: Partial<Append> = {}): Append => {
  const first = expected === 'no-stream' ? 0 : expected + 1;
  const events = nonEmpty(Array.from({ length: count }, (_, i) => storedEvent(stream, first + i)));
  return { stream, expected, events, claims: [], lane: 'interactive', ...more };
};
export const collect = async <Event extends StoredEvent>(events: AsyncIterable<Event>): Promise<Event[]> => {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
};
export const APPENDED: AppendResult = { kind: 'appended' };
export const shapeOf = ({ id, type, stream, revision, bytes }: StoredEvent) => ({
  id,
  type,
  stream,
  revision,
  text: Buffer.from(bytes).toString(),
});
export const revisionsOf = (events: readonly StoredEvent[]): number[] => events.map(({ revision }) => revision);
export const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
