import { businessDateOf, daysBetween, type Recorded } from '#libs/kernel';
import type { AbsorbAccount, AccountFacts, ConfirmHandOver, ReceiveHandOver } from '../commands';
import type {
  AccountAbsorbed,
  MedicalAccountEvent,
  MergeUndone,
  RefundReceived,
  SettlementCancelled,
  SettlementReversed,
  SwipeSettled,
} from '../events';
import { earlierAnswer, standingUnder } from '../keys';
import { legsOf, productThrough } from '../ledger';
import { type AccountRefusal, accept, type Outcome, refuse } from '../refusals';
import { type AccountState, bucketFen, hasEnded, homeOf, locationOf } from '../state';
import { BUCKETS, CARDLESS, type MedicalLeg, type SubAccount, subAccount } from '../vocabulary';
import { handOverParts, inTransitOf, owedIn, owedInTransit, type Part, summed } from './hand-over';
import { absorbRefusals, heldElsewhere, mergeOf } from './standing';

/**
 * Gives all that an account has to the survivor of its merge: money into transit, cards and freezes with it; what its holder owes, too.
 * Units: fen. Idempotency: by the command's key, which names the merge. Refusals: `account-merged`, `merge-under-way`, `account-frozen`.
 */
export const absorbAccount = ({ data }: AbsorbAccount, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'AccountAbsorbed.v1', facts);
  if (earlier) return earlier;
  const refusals = absorbRefusals(state, facts);
  if (state.holder?.accountId === data.survivorAccountId) refusals.push({ code: 'merge-with-itself' });
  if (refusals.length > 0) return refuse(refusals);
  const day = businessDateOf(facts.decidedAt);
  const everywhere = [...byId(state.cards).map(([cardId]) => cardId), CARDLESS].flatMap((cardId) =>
    BUCKETS.map((bucket) => ({ cardId, bucket })),
  );
  const legs = everywhere.flatMap(({ cardId, bucket }) => {
    const amountFen = bucketFen(state, subAccount(cardId, bucket));
    return legsOf([subAccount(cardId, bucket), 0 - amountFen], [inTransitOf(data.key, cardId, bucket), amountFen]);
  });
  return accept(...casesEnded(state, facts), {
    type: 'AccountAbsorbed.v1',
    decidedAt: facts.decidedAt,
    data: {
      ...data,
      cards: byId(state.cards),
      freezes: byId(state.freezes),
      fenDays: everywhere.flatMap(({ cardId, bucket }) => {
        const fenDays = productThrough(state, subAccount(cardId, bucket), day);
        return fenDays === 0 ? [] : [[subAccount(cardId, bucket), fenDays] as const];
      }),
      legs: [...legs, ...legsOf(['receivable', 0 - state.receivableFen], [owedInTransit(data.key), state.receivableFen])],
    },
  });
};

/** What waits for a second operator was proposed of an account that stood on its own: it ends with that, and does not come back with it. */
const casesEnded = ({ succession }: AccountState, { decidedAt }: AccountFacts): MedicalAccountEvent[] =>
  succession.cases.map(([caseId]) => ({
    type: 'PersonCaseWithdrawn.v1',
    decidedAt,
    data: { key: null, commandHash: null, caseId, reason: 'account-merged' },
  }));

