import type { BusinessDate, Command, Instant } from '#libs/kernel';
import type { InstitutionKind, Keyed, TerminalMedium } from './events';

export const institutionStream = (institutionCode: string): string => `institution-${institutionCode}`;

/** `null` for an instant means: now, or for an end: open. */
export type InstitutionCommandData = {
  RegisterInstitution: {
    institutionCode: string;
    name: string;
    kind: InstitutionKind;
    poolingArea: string;
    identityCheckEquipped: boolean;
  };
  SignAgreement: { agreementNo: string; from: BusinessDate; until: BusinessDate; services: readonly string[] };
  SuspendAgreement: { from: Instant | null; until: Instant | null; reason: string };
  ResumeAgreement: { reason: string };
  TerminateAgreement: { at: Instant | null; reason: string };
  RenameInstitution: { name: string };
  SucceedInstitution: { byInstitutionCode: string };
  CloseInstitution: { reason: string };
  RegisterTerminal: { terminalCode: string; media: readonly TerminalMedium[] };
  RetireTerminal: { terminalCode: string };
  BarOperator: { operatorCode: string; until: Instant | null; reason: string };
  UnbarOperator: { operatorCode: string };
  SetIdentityCheck: { equipped: boolean };
  DeclareMonth: { month: string };
};
export type InstitutionCommandType = keyof InstitutionCommandData;
type ByType = { [T in InstitutionCommandType]: Command<T, Keyed & InstitutionCommandData[T]> };
export type InstitutionCommand = ByType[InstitutionCommandType];

/** All that a decision depends on besides command and state. */
export type InstitutionDecisionFacts = Readonly<{ decidedAt: Instant }>;
