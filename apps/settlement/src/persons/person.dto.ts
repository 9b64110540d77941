import { checkIdentity } from '#libs/kernel';
import type { PersonChangeGrounds } from '#libs/medical-account';
import { AccountPathDto } from '../accounts/account.dto';
import { identityKind, identityNumber, personName } from '../accounts/personal-rules';
import { Field, OptionalField } from '../form/field';
import { type FormFault, faultAt } from '../form/read-form';
import * as rule from '../form/rules';

const GROUNDS: readonly PersonChangeGrounds[] = ['upgrade', 'correction', 'duplicateNumber', 'nameChanged'];
const CASE_STATES = ['proposed', 'underWay', 'done', 'withdrawn', 'undone'] as const;

export class CasePathDto extends AccountPathDto {
  @Field(rule.identifier) caseId: string;
}
class GroundedDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200), { description: 'Why; it names nobody.' }) reason: string;
  @Field(rule.reference, { description: 'Number of the document that proves it.' }) document: string;
}
export class MergeDto extends GroundedDto {
  @Field(rule.identifier, { description: 'The account that is absorbed; the one in the path survives.' }) absorbedAccountId: string;
}
export class UndoMergeDto extends GroundedDto {}
export class PersonChangeDto extends GroundedDto {
  @Field(rule.oneOf(GROUNDS), { description: 'correction and duplicateNumber give the old number up; upgrade keeps it as the holder’s.' })
  grounds: PersonChangeGrounds;
  @OptionalField(personName, { description: 'Goes to the vault, as the number does; no event, log line or answer holds it.' })
  name?: string | null;
  @OptionalField(identityKind, { description: 'With `identityNumber`, always both.' }) identityKind?: string | null;
  @OptionalField(identityNumber) identityNumber?: string | null;

  /** Name or number, what the grounds are about, and a number that fits its kind; none of them is ever repeated. */
  static alsoWrong(form: Partial<PersonChangeDto>): readonly FormFault[] {
    return [...missing(form), ...misfit(form.identityKind, form.identityNumber)];
  }
}
export class CaseApprovalDto {
  @Field(rule.reference) reference: string;
}
export class CaseWithdrawalDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200)) reason: string;
}

const wanted = (field: string, zh: string, en: string): FormFault => faultAt(field, 'field-missing', [zh, en]);

/** What the grounds are about is to be told; a number always with its kind. */
const missing = ({ grounds, name = null, identityKind: kind = null, identityNumber: number = null }: Partial<PersonChangeDto>) => [
  ...missingName(grounds, name, number),
  ...missingNumber(grounds, kind, number),
];
type Told = string | null;

const missingName = (grounds: PersonChangeGrounds | undefined, name: Told, number: Told): readonly FormFault[] => {
  if (name !== null) return [];
  if (grounds === 'nameChanged') return [wanted('name', '新的姓名', 'the new name')];
  const isNothing = grounds === 'correction' && number === null;
  return isNothing ? [wanted('name', '更正后的姓名或证件号码', 'the right name or the right number')] : [];
};

const missingNumber = (grounds: PersonChangeGrounds | undefined, kind: Told, number: Told): readonly FormFault[] => {
  if (number !== null) return kind === null ? [wanted('identityKind', '证件类型', 'the kind of the number')] : [];
  const isAbout = grounds === 'upgrade' || grounds === 'duplicateNumber' || kind !== null;
  return isAbout ? [wanted('identityNumber', '新的证件号码', 'the new number')] : [];
};

const misfit = (kind: unknown, number: unknown): readonly FormFault[] => {
  if (!identityKind.test(kind) || !identityNumber.test(number)) return [];
  const wrong = checkIdentity(String(kind), String(number));
  if (!wrong) return [];
  const expected = [`与证件类型相符的号码（${wrong.messageZh}）`, `a number that fits its kind (${wrong.messageEn})`] as const;
  return [faultAt('identityNumber', 'field-malformed', expected)];
};

class PageDto {
  @OptionalField(rule.matching(/^[\x21-\x7e]{1,400}$/, '上一页的 next', 'the `next` of the page before')) cursor?: string;
  @OptionalField(rule.numeral(1, 500), { default: 100 }) limit?: string;
  @OptionalField(rule.identifier) accountId?: string;
}
export class ReissuesQueryDto extends PageDto {}
export class PersonCasesQueryDto extends PageDto {
  @OptionalField(rule.oneOf(CASE_STATES)) state?: string;
}
