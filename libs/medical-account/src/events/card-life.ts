import type { BusinessDate, Event, Instant } from '#libs/kernel';
import type { CardIssue, CardKind, CardMedium, EnablementChannel, HolderProxy, Keyed } from '../vocabulary';

/** `state` and `lastSwipedOn` are taken over from the legacy system for cards that were in use there. */
export type CardRegistered = Event<
  'CardRegistered.v1',
  Keyed & {
    cardId: string;
    kind: CardKind;
    media: readonly CardMedium[];
    carriesPersonalAccount: boolean;
    state: 'registered' | 'inUse';
    lastSwipedOn: BusinessDate | null;
    commitments: Readonly<Record<string, string>>;
    issue: CardIssue | null;
    expiresAt: Instant | null; // By the pack in force when it was registered.
  }
>;
/** `key` is null when the first swipe enabled the card: the settlement of the same append answers. */
export type CardEnabled = Event<
  'CardEnabled.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    channel: EnablementChannel;
    financialAreaActivated: boolean;
    proxy: HolderProxy | null;
  }
>;
export type CardStopped = Event<
  'CardStopped.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'phase' | 'agency';
    phase: string | null;
    effectiveAt: Instant;
    reason: string;
  }
>;
export type CardCancelled = Event<
  'CardCancelled.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'replaced' | 'agency' | 'holder';
    successorCardId: string | null;
    reason: string;
  }
>;
export type TemporaryLossReported = Event<'TemporaryLossReported.v1', Keyed & { cardId: string }>;
export type TemporaryLossLifted = Event<'TemporaryLossLifted.v1', Keyed & { cardId: string }>;
/** By time alone, at the end of the pack's days. */
export type CardRestored = Event<'CardRestored.v1', { cardId: string; effectiveAt: Instant }>;
/** A machine has kept the card. `place`: number of the machine or outlet. */
export type CardRetained = Event<'CardRetained.v1', Keyed & { cardId: string; place: string }>;
export type CardReturned = Event<'CardReturned.v1', Keyed & { cardId: string; identityCheck: string }>;
/** `identityCheck`: number of the check of the holder, never what was checked. */
export type FormalLossReported = Event<'FormalLossReported.v1', Keyed & { cardId: string; identityCheck: string }>;
/** Found again before another card was made in its place. */
export type FormalLossLifted = Event<'FormalLossLifted.v1', Keyed & { cardId: string; identityCheck: string }>;
/** By time alone, at the end of its term. */
export type CardExpired = Event<'CardExpired.v1', { cardId: string; effectiveAt: Instant }>;
export type CardCollected = Event<'CardCollected.v1', Keyed & { cardId: string; place: string }>;
/** `batch`: number of the record of the destruction. Source: Q10. */
export type CardDestroyed = Event<'CardDestroyed.v1', Keyed & { cardId: string; batch: string }>;
/** What the bank reports; `key` is null when the enablement of the same append told it. */
export type FinancialAreaReported = Event<
  'FinancialAreaReported.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; active: boolean }
>;
/** Of the financial area alone: the social security area goes on. What the bank does about it is not known here. Source: J4. */
export type FinancialAreaLossReported = Event<'FinancialAreaLossReported.v1', Keyed & { cardId: string }>;
export type FinancialAreaLossLifted = Event<'FinancialAreaLossLifted.v1', Keyed & { cardId: string }>;
/** By time alone, at the end of the pack's days. */
export type FinancialAreaRestored = Event<'FinancialAreaRestored.v1', { cardId: string; effectiveAt: Instant }>;
/** The verdict of a terminal or security module; `reference` is its own number. */
export type PinVerdictReported = Event<'PinVerdictReported.v1', Keyed & { cardId: string; verdict: 'right' | 'wrong'; reference: string }>;
/** By the verdict of the same append. */
export type PinLocked = Event<'PinLocked.v1', { cardId: string; wrong: number }>;
export type PinUnlocked = Event<'PinUnlocked.v1', Keyed & { cardId: string; cause: 'unlock' | 'reset'; identityCheck: string }>;
