import type { AccountFacts } from '../facts';
import type { AccountRefusal } from '../refusals';
import { leavingOrGone } from '../relation-state';
import { type AccountState, inForceAt, locationOf } from '../state';
import { CARDLESS, type FreezeCause } from '../vocabulary';
import type { MergeRecord } from './records';

export const mergedInto = ({ succession }: AccountState): string | null => succession.mergedInto?.accountId ?? null;

/**
 * The account to which the money of a card goes on whose settlement stands here: null, none. A card that went back with an undone merge is
 * followed first: whose it is does not change when this account is merged itself.
 */
export const heldElsewhere = ({ succession }: AccountState, cardId: string): string | null =>
  succession.departed.find(([id]) => id === cardId)?.[1] ?? succession.mergedInto?.accountId ?? null;

export const mergeOf = ({ succession }: AccountState, caseId: string): MergeRecord | undefined =>
  succession.merges.find(([id]) => id === caseId)?.[1];

/** Approved, and its money has not arrived. */
export const mergesUnderWay = ({ succession }: AccountState): readonly string[] =>
  succession.merges.flatMap(([caseId, { mergedAt }]) => (mergedAt === null ? [caseId] : []));

/** Ordered by a court or as a sanction: what is under them does not move. What other causes freeze moves with its freeze. */
const BARRING: ReadonlySet<FreezeCause> = new Set<FreezeCause>(['judicialFreeze', 'settlementSuspension', 'precautionarySuspension']);

/** Freezes that bar; `among`: those of them that matter. */
export const frozen = (
  { holder, freezes }: AccountState,
  { decidedAt }: Pick<AccountFacts, 'decidedAt'>,
  cardIds?: ReadonlySet<string>,
): AccountRefusal[] => {
  const accountId = holder?.accountId ?? '';
  return [...freezes].flatMap(([freezeId, freeze]) => {
    const { scope, cause, until } = freeze;
    const concerns = cardIds === undefined || !('cardId' in scope) || cardIds.has(scope.cardId);
    const bars = BARRING.has(cause) || (cardIds !== undefined && 'cardId' in scope && cardIds.has(scope.cardId));
    return concerns && bars && inForceAt(freeze, decidedAt) ? [{ code: 'account-frozen', accountId, freezeId, cause, until } as const] : [];
  });
};

/** Money on its way to or from this account. */
export const underWay = (state: AccountState): AccountRefusal[] => {
  const accountId = state.holder?.accountId ?? '';
  return [...mergesUnderWay(state), ...state.succession.handOvers.map(([id]) => id)].map((caseId) => ({
    code: 'merge-under-way',
    accountId,
    caseId,
  }));
};

/** Where the money of a card stands; of one that is not on this account any more, where cardless money stands. */
export const locationOrHome = (state: AccountState, cardId: string): string =>
  locationOf(state, state.cards.has(cardId) ? cardId : CARDLESS);

/** An insurance relation that is leaving or has left: until that has ended, no money of another account comes or goes. */
export const relationUnderWay = (state: AccountState): AccountRefusal[] => {
  const leaving = leavingOrGone(state);
  const transferId = leaving?.transferId ?? null;
  const isUnderWay = leaving !== undefined || state.inTransit.size > 0;
  return isUnderWay ? [{ code: 'relation-under-way', accountId: state.holder?.accountId ?? '', transferId }] : [];
};

/** What keeps an account from being absorbed; asked before a merge is proposed, approved, and when it happens. */
export const absorbRefusals = (state: AccountState, facts: Pick<AccountFacts, 'decidedAt'>): AccountRefusal[] => {
  if (state.holder === null) return [{ code: 'account-not-found' }];
  const { accountId } = state.holder;
  const survivorAccountId = mergedInto(state);
  if (survivorAccountId !== null) return [{ code: 'account-merged', accountId, survivorAccountId }];
  return [...underWay(state), ...relationUnderWay(state), ...frozen(state, facts)];
};
