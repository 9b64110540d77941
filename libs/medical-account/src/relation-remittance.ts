import { businessDateOf } from '#libs/kernel';
import type {
  AccountFacts,
  AccountPolicy,
  ConfirmRelationTransfer,
  RemitRelationTransfer,
  ReturnRelationTransfer,
  TakeInRelation,
} from './commands';
import { creditedSubAccount, creditFreezes } from './credits';
import {
  BUCKETS,
  CARDLESS,
  type InTransit,
  inTransit,
  type MedicalAccountEvent,
  type MedicalLeg,
  medicalFen,
  type SubAccount,
  subAccount,
} from './events';
import { foresee } from './evolve';
import { interestThrough } from './interest';
import { earlierAnswer } from './keys';
import { legsOf } from './ledger';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import type { RelationTransferRecord } from './relation-records';
import { type FoundTransfer, leavingOrGone } from './relation-state';
import {
  atStage,
  followersEnd,
  holdingBack,
  notLeadingAway,
  type Offered,
  offeredBy,
  onTransfer,
  workingDayAfter,
} from './relation-transfer';
import { type AccountState, bucketFen, locationOf } from './state';

/**
 * Sends all that stands on the account, both buckets of every sub-account, with the interest that it earned up to this day; what the holder
 * owes is kept back first. In transit, not gone, until it is confirmed or comes back; from here on it earns nothing here.
 * Units: fen. Idempotency: by business number. Refusals: not at this step, freezes and seals. Source: 医保办发〔2021〕43号; 国发〔1998〕44号.
 */
export const remitRelationTransfer = ({ data }: RemitRelationTransfer, state: AccountState, facts: AccountFacts): Outcome =>
  onTransfer('RelationTransferRemitted.v1', data, { state, facts }, ({ record }) => {
    const offered = offeredBy(facts);
    if (offered === null) return refuse([{ code: 'relation-transfer-not-offered' }]);
    const notThere = atStage(data.transferId, record, 'requested');
    if (notThere.length > 0) return refuse(notThere);
    const refusals = [...afterItsLeader(record, state), ...holdingBack(state, facts, offered)];
    if (refusals.length > 0) return refuse(refusals);
    const interest = interestThrough(facts.decidedAt, state, facts.decidedAt, offered.policy);
    return accept(...interest, remitted(data, record, foresee(state, interest), { facts, offered }));
  });

/** What follows a transfer that came back stays here: the relation is here again. */
const afterItsLeader = ({ stage, followsTransferId }: RelationTransferRecord, { relationTransfers }: AccountState): AccountRefusal[] => {
  const leader = followsTransferId === null ? undefined : relationTransfers.get(followsTransferId);
  return followsTransferId !== null && leader !== undefined && stage === 'requested' ? notLeadingAway(followsTransferId, leader) : [];
};

const remitted = (
  { key, commandHash, transferId, batchReference }: RemitRelationTransfer['data'],
  { toPoolingArea }: RelationTransferRecord,
  state: AccountState,
  { facts: { decidedAt }, offered: { policy, terms } }: Readonly<{ facts: AccountFacts; offered: Offered }>,
): MedicalAccountEvent => {
  const draws = allOf(state, policy);
  const allFen = 0 - draws.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const owedFen = Math.min(allFen, 0 - state.receivableFen);
  const amountFen = medicalFen(allFen - owedFen);
  const { on, isProvisional } = workingDayAfter(businessDateOf(decidedAt), terms.creditDays, policy);
  return {
    type: 'RelationTransferRemitted.v1',
    decidedAt,
    data: {
      ...{ key, commandHash, transferId, toPoolingArea, batchReference, amountFen },
      legalBasis: terms.legalBasis,
      packId: policy.packId,
      confirmBy: on,
      isProvisional,
      legs: [...draws, ...legsOf(['receivable', owedFen], [inTransit(transferId), amountFen])],
    },
  };
};

/** Every sub-account with money, in the pack's draw order: what the holder owes comes off the first of these legs. */
const allOf = (state: AccountState, { drawOrder }: AccountPolicy): MedicalLeg[] =>
  drawOrder.flatMap((bucket) =>
    [...state.cards.keys(), CARDLESS].flatMap((cardId) => {
      const account = subAccount(cardId, bucket);
      return legsOf([account, 0 - bucketFen(state, account)]);
    }),
  );

const inTransitFen = (state: AccountState, account: InTransit) => state.inTransit.get(account) ?? medicalFen(0);
const differing = (transferId: string, toldFen: number, state: AccountState): AccountRefusal[] => {
  const sentFen = inTransitFen(state, inTransit(transferId));
  return sentFen === toldFen ? [] : [{ code: 'relation-transfer-amount-differs', transferId, sentFen, toldFen: medicalFen(toldFen) }];
};

/** The receiving side has it: the money is out of this area. Idempotency: by business number. Refusals: not in transit, another amount. */
export const confirmRelationTransfer = ({ data }: ConfirmRelationTransfer, state: AccountState, facts: AccountFacts): Outcome =>
  onTransfer('RelationTransferConfirmed.v1', data, { state, facts }, ({ record }) => {
    const notThere = atStage(data.transferId, record, 'remitted');
    if (notThere.length > 0) return refuse(notThere);
    const differs = differing(data.transferId, data.amountFen, state);
    if (differs.length > 0) return refuse(differs);
    const legs = legsOf([inTransit(data.transferId), 0 - data.amountFen], ['fund:transferOut', data.amountFen]);
    return accept({ type: 'RelationTransferConfirmed.v1', decidedAt: facts.decidedAt, data: { ...data, legs } });
  });

