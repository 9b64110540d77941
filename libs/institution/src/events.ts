import type { BusinessDate, Event, Instant } from '#libs/kernel';

/** 医院、门诊部或诊所、社区卫生服务机构、村卫生室、药店. */
export const INSTITUTION_KINDS = ['hospital', 'clinic', 'communityHealthInstitution', 'villageClinic', 'pharmacy'] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];
/** What a terminal can read: 磁条、存储芯片、接触式芯片、非接触式、二维码. */
export const TERMINAL_MEDIA = ['stripe', 'memory', 'contactChip', 'contactless', 'qr'] as const;
export type TerminalMedium = (typeof TERMINAL_MEDIA)[number];

/** The hash tells a repeat of the command from another use of its key. */
export type Keyed = { key: string; commandHash: string };

/**
 * What an `institution-<code>` stream records. `decidedAt` of each event is when it was recorded; `from`, `until` and `at` are when it holds.
 * Agreement periods are business dates, both inclusive; a suspension holds from its first instant up to, not at, its last.
 */
export type InstitutionEventData = {
  'InstitutionRegistered.v1': {
    institutionCode: string;
    name: string;
    kind: InstitutionKind;
    poolingArea: string;
    identityCheckEquipped: boolean;
  };
  'AgreementSigned.v1': { agreementNo: string; from: BusinessDate; until: BusinessDate; services: readonly string[] };
  'AgreementSuspended.v1': { from: Instant; until: Instant | null; reason: string };
  'AgreementResumed.v1': { reason: string };
  'AgreementTerminated.v1': { at: Instant; reason: string };
  'InstitutionRenamed.v1': { name: string };
  'InstitutionSucceeded.v1': { byInstitutionCode: string };
  'InstitutionClosed.v1': { reason: string };
  'TerminalRegistered.v1': { terminalCode: string; media: readonly TerminalMedium[] };
  'TerminalRetired.v1': { terminalCode: string };
  'OperatorBarred.v1': { operatorCode: string; until: Instant | null; reason: string };
  'OperatorUnbarred.v1': { operatorCode: string };
  'IdentityCheckSet.v1': { equipped: boolean };
  /** All settlements of this month (YYYY-MM) have been declared for pay-out; months are declared in order. */
  'MonthDeclared.v1': { month: string };
};
export type InstitutionEventType = keyof InstitutionEventData;
type ByType = { [T in InstitutionEventType]: Event<T, Keyed & InstitutionEventData[T]> };
export type InstitutionEvent = ByType[InstitutionEventType];
