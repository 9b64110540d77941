import type { Event, Instant } from '#libs/kernel';
import type { CarriedState } from '../carried-state';
import type { Legs, MedicalFen, SubAccount } from '../vocabulary';

/** Rates are decimal text a year ("0.0035"); products are fen × days, by sub-account. Source: 国发〔1998〕44号. */
export type InterestPosted = Event<
  'InterestPosted.v1',
  Legs & {
    effectiveAt: Instant;
    packId: string;
    items: readonly Readonly<{ account: SubAccount; productFenDays: number; annualRate: string; interestFen: MedicalFen }>[];
  }
>;
/** A closing: moves current-year to prior-year money, and carries the state after its own legs. */
export type YearRolledOver = Event<'YearRolledOver.v1', Legs & { effectiveAt: Instant; year: number; carried: CarriedState }>;
export type AccountCarriedForward = Event<'AccountCarriedForward.v1', { carried: CarriedState }>;
