import type { Event, Instant } from '#libs/kernel';
import type { FreezeCause, FreezeScope, Keyed } from '../vocabulary';

export type FreezePlaced = Event<
  'FreezePlaced.v1',
  Keyed & {
    freezeId: string;
    scope: FreezeScope;
    cause: FreezeCause;
    legalDocument: string;
    from: Instant;
    until: Instant | null;
    placedBy: string;
  }
>;
export type FreezeLifted = Event<'FreezeLifted.v1', Keyed & { freezeId: string; reason: string; liftedBy: string }>;
/** By time alone, at `until`. */
export type FreezeEnded = Event<'FreezeEnded.v1', { freezeId: string; effectiveAt: Instant }>;
