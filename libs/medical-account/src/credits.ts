import type { AccountFacts, CorrectAccount, CreditAccount, OpenAccount } from './commands';
import { CARDLESS, type MedicalLeg, medicalFen, subAccount } from './events';
import { earlierAnswer } from './keys';
import { legsOf } from './ledger';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import { type AccountState, bucketFen, homeOf, inForceAt, locationOf } from './state';

/** Opens a person's account in a pooling area. Idempotency: by business number. Refusals: `account-exists`. */
export const openAccount = ({ data }: OpenAccount, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'AccountOpened.v1', facts);
  if (earlier) return earlier;
  if (state.holder !== null) return refuse([{ code: 'account-exists', openedAt: state.holder.openedAt }]);
  const { packId, insuranceTypes } = policyAt(facts.policies, facts.decidedAt);
  const hasPersonalAccount = insuranceTypes[data.insuranceType].personalAccount;
  return accept({ type: 'AccountOpened.v1', decidedAt: facts.decidedAt, data: { ...data, hasPersonalAccount, packId } });
};

/**
 * Credits an account: what the holder owes first, then the card in use, else the cardless sub-account.
 * Units: fen. Idempotency: by source and reference. Refusals: `no-personal-account`, `credit-frozen`, `legal-basis-missing`, amounts.
 */
export const creditAccount = ({ data }: CreditAccount, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'AccountCredited.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const cardId = creditedSubAccount(state, facts);
  const refusals: AccountRefusal[] = [];
  if (!state.holder.hasPersonalAccount) refusals.push({ code: 'no-personal-account' });
  refusals.push(...creditFreezes(cardId, state, facts));
  if (data.amountFen <= 0) refusals.push({ code: 'amount-not-positive', field: 'amount' });
  if (data.source === 'correction' && isBlank(data.legalBasis)) refusals.push({ code: 'legal-basis-missing' });
  if (refusals.length > 0) return refuse(refusals);

  const offsetFen = Math.min(data.amountFen, 0 - state.receivableFen);
  const { amountFen, bucket, ...origin } = data;
  const legs = legsOf(
    [`fund:${data.source}`, 0 - amountFen],
    ['receivable', offsetFen],
    [subAccount(cardId, bucket), amountFen - offsetFen],
  );
  return accept({ type: 'AccountCredited.v1', decidedAt: facts.decidedAt, data: { ...origin, cardId, legs } });
};

const isBlank = (text: string | null): boolean => text === null || text.trim() === '';

/** A sealed sub-account is credited only where the pack says so, and only while no card is in use. */
export const creditedSubAccount = (state: AccountState, { policies, decidedAt }: AccountFacts): string => {
  const home = homeOf(state);
  if (home !== CARDLESS || !policyAt(policies, decidedAt).sealedTakesCredits) return home;
  let latest: readonly [cardId: string, revision: number] = [CARDLESS, -1];
  for (const [cardId, { sealed, registeredAtRevision }] of state.cards)
    if (sealed && registeredAtRevision > latest[1]) latest = [cardId, registeredAtRevision];
  return latest[0];
};

export const creditFreezes = (cardId: string, state: AccountState, { policies, decidedAt }: AccountFacts): AccountRefusal[] => {
  const { freezeCauses } = policyAt(policies, decidedAt);
  return [...state.freezes.values()].flatMap((freeze) => {
    const { scope, cause, until } = freeze;
    const covers = scope.kind === 'person' || (scope.kind === 'subAccount' && locationOf(state, scope.cardId) === cardId);
    return covers && freezeCauses[cause].blocksCredit && inForceAt(freeze, decidedAt)
      ? [{ code: 'credit-frozen', cause, until } as const]
      : [];
  });
};

/**
 * Takes back what was credited by mistake: from the card in use, then the cardless sub-account; what they cannot bear the holder owes.
 * Units: fen. Idempotency: by business number. Refusals: `no-personal-account`, `legal-basis-missing`, amounts.
 */
export const correctAccount = ({ data }: CorrectAccount, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'AccountCorrected.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const refusals: AccountRefusal[] = [];
  if (!state.holder.hasPersonalAccount) refusals.push({ code: 'no-personal-account' });
  if (data.amountFen <= 0) refusals.push({ code: 'amount-not-positive', field: 'amount' });
  if (isBlank(data.legalBasis)) refusals.push({ code: 'legal-basis-missing' });
  if (refusals.length > 0) return refuse(refusals);

  const cardId = homeOf(state);
  const { drawOrder } = policyAt(facts.policies, facts.decidedAt);
  let restFen: number = data.amountFen;
  const draws: MedicalLeg[] = [...new Set([cardId, CARDLESS])].flatMap((from) =>
    drawOrder.flatMap((bucket) => {
      const account = subAccount(from, bucket);
      const takenFen = Math.min(restFen, bucketFen(state, account));
      restFen -= takenFen;
      return legsOf([account, -takenFen]);
    }),
  );
  const legs = [...draws, ...legsOf(['receivable', -restFen], ['fund:correction', data.amountFen])];
  const receivableFen = medicalFen(restFen);
  return accept({ type: 'AccountCorrected.v1', decidedAt: facts.decidedAt, data: { ...data, receivableFen, cardId, legs } });
};