/** In one order, however the state was folded. */
const byId = <V>(map: ReadonlyMap<string, V>): (readonly [string, V])[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

type Refund = Recorded<SettlementCancelled | SettlementReversed | RefundReceived>;
type Sent = Recorded<AccountAbsorbed | MergeUndone> | Refund;
const SENDING: ReadonlySet<string> = new Set([
  'AccountAbsorbed.v1',
  'MergeUndone.v1',
  'SettlementCancelled.v1',
  'SettlementReversed.v1',
  'RefundReceived.v1',
]);
const RECEIVED = ['AccountMerged.v1', 'AccountRestored.v1', 'RefundReceived.v1'] as const;

/**
 * Takes what another account has sent: never refused where it belongs, so that nothing stays in transit.
 * Units: fen. Idempotency: by the command's key, which names the hand-over. Refusals: `hand-over-not-found`, `account-merged`.
 */
export const receiveHandOver = ({ data }: ReceiveHandOver, state: AccountState, facts: AccountFacts): Outcome => {
  for (const act of RECEIVED) {
    const earlier = earlierAnswer(data, act, facts);
    if (earlier?.kind === 'replayed') return earlier;
  }
  const notFound: AccountRefusal = { code: 'hand-over-not-found', handOverId: data.handOverId };
  const sent = standingUnder(data.handOverId, facts)?.original;
  if (state.holder === null || sent === undefined || !SENDING.has(sent.type)) return refuse([notFound]);
  const received = receipt(data, sent as Sent, state, facts);
  return received === null ? refuse([notFound]) : accept(received);
};

const receipt = (data: ReceiveHandOver['data'], sent: Sent, state: AccountState, facts: AccountFacts): MedicalAccountEvent | null => {
  const { decidedAt } = facts;
  const fromAccountId = sent.stream.slice(sent.stream.indexOf('-') + 1);
  if (sent.type === 'AccountAbsorbed.v1') {
    const { caseId } = sent.data;
    if (mergeOf(state, caseId)?.mergedAt !== null) return null;
    const affectedCardIds = sent.data.cards.flatMap(([cardId, card]) => (hasEnded(card) ? [] : [cardId]));
    const own = { ...data, caseId, absorbedAccountId: fromAccountId, owedFen: owedIn(sent.data.legs), affectedCardIds };
    return { type: 'AccountMerged.v1', decidedAt, data: { ...own, ...taken(sent, state, facts) } };
  }
  if (sent.type === 'MergeUndone.v1') {
    const { caseId, rolledOverThrough, mergeId } = sent.data;
    if (state.succession.mergedInto?.caseId !== mergeId) return null;
    const own = { ...data, caseId, fromAccountId, rolledOverThrough };
    return { type: 'AccountRestored.v1', decidedAt, data: { ...own, ...taken(sent, state, facts) } };
  }
  const parts = handOverParts(sent.data.legs).filter(({ amountFen }) => amountFen > 0); // Of one that was passed on: what left.
  const settled = settlementBehind(sent, facts);
  const isRolledOver = settled !== undefined && settled.decidedAt < state.rolledOverThrough;
  const legs = parts.flatMap((part) =>
    heldElsewhere(state, part.cardId) === null
      ? arrived(data.handOverId, part, { state, isRolledOver })
      : passedOn(data.handOverId, part, data.key),
  );
  return { type: 'RefundReceived.v1', decidedAt, data: { ...data, fromAccountId, legs: summed(legs) } };
};

/** The settlement that a refund is paid back to, however many accounts it has come by. */
const settlementBehind = (sent: Refund, facts: AccountFacts): Recorded<SwipeSettled> | undefined => {
  const key = sent.type === 'RefundReceived.v1' ? sent.data.handOverId : sent.data.settlementKey;
  const behind = standingUnder(key, facts)?.original;
  if (behind?.type === 'SwipeSettled.v1') return behind;
  const isRefund = behind?.type === 'SettlementCancelled.v1' || behind?.type === 'SettlementReversed.v1';
  return isRefund || behind?.type === 'RefundReceived.v1' ? settlementBehind(behind, facts) : undefined;
};

const passedOn = (handOverId: string, { cardId, bucket, amountFen }: Part, underKey: string): MedicalLeg[] =>
  legsOf([inTransitOf(handOverId, cardId, bucket), 0 - amountFen], [inTransitOf(underKey, cardId, bucket), amountFen]);

type Where = Readonly<{ state: AccountState; isRolledOver: boolean }>;

/** Where money of a card stands here; of a card that is not here, where cardless money stands. */
const placeOf = (cardId: string, bucket: Part['bucket'], { state, isRolledOver }: Where): SubAccount =>
  subAccount(state.cards.has(cardId) ? locationOf(state, cardId) : homeOf(state), isRolledOver ? 'priorYear' : bucket);

const arrived = (handOverId: string, { cardId, bucket, amountFen }: Part, where: Where): MedicalLeg[] =>
  legsOf([inTransitOf(handOverId, cardId, bucket), 0 - amountFen], [placeOf(cardId, bucket, where), amountFen]);

/** Cards, freezes and money as they were sent; a year that has ended on the way has made its money the prior year's. */
const taken = ({ data, decidedAt: sentAt }: Recorded<AccountAbsorbed | MergeUndone>, before: AccountState, { decidedAt }: AccountFacts) => {
  const state = { ...before, cards: new Map([...before.cards, ...data.cards]) };
  const where = { state, isRolledOver: sentAt < before.rolledOverThrough };
  const parts = handOverParts(data.legs);
  const daysUnderWay = Math.max(0, daysBetween(businessDateOf(sentAt), businessDateOf(decidedAt)));
  const fenDays = new Map<SubAccount, number>();
  const earn = (account: SubAccount, more: number) => more > 0 && fenDays.set(account, (fenDays.get(account) ?? 0) + more);
  for (const [account, days] of data.fenDays) {
    const [, cardId = '', bucket] = account.split(':');
    earn(placeOf(cardId, bucket === 'priorYear' ? 'priorYear' : 'currentYear', where), days);
  }
  for (const { cardId, bucket, amountFen } of parts) earn(placeOf(cardId, bucket, where), amountFen * daysUnderWay);
  const owedFen = owedIn(data.legs);
  const owed = legsOf([owedInTransit(data.key), 0 - owedFen], ['receivable', owedFen]);
  return {
    cards: data.cards,
    freezes: data.freezes.filter(([freezeId]) => !before.freezes.has(freezeId)),
    fenDays: [...fenDays],
    legs: [...summed(parts.flatMap((part) => arrived(data.key, part, where))), ...owed],
  };
};

/** The other account has it: what was in transit is not asked about again. Idempotency: by the command's key. */
export const confirmHandOver = ({ data }: ConfirmHandOver, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'HandOverDelivered.v1', facts);
  if (earlier) return earlier;
  const { handOverId } = data;
  if (!state.succession.handOvers.some(([id]) => id === handOverId)) return refuse([{ code: 'hand-over-not-found', handOverId }]);
  return accept({ type: 'HandOverDelivered.v1', decidedAt: facts.decidedAt, data });
};
