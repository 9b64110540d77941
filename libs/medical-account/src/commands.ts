import type { BusinessDate, Command, Instant, Recorded, YearOfHolidays } from '#libs/kernel';
import type {
  Bucket,
  CancellationReason,
  CardIssue,
  CardKind,
  CardMedium,
  CardState,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  FreezeScope,
  FundSource,
  HolderCheckMethod,
  HolderProxy,
  InsuranceType,
  Keyed,
  MedicalAccountEvent,
  MedicalCategory,
  MedicalFen,
  MoneyMoves,
  PaymentMode,
  ProxyRelation,
  SettlementKeyVoided,
  TemporaryReason,
  TransferPlace,
} from './events';

/** One space of serials an institution: settlements, cancellations and reversals alike. A serial of one institution never answers another. */
export const settlementKey = (institutionCode: string, serial: string): string => `settlement-${institutionCode}-${serial}`;
/** What a settlement's key was made of. An institution's code has no hyphen. @throws Error on a key of another kind. */
export const ofSettlementKey = (key: string): Readonly<{ institutionCode: string; serial: string }> => {
  const [start, end] = ['settlement-'.length, key.indexOf('-', 'settlement-'.length)];
  if (!key.startsWith('settlement-') || end < 0) throw new Error("stored event: key is not a settlement's");
  return { institutionCode: key.slice(start, end), serial: key.slice(end + 1) };
};
export const creditKey = (source: FundSource, reference: string): string => `credit-${source}-${reference}`;
/** For every other act of an organisation (agency, bank outlet …): its own business number. */
export const businessKey = (organisation: string, reference: string): string => `business-${organisation}-${reference}`;
export const accountStream = (accountId: string): string => `medicalAccount-${accountId}`;
export const voidStream = (institutionCode: string, serial: string): string => `settlementVoid-${institutionCode}-${serial}`;

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
/** `opening`: balances that stood on the card in a legacy system, credited to its own sub-account in the same append. */
export type RegisterCard = Command<
  'RegisterCard',
  Keyed & {
    cardId: string;
    kind: CardKind;
    state: 'registered' | 'inUse';
    lastSwipedOn: BusinessDate | null;
    media: readonly CardMedium[] | null;
    commitments: Readonly<Record<string, string>>;
    opening: Readonly<{ currentYearFen: MedicalFen; priorYearFen: MedicalFen; reference: string }> | null;
    issue: CardIssue | null;
    /** Of a temporary card: how many days it is to be valid; null: as many as the pack says. */
    validDays: number | null;
  }
>;
/** A card as a legacy system leaves it, with what stood on it there. */
export type CardTakenOver = Readonly<
  Pick<RegisterCard['data'], 'cardId' | 'kind' | 'lastSwipedOn' | 'media' | 'commitments'> & {
    state: Extract<CardState, 'registered' | 'inUse' | 'temporarilyLost' | 'stopped' | 'cancelled'>;
    currentYearFen: MedicalFen;
    priorYearFen: MedicalFen;
  }
>;
/** A whole account of a legacy system in one append; its own amounts stood with the person and on no card. `key` begins with `import-`. */
export type TakeOverAccount = Command<
  'TakeOverAccount',
  OpenAccount['data'] & { cards: readonly CardTakenOver[]; currentYearFen: MedicalFen; priorYearFen: MedicalFen }
>;
type ByOrder = Exclude<EnablementChannel, 'firstSwipe'>;
export type EnableCard = Command<
  'EnableCard',
  Keyed & { cardId: string; channel: ByOrder; financialAreaActivated: boolean; proxy: HolderProxy | null }
