import { onCard, otherwise, unless, without } from './cards';
import type { AccountFacts, LiftFinancialAreaLoss, LiftTemporaryLoss, ReportFinancialAreaLoss, ReportTemporaryLoss } from './commands';
import { financialLapseOf } from './lapse';
import { policyAt } from './policy-at';
import { accept, type Outcome, refuse } from './refusals';
import { type AccountState, cardStateNow } from './state';

/**
 * Bars a card, in use or handed over and not enabled yet, until the loss is lifted or its days are over. Idempotency: by business number.
 * Source: J4.
 */
export const reportTemporaryLoss = (command: ReportTemporaryLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'TemporaryLossReported.v1', data: command.data }, state, facts, ({ refusals }) =>
    unless(without(refusals, 'card-not-enabled'), {
      type: 'TemporaryLossReported.v1',
      decidedAt: facts.decidedAt,
      data: command.data,
    }),
  );

export const liftTemporaryLoss = (command: LiftTemporaryLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'TemporaryLossLifted.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    if (cardStateNow(card) === 'temporarilyLost')
      return accept({ type: 'TemporaryLossLifted.v1', decidedAt: facts.decidedAt, data: command.data });
    return refuse(otherwise(refusals, { code: 'card-not-lost', cardId: command.data.cardId }));
  });

/**
 * Of the financial area alone, by telephone: swipes from the medical account go on. Which states the social security area is in is no matter,
 * as long as the card is not out of use. Idempotency: by business number. Refusals: not kept here, not active, lost already. Source: J4.
 */
export const reportFinancialAreaLoss = (command: ReportFinancialAreaLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'FinancialAreaLossReported.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId } = command.data;
    const { decidedAt, policies } = facts;
    if (policyAt(policies, decidedAt).financialArea === null) return refuse([{ code: 'financial-area-not-kept' }]);
    const found = without(refusals, 'card-not-enabled', 'card-temporarily-lost', 'card-retained');
    if (!card.financialAreaActive) found.push({ code: 'financial-area-not-active', cardId });
    if (card.financialAreaLostFrom !== null)
      found.push({ code: 'financial-area-lost', cardId, lapsesAt: financialLapseOf(card, policies) });
    return unless(found, { type: 'FinancialAreaLossReported.v1', decidedAt, data: command.data });
  });

/** In person, before its days are over. Idempotency: by business number. Refusals: `financial-area-not-lost`. Source: J4. */
export const liftFinancialAreaLoss = (command: LiftFinancialAreaLoss, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'FinancialAreaLossLifted.v1', data: command.data }, state, facts, ({ card }) => {
    if (card.financialAreaLostFrom === null) return refuse([{ code: 'financial-area-not-lost', cardId: command.data.cardId }]);
    return accept({ type: 'FinancialAreaLossLifted.v1', decidedAt: facts.decidedAt, data: command.data });
  });
