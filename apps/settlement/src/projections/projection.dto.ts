import { OptionalField } from '../form/field';
import * as rule from '../form/rules';
import { FREEZE_CAUSES } from '../form/words-of-the-domain';

/** Who has seen the log up to an index, by another page or by reading it, asks not to be answered from before it. */
export class AtLeastDto {
  @OptionalField(rule.numeral(0, 999_999_999_999_999)) minLogIndex?: string;
}
class PageDto extends AtLeastDto {
  @OptionalField(rule.matching(/^[\x21-\x7e]{1,400}$/, '上一页的 next', 'the `next` of the page before')) cursor?: string;
  @OptionalField(rule.numeral(1, 500), { default: 100 }) limit?: string;
}
export class FreezesQueryDto extends PageDto {
  @OptionalField(rule.identifier) accountId?: string;
  @OptionalField(rule.oneOf(FREEZE_CAUSES)) cause?: string;
  @OptionalField(rule.instant) inForceAt?: string;
}
export class CardTransfersQueryDto extends PageDto {
  @OptionalField(rule.identifier) accountId?: string;
  @OptionalField(rule.identifier) cardId?: string;
  @OptionalField(rule.instant) from?: string;
  @OptionalField(rule.instant) until?: string;
}
