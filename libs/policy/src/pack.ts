import { z } from 'zod';
import { isBusinessDate, type Json } from '#libs/kernel';
import type {
  Bucket,
  CardKind,
  CardMedium,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  HolderCheckMethod,
  HolderStatus,
  InstitutionKind,
  InsuranceType,
  MedicalCategory,
  PaysUntil,
  ProxyRelation,
  TemporaryReason,
  TransferPlace,
} from '#libs/medical-account';

const BUCKETS = ['currentYear', 'priorYear'] as const satisfies readonly Bucket[];
const INSURANCE_TYPES = ['employee', 'resident'] as const satisfies readonly InsuranceType[];
const MEDIA = ['stripe', 'memory', 'contactChip', 'contactless', 'qr'] as const satisfies readonly CardMedium[];
const CREDENTIALS = ['eCredential', 'identityCard', 'socialSecurityCard'] as const satisfies readonly CredentialKind[];
const CHANNELS = [
  'bankOutlet',
  'hotline',
  'centre',
  'proxy',
  'guardian',
  'batch',
  'firstSwipe',
] as const satisfies readonly EnablementChannel[];
const TEMPORARY_REASONS = ['rareOrLongName', 'urgent', 'dataMismatch', 'other'] as const satisfies readonly TemporaryReason[];
const RELATIONS = [
  'spouse',
  'parent',
  'child',
  'guardian',
  'otherRelative',
  'employer',
  'school',
] as const satisfies readonly ProxyRelation[];
const HOLDER_STATUSES = ['active', 'stopped', 'retired'] as const satisfies readonly HolderStatus[];
const PAYS_UNTIL = ['request', 'remittance'] as const satisfies readonly PaysUntil[];
const PLACES = ['agency', 'centre', 'bankOutlet'] as const satisfies readonly TransferPlace[];
const CHECKS = ['password', 'passwordNotUsed', 'identityVerified', 'signature'] as const satisfies readonly HolderCheckMethod[];
const INSTITUTIONS = [
  'hospital',
  'clinic',
  'communityHealthInstitution',
  'villageClinic',
  'pharmacy',
] as const satisfies readonly InstitutionKind[];
const CARD_KINDS = [
  'labourSecurity',
  'residentMedical',
  'medicalInsurance',
  'socialSecurity2',
  'socialSecurity3',
  'temporary',
] as const satisfies readonly CardKind[];
const FREEZE_CAUSES = [
  'settlementSuspension',
  'precautionarySuspension',
  'judicialFreeze',
  'death',
  'duplicateInsurance',
  'contributionArrears',
] as const satisfies readonly FreezeCause[];
const CATEGORIES = [
  'outpatient',
  'registration',
  'emergency',
  'designatedDisease',
  'inpatient',
  'pharmacyPurchase',
  'maternity',
  'physicalExamination',
] as const satisfies readonly MedicalCategory[];

/** A message for both readers, Chinese before the bar. */
const says = (zh: string, en: string) => ({
  error: (issue: { input: unknown }) => (issue.input === undefined ? undefined : `${zh}|${en}`),
});
const name = z.string().min(1);
const date = z
  .string()
  .refine(isBusinessDate, says('须为存在的日期 YYYY-MM-DD', 'must be a date that exists, YYYY-MM-DD'))
  .meta({ format: 'date' });
const rate = z
  .string(says('利率须为加引号的小数文本，如 "0.0035"', 'a rate is decimal text in quotes, such as "0.0035"'))
  .regex(/^0(\.\d{1,6})?$/, says('利率须为小于1的小数文本，如 "0.0035"', 'a rate is decimal text below 1, such as "0.0035"'))
  .meta({ description: 'Annual rate as decimal text.' });
const someOf = <const T extends readonly [string, ...string[]]>(words: T) => z.array(z.enum(words)).min(1);

/** Why a rule says what it says: a document and its words, or an assumption and the reason for it, or both. */
const grounds = {
  source: z
    .strictObject({
      document: name.meta({ description: 'A key of `documents`.' }),
      rule: z
        .string()
        .regex(/^[A-Z]{1,2}\d+$/, says('规则编号如 Q2', 'a rule number such as Q2'))
        .optional(),
      says: name,
    })
    .optional(),
  assumption: z.literal(true).optional(),
  why: name.optional(),
};
const rule = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...shape, ...grounds });

