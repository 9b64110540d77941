import type { Event } from '#libs/kernel';
import type { FundSource, InsuranceType, Keyed, Legs, MedicalFen } from '../vocabulary';

/** Commitments are salted hashes of vault fields; the fields themselves never enter an event. */
export type AccountOpened = Event<
  'AccountOpened.v1',
  Keyed & {
    accountId: string;
    personId: string;
    poolingArea: string;
    district: string | null; // The district or county whose agency opened it, for counts; null: not told.
    insuranceType: InsuranceType;
    hasPersonalAccount: boolean;
    commitments: Readonly<Record<string, string>>;
    packId: string;
  }
>;
/** Offsets what the holder owes first (a leg on `receivable`), then reaches the sub-account. */
export type AccountCredited = Event<
  'AccountCredited.v1',
  Keyed &
    Legs & {
      source: Exclude<FundSource, 'interest'>;
      reference: string;
      period: string | null;
      cardId: string;
      legalBasis: string | null;
    }
>;
/** A debit that corrects an earlier mistake; what the balance cannot bear is a `receivable`. */
export type AccountCorrected = Event<
  'AccountCorrected.v1',
  Keyed &
    Legs & {
      amountFen: MedicalFen;
      receivableFen: MedicalFen;
      cardId: string;
      legalBasis: string;
      reason: string;
    }
>;
