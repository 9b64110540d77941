import { cardNumber } from '../accounts/personal-rules';
import { faultsOfCard } from '../campaigns/enablement-batch.dto';
import { Field, OptionalField } from '../form/field';
import type { FormFault } from '../form/read-form';
import * as rule from '../form/rules';

const DISPOSALS = ['collect', 'destroy'] as const;

/** One card of a list of gathered or destroyed ones, named by its number, or by account and card. */
export class DisposalLineDto {
  @Field(rule.reference, { description: 'An act is done once under it.' }) reference: string;
  @Field(rule.oneOf(DISPOSALS)) act: (typeof DISPOSALS)[number];
  @Field(rule.code, { description: 'Of a gathered card: the outlet. Of a destroyed one: the number of the protocol.' }) place: string;
  @OptionalField(cardNumber, { description: 'Either this or `accountId` and `cardId`.' }) cardNumber?: string | null;
  @OptionalField(rule.identifier) accountId?: string | null;
  @OptionalField(rule.identifier) cardId?: string | null;

  static alsoWrong(form: DisposalLineDto): readonly FormFault[] {
    return faultsOfCard(form);
  }
}
