import type { BusinessDate, Instant } from '#libs/kernel';
import type { CardKind, CardMedium, CardState, FreezeCause, FreezeScope, InsuranceType, MedicalFen, SubAccount } from './vocabulary';

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
  rolledOverThrough: Instant;
}>;