>;
export type StopCard = Command<'StopCard', Keyed & { cardId: string; reason: string }>;
export type CancelCard = Command<'CancelCard', Keyed & { cardId: string; cause: 'agency' | 'holder'; reason: string }>;
export type ReportTemporaryLoss = Command<'ReportTemporaryLoss', Keyed & { cardId: string }>;
export type LiftTemporaryLoss = Command<'LiftTemporaryLoss', Keyed & { cardId: string }>;
type Checked = Keyed & { cardId: string; identityCheck: string }; // The number of the check of the holder in person.
export type ReportFormalLoss = Command<'ReportFormalLoss', Checked>;
export type LiftFormalLoss = Command<'LiftFormalLoss', Checked>;
export type RetainCard = Command<'RetainCard', Keyed & { cardId: string; place: string }>;
export type ReturnCard = Command<'ReturnCard', Checked>;
export type CollectCard = Command<'CollectCard', Keyed & { cardId: string; place: string }>;
export type DestroyCard = Command<'DestroyCard', Keyed & { cardId: string; batch: string }>;
export type ReportFinancialArea = Command<'ReportFinancialArea', Keyed & { cardId: string; active: boolean }>;
export type ReportPinVerdict = Command<'ReportPinVerdict', Keyed & { cardId: string; verdict: 'right' | 'wrong'; reference: string }>;
export type UnlockPin = Command<'UnlockPin', Checked & { cause: 'unlock' | 'reset' }>;
export type SealSubAccount = Command<'SealSubAccount', Keyed & { cardId: string; reason: string }>;
export type UnsealSubAccount = Command<'UnsealSubAccount', Keyed & { cardId: string; reason: string }>;
/** `place`: where the holder has applied for it; null: the agency's own order. */
export type TransferBalance = Command<'TransferBalance', Keyed & { fromCardId: string; toCardId: string; place: TransferPlace | null }>;
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

/** `cardId`: null for an e-credential or identity card, which draws on the card in use, else on the cardless sub-account. */
export type PostSwipe = Command<
  'PostSwipe',
  Keyed & {
    institutionCode: string;
    serial: string;
    entry: 'online' | 'late';
    lateReason: string | null;
    /** The agency's number for a late entry beyond the pack's days; the door lets only the agency fill it in. */
    approval: string | null;
    occurredAt: Instant;
    credentialKind: CredentialKind;
    cardId: string | null;
    insuranceType: InsuranceType;
    medicalCategory: MedicalCategory;
    visitNo: string | null;
    chargeBatchNo: string | null;
    invoiceNo: string | null;
    totalFeeFen: MedicalFen;
    fundPaidFen: MedicalFen;
    accountEligibleFen: MedicalFen;
    payment: PaymentMode;
    holderCheck: Readonly<{ method: HolderCheckMethod; reference: string | null }>;
    operatorCode: string;
    terminalCode: string;
    linesHash: string | null;
    /** The settlement of the same institution that this one replaces: cancelled in full in the same append. */
    replacesKey: string | null;
  }
>;
/** `amountFen`: null means all that is left. `fundReturnedFen`: the part of it that goes back to the pooled fund; null means the fund's whole
 * share when all is returned, else nothing. `byAgency`: the agency may still undo after the institution's month is declared. */
export type CancelSettlement = Command<
  'CancelSettlement',
  Keyed & {
    institutionCode: string;
    serial: string;
    settlementKey: string;
    reason: Exclude<CancellationReason, 'replaced'>;
    note: string | null;
    amountFen: MedicalFen | null;
    fundReturnedFen: MedicalFen | null;
    byAgency: boolean;
  }
>;
/** Reverses whatever stands under `targetKey`: a settlement, or a cancellation. */
export type ReverseSettlement = Command<
  'ReverseSettlement',
  Keyed & {
    institutionCode: string;
    serial: string;
    targetKey: string;
    note: string | null;
    byAgency: boolean;
  }
>;
/** Asks for nothing but what time has brought about. */
export type SettleDue = Command<'SettleDue', Record<never, never>>;

export type MedicalAccountCommand =
  | OpenAccount
  | CreditAccount
  | CorrectAccount
  | RegisterCard
  | TakeOverAccount
  | EnableCard
  | StopCard
  | CancelCard
  | ReportTemporaryLoss
  | LiftTemporaryLoss
  | ReportFormalLoss
  | LiftFormalLoss
  | RetainCard
  | ReturnCard
  | CollectCard
  | DestroyCard
  | ReportFinancialArea
  | ReportPinVerdict
  | UnlockPin
  | SealSubAccount
  | UnsealSubAccount
  | TransferBalance
  | PlaceFreeze
  | LiftFreeze
  | PostSwipe
  | CancelSettlement
  | ReverseSettlement
  | SettleDue;

