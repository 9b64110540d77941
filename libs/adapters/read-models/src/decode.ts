import { createHash } from 'node:crypto';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { applicationStream, decodeApplicationEvent, decodeVoucherEvent, voucherNumber } from '#libs/card-service';
import { accountStream, decodeRelationInEvent, recordedAccountEvent, relationInStream } from '#libs/medical-account';
import type { ProjectedApplication, ProjectedEvent, ProjectedRelationIn, ProjectedVoucher } from './projection';

const VOUCHERS_PREFIX = 'vouchers-';
const APPLICATION_PREFIX = applicationStream('');
const STREAM_PREFIX = accountStream('');
const RELATION_IN_PREFIX = relationInStream('');

/** Decodes an event of an account; undefined for one of another stream. @throws Error on damage or an unknown type. */
export const projectedEvent = (logged: LoggedEvent): ProjectedEvent | undefined => {
  const { stream, logIndex } = logged;
  if (!stream.startsWith(STREAM_PREFIX)) return undefined;
  const envelope = envelopeOf(logged);
  const event = { ...recordedAccountEvent(envelope), logIndex, accountId: stream.slice(STREAM_PREFIX.length) };
  return envelope.meta.voucher === undefined ? event : { ...event, voucherOwed: envelope.meta.voucher };
};

/** Decodes a voucher; undefined for an event of another stream. @throws Error on damage or an unknown type. */
export const projectedVoucher = (logged: LoggedEvent): ProjectedVoucher | undefined => {
  const { stream, logIndex, type } = logged;
  if (!stream.startsWith(VOUCHERS_PREFIX)) return undefined;
  const { data } = decodeVoucherEvent(type, envelopeOf(logged).data);
  return { key: data.key, voucherNo: voucherNumber(data), about: data.about, logIndex };
};

/** Decodes an event of an application; undefined for one of another stream. @throws Error on damage or an unknown type. */
export const projectedApplication = (logged: LoggedEvent): ProjectedApplication | undefined => {
  const { stream, logIndex } = logged;
  if (!stream.startsWith(APPLICATION_PREFIX)) return undefined;
  const { id, revision, type, decidedAt, data, meta } = envelopeOf(logged);
  const event = { ...decodeApplicationEvent(type, data), id, stream, revision, decidedAt, logIndex };
  const applicationId = stream.slice(APPLICATION_PREFIX.length);
  return { ...event, applicationId, voucherOwed: meta.voucher } as ProjectedApplication;
};

/** Decodes an event of a relation from elsewhere; undefined for one of another stream. @throws Error on damage or an unknown type. */
export const projectedRelationIn = (logged: LoggedEvent): ProjectedRelationIn | undefined => {
  const { stream, logIndex, type } = logged;
  if (!stream.startsWith(RELATION_IN_PREFIX)) return undefined;
  const { id, revision, decidedAt, data } = envelopeOf(logged);
  return { ...decodeRelationInEvent(type, data), id, stream, revision, decidedAt, logIndex } as ProjectedRelationIn;
};

/** What a checkpoint remembers of the event that it stands at. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
