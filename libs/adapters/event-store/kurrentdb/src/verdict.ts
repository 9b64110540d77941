import { MaximumAppendSizeExceeded, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';

type Any = NonNullable<ReturnType<NonNullable<ReturnType<BatchAppendResp['getError']>>['getDetails']>>;

/** What one try of an append has come to. */
export type Verdict =
  | Readonly<{ kind: 'done' }> // Also when these very events stand there already.
  | Readonly<{ kind: 'elsewhere'; head: number }> // The stream is not where it was expected; -1: it is not there.
  | Readonly<{ kind: 'refused'; why: 'rights' | 'tooLarge' | 'deleted' | 'form'; detail: string }> // Definite, and no better next time.
  | Readonly<{ kind: 'notHandled'; detail: string }> // This try has done nothing; another may.
  | Readonly<{ kind: 'open'; detail: string }>; // May have been stored, or may be yet.

const CODE = { notFound: 5, denied: 7, unimplemented: 12, unavailable: 14, unauthenticated: 16 } as const;
/** The call was never given to a connection, so nothing of it was sent. */
const NEVER_SENT = /^(?:No connection established|Name resolution failed)/;

export type GrpcError = Error & Readonly<{ code?: number; details?: string; metadata?: { getMap(): Record<string, string | Buffer> } }>;

/** Of an append whose call has ended, by an error or without. */
export const verdictOfError = (error: GrpcError): Verdict => {
  const detail = error.details || error.message;
  if (error.code === CODE.unauthenticated || error.code === CODE.denied) return { kind: 'refused', why: 'rights', detail };
  if (error.code === CODE.unimplemented) return { kind: 'refused', why: 'form', detail };
  if (error.code === CODE.unavailable && NEVER_SENT.test(detail)) return { kind: 'notHandled', detail };
  return { kind: 'open', detail }; // Also of a call that a node ended because it does not lead: other appends of it may be under way.
};

/** Whether the node that was asked says that another leads. */
export const isNotLeader = ({ code, metadata }: GrpcError): boolean =>
  code === CODE.notFound && metadata?.getMap().exception?.toString() === 'not-leader';

const PACKAGE = 'event_store.client.';
/** A node that has not begun with an append answers with an empty detail and one of these. */
const NOT_BEGUN = /not ready|busy|no leader/i;

type Reading = (details: Any | undefined, detail: string) => Verdict;
const refused =
  (why: Extract<Verdict, { kind: 'refused' }>['why']): Reading =>
  (_, detail) => ({ kind: 'refused', why, detail });

const READINGS: Readonly<Record<string, Reading>> = {
  [`${PACKAGE}WrongExpectedVersion`]: (details) => {
    const unpacked = details?.unpack((bytes) => WrongExpectedVersion.deserializeBinary(bytes), `${PACKAGE}WrongExpectedVersion`);
    return { kind: 'elsewhere', head: unpacked?.hasCurrentStreamRevision() ? placeOf(unpacked.getCurrentStreamRevision()) : -1 };
  },
  [`${PACKAGE}MaximumAppendSizeExceeded`]: (details) => {
    const name = `${PACKAGE}MaximumAppendSizeExceeded`;
    const most = details?.unpack((bytes) => MaximumAppendSizeExceeded.deserializeBinary(bytes), name)?.getMaxappendsize();
    return { kind: 'refused', why: 'tooLarge', detail: `MaxAppendSize ${most}` };
  },
  [`${PACKAGE}AccessDenied`]: refused('rights'),
  [`${PACKAGE}StreamDeleted`]: refused('deleted'),
  [`${PACKAGE}BadRequest`]: refused('form'),
  [`${PACKAGE}InvalidTransaction`]: refused('form'),
  'google.protobuf.Empty': (_, detail) => (NOT_BEGUN.test(detail) ? { kind: 'notHandled', detail } : { kind: 'open', detail }),
};
const OPEN: Reading = (_, detail) => ({ kind: 'open', detail }); // Timeout, Unknown, and what a later server may say.

/** Of an append that was answered. */
export const verdictOf = (answer: BatchAppendResp): Verdict => {
  const error = answer.getError();
  if (!error) return answer.hasSuccess() ? { kind: 'done' } : { kind: 'open', detail: 'an answer without a result' };
  const details = error.getDetails();
  const name = details?.getTypeName() ?? '';
  return (READINGS[name] ?? OPEN)(details, error.getMessage() || name);
};

/** A place in a stream: they stay far below what a number can hold exactly. */
export const placeOf = (text: string): number => Number.parseInt(text, 10);