/** Parts of a settlement that were given back; `byBucketFen`: where the account's money went while the year of the settlement was open. */
export type UndoneParts = Readonly<{
  amountFen: MedicalFen;
  fundReturnedFen: MedicalFen;
  cashRefundFen: MedicalFen;
  accountFen: MedicalFen;
  byBucketFen: Readonly<Record<Bucket, MedicalFen>>;
}>;
/** `byKey`: the settlement that replaces it, once that is recorded too; `cardId`: the sub-account that got the money, if any moved. */
export type Replacement = Readonly<{ byKey: string | null; cardId: string | null; parts: UndoneParts }>;
/** How much of a settlement has been undone since, by what it was made of; net of cancellations that were reversed. */
export type Undone = UndoneParts &
  Readonly<{
    /** Keys of reversed cancellations: a cancellation is reversed at most once. */
    reversedCancellationKeys: readonly string[];
    /** Reversed as a whole: none of its cancellations can be reversed any more. */
    reversed: boolean;
    /** What each settlement that replaces it has undone: it is taken again when that one is reversed. */
    replacements: readonly Replacement[];
  }>;
const NOTHING: UndoneParts = {
  amountFen: 0 as MedicalFen,
  fundReturnedFen: 0 as MedicalFen,
  cashRefundFen: 0 as MedicalFen,
  accountFen: 0 as MedicalFen,
  byBucketFen: { currentYear: 0 as MedicalFen, priorYear: 0 as MedicalFen },
};
export const NOTHING_UNDONE: Undone = { ...NOTHING, reversedCancellationKeys: [], reversed: false, replacements: [] };

/** What stands under a key: the event that answered it, and, for a settlement, what has been undone of it up to the loaded head. */
export type Posting = Readonly<{ original: Recorded<MedicalAccountEvent | SettlementKeyVoided>; undone: Undone }>;

/** All that a decision depends on besides command and state; recorded with the events, so that a replay decides the same. */
export type AccountFacts = Readonly<{
  decidedAt: Instant; // Never before the stream's last; the only clock a rule sees.
  policies: readonly AccountPolicy[]; // The pooling area's packs in force so far, oldest first; recorded by id and hash.
  institution: InstitutionFacts | null; // Of the command's institution; null when the command has none or it is not registered.
  /**
   * What stands under the command's keys, on this stream or another. With a cancellation that is to be reversed comes the settlement that it
   * undid. Each with what has been undone up to the loaded head.
   */
  postings: readonly Posting[];
  /** Live settlement under a second natural key of this command (visit and charge batch; invoice), other than the one it replaces. */
  naturalKeyHolder: Posting | null;
}>;

export type InstitutionKind = 'hospital' | 'clinic' | 'communityHealthInstitution' | 'villageClinic' | 'pharmacy';
/** The institution as it was at `judgedAt` (now for an online entry, occurredAt for a late one), and what may be posted today. */
export type InstitutionFacts = Readonly<{
  institutionCode: string;
  poolingArea: string;
  kind: InstitutionKind;
  identityCheckEquipped: boolean;
  agreement: Readonly<{
    status: 'inForce' | 'suspended' | 'terminated' | 'none' | 'closed';
    revision: number;
    services: readonly string[];
  }>;
  terminal: Readonly<{ media: readonly CardMedium[] }> | null; // null: unknown or retired
  operatorBarred: boolean;
  declaredThrough: string | null; // The last month (YYYY-MM) whose settlements have been declared for pay-out.
  succeededBy: string | null;
  judgedAt: Instant;
}>;

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
  holidays: readonly YearOfHolidays[]; // Years that the area adds to the State Council's, or keeps otherwise.
  formalLoss: Readonly<{ foundAgain: 'untilReissued' | 'never' }>;
  pin: Readonly<{ wrongMax: number; counting: 'consecutive' | 'perDay' }> | null; // null: verdicts are not counted here
  /** The bank's report that the financial area is active enables the card, too, or changes nothing here; null: it is not kept. */
  financialArea: Readonly<{ opensSocialSecurityArea: boolean }> | null;
  moneyMoves: MoneyMoves;
  /** Of old cards once a new one is enabled: void; in use with it on one balance; in use each with its own. Source: S3, NY1. */
  parallelUse: 'none' | 'sameAccount' | 'ownSubAccounts';
  freezeCauses: Readonly<Record<FreezeCause, Readonly<{ blocksDebit: boolean; blocksCredit: boolean; blocksPayOut: boolean }>>>;
  sealedTakesCredits: boolean;
  holderChecks: Readonly<{ equipped: readonly HolderCheckMethod[]; otherwise: readonly HolderCheckMethod[] }>;
  rollover: Readonly<{ month: number; day: number }>;
  interest: Readonly<{ currentYearAnnualRate: string; priorYearAnnualRate: string; dayCount: 360 | 365 }>;
}>;
