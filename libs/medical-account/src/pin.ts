import { businessDateOf } from '#libs/kernel';
import { isLockedAt } from './card-refusals';
import { onCard, unless } from './cards';
import type { AccountFacts, AccountPolicy, ReportPinVerdict, UnlockPin } from './commands';
import type { CardRecord, MedicalAccountEvent, PinVerdictReported } from './events';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import type { AccountState } from './state';

/** How many wrong verdicts count with this one, by the pack. */
const wrongWith = ({ pin }: CardRecord, counting: NonNullable<AccountPolicy['pin']>['counting'], decidedAt: string): number => {
  if (pin === null) return 1;
  if (counting === 'consecutive') return pin.wrongInRow + 1;
  return pin.wrongOnDay?.day === businessDateOf(decidedAt) ? pin.wrongOnDay.count + 1 : 1;
};

/** The same verdict of a terminal or security module, counted under another number; found by its claim, so that no state remembers it. */
const countedBefore = ({ data }: ReportPinVerdict, { postings }: AccountFacts): PinVerdictReported | null => {
  for (const { original } of postings) {
    if (original.type !== 'PinVerdictReported.v1') continue;
    if (original.data.cardId === data.cardId && original.data.reference === data.reference) return original;
  }
  return null;
};

/**
 * Counts the verdict of a terminal or security module; the last wrong one that the pack allows locks the card. No PIN ever comes here.
 * Idempotency: by business number. Refusals: counted already under another number, not counted here, locked, a card that cannot be used.
 */
export const reportPinVerdict = (command: ReportPinVerdict, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'PinVerdictReported.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId, verdict } = command.data;
    const { decidedAt } = facts;
    const before = countedBefore(command, facts);
    if (before !== null) return refuse([{ code: 'verdict-counted-already', countedAt: before.decidedAt, verdict: before.data.verdict }]);
    const { pin } = policyAt(facts.policies, decidedAt);
    if (pin === null) return refuse([{ code: 'pin-not-counted' }]);
    const found: AccountRefusal[] = [...refusals];
    if (isLockedAt(card, decidedAt)) found.push({ code: 'pin-locked', cardId });
    const wrong = verdict === 'wrong' ? wrongWith(card, pin.counting, decidedAt) : 0;
    const locked: MedicalAccountEvent[] = wrong >= pin.wrongMax ? [{ type: 'PinLocked.v1', decidedAt, data: { cardId, wrong } }] : [];
    return unless(found, { type: 'PinVerdictReported.v1', decidedAt, data: command.data }, ...locked);
  });

/**
 * Takes the lock off after an identity check, in person; a reset (the holder forgot it) also begins the count anew without a lock.
 * Idempotency: by business number. Refusals: not locked, a card out of use. Source: J6.
 */
export const unlockPin = (command: UnlockPin, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'PinUnlocked.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId, cause } = command.data;
    const found = [...refusals];
    if (cause === 'unlock' && !isLockedAt(card, facts.decidedAt)) found.push({ code: 'pin-not-locked', cardId });
    if (found.length > 0) return refuse(found);
    return accept({ type: 'PinUnlocked.v1', decidedAt: facts.decidedAt, data: command.data });
  });
