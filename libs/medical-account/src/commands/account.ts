import type { Command } from '#libs/kernel';
import type { FundSource, InsuranceType, Keyed, MedicalFen } from '../vocabulary';

export type OpenAccount = Command<
  'OpenAccount',
  Keyed & {
    accountId: string;
    personId: string;
    poolingArea: string;
    district: string | null;
    insuranceType: InsuranceType;
    commitments: Readonly<Record<string, string>>;
  }
>;
/** To the card in use, else to the cardless sub-account. `bucket`: currentYear unless the credit says otherwise. */
export type CreditAccount = Command<
  'CreditAccount',
  Keyed & {
    source: Exclude<FundSource, 'interest' | 'opening'>;
    reference: string;
    period: string | null;
    amountFen: MedicalFen;
    bucket: 'currentYear' | 'priorYear';
    legalBasis: string | null;
  }
>;
export type CorrectAccount = Command<'CorrectAccount', Keyed & { amountFen: MedicalFen; legalBasis: string; reason: string }>;
