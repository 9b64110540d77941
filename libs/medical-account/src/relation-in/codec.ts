import type { Json } from '#libs/kernel';
import { amount, count, day, type Form, flag, listOf, record, text, usually } from '../form';
import type { RelationInEvent } from './events';

const keyed = { key: text, commandHash: text };
const named = { transferInId: text, poolingArea: text, fromPoolingArea: text, transferNo: text };
type Rows = { readonly [T in RelationInEvent['type']]: Form<Extract<RelationInEvent, { type: T }>['data']> };

const DATA: Rows = {
  'RelationFileRegistered.v1': record({ ...keyed, ...named, holderClaim: text, currentYearFen: amount, priorYearFen: amount }),
  'RelationMoneyReceived.v1': record({ ...keyed, ...named, batchReference: text, amountFen: amount, receivedOn: day }),
  'RelationMatched.v1': record({ transferInId: text, amountFen: amount, creditBy: day, isProvisional: usually(flag, false), packId: text }),
  'RelationFileWithdrawn.v1': record({ ...keyed, transferInId: text, reason: text }),
  'RelationMoneySentBack.v1': record({ ...keyed, transferInId: text, batchReference: text, reason: text }),
  'RelationCreditOrdered.v1': record({ transferInId: text, accountId: text }),
  'RelationCreditHeld.v1': record({ transferInId: text, accountId: text, reasons: listOf(text) }),
  'RelationCredited.v1': record({ transferInId: text, accountId: text, revision: count }),
};
export const RELATION_IN_EVENT_TYPES = Object.keys(DATA) as readonly RelationInEvent['type'][];
const isKnown = (type: string): type is RelationInEvent['type'] => Object.hasOwn(DATA, type);

/** @throws Error on an unknown type or form: a newer engine wrote it, or the log is damaged. */
export const decodeRelationInEvent = (type: string, stored: unknown): Pick<RelationInEvent, 'type' | 'data'> => {
  if (!isKnown(type)) throw new Error(`stored event: unknown type ${type}`);
  return { type, data: DATA[type].read(stored, type) };
};

/** The short form that is stored. */
export const encodeRelationInEvent = ({ type, data }: RelationInEvent): Json => {
  const { write } = DATA[type] as Form<unknown>;
  return (write ? write(data) : data) as Json;
};
