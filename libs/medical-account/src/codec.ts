import { businessDateOf, type Instant, type Json, type Recorded } from '#libs/kernel';
import { ofSettlementKey } from './commands';
import { DATA, IN_LEGS, type Settled } from './data-forms';
import type { MedicalAccountEvent, SwipeSettled } from './events';
import { type Form, wrong } from './form';

/** Settlement serials and business dates follow from key and time of the decision: they are not written. */
const SETTLED: ReadonlySet<string> = new Set([
  'SwipeSettled.v1',
  'SettlementCancelled.v1',
  'SettlementReversed.v1',
  'CancellationReversed.v1',
]);

export const ACCOUNT_EVENT_TYPES = Object.keys(DATA) as readonly MedicalAccountEvent['type'][];

/** What has just been read and is nobody else's yet. */
type Filled = { cardId: string; readonly key: string | null; serial: string | null; businessDate: string };
type Undated<E> = E extends unknown ? Omit<E, 'decidedAt'> : never;
const isAccountEventType = (type: string): type is MedicalAccountEvent['type'] => Object.hasOwn(DATA, type);

/** What follows from a settlement's key and the time of its decision. @throws Error on a key of another kind. */
export const derivedOf = (key: string | null, decidedAt: Instant): Readonly<{ serial: string | null; businessDate: string }> => ({
  serial: key === null ? null : ofSettlementKey(key).serial,
  businessDate: businessDateOf(decidedAt),
});

/** The card whose sub-account the legs name. */
const cardIn = (all: SwipeSettled['data']['legs']): string | undefined => {
  const named = all.find(({ account }) => account.startsWith('subAccount:'))?.account;
  return named?.slice('subAccount:'.length, named.lastIndexOf(':'));
};
const drawnOn = ({ cardId, legs: all }: SwipeSettled['data']): string => {
  const named = cardIn(all);
  if (cardId === IN_LEGS) return named ?? wrong('SwipeSettled.v1.cardId', 'text');
  return named === cardId ? wrong('SwipeSettled.v1.cardId', 'left out') : cardId;
};

/**
 * Reads the stored data of an account event: every member by name and form.
 * @throws Error on an unknown type and on data that is not of its form: a newer engine wrote it, or the log is damaged; the reader must stop.
 */
export const decodeAccountEvent = (type: string, stored: unknown, decidedAt: Instant): Undated<MedicalAccountEvent> => {
  if (!isAccountEventType(type)) throw new Error(`stored event: unknown type ${type}`);
  const data = DATA[type].read(stored, type) as unknown as Filled;
  if (type === 'SwipeSettled.v1') data.cardId = drawnOn(data as unknown as SwipeSettled['data']);
  if (SETTLED.has(type)) {
    data.serial = data.key === null ? null : ofSettlementKey(data.key).serial;
    data.businessDate = businessDateOf(decidedAt);
  }
  return { type, data } as unknown as Undated<MedicalAccountEvent>;
};

/** The short form that is stored. @throws Error when it would not read back as the same event: a bug. */
export const encodeAccountEvent = ({ type, data, decidedAt }: MedicalAccountEvent): Json => {
  if (SETTLED.has(type)) {
    const { key, serial, businessDate } = data as unknown as Settled;
    const derived = derivedOf(key, decidedAt);
    if (derived.serial !== serial || derived.businessDate !== businessDate)
      throw new Error('serial and day are not those of key and decision');
  }
  const { write } = DATA[type] as Form<unknown>;
  const said = type === 'SwipeSettled.v1' && cardIn(data.legs) === data.cardId ? { ...data, cardId: IN_LEGS } : data;
  return (write ? write(said) : said) as Json;
};

/** Members of a stored type that may be left out, with what that means. */
export const leftOutOf = (type: string): Readonly<Record<string, unknown>> => (isAccountEventType(type) ? (DATA[type].leftOut ?? {}) : {});

type Stored = Readonly<{ id: string; stream: string; revision: number; type: string; decidedAt: Instant; data: unknown }>;

/** The same for a whole envelope, as the fold wants it. */
export const recordedAccountEvent = ({ id, stream, revision, type, decidedAt, data }: Stored): Recorded<MedicalAccountEvent> => {
  const { data: read } = decodeAccountEvent(type, data, decidedAt);
  return { type, data: read, decidedAt, id, stream, revision } as Recorded<MedicalAccountEvent>;
};
