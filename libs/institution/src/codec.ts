import { type Shape, stored } from '#libs/kernel';
import {
  INSTITUTION_KINDS,
  type InstitutionEvent,
  type InstitutionEventData,
  type InstitutionEventType,
  type Keyed,
  TERMINAL_MEDIA,
} from './events';

const { text, flag, instant, date, oneOf, orNull, list, record } = stored;
const keyed = { key: text, commandHash: text };

const FORMS: { readonly [T in InstitutionEventType]: Shape<Readonly<Keyed & InstitutionEventData[T]>> } = {
  'InstitutionRegistered.v1': record({
    ...keyed,
    institutionCode: text,
    name: text,
    kind: oneOf(...INSTITUTION_KINDS),
    poolingArea: text,
    identityCheckEquipped: flag,
  }),
  'AgreementSigned.v1': record({ ...keyed, agreementNo: text, from: date, until: date, services: list(text) }),
  'AgreementSuspended.v1': record({ ...keyed, from: instant, until: orNull(instant), reason: text }),
  'AgreementResumed.v1': record({ ...keyed, reason: text }),
  'AgreementTerminated.v1': record({ ...keyed, at: instant, reason: text }),
  'InstitutionRenamed.v1': record({ ...keyed, name: text }),
  'InstitutionSucceeded.v1': record({ ...keyed, byInstitutionCode: text }),
  'InstitutionClosed.v1': record({ ...keyed, reason: text }),
  'TerminalRegistered.v1': record({ ...keyed, terminalCode: text, media: list(oneOf(...TERMINAL_MEDIA)) }),
  'TerminalRetired.v1': record({ ...keyed, terminalCode: text }),
  'OperatorBarred.v1': record({ ...keyed, operatorCode: text, until: orNull(instant), reason: text }),
  'OperatorUnbarred.v1': record({ ...keyed, operatorCode: text }),
  'IdentityCheckSet.v1': record({ ...keyed, equipped: flag }),
  'MonthDeclared.v1': record({ ...keyed, month: text }),
};

const isKnown = (type: string): type is InstitutionEventType => Object.hasOwn(FORMS, type);

/** Turns stored words into the newest form of an event. @throws Error on a type or form that it does not know. */
export const decodeInstitutionEvent = (type: string, data: unknown): Pick<InstitutionEvent, 'type' | 'data'> => {
  if (!isKnown(type)) throw new Error(`unknown institution event: ${type}`);
  return { type, data: FORMS[type](data, type) };
};
