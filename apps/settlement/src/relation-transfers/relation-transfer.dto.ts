import { checkIdentity } from '#libs/kernel';
import type { HolderStatus } from '#libs/medical-account';
import { AccountPathDto } from '../accounts/account.dto';
import { identityKind, identityNumber } from '../accounts/personal-rules';
import { Field, NestedField, OptionalField } from '../form/field';
import { codeNamesAPerson } from '../form/personal-text';
import { type FormFault, faultAt } from '../form/read-form';
import * as rule from '../form/rules';

const STATUSES = ['active', 'stopped', 'retired'] as const satisfies readonly HolderStatus[];
/** The treasury's own number; a number of the form of a bank card or account is kept out of the log. */
const treasuryNumber: rule.Rule = {
  ...rule.matching(
    /^(?!\d{12,30}$)[A-Za-z0-9_.:/-]{1,60}$/,
    '本单位的批次号：1 至 60 位字母、数字或 _.:/-，不得为银行账号、卡号',
    'a batch number of your own: 1 to 60 of letters, digits, "-", "_", ".", ":" and "/", never a bank account or card number',
  ),
  namesAPerson: codeNamesAPerson,
};

export class RelationTransferPathDto extends AccountPathDto {
  @Field(rule.identifier) transferId: string;
}
export class RelationInPathDto {
  @Field(rule.identifier) transferInId: string;
}
export class RelationTransferDto {
  @Field(rule.reference) reference: string;
  @Field(rule.district, { description: 'Where the relation goes: six digits of GB/T 2260.' }) toPoolingArea: string;
  @Field(rule.oneOf(STATUSES), { description: 'As the agency knows the insured; a retiree cannot transfer.' }) holderStatus: HolderStatus;
}
export class RemittanceDto {
  @Field(rule.reference) reference: string;
  @Field(treasuryNumber, { description: 'Number of the remittance at your treasury; no bank data.' }) batchReference: string;
}
export class ConfirmationDto {
  @Field(rule.reference) reference: string;
  @Field(rule.yuan, { description: 'As the receiving side tells it.' }) amount: string;
  @Field(rule.reference, { description: 'Number of the confirmation.' }) confirmation: string;
}
export class ReturnDto {
  @Field(rule.reference) reference: string;
  @Field(rule.yuan, { description: 'What came back.' }) amount: string;
  @Field(rule.words(200)) reason: string;
}
export class ReasonDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200)) reason: string;
}
export class ReferenceDto {
  @Field(rule.reference) reference: string;
}

class InsuredDto {
  @Field(identityKind, { description: 'psn_cert_type: 01 identity card … 17 residence permit.' }) identityKind: string;
  @Field(identityNumber) identityNumber: string;
}
class RelationInNameDto {
  @Field(rule.reference) reference: string;
  @Field(rule.district, { description: 'Yours: where the relation comes to.' }) poolingArea: string;
  @Field(rule.district, { description: 'Where it comes from.' }) fromPoolingArea: string;
  @Field(rule.reference, { description: 'Number that the sending area gave the transfer; file and money are matched by it.' })
  transferNo: string;
}
export class RelationFileDto extends RelationInNameDto {
  @NestedField(() => InsuredDto, { description: 'Finds the account; no event, log line or answer holds it.' }) person: InsuredDto;
  @Field(rule.yuan) currentYear: string;
  @Field(rule.yuan) priorYear: string;

  /** The number fits its kind, or why not; the number itself is never repeated. */
  static alsoWrong({ person }: Partial<RelationFileDto>): readonly FormFault[] {
    if (!person || !identityKind.test(person.identityKind) || !identityNumber.test(person.identityNumber)) return [];
    const wrong = checkIdentity(person.identityKind, person.identityNumber);
    const words = wrong && ([`与证件类型相符的号码（${wrong.messageZh}）`, `a number that fits its kind (${wrong.messageEn})`] as const);
    return words ? [faultAt('person.identityNumber', 'field-malformed', words)] : [];
  }
}
export class RelationMoneyDto extends RelationInNameDto {
  @Field(treasuryNumber, { description: 'Number of the receipt at your treasury; no bank data.' }) batchReference: string;
  @Field(rule.yuan) amount: string;
  @Field(rule.day) receivedOn: string;
}
export class MoneySentBackDto extends ReasonDto {
  @Field(treasuryNumber, { description: 'Number of the remittance back.' }) batchReference: string;
}
export class RelationTransfersQueryDto {
  @OptionalField(rule.oneOf(['out', 'in'])) direction?: 'out' | 'in';
  @OptionalField(
    rule.oneOf([
      ...['requested', 'remitted', 'confirmed', 'returned', 'withdrawn', 'rejected', 'lapsed'],
      ...['empty', 'fileOnly', 'moneyOnly', 'matched', 'crediting', 'credited'],
    ]),
  )
  stage?: string;
  @OptionalField(rule.identifier) accountId?: string;
  @OptionalField(rule.oneOf(['true', 'false']), { description: 'Only what still awaits something.' }) open?: 'true' | 'false';
  @OptionalField(rule.oneOf(['true']), { description: 'Only what is past its day.' }) overdue?: 'true';
  @OptionalField(rule.matching(/^[\x21-\x7e]{1,400}$/, '上一页的 next', 'the `next` of the page before')) cursor?: string;
  @OptionalField(rule.numeral(1, 500), { default: 100 }) limit?: string;
}
