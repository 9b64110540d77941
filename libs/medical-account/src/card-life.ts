import { madeInPlaceOf } from './card-terms';
import { onCard, otherwise, unless, without } from './cards';
import type { AccountFacts, CollectCard, DestroyCard, LiftFormalLoss, ReportFormalLoss, RetainCard, ReturnCard } from './commands';
import { sealedWith } from './enablement';
import type { MedicalAccountEvent } from './events';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import { type AccountState, cardStateNow, hasEnded } from './state';

/**
 * Bars a card for good and seals its balance until another card takes its place. Idempotency: by business number.
 * Refusals: a card that is out of use. Source: J5.
 */
export const reportFormalLoss = (command: ReportFormalLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'FormalLossReported.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { decidedAt } = facts;
    return unless(
      without(refusals, 'card-not-enabled', 'card-temporarily-lost', 'card-retained'),
      { type: 'FormalLossReported.v1', decidedAt, data: command.data },
      ...sealedWith(command.data.cardId, card, state, { cause: 'cardLost', decidedAt }),
    );
  });

/** A card found again, where the pack lets it be, before another was made in its place. Idempotency: by business number. */
export const liftFormalLoss = (command: LiftFormalLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'FormalLossLifted.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId } = command.data;
    const { decidedAt } = facts;
    if (cardStateNow(card) !== 'lost') return refuse(otherwise(refusals, { code: 'card-not-lost', cardId }));
    const byCardId = madeInPlaceOf(cardId, state);
    const found: AccountRefusal[] = byCardId === null ? [] : [{ code: 'card-reissued', cardId, byCardId }];
    if (policyAt(facts.policies, decidedAt).formalLoss.foundAgain === 'never') found.push({ code: 'formal-loss-final', cardId });
    const unsealed: MedicalAccountEvent = {
      type: 'SubAccountUnsealed.v1',
      decidedAt,
      data: { key: null, commandHash: null, cardId, cause: 'cardFound', reason: 'card found again' },
    };
    const lifted: MedicalAccountEvent = { type: 'FormalLossLifted.v1', decidedAt, data: command.data };
    return unless(found, lifted, ...(card.sealedByLoss ? [unsealed] : []));
  });

/** A machine has kept the card: barred until it is handed back. Idempotency: by business number. */
export const retainCard = (command: RetainCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardRetained.v1', data: command.data }, state, facts, ({ refusals }) =>
    unless(without(refusals, 'card-not-enabled', 'card-temporarily-lost'), {
      type: 'CardRetained.v1',
      decidedAt: facts.decidedAt,
      data: command.data,
    }),
  );

/** Handed back to its holder, in person. Idempotency: by business number. */
export const returnCard = (command: ReturnCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardReturned.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    if (cardStateNow(card) === 'retained') return accept({ type: 'CardReturned.v1', decidedAt: facts.decidedAt, data: command.data });
    return refuse(otherwise(refusals, { code: 'card-not-retained', cardId: command.data.cardId }));
  });

/** Takes back a card that is out of use or was handed in after a formal loss. Idempotency: by business number. Source: Q10. */
export const collectCard = (command: CollectCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardCollected.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const [now, { cardId }] = [cardStateNow(card), command.data];
    const found = refusals.filter(({ code }) => code === 'card-collected' || code === 'card-destroyed');
    if (found.length === 0 && now !== 'lost' && !hasEnded(card)) found.push({ code: 'card-not-out-of-use', cardId, state: now });
    return unless(found, { type: 'CardCollected.v1', decidedAt: facts.decidedAt, data: command.data });
  });

/** Idempotency: by business number. Refusals: a card that was not collected. Source: Q10. */
export const destroyCard = (command: DestroyCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardDestroyed.v1', data: command.data }, state, facts, ({ card }) => {
    const [now, { cardId }] = [cardStateNow(card), command.data];
    if (now === 'destroyed') return refuse([{ code: 'card-destroyed', cardId }]);
    if (now !== 'collected') return refuse([{ code: 'card-not-collected', cardId, state: now }]);
    return accept({ type: 'CardDestroyed.v1', decidedAt: facts.decidedAt, data: command.data });
  });
