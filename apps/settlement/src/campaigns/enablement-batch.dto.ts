import type { EnablementLine } from '#libs/application';
import { cardNumber } from '../accounts/personal-rules';
import { Field, OptionalField } from '../form/field';
import { type FormFault, faultAt, NO_SUCH_FIELD } from '../form/read-form';
import * as rule from '../form/rules';

/** One card of a file. It is named by its number, or by account and card. */
export class EnablementLineDto {
  @Field(rule.reference, { description: 'A card is enabled once under it.' }) reference: string;
  @OptionalField(cardNumber, { description: 'Either this or `accountId` and `cardId`.' }) cardNumber?: string | null;
  @OptionalField(rule.identifier) accountId?: string | null;
  @OptionalField(rule.identifier) cardId?: string | null;
  @Field(rule.truth) financialAreaActivated: boolean;

  static alsoWrong(form: EnablementLineDto): readonly FormFault[] {
    return faultsOfCard(form);
  }
}
type CardNamed = Pick<EnablementLineDto, 'cardNumber' | 'accountId' | 'cardId'>;

/** The card is named once, and in one way. */
export const faultsOfCard = ({ cardNumber: number, accountId, cardId }: CardNamed): readonly FormFault[] => {
  if (number != null) {
    return [
      ...(accountId == null ? [] : [faultAt('accountId', 'field-unknown', NO_SUCH_FIELD)]),
      ...(cardId == null ? [] : [faultAt('cardId', 'field-unknown', NO_SUCH_FIELD)]),
    ];
  }
  if (accountId == null && cardId == null)
    return [
      faultAt('cardNumber', 'field-missing', ['卡号，或 accountId 与 cardId', 'the number of the card, or `accountId` and `cardId`']),
    ];
  return [
    ...(accountId == null ? [faultAt('accountId', 'field-missing', ['账户编号', 'the account of the card'])] : []),
    ...(cardId == null ? [faultAt('cardId', 'field-missing', ['卡片编号', 'the id of the card'])] : []),
  ];
};

export const toEnablementLine = (form: EnablementLineDto): EnablementLine => ({
  reference: form.reference,
  financialAreaActivated: form.financialAreaActivated,
  card: form.cardNumber == null ? { accountId: form.accountId ?? '', cardId: form.cardId ?? '' } : { number: form.cardNumber },
});
