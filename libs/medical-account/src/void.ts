import { businessDateOf, type Command, type Decider, type Instant, type Json, nonEmpty, type Recorded } from '#libs/kernel';
import { derivedOf } from './codec';
import type { AccountFacts } from './commands';
import type { Keyed, SettlementKeyVoided } from './events';
import { nullable, record, text } from './form';
import type { AccountRefusal } from './refusals';

/** A reversal of a key under which nothing stands: it takes the key itself, so that a late arrival cannot settle any more. */
export type VoidSettlementKey = Command<
  'VoidSettlementKey',
  Keyed & { institutionCode: string; serial: string; voidedKey: string; note: string | null }
>;
export type VoidState = { voided: Recorded<SettlementKeyVoided> | null };
/** `postings`: what stands under the reversal's own serial and under the key to be voided, if anything does. */
export type VoidFacts = Pick<AccountFacts, 'decidedAt' | 'institution' | 'postings'>;
type Refusal = Extract<
  AccountRefusal,
  { code: 'settlement-key-voided' | 'serial-used-for-other-act' | 'key-used-with-different-content' | 'institution-not-registered' }
>;

const refused = (first: Refusal) => ({ kind: 'refused', refusals: nonEmpty([first]) }) as const;

/**
 * One event a stream: a voided key stays voided.
 * Idempotency: by the reversal's serial. Refusals: serial used otherwise, key voided by another reversal already.
 */
export const settlementVoid: Decider<VoidSettlementKey, SettlementKeyVoided, VoidState, Refusal, VoidFacts> = {
  decide: ({ data }, { voided }, { decidedAt, institution, postings }) => {
    if (voided?.data.key === data.key && voided.data.commandHash === data.commandHash) return { kind: 'replayed', original: voided };
    if (voided?.data.key === data.key) {
      return refused({ code: 'key-used-with-different-content', firstAt: voided.decidedAt, act: voided.type });
    }
    if (voided) return refused({ code: 'settlement-key-voided', voidedAt: voided.decidedAt });
    const [standing] = postings;
    if (standing) return refused({ code: 'serial-used-for-other-act', firstAt: standing.original.decidedAt, act: standing.original.type });
    if (institution === null) return refused({ code: 'institution-not-registered' });
    return {
      kind: 'accepted',
      events: [{ type: 'SettlementKeyVoided.v1', decidedAt, data: { ...data, businessDate: businessDateOf(decidedAt) } }],
    };
  },
  due: () => [],
  evolve: (state, event) => {
    if (state.voided) throw new Error('a key was voided twice');
    state.voided = event;
    return state;
  },
  initialState: () => ({ voided: null }),
  isClosing: () => false,
};

const voidedData = record<Omit<SettlementKeyVoided['data'], 'serial' | 'businessDate'>>({
  key: text,
  commandHash: text,
  institutionCode: text,
  voidedKey: text,
  note: nullable(text),
});

/** @throws Error on an unknown type or form: a newer engine wrote it, or the log is damaged. */
export const decodeVoidEvent = (type: string, stored: unknown, decidedAt: Instant): Omit<SettlementKeyVoided, 'decidedAt'> => {
  if (type !== 'SettlementKeyVoided.v1') throw new Error(`stored event: unknown type ${type}`);
  const data = voidedData.read(stored, type);
  return { type, data: { ...data, ...derivedOf(data.key, decidedAt) } as SettlementKeyVoided['data'] };
};

/** The short form that is stored: serial and business date follow from key and decision. */
export const encodeVoidEvent = ({ data }: SettlementKeyVoided): Json => voidedData.write?.(data) as Json;
