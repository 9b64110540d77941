import { businessDateOf, DAY_MS, daysBetween, type Instant, laterOf, plusMs, workingCalendarOf, workingDaysAfter } from '#libs/kernel';
import type { AccountPolicy } from './commands';
import type { CardRecord } from './events';
import { policyAt } from './policy-at';
import { hasEnded } from './state';

/** When a temporary loss of the social security area ends by itself; null: the card is not lost, or nobody can tell (yet). */
export const lapseOf = ({ timeline }: CardRecord, policies: readonly AccountPolicy[]): Instant | null => {
  const last = timeline.at(-1);
  return last?.state === 'temporarilyLost' ? lapseAfter(last.from, policies) : null;
};

/** The same for the financial area, which goes its own way; that of a card out of use comes back no more. */
export const financialLapseOf = (card: CardRecord, policies: readonly AccountPolicy[]): Instant | null =>
  card.financialAreaLostFrom === null || hasEnded(card) ? null : lapseAfter(card.financialAreaLostFrom, policies);

/** By the pack in force when it was reported: so many days later, at the same time of the day; null: never by itself. Source: J4. */
const lapseAfter = (from: Instant, policies: readonly AccountPolicy[]): Instant | null => {
  const pack = policyAt(policies, from);
  const { temporaryLossDays: days, temporaryLossUnit } = pack;
  if (days === null) return null;
  if (temporaryLossUnit === 'calendarDays') return plusMs(from, days * DAY_MS);
  return workingDaysLater(from, days, [pack, ...policies.filter((later) => later !== pack && later.effectiveFrom > from)]);
};

/**
 * Counted by the calendar of the pack, which is part of it. Where that ends before the term does, the loss stands (whoever lost a card is not
 * kept waiting for a calendar, and a guess would free a lost card too early) until a later pack tells the year; not before that pack begins.
 */
const workingDaysLater = (from: Instant, days: number, packs: readonly AccountPolicy[]): Instant | null => {
  const day = businessDateOf(from);
  for (const [n, { holidays, effectiveFrom }] of packs.entries()) {
    const { on, isProvisional } = workingDaysAfter(day, days, workingCalendarOf(holidays));
    if (isProvisional) continue;
    const at = plusMs(from, daysBetween(day, on) * DAY_MS);
    return n === 0 ? at : laterOf(at, effectiveFrom);
  }
  return null;
};
