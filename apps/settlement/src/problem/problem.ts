import type { Answer, Catalogue, Reason } from '#libs/application';
import type { NonEmpty, RefusalFamily, RefusalRow } from '#libs/kernel';
import type { FormFault } from '../form/read-form';
import { DOOR_CATALOGUE, type DoorCode } from './door-catalogue';
import { inYuan } from './yuan-text';

export type ProblemReason = Readonly<{ code: string; messageZh: string; messageEn: string; remedyZh: string; remedyEn: string }> &
  Readonly<Record<string, unknown>>;
/** Source: RFC 9457; `code`, `primaryReason` and `reasons` are ours. */
export type ProblemBody = Readonly<{
  type: string;
  title: string;
  status: number;
  code: string;
  primaryReason: ProblemReason;
  reasons: readonly ProblemReason[];
}>;
type Headers = Readonly<Record<string, string>>;

/** An answer that is no success, on its way to the filter or into a line of a batch. Not a bug: those are every other throw. */
export class Problem extends Error {
  constructor(
    readonly body: ProblemBody,
    readonly headers: Headers = {},
  ) {
    super(body.code);
  }
}

/** The HTTP status of a refusal of the engine, by its family. */
export const STATUS_OF_FAMILY: Readonly<Record<RefusalFamily, number>> = {
  absent: 404,
  forbidden: 403,
  key: 409,
  form: 400,
  barred: 422,
  money: 422,
};
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<string, string>>> = {
  'outcome-unknown': '2',
  contended: '1',
  busy: '1',
  'store-full': '30',
  'read-only': '30',
  closing: '5',
  outage: '5',
  'facts-stale': '2',
  'not-yet-projected': '1',
  'not-ready': '5',
  'unknown-keys-too-many': '1',
  'streams-too-many': '5',
  'bodies-too-many': '1',
};

const problemOf = (status: number, reasons: NonEmpty<ProblemReason>, headers: Headers = {}): Problem => {
  const [primaryReason] = reasons;
  const { code, messageEn } = primaryReason;
  return new Problem({ type: `/problems/${code}`, title: messageEn, status, code, primaryReason, reasons }, headers);
};

/** A fault of the door's own catalogue. */
export const doorProblem = (code: DoorCode, facts: Readonly<Record<string, unknown>> = {}, headers: Headers = {}): Problem => {
  const { status } = DOOR_CATALOGUE[code];
  const retryAfter = RETRY_AFTER_SECONDS[code];
  return problemOf(status, [doorReason(code, facts)], retryAfter === undefined ? headers : { 'retry-after': retryAfter, ...headers });
};

/** All faults of a form in one answer. */
export const formProblem = (faults: readonly FormFault[]): Problem => {
  const [first, ...others] = faults.map(({ code, ...facts }) => doorReason(code, facts));
  if (!first) throw new Error('a form without a fault is no problem');
  return problemOf(400, [first, ...others]);
};

/** A refusal of the engine in the words of its catalogue. */
export const refusalProblem = (catalogue: Catalogue, refusals: NonEmpty<Reason>): Problem => {
  const [first, ...others] = refusals;
  const family = rowOf(catalogue, first.code).family;
  return problemOf(STATUS_OF_FAMILY[family], [engineReason(catalogue, first), ...others.map((reason) => engineReason(catalogue, reason))]);
};

/** The value of a write that was done. Throws: Problem for every other answer. */
export const doneOr = <T>(catalogue: Catalogue, answer: Answer<T>): Readonly<{ value: T; replayed: boolean }> => {
  switch (answer.kind) {
    case 'done':
      return answer;
    case 'refused':
      throw refusalProblem(catalogue, answer.reasons);
    case 'throttled':
      throw doorProblem('attempt-repeated-too-often', {}, { 'retry-after': String(answer.retryAfterSeconds) });
    case 'contended':
      throw doorProblem('contended');
    case 'outcomeUnknown':
      throw doorProblem('outcome-unknown');
    case 'unavailable':
      throw doorProblem(UNAVAILABLE[answer.cause]);
  }
};

/** The word of the door for each cause of the engine. */
export const UNAVAILABLE = {
  full: 'store-full',
  closing: 'closing',
  readOnly: 'read-only',
  busy: 'busy',
  outage: 'outage',
  stale: 'facts-stale',
} as const;

/** The body itself has no name. */
const textOf = (fact: unknown): string => (typeof fact === 'string' && fact !== '' ? fact : 'body');

const doorReason = (code: DoorCode, facts: Readonly<Record<string, unknown>>): ProblemReason => {
  const { messageZh, messageEn, remedyZh, remedyEn } = DOOR_CATALOGUE[code];
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_all, name: string) => textOf(facts[name]));
  return {
    code,
    messageZh: filled(messageZh),
    messageEn: filled(messageEn),
    remedyZh: filled(remedyZh),
    remedyEn: filled(remedyEn),
    ...facts,
  };
};

/** A refusal without words is still a refusal, and no fault of the engine. */
const rowOf = (catalogue: Catalogue, code: string): RefusalRow =>
  (Object.hasOwn(catalogue, code) ? catalogue[code] : undefined) ?? {
    family: 'barred',
    messageZh: '不予办理',
    messageEn: `refused: ${code}`,
    remedyZh: '请凭原因代码联系经办机构',
    remedyEn: 'ask the agency with the reason code',
  };

/** A key of the engine's own is no word for a till: it is told as the serial that stands behind it. */
const namedBySerial = ({ settlementKey, ...facts }: Readonly<Record<string, unknown>>): object =>
  typeof settlementKey === 'string' ? { ...facts, serial: settlementKey.replace(/^settlement-[^-]+-/, '') } : facts;

const engineReason = (catalogue: Catalogue, { code, ...facts }: Reason): ProblemReason => {
  const { messageZh, messageEn, remedyZh, remedyEn } = rowOf(catalogue, code);
  return { ...(inYuan(namedBySerial(facts)) as object), code, messageZh, messageEn, remedyZh, remedyEn };
};

/** Every reason why the engine is not ready, in its own words. */
export const notReadyProblem = (causes: readonly Readonly<{ code: string; messageZh: string; messageEn: string }>[]): Problem => {
  const { remedyZh, remedyEn } = DOOR_CATALOGUE['not-ready'];
  const [first = doorReason('not-ready', {}), ...others] = causes.map((cause) => ({ ...cause, remedyZh, remedyEn }));
  const { body } = problemOf(503, [first, ...others]);
  return new Problem(
    { ...body, type: '/problems/not-ready', code: 'not-ready' },
    { 'retry-after': RETRY_AFTER_SECONDS['not-ready'] ?? '5' },
  );
};
