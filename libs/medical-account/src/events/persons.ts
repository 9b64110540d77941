import type { Event, Instant } from '#libs/kernel';
import type { CardRecord, FreezeRecord } from '../carried-state';
import type { PersonCaseKind, PersonChange, PersonChangeGrounds } from '../persons/records';
import type { Keyed, Legs, MedicalFen, SubAccount } from '../vocabulary';

/** `document`: number of the proof; `reason` tells why and names nobody. Which members are set follows from the kind. */
export type PersonCaseProposed = Event<
  'PersonCaseProposed.v1',
  Keyed & {
    caseId: string;
    kind: PersonCaseKind;
    absorbedAccountId: string | null;
    mergeId: string | null;
    change: PersonChange | null;
    reason: string;
    document: string;
    proposedBy: string;
  }
>;
/** Of a merge, on the survivor: from now on this account cannot itself be absorbed, and the money is on its way. */
export type PersonCaseApproved = Event<'PersonCaseApproved.v1', Keyed & { caseId: string; approvedBy: string }>;
/**
 * Before it was approved; or, of a merge, when the other account could not be absorbed any more. Without a key: with the account, which is
 * absorbed in the same append.
 */
export type PersonCaseWithdrawn = Event<
  'PersonCaseWithdrawn.v1',
  { [K in keyof Keyed]: Keyed[K] | null } & { caseId: string; reason: string }
>;

type Pairs<V> = readonly (readonly [string, V])[];
/**
 * All that an account has leaves it for another one: money as legs on `inTransit:<key>:<card>:<bucket>`, cards and freezes as they were.
 * `fenDays`: interest products of the running year, by sub-account.
 */
type Given = { cards: Pairs<CardRecord>; freezes: Pairs<FreezeRecord>; fenDays: readonly (readonly [SubAccount, number])[] };

/** On the absorbed account. Nothing but the undoing of its own settlements is decided here any more. */
export type AccountAbsorbed = Event<'AccountAbsorbed.v1', Keyed & Legs & Given & { caseId: string; survivorAccountId: string }>;
/** On the survivor; cites what left the absorbed account. `affectedCardIds`: cards to be reissued. */
export type AccountMerged = Event<
  'AccountMerged.v1',
  Keyed &
    Legs &
    Given & { caseId: string; handOverId: string; absorbedAccountId: string; owedFen: MedicalFen; affectedCardIds: readonly string[] }
>;
/** On the survivor: what is left of what the absorbed account brought goes back. `broughtFen − returnedFen`: what was spent meanwhile. */
export type MergeUndone = Event<
  'MergeUndone.v1',
  Keyed &
    Legs &
    Given & {
      caseId: string;
      mergeId: string;
      absorbedAccountId: string;
      approvedBy: string;
      broughtFen: MedicalFen;
      returnedFen: MedicalFen;
      owedFen: MedicalFen;
      rolledOverThrough: Instant;
      refundsStay: readonly string[] | null; // Cards that leave whose refunds are the survivor's: what they spent was counted as his. null: none.
    }
>;
/** On the absorbed account, which stands on its own again. */
export type AccountRestored = Event<
  'AccountRestored.v1',
  Keyed & Legs & Given & { caseId: string; handOverId: string; fromAccountId: string; rolledOverThrough: Instant }
>;
/**
 * Money paid back to a settlement of another account arrives where its holder's money is now; or, where it has gone on from here by now, is
 * passed on under this event's own key, so that every account between knows what came by it.
 */
export type RefundReceived = Event<'RefundReceived.v1', Keyed & Legs & { handOverId: string; fromAccountId: string }>;
/** On the account that gave: the other one has it. */
export type HandOverDelivered = Event<'HandOverDelivered.v1', Keyed & { handOverId: string }>;

/** The fields themselves, old and new, are in the vault. `affectedCardIds`: cards that bear what has changed. */
export type PersonChanged = Event<
  'PersonChanged.v1',
  Keyed & {
    caseId: string;
    grounds: PersonChangeGrounds;
    releasedClaim: string | null;
    commitments: Readonly<Record<string, string>>;
    approvedBy: string;
    affectedCardIds: readonly string[];
  }
>;

export type PersonEvent =
  | PersonCaseProposed
  | PersonCaseApproved
  | PersonCaseWithdrawn
  | AccountAbsorbed
  | AccountMerged
  | MergeUndone
  | AccountRestored
  | RefundReceived
  | HandOverDelivered
  | PersonChanged;
