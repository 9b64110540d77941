import { type AccessKeyEvent, decodeAccessKeyEvent } from '#libs/access';
import { decodeApplicationEvent, decodePaperEvent, decodeVoucherEvent } from '#libs/card-service';
import { decodeInstitutionEvent, type InstitutionEvent } from '#libs/institution';
import type { Recorded } from '#libs/kernel';
import {
  type AttemptEvent,
  decodeAttemptEvent,
  decodeRelationInEvent,
  decodeVoidEvent,
  type MedicalAccountEvent,
  recordedAccountEvent,
  type SettlementKeyVoided,
} from '#libs/medical-account';
import { categoryOf, type Envelope } from './entry';

export type AccountEvent = Recorded<MedicalAccountEvent>;
type Plain = Readonly<{ type: string; data: Readonly<Record<string, unknown>> }>;
/** An event in the newest form of its room. */
export type RecordedEvent = Recorded<Plain & Readonly<{ decidedAt: string }>>;
export type VoidEvent = Recorded<SettlementKeyVoided>;
export type Decode = (type: string, data: unknown, decidedAt: string) => Readonly<{ type: string; data: unknown }>;

const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
const named = (expected: string, members: Readonly<Record<string, (value: unknown) => boolean>>): Decode => {
  const names = Object.keys(members).sort().join();
  return (type, data) => {
    const found = data as Readonly<Record<string, unknown>>;
    const fits = type === expected && Object.keys(found).sort().join() === names;
    if (!fits || Object.entries(members).some(([name, is]) => !is(found[name]))) throw new Error(`${type} is not of this form here`);
    return { type, data: found };
  };
};

/** The categories of streams that there are, but for `policyPack`, whose rules the caller brings. Source: log-format.md, 4. */
const DECODE: Readonly<Record<string, Decode>> = {
  settlementVoid: decodeVoidEvent,
  institution: decodeInstitutionEvent,
  accessKey: decodeAccessKeyEvent,
  cardApplication: decodeApplicationEvent,
  vouchers: decodeVoucherEvent,
  voucher: decodePaperEvent,
  oneTimeNotice: decodePaperEvent,
  attempts: decodeAttemptEvent,
  relationTransferIn: decodeRelationInEvent,
  directory: named('DirectoryEntryAdded.v1', { entry: text }),
  simulation: named('ManualClockSet.v1', { to: text }),
  receiptPrint: named('ReceiptPrinted.v1', { institutionCode: text, serial: text, number: Number.isSafeInteger }),
};

/** Reads an event in the form of its stream's room. @throws Error on an unknown category, type or form. */
export const recordedIn =
  (decodePack: Decode) =>
  (envelope: Envelope): RecordedEvent => {
    const category = categoryOf(envelope.stream);
    if (category === 'medicalAccount') return recordedAccountEvent(envelope);
    const decode = category === 'policyPack' ? decodePack : DECODE[category];
    if (!decode) throw new Error(`no stream is of category ${category}`);
    const { id, stream, revision, decidedAt } = envelope;
    return { ...decode(envelope.type, envelope.data, decidedAt), id, stream, revision, decidedAt } as RecordedEvent;
  };

export type { AccessKeyEvent, AttemptEvent, InstitutionEvent };
