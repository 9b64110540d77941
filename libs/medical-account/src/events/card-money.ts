import type { Event, Instant } from '#libs/kernel';
import type { Keyed, Legs, MedicalFen, TransferPlace } from '../vocabulary';

export type SubAccountSealed = Event<
  'SubAccountSealed.v1',
  (Keyed | { key: null; commandHash: null }) & {
    cardId: string;
    cause: 'cardStopped' | 'cardLost' | 'cardExpired' | 'transferDeferred' | 'agency';
    reason: string;
  }
>;
export type SubAccountUnsealed = Event<
  'SubAccountUnsealed.v1',
  (Keyed | { key: null; commandHash: null }) & { cardId: string; cause: 'successorEnabled' | 'cardFound' | 'agency'; reason: string }
>;
/** A replaced card whose money moves later, by the pack: at an instant, or (null) on application at a place. */
export type TransferDeferred = Event<
  'TransferDeferred.v1',
  { cardId: string; toCardId: string; until: Instant | null; place: TransferPlace | null }
>;
/** Two cards on one balance: what stands for the old card stands with the new one from now on, and both work. Source: NY1. */
export type SubAccountShared = Event<'SubAccountShared.v1', { cardId: string; withCardId: string }>;
/**
 * Money follows the card: from an old card (or the cardless sub-account) to its successor, bucket by bucket. `effectiveAt`: when time moved
 * it, which is when its days of interest end on the one and begin on the other; null: when it was decided.
 */
export type BalanceTransferred = Event<
  'BalanceTransferred.v1',
  (Keyed | { key: null; commandHash: null }) &
    Legs & {
      fromCardId: string;
      toCardId: string;
      cause: 'enablement' | 'firstSwipe' | 'agency' | 'batch' | 'application' | 'phase';
      amountFen: MedicalFen;
      wasSealed: boolean;
      effectiveAt: Instant | null;
    }
>;
