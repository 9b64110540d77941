import type { CancellationReason } from '#libs/medical-account';
import { Field, OptionalField } from '../form/field';
import * as rule from '../form/rules';
import { CANCELLATION_REASONS } from '../form/words-of-the-domain';
import { swipe } from '../openapi/examples';

/** Where a settlement stands: the path of its address. */
export class SettlementKeyDto {
  @Field(rule.institutionCode, { example: swipe.institutionCode }) institutionCode: string;
  @Field(rule.serialNo, { example: swipe.serial }) serial: string;
}

export class CancellationDto {
  @Field(rule.serialNo, { description: "The cancellation's own serial." }) serial: string;
  @Field(rule.oneOf(CANCELLATION_REASONS)) reason: Exclude<CancellationReason, 'replaced'>;
  @OptionalField(rule.positiveYuan, { description: 'All that is left, when absent.' }) amount?: string | null;
  @OptionalField(rule.yuan, { description: 'The part of the amount that goes back to the pooled fund.' }) fundReturned?: string | null;
  @OptionalField(rule.words(100)) note?: string | null;
}

export class ReversalDto {
  @Field(rule.serialNo, { description: "The reversal's own serial." }) serial: string;
  @OptionalField(rule.words(100)) note?: string | null;
}

export class ReceiptQueryDto {
  @OptionalField(rule.oneOf(['text', 'html']), { default: 'text' }) format?: 'text' | 'html';
  @OptionalField(rule.oneOf(['80mm', 'A4']), { default: '80mm' }) paper?: '80mm' | 'A4';
}