const term = z.strictObject({ days: z.int().min(0).max(366), unit: z.enum(['workingDays', 'calendarDays']) });
const yearOfHolidays = z.strictObject({
  year: z.int().min(2000).max(2100),
  source: name,
  off: z.array(z.tuple([date, date])).meta({ description: 'First and last day of each holiday.' }),
  working: z.array(date).meta({ description: 'Days of a weekend that are worked (调休上班).' }),
});
/** Terms and words of applying for a card; an area without it promises no term. */
const cardService = rule({
  firstIssue: term,
  approved: term.optional().meta({ description: 'The term where another office has to approve.' }),
  replacement: term,
  exchange: term,
  enquiryTelephone: name,
  complaintTelephone: name,
  employerHandOutDays: z
    .int()
    .min(1)
    .max(366)
    .nullable()
    .meta({ description: 'Days in which an employer hands out what it has picked up.' }),
  withoutPhotoBelowAge: z.int().min(1).max(18).nullable().meta({ description: 'Below this age a first card is made without a photo.' }),
  signsAloneFromAge: z
    .int()
    .min(8)
    .max(18)
    .optional()
    .meta({ description: 'From this age a holder signs for card business himself; left out: 18. Younger ones: who acts for them.' }),
});

/** One field a section of the file, so that each can be checked by itself when another is wrong. */
export const SECTIONS = {
  format: z.literal(1).meta({ description: 'The form of this file; an engine reads the forms it knows.' }),
  packId: z.string().regex(/^[a-z]+@[1-9]\d*$/, says('须为 城市@版本，如 qingdao@1', 'city@version, such as qingdao@1')),
  nameZh: name,
  poolingArea: z
    .string(says('行政区划代码须加引号，如 "370200"', 'a division code stands in quotes, such as "370200"'))
    .regex(/^\d{6}$/, says('须为六位行政区划代码', 'six digits of GB/T 2260')),
  effectiveFrom: date.meta({ description: 'The first business date (Asia/Shanghai) on which this version decides.' }),
  documents: z.record(z.string(), z.strictObject({ title: name, validFrom: date.optional(), validUntil: date.optional() })),
  insuranceTypes: z.record(z.enum(INSURANCE_TYPES), rule({ nameZh: name, personalAccount: z.boolean() })),
  onlineEntry: rule({ windowMinutes: z.int().min(1).max(1440) }),
  lateEntry: rule({ days: z.int().min(0).max(366) }),
  drawOrder: rule({ buckets: someOf(BUCKETS) }),
  medicalCategories: z.record(
    z.enum(CATEGORIES),
    rule({ nameZh: name, service: name, institutionKinds: someOf(INSTITUTIONS), accountMayPay: z.boolean() }),
  ),
  credentials: rule({ kinds: someOf(CREDENTIALS) }),
  cardKinds: z.partialRecord(
    z.enum(CARD_KINDS),
    rule({
      nameZh: name,
      generation: z.enum(['old', 'new', 'temporary']),
      media: someOf(MEDIA),
      carriesPersonalAccount: z.boolean(),
      validYears: z.int().min(1).max(50).optional().meta({ description: 'From the day it is registered. Left out: until it is replaced.' }),
    }),
  ),
  temporaryCards: z
    .partialRecord(
      z.enum(TEMPORARY_REASONS),
      rule({
        nameZh: name,
        term: z.enum(['longTerm', 'untilFormalCard', 'days']),
        days: z.int().min(1).max(366).optional().meta({ description: 'The first day counted.' }),
        daysMax: z.int().min(1).max(3660).optional().meta({ description: 'As many as may be asked for. Left out: `days`.' }),
      }),
    )
    .optional()
    .meta({ description: 'By the reason for which they are made. Left out: none is told, and they last until they are replaced.' }),
  enablement: rule({ channels: someOf(CHANNELS) }),
  proxies: rule({ relations: someOf(RELATIONS) })
    .optional()
    .meta({ description: 'Who may act for a holder; then relation and both identity checks have to be told. Left out: anybody, untold.' }),
  moneyMoves: rule({
    when: z.enum(['atEnablement', 'laterBatch', 'onApplication']),
    on: date.optional(),
    dayOfNextMonth: z.int().min(1).max(28).optional(),
    place: z.enum(PLACES).optional(),
  })
    .optional()
    .meta({ description: 'When the money of a replaced card moves. Left out: at the enablement of its successor.' }),
  parallelUse: rule({ use: z.enum(['none', 'sameAccount', 'ownSubAccounts']) })
    .optional()
    .meta({ description: 'Of old cards beside an enabled new one. Left out: none, they are void.' }),
  financialArea: rule({ opensSocialSecurityArea: z.boolean() })
    .optional()
    .meta({ description: 'Whether the bank’s activation enables the card, too. Left out: the state of the financial area is not kept.' }),
  pin: rule({ wrongMax: z.int().min(1).max(20), counting: z.enum(['consecutive', 'perDay']) })
    .optional()
    .meta({ description: 'The wrong PIN that locks the card. Left out: verdicts are not counted.' }),
  cardStops: z.array(
    rule({
      phase: name,
      nameZh: name,
      on: date,
      cardKinds: someOf(CARD_KINDS),
      inactiveYears: z.int().min(1).max(99).nullable(),
      neverSwiped: z
        .enum(['inactive', 'sinceRegistration'])
        .optional()
        .meta({ description: 'A card without a known swipe stops, or is counted from its registration here. Left out: it stops.' }),
    }),
  ),
  temporaryLoss: rule({
    days: z.int().min(1).max(366).nullable(),
    unit: z.enum(['calendarDays', 'workingDays']).optional().meta({ description: 'Left out: days of the calendar.' }),
  }),
  formalLoss: rule({ foundAgain: z.enum(['untilReissued', 'never']) })
    .optional()
    .meta({ description: 'Whether a card found again is used again. Left out: until another was made in its place.' }),
  workingDays: rule({
    calendar: name.optional().meta({ description: 'Name of a calendar that the engine brings along; its years become part of the pack.' }),
    years: z.array(yearOfHolidays).optional().meta({ description: 'Years that it does not have, or that the area keeps otherwise.' }),
  })
    .optional()
    .meta({ description: 'Holidays and make-up days of each year, for terms in working days. Left out: no term counts in them.' }),
  freezeCauses: z.record(
    z.enum(FREEZE_CAUSES),
    rule({ nameZh: name, blocksDebit: z.boolean(), blocksCredit: z.boolean(), blocksPayOut: z.boolean() }),
  ),
  sealedSubAccounts: rule({ takeCredits: z.boolean() }),
  relationTransfer: rule({
    legalBasis: name.meta({ description: 'The document on which money leaves for another pooling area: a key of `documents`.' }),
    insuranceTypes: someOf(INSURANCE_TYPES),
    holderStatuses: someOf(HOLDER_STATUSES),
    remitWorkingDays: z.int().min(1).max(60).meta({ description: 'After the request.' }),
    creditWorkingDays: z.int().min(1).max(60).meta({ description: 'Of the receiving side: after money and file have met.' }),
    paysUntil: z.enum(PAYS_UNTIL).meta({ description: 'Whether the account still pays while the money has not left.' }),
    sealedGoesAlong: z.boolean(),
    alsoBarredBy: z
      .array(z.enum(FREEZE_CAUSES))
      .optional()
      .meta({ description: 'Freeze causes that keep the relation here, besides those that block pay-out. Left out: no others.' }),
    creditsTo: z.enum(['asInFile', 'currentYear', 'priorYear']),
    lapsesAfterDays: z
      .int()
      .min(1)
      .max(366)
      .optional()
      .meta({ description: 'Days of the calendar after which a request ends by itself. Left out: it waits.' }),
  })
    .optional()
    .meta({ description: 'The insurance relation of who moves to another pooling area. Left out: none is transferred here.' }),
  holderChecks: rule({ equipped: someOf(CHECKS), otherwise: someOf(CHECKS) }),
  rollover: rule({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) }),
  cardService: cardService.optional(),
  interest: rule({ currentYearAnnualRate: rate, priorYearAnnualRate: rate, dayCount: z.literal([360, 365]) }),
} as const;

export const PACK = z.strictObject(SECTIONS);
/** A policy pack as its author wrote it: one city's rules from one date on. */
export type Pack = z.infer<typeof PACK>;

/** The JSON schema of a pack file, for editors and the reference. */
export const packJsonSchema = (): Json => z.toJSONSchema(PACK) as Json;
