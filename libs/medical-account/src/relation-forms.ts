import type {
  InTransit,
  RelationResumed,
  RelationTakenIn,
  RelationTransferClosed,
  RelationTransferConfirmed,
  RelationTransferLapsed,
  RelationTransferRecord,
  RelationTransferRemitted,
  RelationTransferRequested,
  RelationTransferReturned,
  Remittance,
} from './events';
import {
  amount,
  day,
  type Form,
  flag,
  instant,
  legs,
  nullable,
  oneOf,
  pairsOf,
  record,
  subAccountName,
  text,
  usually,
  wrong,
} from './form';
import type { HolderStatus, PaysUntil, RelationStage } from './relation-records';

const keyed = { key: text, commandHash: text };
const maybeKeyed = { key: nullable(text), commandHash: nullable(text) };
const paysUntil = oneOf<PaysUntil>({ request: true, remittance: true });
const holderStatus = oneOf<HolderStatus>({ active: true, stopped: true, retired: true });
const stage = oneOf<RelationStage>({
  requested: true,
  remitted: true,
  confirmed: true,
  returned: true,
  withdrawn: true,
  rejected: true,
  lapsed: true,
});

const inTransitName: Form<InTransit> = {
  read: (value, at) => (typeof value === 'string' && value.startsWith('inTransit:') ? (value as InTransit) : wrong(at, 'in transit')),
};
export const inTransitMoney = nullable(pairsOf(inTransitName, amount));

export const relationTransfers = nullable(
  pairsOf(
    text,
    record<RelationTransferRecord>({
      stage,
      toPoolingArea: text,
      followsTransferId: nullable(text),
      requestedAt: instant,
      remitBy: day,
      paysUntil,
      lapsesAt: nullable(instant),
      remittance: nullable(
        record<Remittance>({ at: instant, batchReference: text, confirmBy: day, left: pairsOf(subAccountName, amount) }),
      ),
      endedAt: nullable(instant),
      resumedAt: nullable(instant),
    }),
  ),
);

type RelationEvent =
  | RelationTransferRequested
  | RelationTransferClosed
  | RelationTransferLapsed
  | RelationTransferRemitted
  | RelationTransferConfirmed
  | RelationTransferReturned
  | RelationResumed
  | RelationTakenIn;
type Rows = { readonly [T in RelationEvent['type']]: Form<Extract<RelationEvent, { type: T }>['data']> };

/** One row a stored type. */
export const RELATION_DATA: Rows = {
  'RelationTransferRequested.v1': record({
    ...keyed,
    transferId: text,
    toPoolingArea: text,
    holderStatus: nullable(holderStatus),
    followsTransferId: nullable(text),
    legalBasis: text,
    packId: text,
    paysUntil,
    remitBy: day,
    isProvisional: usually(flag, false),
    lapsesAt: nullable(instant),
  }),
  'RelationTransferClosed.v1': record({
    ...maybeKeyed,
    transferId: text,
    cause: oneOf<'withdrawn' | 'rejected'>({ withdrawn: true, rejected: true }),
    reason: text,
  }),
  'RelationTransferLapsed.v1': record({ transferId: text, effectiveAt: instant }),
  'RelationTransferRemitted.v1': record({
    ...keyed,
    legs,
    transferId: text,
    toPoolingArea: text,
    batchReference: text,
    amountFen: amount,
    legalBasis: text,
    packId: text,
    confirmBy: day,
    isProvisional: usually(flag, false),
  }),
  'RelationTransferConfirmed.v1': record({ ...keyed, legs, transferId: text, amountFen: amount, confirmation: text }),
  'RelationTransferReturned.v1': record({ ...keyed, legs, transferId: text, amountFen: amount, reason: text }),
  'RelationResumed.v1': record({ ...keyed, transferId: text, reason: text }),
  'RelationTakenIn.v1': record({
    ...keyed,
    legs,
    transferInId: text,
    fromPoolingArea: text,
    amountFen: amount,
    cardId: text,
    legalBasis: text,
    packId: text,
    resumesTransferId: nullable(text),
  }),
};
