import { createHash } from 'node:crypto';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { decodeVoucherEvent, voucherNumber } from '#libs/card-service';
import { accountStream, recordedAccountEvent } from '#libs/medical-account';
import type { ProjectedEvent, ProjectedVoucher } from './projection';

const VOUCHERS_PREFIX = 'vouchers-';
const STREAM_PREFIX = accountStream('');

/** Decodes an event of an account; undefined for one of another stream. @throws Error on damage or an unknown type. */
export const projectedEvent = (logged: LoggedEvent): ProjectedEvent | undefined => {
  const { stream, logIndex } = logged;
  if (!stream.startsWith(STREAM_PREFIX)) return undefined;
  return { ...recordedAccountEvent(envelopeOf(logged)), logIndex, accountId: stream.slice(STREAM_PREFIX.length) };
};

/** Decodes a voucher; undefined for an event of another stream. @throws Error on damage or an unknown type. */
export const projectedVoucher = (logged: LoggedEvent): ProjectedVoucher | undefined => {
  const { stream, logIndex, type } = logged;
  if (!stream.startsWith(VOUCHERS_PREFIX)) return undefined;
  const { data } = decodeVoucherEvent(type, envelopeOf(logged).data);
  return { voucherNo: voucherNumber(data), about: data.about, logIndex };
};

/** What a checkpoint remembers of the event that it stands at. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
