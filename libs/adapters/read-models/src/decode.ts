import { createHash } from 'node:crypto';
import type { Envelope, LoggedEvent } from '#libs/application';
import { accountStream, type MedicalAccountEvent } from '#libs/medical-account';
import type { ProjectedEvent } from './projection';

const STREAM_PREFIX = accountStream('');
/** Every type that an account's stream may hold: one that is missing here must stop the projections, not pass them by. */
const KNOWN: Readonly<Record<MedicalAccountEvent['type'], true>> = {
  'AccountOpened.v1': true,
  'AccountCredited.v1': true,
  'AccountCorrected.v1': true,
  'CardRegistered.v1': true,
  'CardEnabled.v1': true,
  'CardStopped.v1': true,
  'CardCancelled.v1': true,
  'TemporaryLossReported.v1': true,
  'TemporaryLossLifted.v1': true,
  'CardRestored.v1': true,
  'SubAccountSealed.v1': true,
  'SubAccountUnsealed.v1': true,
  'BalanceTransferred.v1': true,
  'FreezePlaced.v1': true,
  'FreezeLifted.v1': true,
  'FreezeEnded.v1': true,
  'SwipeSettled.v1': true,
  'SettlementCancelled.v1': true,
  'SettlementReversed.v1': true,
  'CancellationReversed.v1': true,
  'InterestPosted.v1': true,
  'YearRolledOver.v1': true,
  'AccountCarriedForward.v1': true,
};

/** Decodes an event of an account; undefined for one of another stream. @throws Error on an unknown type, SyntaxError on damaged bytes. */
export const projectedEvent = ({ stream, type, bytes, logIndex }: LoggedEvent): ProjectedEvent | undefined => {
  if (!stream.startsWith(STREAM_PREFIX)) return undefined;
  if (!Object.hasOwn(KNOWN, type)) throw new Error('unknown type of event');
  const { id, revision, decidedAt, data } = JSON.parse(Buffer.from(bytes).toString()) as Envelope;
  return {
    id,
    stream,
    revision,
    type,
    decidedAt,
    data,
    logIndex,
    accountId: stream.slice(STREAM_PREFIX.length),
  } as unknown as ProjectedEvent;
};

/** What a checkpoint remembers of the event that it stands at. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
