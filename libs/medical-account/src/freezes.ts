import type { AccountFacts, LiftFreeze, PlaceFreeze } from './commands';
import { earlierAnswer } from './keys';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import type { AccountState } from './state';

/**
 * Places a freeze on the person, a card, a sub-account or an amount; what its cause blocks is the pack's word.
 * Units: fen. Idempotency: by business number. Refusals: unknown card, dates, amount. Source: 国务院令第735号 art. 30, 41.
 */
export const placeFreeze = ({ data }: PlaceFreeze, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'FreezePlaced.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const { scope, until, freezeId } = data;
  const from = data.from ?? facts.decidedAt;
  const refusals: AccountRefusal[] = [];
  if (state.freezes.has(freezeId)) refusals.push({ code: 'freeze-exists', freezeId });
  if ('cardId' in scope && !state.cards.has(scope.cardId)) refusals.push({ code: 'card-not-on-account', cardId: scope.cardId });
  if (until !== null && until <= from) refusals.push({ code: 'freeze-ends-before-it-begins', from, until });
  if (scope.kind === 'amount' && scope.amountFen <= 0) refusals.push({ code: 'amount-not-positive', field: 'scope.amount' });
  if (refusals.length > 0) return refuse(refusals);
  return accept({ type: 'FreezePlaced.v1', decidedAt: facts.decidedAt, data: { ...data, from } });
};

/** Lifts a freeze that has not ended. Idempotency: by business number. Refusals: `freeze-not-found`, `freeze-ended`. */
export const liftFreeze = ({ data }: LiftFreeze, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'FreezeLifted.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const { freezeId } = data;
  const freeze = state.freezes.get(freezeId);
  if (freeze === undefined) return refuse([{ code: 'freeze-not-found', freezeId }]);
  if (freeze.endedAt !== null) return refuse([{ code: 'freeze-ended', freezeId, endedAt: freeze.endedAt }]);
  return accept({ type: 'FreezeLifted.v1', decidedAt: facts.decidedAt, data });
};
