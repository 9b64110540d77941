import type { CreditLine, MonthlySource } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { Field, NestedField, OptionalField } from '../form/field';
import { type FormFault, faultAt, NO_SUCH_FIELD } from '../form/read-form';
import * as rule from '../form/rules';
import { CredentialDto } from '../settlements/swipe.dto';

const SOURCES = Object.keys({ contribution: true, retiree: true } satisfies Record<MonthlySource, true>);

/** One line of a month's credits: whose account, how much, for which month, out of which source. */
export class CreditLineDto {
  @Field(rule.reference, { description: 'A source credits once under it, whatever the month.' }) reference: string;
  @Field(rule.oneOf(SOURCES)) source: MonthlySource;
  @Field(rule.month) period: string;
  @Field(rule.code, { description: 'Where a person is looked for; an account of another area is refused.' }) poolingArea: string;
  @OptionalField(rule.identifier, { description: 'Either this or `credential`.' }) accountId?: string | null;
  @NestedField(() => CredentialDto, { optional: true, description: 'Either this or `accountId`.' }) credential?: CredentialDto | null;
  @Field(rule.positiveYuan) amount: string;

  /** The account is named once, and in one way. */
  static alsoWrong({ accountId, credential }: CreditLineDto): readonly FormFault[] {
    if (accountId == null && credential == null)
      return [faultAt('accountId', 'field-missing', ['账户编号，或 credential', 'the id of the account, or a `credential`'])];
    return accountId != null && credential != null ? [faultAt('credential', 'field-unknown', NO_SUCH_FIELD)] : [];
  }
}

export const toCreditLine = ({ reference, source, period, poolingArea, accountId, credential, amount }: CreditLineDto): CreditLine => ({
  reference,
  source,
  period,
  poolingArea,
  account:
    accountId == null ? { credential: { kind: credential?.kind ?? 'identityCard', number: credential?.number ?? '' } } : { accountId },
  amountFen: parseYuan<'medical'>(amount),
});
