import type { Command, Instant } from '#libs/kernel';
import type { FreezeCause, FreezeScope, Keyed } from '../vocabulary';

/** `from`: null means from now on. */
export type PlaceFreeze = Command<
  'PlaceFreeze',
  Keyed & {
    freezeId: string;
    scope: FreezeScope;
    cause: FreezeCause;
    legalDocument: string;
    from: Instant | null;
    until: Instant | null;
    placedBy: string;
  }
>;
export type LiftFreeze = Command<'LiftFreeze', Keyed & { freezeId: string; reason: string; liftedBy: string }>;
