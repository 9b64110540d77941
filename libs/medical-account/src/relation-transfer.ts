import {
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  type DayFound,
  type Instant,
  plusMs,
  workingCalendarOf,
  workingDaysAfter,
} from '#libs/kernel';
import type {
  AccountFacts,
  AccountPolicy,
  CloseRelationTransfer,
  FollowRelationTransfer,
  RequestRelationTransfer,
  ResumeRelation,
} from './commands';
import type { MedicalAccountEvent, RelationTransferRequested } from './events';
import { earlierAnswer } from './keys';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import type { RelationStage, RelationTransferRecord } from './relation-records';
import { isGone, leavingOrGone } from './relation-state';
import { type AccountState, balanceFen, inForceAt, subAccountFen } from './state';

export type RelationTerms = NonNullable<AccountPolicy['relationTransfer']>;
/** What the pack in force says of relation transfers. */
export type Offered = Readonly<{ policy: AccountPolicy; terms: RelationTerms }>;

export const offeredBy = ({ policies, decidedAt }: AccountFacts): Offered | null => {
  const policy = policyAt(policies, decidedAt);
  return policy.relationTransfer === null ? null : { policy, terms: policy.relationTransfer };
};

/** So many working days after a day, by the calendar of the pack. */
export const workingDayAfter = (day: BusinessDate, days: number, { holidays }: AccountPolicy): DayFound =>
  workingDaysAfter(day, days, workingCalendarOf(holidays));

type Act = MedicalAccountEvent['type'];
type Keyed = Readonly<{ key: string; commandHash: string; transferId: string }>;
type Found = Readonly<{ record: RelationTransferRecord }>;

/** What every act on a transfer asks first: a repeat, the account, the transfer. */
export const onTransfer = (
  act: Act,
  data: Keyed,
  { state, facts }: Readonly<{ state: AccountState; facts: AccountFacts }>,
  rule: (found: Found) => Outcome,
): Outcome => {
  const earlier = earlierAnswer(data, act, facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const { transferId } = data;
  const record = state.relationTransfers.get(transferId);
  return record === undefined ? refuse([{ code: 'relation-transfer-not-found', transferId }]) : rule({ record });
};

/** Why a transfer is not at the step that an act needs: what has become of it, and when. */
export const atStage = (transferId: string, record: RelationTransferRecord, wanted: RelationStage): AccountRefusal[] => {
  const { stage, endedAt, remittance } = record;
  if (stage === wanted) return [];
  if (stage === 'requested') return [{ code: 'relation-transfer-not-remitted', transferId }];
  if (stage === 'remitted' && remittance !== null)
    return [{ code: 'relation-transfer-remitted', transferId, remittedAt: remittance.at, batchReference: remittance.batchReference }];
  if (endedAt === null) throw new Error('a transfer that ended at no time');
  if (stage === 'confirmed') return [{ code: 'relation-transfer-confirmed', transferId, confirmedAt: endedAt }];
  return [{ code: 'relation-transfer-ended', transferId, stage, endedAt }];
};

/**
 * What keeps money of this account from leaving it for another area: a freeze whose cause bars pay-out or is named for this by the pack,
 * whatever it covers, as all of the money goes or none; a seal, where the pack lets no sealed money go along.
 */
export const holdingBack = (state: AccountState, { decidedAt }: AccountFacts, { policy, terms }: Offered): AccountRefusal[] => {
  const refusals: AccountRefusal[] = [];
  for (const freeze of state.freezes.values()) {
    const { scope, cause, until } = freeze;
    const bars = policy.freezeCauses[cause].blocksPayOut || terms.alsoBarredBy.includes(cause);
    if (bars && scope.kind !== 'cardArea' && inForceAt(freeze, decidedAt))
      refusals.push({ code: 'pay-out-frozen', cause, scope: scope.kind, until });
  }
  if (terms.sealedGoesAlong) return refusals;
  for (const [cardId, { sealed }] of state.cards)
    if (sealed && subAccountFen(state, cardId) > 0) refusals.push({ code: 'sub-account-sealed', cardId });
  return refusals;
};

const NOT_OFFERED = [{ code: 'relation-transfer-not-offered' }] as const;

/**
 * Asks for the insurance relation, and what stands on the account with it, to go to another pooling area. Nothing moves yet.
 * Idempotency: by business number. Refusals: who may not transfer, a transfer under way, freezes and seals.
 * Source: Q6; 医保办发〔2021〕43号: a retiree cannot transfer, the sending side has ten working days.
 */
export const requestRelationTransfer = ({ data }: RequestRelationTransfer, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'RelationTransferRequested.v1', facts);
  if (earlier) return earlier;
  const { holder } = state;
  if (holder === null) return refuse([{ code: 'account-not-found' }]);
  const offered = offeredBy(facts);
  if (offered === null) return refuse(NOT_OFFERED);
  const { insuranceTypes, holderStatuses } = offered.terms;
  const { holderStatus, toPoolingArea } = data;
  const refusals: AccountRefusal[] = [...standingInTheWay(state)];
  if (!insuranceTypes.includes(holder.insuranceType))
    refusals.push({ code: 'relation-transfer-not-of-this-insurance', insuranceType: holder.insuranceType, accepted: insuranceTypes });
  if (!holderStatuses.includes(holderStatus))
    refusals.push({ code: 'relation-transfer-not-in-this-status', holderStatus, accepted: holderStatuses });
  if (toPoolingArea === holder.poolingArea) refusals.push({ code: 'relation-transfer-to-same-area', poolingArea: toPoolingArea });
  refusals.push(...holdingBack(state, facts, offered));
  if (refusals.length > 0) return refuse(refusals);
  return accept(requested({ ...data, followsTransferId: null }, facts, offered));
};

