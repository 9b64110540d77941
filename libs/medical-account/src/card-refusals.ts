import { DAY_MS, type Instant, instantOf, msOf } from '#libs/kernel';
import type { AccountPolicy } from './commands';
import type { CardRecord, CardState } from './events';
import { policyAt } from './policy-at';
import type { AccountRefusal } from './refusals';

/** When a temporary loss ends by itself, by the pack in force when it was reported; null: never, or the card is not lost. */
export const lapseOf = (card: CardRecord, policies: readonly AccountPolicy[]): Instant | null => {
  const last = card.timeline.at(-1);
  if (last?.state !== 'temporarilyLost') return null;
  const days = policyAt(policies, last.from).temporaryLossDays;
  return days === null ? null : instantOf(msOf(last.from) + days * DAY_MS);
};

/** Why a card cannot be used: unknown, not enabled yet, lost, stopped or cancelled. Nothing for a card in use. */
export const unusable = (
  cardId: string,
  card: CardRecord,
  state: CardState | undefined,
  policies: readonly AccountPolicy[],
): AccountRefusal[] => {
  switch (state) {
    case undefined:
      return [{ code: 'card-unknown' }];
    case 'registered':
      return [{ code: 'card-not-enabled', cardId }];
    case 'temporarilyLost':
      return [{ code: 'card-temporarily-lost', cardId, lapsesAt: lapseOf(card, policies) }];
    case 'stopped':
      return [{ code: 'card-stopped', cardId }];
    case 'cancelled':
      return [{ code: 'card-cancelled', cardId, replaced: card.successorCardId !== null }];
    case 'inUse':
      return [];
  }
};
