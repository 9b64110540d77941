import type { InstitutionOrder } from '#libs/application';
import type { CardMedium, InstitutionKind } from '#libs/medical-account';
import { Field, OptionalField } from '../form/field';
import type { FormClass } from '../form/read-form';
import * as rule from '../form/rules';
import * as word from '../form/words-of-the-domain';

export class InstitutionPathDto {
  @Field(rule.institutionCode) code: string;
}
export class InstitutionDayPathDto extends InstitutionPathDto {
  @Field(rule.day) date: string;
}

export class RegisterInstitutionDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200)) name: string;
  @Field(rule.oneOf(word.INSTITUTION_KINDS)) kind: InstitutionKind;
  @Field(rule.code) poolingArea: string;
  @Field(rule.truth) identityCheckEquipped: boolean;
}

type Act = Exclude<InstitutionOrder['act'], 'register'>;
/** The form of each act, and how it becomes an order. `act` and `reference` are in each of them. */
class ActDto {
  @Field(rule.code) act: string;
  @Field(rule.reference) reference: string;
}
export class SignAgreementDto extends ActDto {
  @Field(rule.reference) agreementNo: string;
  @Field(rule.day) from: string;
  @Field(rule.day) until: string;
  @Field(rule.eachOf(rule.code, 50, 1)) services: string[];
}
export class SuspendAgreementDto extends ActDto {
  @OptionalField(rule.instant) from?: string | null;
  @OptionalField(rule.instant) until?: string | null;
  @Field(rule.words(200)) reason: string;
}
export class ReasonOnlyDto extends ActDto {
  @Field(rule.words(200)) reason: string;
}
export class TerminateAgreementDto extends ActDto {
  @OptionalField(rule.instant) at?: string | null;
  @Field(rule.words(200)) reason: string;
}
export class RenameDto extends ActDto {
  @Field(rule.words(200)) name: string;
}
export class SucceedDto extends ActDto {
  @Field(rule.institutionCode) byInstitutionCode: string;
}
export class RegisterTerminalDto extends ActDto {
  @Field(rule.code) terminalCode: string;
  @Field(rule.eachOf(rule.oneOf(word.CARD_MEDIA), 5, 1)) media: CardMedium[];
}
export class RetireTerminalDto extends ActDto {
  @Field(rule.code) terminalCode: string;
}
export class BarOperatorDto extends ActDto {
  @Field(rule.code) operatorCode: string;
  @OptionalField(rule.instant) until?: string | null;
  @Field(rule.words(200)) reason: string;
}
export class UnbarOperatorDto extends ActDto {
  @Field(rule.code) operatorCode: string;
}
export class SetIdentityCheckDto extends ActDto {
  @Field(rule.truth) equipped: boolean;
}
export class DeclareMonthDto extends ActDto {
  @Field(rule.month) month: string;
}

const utcOrNull = (text: string | null | undefined): string | null => (text == null ? null : rule.utcInstant(text));
type Reading<F extends ActDto> = Readonly<{ form: FormClass<F>; toOrder: (form: F) => InstitutionOrder }>;
const reading = <F extends ActDto>(form: FormClass<F>, toOrder: (form: F) => InstitutionOrder): Reading<F> => ({ form, toOrder });

/** Every act on an institution by its word. */
export const INSTITUTION_ACTS = {
  signAgreement: reading(SignAgreementDto, ({ agreementNo, from, until, services }) => ({
    act: 'signAgreement',
    agreementNo,
    from,
    until,
    services,
  })),
  suspendAgreement: reading(SuspendAgreementDto, ({ from, until, reason }) => ({
    act: 'suspendAgreement',
    from: utcOrNull(from),
    until: utcOrNull(until),
    reason,
  })),
  resumeAgreement: reading(ReasonOnlyDto, ({ reason }) => ({ act: 'resumeAgreement', reason })),
  terminateAgreement: reading(TerminateAgreementDto, ({ at, reason }) => ({ act: 'terminateAgreement', at: utcOrNull(at), reason })),
  rename: reading(RenameDto, ({ name }) => ({ act: 'rename', name })),
  succeed: reading(SucceedDto, ({ byInstitutionCode }) => ({ act: 'succeed', byInstitutionCode })),
  close: reading(ReasonOnlyDto, ({ reason }) => ({ act: 'close', reason })),
  registerTerminal: reading(RegisterTerminalDto, ({ terminalCode, media }) => ({ act: 'registerTerminal', terminalCode, media })),
  retireTerminal: reading(RetireTerminalDto, ({ terminalCode }) => ({ act: 'retireTerminal', terminalCode })),
  barOperator: reading(BarOperatorDto, ({ operatorCode, until, reason }) => ({
    act: 'barOperator',
    operatorCode,
    until: utcOrNull(until),
    reason,
  })),
  unbarOperator: reading(UnbarOperatorDto, ({ operatorCode }) => ({ act: 'unbarOperator', operatorCode })),
  setIdentityCheck: reading(SetIdentityCheckDto, ({ equipped }) => ({ act: 'setIdentityCheck', equipped })),
  declareMonth: reading(DeclareMonthDto, ({ month }) => ({ act: 'declareMonth', month })),
} satisfies Readonly<Record<Act, unknown>>;
