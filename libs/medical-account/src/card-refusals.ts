import type { Instant } from '#libs/kernel';
import type { AccountPolicy } from './commands';
import type { CardRecord, CardState } from './events';
import { lapseOf } from './lapse';
import type { AccountRefusal } from './refusals';

/** Whether its PIN was locked at an instant. */
export const isLockedAt = ({ pin }: CardRecord, instant: Instant): boolean =>
  pin?.locks.some(({ from, until }) => from <= instant && (until === null || instant < until)) === true;

/** Of these states the name of the refusal says all there is to say. */
const BARRED = {
  registered: 'card-not-enabled',
  retained: 'card-retained',
  lost: 'card-lost',
  stopped: 'card-stopped',
  expired: 'card-expired',
  collected: 'card-collected',
  destroyed: 'card-destroyed',
} as const;

/** Why a card cannot be used: unknown, not enabled yet, lost, kept by a machine, or out of use. Nothing for a card in use. */
export const unusable = (
  cardId: string,
  card: CardRecord,
  state: CardState | undefined,
  policies: readonly AccountPolicy[],
): AccountRefusal[] => {
  if (state === 'inUse') return [];
  if (state === undefined) return [{ code: 'card-unknown' }];
  if (state === 'temporarilyLost') return [{ code: 'card-temporarily-lost', cardId, lapsesAt: lapseOf(card, policies) }];
  if (state === 'cancelled') return [{ code: 'card-cancelled', cardId, replaced: card.successorCardId !== null || card.deferred !== null }];
  return [{ code: BARRED[state], cardId }];
};
