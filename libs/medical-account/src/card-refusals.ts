import {
  businessDateOf,
  DAY_MS,
  daysBetween,
  type Instant,
  plusMs,
  STATE_COUNCIL_CALENDAR,
  workingCalendarOf,
  workingDaysAfter,
} from '#libs/kernel';
import type { AccountPolicy } from './commands';
import type { CardRecord, CardState } from './events';
import { policyAt } from './policy-at';
import type { AccountRefusal } from './refusals';

/** When a temporary loss ends by itself, by the pack in force when it was reported; null: never, or the card is not lost. */
export const lapseOf = (card: CardRecord, policies: readonly AccountPolicy[]): Instant | null => {
  const last = card.timeline.at(-1);
  if (last?.state !== 'temporarilyLost') return null;
  const { temporaryLossDays: days, temporaryLossUnit, holidays } = policyAt(policies, last.from);
  if (days === null) return null;
  return plusMs(last.from, (temporaryLossUnit === 'calendarDays' ? days : calendarDays(last.from, days, holidays)) * DAY_MS);
};

/** How many days of the calendar so many working days are: the loss ends at the same time of the day. */
const calendarDays = (from: Instant, days: number, holidays: AccountPolicy['holidays']): number => {
  const day = businessDateOf(from);
  return daysBetween(day, workingDaysAfter(day, days, workingCalendarOf([...STATE_COUNCIL_CALENDAR, ...holidays])).on);
};

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
