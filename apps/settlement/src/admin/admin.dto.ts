import type { Right } from '#libs/application';
import { Field, OptionalField } from '../form/field';
import { codeNamesAPerson } from '../form/personal-text';
import { type FormFault, faultAt } from '../form/read-form';
import * as rule from '../form/rules';
import { RIGHTS } from '../form/words-of-the-domain';

export class CreateKeyDto {
  @Field(rule.words(100)) organisation: string;
  @Field(rule.eachOf(rule.oneOf(RIGHTS), RIGHTS.length, 1)) rights: Right[];
  @Field(rule.eachOf(rule.institutionCode, 2_000)) institutionCodes: string[];
  @Field(rule.words(200)) note: string;
  @OptionalField(rule.eachOf(rule.code, 2_000), { description: 'Where its holder sits: outlets, centres, employer, school, terminals.' })
  outletCodes?: string[] | null;
  @OptionalField(rule.code, { description: 'Of a bank as a whole: all applications for its cards.' }) bankCode?: string | null;

  /** The right of an institution without one to act for would look like a key and be none. */
  static alsoWrong({ rights, institutionCodes }: CreateKeyDto): readonly FormFault[] {
    if (!Array.isArray(rights) || !Array.isArray(institutionCodes)) return [];
    return rights.includes('institution') && institutionCodes.length === 0
      ? [faultAt('institutionCodes', 'field-malformed', ['至少一个机构编码', 'at least one institution code'])]
      : [];
  }
}
export class KeyPathDto {
  @Field(rule.identifier) keyId: string;
}
export class RevokeKeyDto {
  @Field(rule.words(200)) reason: string;
}
const packText: rule.Rule = {
  namesAPerson: codeNamesAPerson,
  test: (value) => typeof value === 'string' && value.length > 0 && value.length <= 500_000,
  zh: '政策包全文',
  en: 'the text of a policy pack',
  schema: { type: 'string', minLength: 1, maxLength: 500_000 },
};
const packId = rule.coded(/^[\w.@:/-]{1,100}$/, '政策包编号', 'the id of a policy pack');
export class ProposePackDto {
  @Field(rule.words(200), { description: 'Name of the file, for the words of a refusal.' }) file: string;
  @Field(packText) yaml: string;
}
export class ApprovePackDto {
  @Field(packId) packId: string;
  @Field(rule.coded(/^[\w:=+/-]{1,128}$/, '政策包摘要', 'the hash of the proposed pack')) hash: string;
}
export class ProjectionPathDto {
  @Field(rule.code) name: string;
}
