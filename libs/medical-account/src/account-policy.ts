import type { Instant, YearOfHolidays } from '#libs/kernel';
import type { HolderStatus, PaysUntil } from './relation-records';
import type {
  Bucket,
  CardKind,
  CardMedium,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  HolderCheckMethod,
  InstitutionKind,
  InsuranceType,
  MedicalCategory,
  MoneyMoves,
  ProxyRelation,
  TemporaryReason,
} from './vocabulary';

/** A pack as the account's rules see it. Amounts of time are in the unit of the name. */
export type AccountPolicy = Readonly<{
  packId: string;
  hash: string;
  poolingArea: string;
  effectiveFrom: Instant;
  insuranceTypes: Readonly<Record<InsuranceType, Readonly<{ personalAccount: boolean }>>>;
  onlineWindowMinutes: number;
  lateEntryDays: number;
  drawOrder: readonly ('currentYear' | 'priorYear')[];
  /** Which service of the agreement a category needs, at which kinds of institution it exists, and whether the account may pay it. */
  medicalCategories: Readonly<
    Record<MedicalCategory, Readonly<{ service: string; institutionKinds: readonly InstitutionKind[]; accountMayPay: boolean }>>
  >;
  credentials: readonly CredentialKind[];
  cardKinds: Readonly<
    Partial<
      Record<
        CardKind,
        Readonly<{
          generation: 'old' | 'new' | 'temporary';
          media: readonly CardMedium[];
          carriesPersonalAccount: boolean;
          validYears: number | null; // null: until it is replaced
        }>
      >
    >
  >;
  /** By reason: null for as long as it is not replaced, else so many days, at most so many; a reason that is not listed is not accepted. */
  temporaryCards: Readonly<Partial<Record<TemporaryReason, Readonly<{ days: number; daysMax: number }> | null>>>;
  enablement: Readonly<{ channels: readonly EnablementChannel[] }>; // with 'firstSwipe' where the first swipe enables
  /** Who may act for a holder; null: any relation, and none has to be told. */
  proxies: Readonly<{ relations: readonly ProxyRelation[] }> | null;
  cardStops: readonly Readonly<{
    phase: string;
    at: Instant;
    cardKinds: readonly CardKind[];
    inactiveYears: number | null;
    neverSwiped?: 'inactive' | 'sinceRegistration';
  }>[];
  temporaryLossDays: number | null; // null: never by itself
  temporaryLossUnit: 'calendarDays' | 'workingDays';
  holidays: readonly YearOfHolidays[]; // Every year by which working days are counted; what is not here is not known.
  formalLoss: Readonly<{ foundAgain: 'untilReissued' | 'never' }>;
  pin: Readonly<{ wrongMax: number; counting: 'consecutive' | 'perDay' }> | null; // null: verdicts are not counted here
  /** The bank's report that the financial area is active enables the card, too, or changes nothing here; null: it is not kept. */
  financialArea: Readonly<{ opensSocialSecurityArea: boolean }> | null;
  moneyMoves: MoneyMoves;
  /** Of old cards once a new one is enabled: void; in use with it on one balance; in use each with its own. Source: S3, NY1. */
  parallelUse: 'none' | 'sameAccount' | 'ownSubAccounts';
  freezeCauses: Readonly<Record<FreezeCause, Readonly<{ blocksDebit: boolean; blocksCredit: boolean; blocksPayOut: boolean }>>>;
  sealedTakesCredits: boolean;
  /** Of relations that go to another pooling area or come from one; null: this area transfers none. Source: 医保办发〔2021〕43号. */
  relationTransfer: Readonly<{
    legalBasis: string;
    insuranceTypes: readonly InsuranceType[];
    holderStatuses: readonly HolderStatus[];
    remitDays: number; // Working days after the request in which the money leaves.
    creditDays: number; // Working days in which the receiving side credits it: after the match here, after the remittance there.
    paysUntil: PaysUntil;
    sealedGoesAlong: boolean;
    alsoBarredBy: readonly FreezeCause[]; // Besides causes that bar pay-out.
    creditsTo: 'asInFile' | Bucket;
    lapsesAfterDays: number | null; // Days of the calendar after which a request that nobody carried out ends by itself.
  }> | null;
  holderChecks: Readonly<{ equipped: readonly HolderCheckMethod[]; otherwise: readonly HolderCheckMethod[] }>;
  rollover: Readonly<{ month: number; day: number }>;
  interest: Readonly<{ currentYearAnnualRate: string; priorYearAnnualRate: string; dayCount: 360 | 365 }>;
}>;