/**
 * The money came back, to the buckets that it left, wherever their cards' money stands by now; after a rollover to the prior year.
 * No freeze keeps it out: it is nobody's new money. Idempotency: by business number. Refusals: not in transit, another amount.
 */
export const returnRelationTransfer = ({ data }: ReturnRelationTransfer, state: AccountState, facts: AccountFacts): Outcome =>
  onTransfer('RelationTransferReturned.v1', data, { state, facts }, ({ record }) => {
    const notThere = atStage(data.transferId, record, 'remitted');
    if (notThere.length > 0) return refuse(notThere);
    const differs = differing(data.transferId, data.amountFen, state);
    if (differs.length > 0) return refuse(differs);
    const legs = [...legsOf([inTransit(data.transferId), 0 - data.amountFen]), ...comingHome(record, state)];
    const { decidedAt } = facts;
    const back: MedicalAccountEvent = { type: 'RelationTransferReturned.v1', decidedAt, data: { ...data, legs } };
    return accept(back, ...followersEnd(data.transferId, state, decidedAt));
  });

/** Where a card's money stands now; with the cardless, once the card itself is on another account (a merge undone). */
const homeNow = (state: AccountState, cardId: string): string => locationOf(state, state.cards.has(cardId) ? cardId : CARDLESS);

const comingHome = ({ remittance }: RelationTransferRecord, state: AccountState): MedicalLeg[] => {
  if (remittance === null) throw new Error('a return of what was never remitted');
  const rolledOver = remittance.at < state.rolledOverThrough;
  const home = new Map<SubAccount, number>();
  for (const [account, fen] of remittance.left) {
    const [, cardId = '', bucket] = account.split(':');
    const to = subAccount(homeNow(state, cardId), rolledOver || bucket === 'priorYear' ? 'priorYear' : 'currentYear');
    home.set(to, (home.get(to) ?? 0) + fen);
  }
  return legsOf(...home);
};

/**
 * Credits what came with a relation from elsewhere: once, for the application has matched money and file before. A relation that had gone
 * from here is here again; while its money is on its way this one waits. Units: fen. Idempotency: by the transfer's number.
 * Refusals: `no-personal-account`, `credit-frozen`, `relation-transfer-under-way`, amounts.
 * Source: 医保办发〔2021〕43号; into which bucket: the pack.
 */
export const takeInRelation = ({ data }: TakeInRelation, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'RelationTakenIn.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const offered = offeredBy(facts);
  if (offered === null) return refuse([{ code: 'relation-transfer-not-offered' }]);
  const cardId = creditedSubAccount(state, facts);
  const { key, commandHash, transferInId, fromPoolingArea, currentYearFen, priorYearFen } = data;
  const amountFen = medicalFen(currentYearFen + priorYearFen);
  const refusals: AccountRefusal[] = [];
  if (!state.holder.hasPersonalAccount) refusals.push({ code: 'no-personal-account' });
  refusals.push(...creditFreezes(cardId, state, facts));
  const gone = leavingOrGone(state);
  refusals.push(...waitingFor(gone));
  if (currentYearFen < 0 || priorYearFen < 0) refusals.push({ code: 'amount-not-positive', field: 'amount' });
  if (refusals.length > 0) return refuse(refusals);

  const offsetFen = Math.min(amountFen, 0 - state.receivableFen);
  const resumesTransferId = gone?.record.stage === 'confirmed' ? gone.transferId : null;
  const { policy, terms } = offered;
  const { decidedAt } = facts;
  const takenIn: MedicalAccountEvent = {
    type: 'RelationTakenIn.v1',
    decidedAt,
    data: {
      ...{ key, commandHash, transferInId, fromPoolingArea, amountFen, cardId, legalBasis: terms.legalBasis, packId: policy.packId },
      resumesTransferId,
      legs: [...legsOf(['fund:transferIn', 0 - amountFen], ['receivable', offsetFen]), ...arriving({ data, cardId, offsetFen }, terms)],
    },
  };
  return accept(takenIn, ...(resumesTransferId === null ? [] : followersEnd(resumesTransferId, state, decidedAt)));
};

/** Whether the relation is gone or comes back nobody knows yet: what arrives waits for that, and then resumes it or simply joins. */
const waitingFor = (found: FoundTransfer | undefined): AccountRefusal[] => {
  if (found?.record.stage !== 'remitted') return [];
  const { stage, requestedAt } = found.record;
  return [{ code: 'relation-transfer-under-way', transferId: found.transferId, stage, requestedAt }];
};

type Arriving = Readonly<{ data: TakeInRelation['data']; cardId: string; offsetFen: number }>;
/** Into one bucket, or as the file tells them; what was offset comes off the prior year's first. */
const arriving = ({ data, cardId, offsetFen }: Arriving, { creditsTo }: Offered['terms']): MedicalLeg[] => {
  const { currentYearFen, priorYearFen } = data;
  if (creditsTo !== 'asInFile') return legsOf([subAccount(cardId, creditsTo), currentYearFen + priorYearFen - offsetFen]);
  const priorOffsetFen = Math.min(offsetFen, priorYearFen);
  const fens = { currentYear: currentYearFen - (offsetFen - priorOffsetFen), priorYear: priorYearFen - priorOffsetFen };
  return BUCKETS.flatMap((bucket) => legsOf([subAccount(cardId, bucket), fens[bucket]]));
};
