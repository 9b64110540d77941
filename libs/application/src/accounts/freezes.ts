import { randomUUID } from 'node:crypto';
import type { Accounts } from '../engine';
import type { AccountActs } from './account-acts';

/** Freezes and their lifting; who acted stands in the event. Idempotency: by the organisation's reference. */
export const freezeActs = (acts: AccountActs): Pick<Accounts, 'placeFreeze' | 'liftFreeze'> => ({
  placeFreeze: (accountId, { reference, scope, cause, legalDocument, from, until }, tracing) => {
    const own = acts.keyed(tracing, reference, 'PlaceFreeze', accountId, JSON.stringify(scope), cause, legalDocument, from, until);
    const freezeId = randomUUID();
    const placedBy = tracing.actor.organisation;
    const data = { ...own, freezeId, scope, cause, legalDocument, from, until, placedBy };
    return acts.run({ accountId, command: { type: 'PlaceFreeze', data }, tracing, id: freezeId });
  },
  liftFreeze: (accountId, freezeId, { reference, reason }, tracing) => {
    const own = acts.keyed(tracing, reference, 'LiftFreeze', accountId, freezeId, reason);
    const data = { ...own, freezeId, reason, liftedBy: tracing.actor.organisation };
    return acts.run({ accountId, command: { type: 'LiftFreeze', data }, tracing, id: freezeId });
  },
});
