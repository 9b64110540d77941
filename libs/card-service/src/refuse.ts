import { byPrecedence, type Decision, nonEmpty } from '#libs/kernel';
import { CARD_SERVICE_REFUSALS } from './refusal-catalogue';
import type { CardServiceRefusal } from './refusals';

export const refuse = (refusals: readonly CardServiceRefusal[]): Decision<never, CardServiceRefusal> => ({
  kind: 'refused',
  refusals: nonEmpty(byPrecedence(CARD_SERVICE_REFUSALS, refusals)),
});