const standingInTheWay = (state: AccountState): AccountRefusal[] => {
  const found = leavingOrGone(state);
  if (found === undefined) return [];
  const { transferId, record } = found;
  if (isGone(record)) return [{ code: 'relation-transferred', transferId, toPoolingArea: record.toPoolingArea }];
  return [{ code: 'relation-transfer-under-way', transferId, stage: record.stage, requestedAt: record.requestedAt }];
};

type Asked = Pick<RequestRelationTransfer['data'], 'key' | 'commandHash' | 'transferId' | 'toPoolingArea'> &
  Readonly<{ holderStatus: RelationTransferRequested['data']['holderStatus']; followsTransferId: string | null }>;

const requested = (asked: Asked, { decidedAt }: AccountFacts, { policy, terms }: Offered): RelationTransferRequested => {
  const { on, isProvisional } = workingDayAfter(businessDateOf(decidedAt), terms.remitDays, policy);
  const { legalBasis, paysUntil, lapsesAfterDays } = terms;
  return {
    type: 'RelationTransferRequested.v1',
    decidedAt,
    data: {
      ...asked,
      legalBasis,
      packId: policy.packId,
      paysUntil,
      remitBy: on,
      isProvisional,
      lapsesAt: lapsesAfterDays === null || asked.followsTransferId !== null ? null : plusMs(decidedAt, lapsesAfterDays * DAY_MS),
    },
  };
};

/**
 * Sends after a remittance what came in since: a cancelled settlement, a late contribution. A transfer of its own, with its own deadlines.
 * Idempotency: by business number. Refusals: nothing to follow with or to follow after, freezes and seals.
 */
export const followRelationTransfer = ({ data }: FollowRelationTransfer, state: AccountState, facts: AccountFacts): Outcome => {
  const { key, commandHash, transferId, followsTransferId } = data;
  const asked = { key, commandHash, transferId: followsTransferId };
  return onTransfer('RelationTransferRequested.v1', asked, { state, facts }, ({ record }) => {
    const offered = offeredBy(facts);
    if (offered === null) return refuse(NOT_OFFERED);
    const refusals: AccountRefusal[] = [...notLeadingAway(followsTransferId, record), ...followedAlready(followsTransferId, state)];
    if (balanceFen(state) === 0) refusals.push({ code: 'relation-transfer-nothing-to-follow', transferId: followsTransferId });
    refusals.push(...holdingBack(state, facts, offered));
    if (refusals.length > 0) return refuse(refusals);
    const { toPoolingArea } = record;
    return accept(requested({ key, commandHash, transferId, toPoolingArea, holderStatus: null, followsTransferId }, facts, offered));
  });
};

/** Money follows a relation that is on its way or elsewhere, and nothing else. */
export const notLeadingAway = (transferId: string, record: RelationTransferRecord): AccountRefusal[] =>
  record.followsTransferId === null && (record.stage === 'remitted' || isGone(record))
    ? []
    : [{ code: 'relation-transfer-not-followed', transferId, stage: record.stage }];

const followedAlready = (mainId: string, { relationTransfers }: AccountState): AccountRefusal[] =>
  [...relationTransfers].flatMap(([transferId, { followsTransferId, stage, requestedAt }]) =>
    followsTransferId === mainId && stage === 'requested'
      ? [{ code: 'relation-transfer-under-way', transferId, stage, requestedAt } as const]
      : [],
  );

/** Ends a request before money left: withdrawn by who asked, or not carried out by the agency. Idempotency: by business number. */
export const closeRelationTransfer = ({ data }: CloseRelationTransfer, state: AccountState, facts: AccountFacts): Outcome =>
  onTransfer('RelationTransferClosed.v1', data, { state, facts }, ({ record }) => {
    const refusals = atStage(data.transferId, record, 'requested');
    if (refusals.length > 0) return refuse(refusals);
    return accept({ type: 'RelationTransferClosed.v1', decidedAt: facts.decidedAt, data });
  });

/** Insured here again, before or without money coming back from there. Idempotency: by business number. */
export const resumeRelation = ({ data }: ResumeRelation, state: AccountState, facts: AccountFacts): Outcome =>
  onTransfer('RelationResumed.v1', data, { state, facts }, ({ record }) => {
    if (record.followsTransferId !== null || !isGone(record))
      return refuse([{ code: 'relation-not-elsewhere', transferId: data.transferId, stage: record.stage }]);
    const { decidedAt } = facts;
    return accept({ type: 'RelationResumed.v1', decidedAt, data }, ...followersEnd(data.transferId, state, decidedAt));
  });

/** What would have followed a relation that is here again stays here: such a request ends with it. Money already on its way goes on. */
export const followersEnd = (transferId: string, { relationTransfers }: AccountState, decidedAt: Instant): MedicalAccountEvent[] =>
  [...relationTransfers].flatMap(([followerId, { followsTransferId, stage }]) =>
    followsTransferId === transferId && stage === 'requested' ? [followerEnded(followerId, decidedAt)] : [],
  );

const followerEnded = (transferId: string, decidedAt: Instant): MedicalAccountEvent => ({
  type: 'RelationTransferClosed.v1',
  decidedAt,
  data: { key: null, commandHash: null, transferId, cause: 'withdrawn', reason: 'the relation is here again' },
});
