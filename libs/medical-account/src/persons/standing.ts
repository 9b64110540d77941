import type { AccountFacts } from '../facts';
import type { AccountRefusal } from '../refusals';
import { leavingOrGone } from '../relation-state';
import { type AccountState, inForceAt } from '../state';
import type { FreezeCause } from '../vocabulary';
import type { MergeRecord } from './records';

export const mergedInto = ({ succession }: AccountState): string | null => succession.mergedInto?.accountId ?? null;

/** The account that has the money of a card whose settlement stands here: null, this one. */
export const heldElsewhere = ({ succession }: AccountState, cardId: string): string | null =>
  succession.mergedInto?.accountId ?? succession.departed.find(([id]) => id === cardId)?.[1] ?? null;

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

/** What keeps an account from being absorbed; asked before a merge is proposed, approved, and when it happens. */
export const absorbRefusals = (state: AccountState, facts: Pick<AccountFacts, 'decidedAt'>): AccountRefusal[] => {
  if (state.holder === null) return [{ code: 'account-not-found' }];
  const { accountId } = state.holder;
  const survivorAccountId = mergedInto(state);
  if (survivorAccountId !== null) return [{ code: 'account-merged', accountId, survivorAccountId }];
  const leaving = leavingOrGone(state);
  const relation: AccountRefusal[] =
    leaving === undefined && state.inTransit.size === 0
      ? []
      : [{ code: 'relation-under-way', accountId, transferId: leaving?.transferId ?? null }];
  return [...underWay(state), ...relation, ...frozen(state, facts)];
};
