import type { CreditLine, MonthlySource } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { Field, NestedField, OptionalField } from '../form/field';
import { type FormFault, type FormResult, faultAt, NO_SUCH_FIELD, readForm } from '../form/read-form';
import * as rule from '../form/rules';
import { CREDENTIAL_KINDS } from '../form/words-of-the-domain';
import { CredentialDto } from '../settlements/swipe.dto';

const SOURCES = Object.keys({ contribution: true, retiree: true } satisfies Record<MonthlySource, true>);

const RULES = {
  reference: rule.reference,
  source: rule.oneOf(SOURCES),
  period: rule.month,
  poolingArea: rule.code,
  amount: rule.positiveYuan,
};

/** One line of a month's credits: whose account, how much, for which month, out of which source. */
export class CreditLineDto {
  @Field(RULES.reference, { description: 'A source credits once under it, whatever the month.' }) reference: string;
  @Field(RULES.source) source: MonthlySource;
  @Field(RULES.period) period: string;
  @Field(RULES.poolingArea, { description: 'Where a person is looked for; an account of another area is refused.' }) poolingArea: string;
  @OptionalField(rule.identifier, { description: 'Either this or `credential`.' }) accountId?: string | null;
  @NestedField(() => CredentialDto, { optional: true, description: 'Either this or `accountId`.' }) credential?: CredentialDto | null;
  @Field(RULES.amount) amount: string;

  /** The account is named once, and in one way. */
  static alsoWrong({ accountId, credential }: CreditLineDto): readonly FormFault[] {
    if (accountId == null && credential == null)
      return [faultAt('accountId', 'field-missing', ['账户编号，或 credential', 'the id of the account, or a `credential`'])];
    return accountId != null && credential != null ? [faultAt('credential', 'field-unknown', NO_SUCH_FIELD)] : [];
  }
}

/**
 * Reads one line of many. A line that is in order by the rules of the form is taken at once; whatever else comes is read as every form is,
 * which costs some ten times as much and names all that is wrong.
 */
export const readCreditLine = (plain: unknown): FormResult<CreditLineDto> =>
  isInOrder(plain) ? { ok: true, form: plain } : readForm<CreditLineDto>(CreditLineDto, plain);

const isInOrder = (plain: unknown): plain is CreditLineDto => {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return false;
  const { accountId, credential, ...named } = plain as Readonly<Record<string, unknown>>;
  const names = Object.keys(named);
  if (names.length !== Object.keys(RULES).length) return false;
  for (const name of names) if (!Object.hasOwn(RULES, name) || !keeps(RULES[name as keyof typeof RULES], named[name])) return false;
  if (accountId === undefined) return isCredentialInOrder(credential);
  return credential === undefined && keeps(rule.identifier, accountId);
};

const kind = rule.oneOf(CREDENTIAL_KINDS);
const isCredentialInOrder = (credential: unknown): boolean => {
  if (typeof credential !== 'object' || credential === null || Object.keys(credential).length !== 2) return false;
  const { kind: itsKind, number } = credential as Readonly<Record<string, unknown>>;
  return keeps(kind, itsKind) && keeps(rule.credentialNumber, number);
};

const keeps = ({ test, namesAPerson }: rule.Rule, value: unknown): boolean => test(value) && !namesAPerson?.(value);

export const toCreditLine = ({ reference, source, period, poolingArea, accountId, credential, amount }: CreditLineDto): CreditLine => ({
  reference,
  source,
  period,
  poolingArea,
  account:
    accountId == null ? { credential: { kind: credential?.kind ?? 'identityCard', number: credential?.number ?? '' } } : { accountId },
  amountFen: parseYuan<'medical'>(amount),
});
