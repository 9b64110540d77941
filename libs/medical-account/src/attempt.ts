import { type BusinessDate, type Command, type Decider, type Event, type Json, type NonEmpty, type Recorded } from '#libs/kernel';
import { count, type Form, listOf, nullable, record, text } from './form';

/** Code and facts of one reason, as the client was told it. */
export type AttemptReason = Readonly<{ code: string }> & Readonly<Record<string, Json>>;

/** `attemptKey`: the command hash, which holds no time, operator or terminal: the same attempt again has the same one. */
export type AttemptRefused = Event<
  'AttemptRefused.v1',
  {
    attemptKey: string;
    command: Json;
    facts: Json;
    reasons: NonEmpty<AttemptReason>;
    /** Where the decision was taken; null: no account was found for the credential. */
    account: Readonly<{ stream: string; revision: number }> | null;
  }
>;
/** `count`: how often this very attempt has been refused for these very reasons, the first time included. */
export type AttemptRepeated = Event<'AttemptRepeated.v1', { attemptKey: string; count: number }>;
export type AttemptEvent = AttemptRefused | AttemptRepeated;

/** `times`: how many refusals this one stands for, those that were only told to wait included; absent: one. */
export type RecordAttempt = Command<'RecordAttempt', AttemptRefused['data'] & { times?: number }>;
export type AttemptState = Map<string, { codes: string; count: number }>;

/** Sharded, so that one institution's refusals of a day neither queue behind each other nor make one long stream. */
export const attemptsStream = (institutionCode: string, businessDate: BusinessDate, shard: number): string =>
  `attempts-${institutionCode}-${businessDate}-${shard}`;

const codesOf = (reasons: readonly AttemptReason[]): string => reasons.map(({ code }) => code).join(' ');

/** Refused attempts of an institution's day: identical repeats are counted. They are no part of any account, and none of them is refused itself. */
export const attempts: Decider<RecordAttempt, AttemptEvent, AttemptState, never, Readonly<{ decidedAt: string }>> = {
  decide: ({ data }, state, { decidedAt }) => {
    const { times = 1, ...refused } = data;
    const { attemptKey, reasons } = refused;
    const known = state.get(attemptKey);
    const counted = (count: number): AttemptEvent => ({ type: 'AttemptRepeated.v1', decidedAt, data: { attemptKey, count } });
    if (known?.codes === codesOf(reasons)) return { kind: 'accepted', events: [counted(known.count + times)] };
    const first: AttemptEvent = { type: 'AttemptRefused.v1', decidedAt, data: refused };
    return { kind: 'accepted', events: times > 1 ? [first, counted(times)] : [first] };
  },
  due: () => [],
  evolve: (state, { type, data }: Recorded<AttemptEvent>) => {
    if (type === 'AttemptRefused.v1') return state.set(data.attemptKey, { codes: codesOf(data.reasons), count: 1 });
    const known = state.get(data.attemptKey);
    if (known === undefined || data.count <= known.count) throw new Error('an attempt was repeated out of order');
    return state.set(data.attemptKey, { ...known, count: data.count });
  },
  initialState: () => new Map(),
  isClosing: () => false,
};

const json: Form<Json> = {
  read: (value, at) => {
    if (value === undefined) throw new Error(`stored event: ${at} is missing`);
    return value as Json; // Any JSON: it is kept for the auditor and not computed with.
  },
};
const reason: Form<AttemptReason> = {
  read: (value, at) => {
    text.read((value as { code?: unknown } | null)?.code, `${at}.code`);
    return value as AttemptReason;
  },
};
const refusedData = record<AttemptRefused['data']>({
  attemptKey: text,
  command: json,
  facts: json,
  reasons: {
    read: (value, at) => {
      if (listOf(reason).read(value, at).length === 0) throw new Error(`stored event: ${at} is empty`);
      return value as NonEmpty<AttemptReason>;
    },
  },
  account: nullable(record<{ stream: string; revision: number }>({ stream: text, revision: count })),
});
const repeatedData = record<AttemptRepeated['data']>({ attemptKey: text, count });

/** @throws Error on an unknown type or form: a newer engine wrote it, or the log is damaged. */
export const decodeAttemptEvent = (type: string, data: unknown): Omit<AttemptRefused, 'decidedAt'> | Omit<AttemptRepeated, 'decidedAt'> => {
  if (type === 'AttemptRefused.v1') return { type, data: refusedData.read(data, type) };
  if (type === 'AttemptRepeated.v1') return { type, data: repeatedData.read(data, type) };
  throw new Error(`stored event: unknown type ${type}`);
};

export const encodeAttemptEvent = ({ type, data }: AttemptEvent): Json =>
  (type === 'AttemptRefused.v1' ? refusedData.write?.(data) : data) as Json;
