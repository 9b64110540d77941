import { onCard, unless, without } from './cards';
import type { AccountFacts, ReportFinancialArea } from './commands';
import { enabled, newerInUse } from './enablement';
import type { MedicalAccountEvent } from './events';
import { foresee } from './evolve';
import { policyAt } from './policy-at';
import { type Outcome, refuse } from './refusals';
import { type AccountState, cardStateNow } from './state';

/**
 * The bank's word on the financial area; where the pack says so, activation enables the social security area with it.
 * Idempotency: by business number. Refusals: not kept here, no change, a card out of use, one that would be enabled before a newer one in use.
 * Source: S4, J2.
 */
export const reportFinancialArea = (command: ReportFinancialArea, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'FinancialAreaReported.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId, active } = command.data;
    const { decidedAt } = facts;
    const policy = policyAt(facts.policies, decidedAt);
    const { financialArea, cardKinds } = policy;
    if (financialArea === null) return refuse([{ code: 'financial-area-not-kept' }]);
    const found = active ? without(refusals, 'card-not-enabled', 'card-temporarily-lost', 'card-retained') : [];
    if (card.financialAreaActive === active) found.push({ code: 'financial-area-as-reported', cardId, active });
    const reported: MedicalAccountEvent = { type: 'FinancialAreaReported.v1', decidedAt, data: command.data };
    const opens = active && financialArea.opensSocialSecurityArea && cardStateNow(card) === 'registered';
    if (!opens || cardKinds[card.kind]?.generation !== 'new') return unless(found, reported);
    found.push(...newerInUse(cardId, state, policy));
    const keyed = { key: null, commandHash: null } as const;
    const enabling = { cardId, channel: 'bankOutlet', financialAreaActivated: false, proxy: null, keyed } as const;
    return unless(found, reported, ...enabled(enabling, foresee(state, [reported]), facts));
  });
