import type { BusinessDate, Instant } from '#libs/kernel';
import type { Succession } from './persons/records';
import type { RelationTransferRecord } from './relation-records';
import type {
  CardKind,
  CardMedium,
  CardState,
  FreezeCause,
  FreezeScope,
  InsuranceType,
  InTransit,
  MedicalFen,
  SubAccount,
  TransferPlace,
} from './vocabulary';

export type CardRecord = Readonly<{
  kind: CardKind;
  media: readonly CardMedium[];
  carriesPersonalAccount: boolean;
  lastSwipedOn: BusinessDate | null;
  /** Every state the card was in and from when, oldest first: a late entry is judged on the one in force when it occurred. */
  timeline: readonly Readonly<{ from: Instant; state: CardState }>[];
  sealed: boolean;
  successorCardId: string | null;
  registeredAtRevision: number;
  /** The instant from which it is no longer valid; null: until it is replaced. */
  expiresAt: Instant | null;
  /** The card that this one was made in place of. */
  replacesCardId: string | null;
  /** Replaced already, but what stands on it moves later: at this instant, or (null) when the holder applies at this place. */
  deferred: TransferDeferral | null;
  /** All that is known of the financial area: what the bank has reported. */
  financialAreaActive: boolean;
  /** Since when its loss is reported; null: it is not. The social security area has its own state. */
  financialAreaLostFrom: Instant | null;
  pin: PinRecord | null; // null: nothing was ever counted.
  /** The seal came with its formal loss, and goes with that; one of the agency stays. */
  sealedByLoss: boolean;
  /** Every seal that the agency put on, oldest first: a late entry is judged on the one in force when it occurred. */
  agencySeals: readonly Readonly<{ from: Instant; until: Instant | null }>[] | null; // null: there never was one.
}>;
export type TransferDeferral = Readonly<{ toCardId: string; until: Instant | null; place: TransferPlace | null }>;
/** Wrong verdicts only, never a PIN or a hash of one. `locks`: every lock, oldest first; a late entry is judged on the one in force then. */
export type PinRecord = Readonly<{
  wrongInRow: number;
  wrongOnDay: Readonly<{ day: BusinessDate; count: number }> | null;
  locks: readonly Readonly<{ from: Instant; until: Instant | null }>[];
}>;
export type FreezeRecord = Readonly<{
  scope: FreezeScope;
  cause: FreezeCause;
  legalDocument: string;
  from: Instant;
  until: Instant | null;
  endedAt: Instant | null;
}>;
/** All that a decision needs, so that loading stops here. No settled keys: those are found by their claims. Maps as sorted pairs. */
export type CarriedState = Readonly<{
  accountId: string;
  personId: string;
  poolingArea: string;
  insuranceType: InsuranceType;
  hasPersonalAccount: boolean;
  openedAt: Instant;
  balances: readonly (readonly [SubAccount, MedicalFen])[];
  receivableFen: MedicalFen;
  /** Interest: product so far (fen × days) and the day up to which it is counted, by sub-account and bucket. */
  products: readonly (readonly [SubAccount, Readonly<{ fenDays: number; through: BusinessDate }>])[];
  cards: readonly (readonly [cardId: string, CardRecord])[];
  freezes: readonly (readonly [freezeId: string, FreezeRecord])[];
  /** What ties it to other accounts of the same person; null: nothing. */
  succession: Succession | null;
  rolledOverThrough: Instant;
  /** Of which some may have ended; null: there never was one. */
  relationTransfers: readonly (readonly [transferId: string, RelationTransferRecord])[] | null;
  /** What is on its way to another pooling area, by transfer; null: nothing is. */
  inTransit: readonly (readonly [InTransit, MedicalFen])[] | null;
}>;
