import type { NewClaim } from '#libs/application';
import { damaged } from './errors';
import { isFence, type Plan, type Stored } from './record';
import { type Proposed, proposedJson, wireId } from './wire-append';
import type { Raw } from './wire-read';

const TYPE = 'YikaClaim.v1';

/**
 * What is written under a key before the event that holds it. `first`: the place at which the append that it belongs to begins, `place`: that
 * of its event. The newest record of a key is the one that counts, and it counts only when its event stands.
 */
export type ClaimRecord = Readonly<{
  key: string;
  commandHash: string;
  stream: string;
  revision: number;
  eventId: string;
  first: number;
  place: number;
}>;

export const recordOf = ({ append, first }: Plan, { key, commandHash, eventIndex }: NewClaim, fences: number): ClaimRecord => {
  const revision = first + eventIndex;
  const eventId = append.events[eventIndex]?.id ?? '';
  return { key, commandHash, stream: append.stream, revision, eventId, first: first + fences, place: revision + fences };
};

export const proposedClaim = (record: ClaimRecord): Proposed => proposedJson(TYPE, record);

/** @throws DamagedLogError when it is not what was written. */
export const recordIn = ({ type, data, metadata, id, name, place }: Raw): ClaimRecord => {
  if (type !== TYPE || wireId(type, data, metadata) !== id)
    throw damaged(`${name} 第 ${place} 条与写入时不符`, `event ${place} of ${name} is not what was written`);
  return JSON.parse(Buffer.from(data).toString('utf8')) as ClaimRecord;
};

/** Whether the event at the record's place is the one that holds the key: another try of the same command may hold other keys. */
export const standsAt = ({ key, eventId }: ClaimRecord, { beside, raw }: Stored): boolean =>
  !isFence(raw) && beside.id === eventId && Object.hasOwn(beside.claims ?? {}, key);
