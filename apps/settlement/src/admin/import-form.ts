import type { TakenOverCard, TakeOverOrder } from '#libs/application';
import { checkLegacyIdentity, parseYuan } from '#libs/kernel';
import type { MedicalFen } from '#libs/medical-account';
import { cardNumber, identityKind, identityNumber, personName } from '../accounts/personal-rules';
import { Field } from '../form/field';
import { type FormFault, faultAt, NO_SUCH_FIELD } from '../form/read-form';
import * as rule from '../form/rules';
import * as word from '../form/words-of-the-domain';
import { formProblem } from '../problem/problem';

export class ImportPathDto {
  @Field(
    rule.matching(
      /^[a-z][a-z0-9]{0,19}$/,
      '来源：小写字母开头，字母和数字，至多 20 位',
      'a source: a small letter, then letters and digits, 20 at most',
    ),
  )
  source: string;
}

export const ACCOUNTS_MAX = 1_000;
const CARDS_MAX = 200;
const FAULTS_MAX = 100;
const telephone = rule.matching(/^\+?[\d -]{5,20}$/, '电话号码', 'a telephone number');
const sourceId = rule.personal(64);

type Plain = Readonly<Record<string, unknown>>;
type Shape = Readonly<{
  required: Readonly<Record<string, rule.Rule>>;
  optional?: Readonly<Record<string, rule.Rule>>;
  nested?: readonly string[];
}>;
const amounts = { currentYear: rule.yuan, priorYear: rule.yuan };
const ACCOUNT: Shape = {
  required: { sourceId, poolingArea: rule.code, insuranceType: rule.oneOf(word.INSURANCE_TYPES), ...amounts },
  optional: { district: rule.district },
  nested: ['person', 'cards'],
};
const PERSON: Shape = { required: { identityKind, identityNumber, name: personName }, optional: { birthDate: rule.day, telephone } };
const CARD: Shape = {
  required: { cardNumber, kind: rule.oneOf(word.CARD_KINDS), state: rule.oneOf(word.CARD_STATES), ...amounts },
  optional: { lastSwipedOn: rule.day, media: rule.eachOf(rule.oneOf(word.CARD_MEDIA), 5, 1) },
};

/**
 * Reads a block of accounts: by hand, because a block comes a few hundred times a second and whoever sends it has judged every line already.
 * Throws: Problem 400 with every fault; no value is repeated in it.
 */
export const readAccounts = (body: unknown): readonly TakeOverOrder[] => {
  const list = isPlain(body) ? body.accounts : undefined;
  if (!Array.isArray(list) || list.length === 0 || list.length > ACCOUNTS_MAX)
    throw formProblem([faultAt('accounts', 'field-malformed', [`1 至 ${ACCOUNTS_MAX} 个账户`, `1 to ${ACCOUNTS_MAX} accounts`])]);
  const faults: FormFault[] = [];
  for (const [i, account] of list.entries()) faultsOfAccount(account, `accounts[${i}]`, faults);
  if (faults.length > 0) throw formProblem(faults.slice(0, FAULTS_MAX));
  return (list as Account[]).map(orderOf);
};

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const faultsOfAccount = (account: unknown, at: string, faults: FormFault[]): void => {
  if (!shaped(account, ACCOUNT, at, faults)) return;
  const { person, cards } = account;
  if (
    shaped(person, PERSON, `${at}.person`, faults) &&
    checkLegacyIdentity(String(person.identityKind), String(person.identityNumber)) !== null
  )
    faults.push(faultAt(`${at}.person.identityNumber`, 'field-malformed', ['与证件类型相符的号码', 'a number that fits its kind']));
  if (!Array.isArray(cards) || cards.length > CARDS_MAX)
    faults.push(faultAt(`${at}.cards`, 'field-malformed', [`至多 ${CARDS_MAX} 张卡`, `at most ${CARDS_MAX} cards`]));
  else for (const [n, card] of cards.entries()) shaped(card, CARD, `${at}.cards[${n}]`, faults);
};

const shaped = (value: unknown, { required, optional = {}, nested = [] }: Shape, at: string, faults: FormFault[]): value is Plain => {
  if (!isPlain(value)) {
    faults.push(faultAt(at, 'field-malformed', ['JSON 对象', 'a JSON object']));
    return false;
  }
  const before = faults.length;
  const known = (name: string) => Object.hasOwn(required, name) || Object.hasOwn(optional, name) || nested.includes(name);
  for (const name of Object.keys(value)) if (!known(name)) faults.push(faultAt(`${at}.?`, 'field-unknown', NO_SUCH_FIELD));
  const judge = (name: string, { test, namesAPerson, zh, en }: rule.Rule): void => {
    if (!test(value[name]) || namesAPerson?.(value[name]) === true) faults.push(faultAt(`${at}.${name}`, 'field-malformed', [zh, en]));
  };
  for (const [name, one] of Object.entries(required)) judge(name, one);
  for (const [name, one] of Object.entries(optional)) if (value[name] !== undefined) judge(name, one);
  return faults.length === before;
};

type Amounts = Readonly<{ currentYear: string; priorYear: string }>;
type Account = Amounts &
  Pick<TakeOverOrder, 'sourceId' | 'poolingArea' | 'district' | 'insuranceType' | 'person'> &
  Readonly<{ cards: readonly (Amounts & Pick<TakenOverCard, 'cardNumber' | 'kind' | 'state'> & Partial<TakenOverCard>)[] }>;

const fenOf = ({ currentYear, priorYear }: Amounts): Readonly<{ currentYearFen: MedicalFen; priorYearFen: MedicalFen }> => ({
  currentYearFen: parseYuan(currentYear),
  priorYearFen: parseYuan(priorYear),
});

const orderOf = (account: Account): TakeOverOrder => ({
  sourceId: account.sourceId,
  poolingArea: account.poolingArea,
  ...(account.district == null ? {} : { district: account.district }),
  insuranceType: account.insuranceType,
  person: account.person,
  ...fenOf(account),
  cards: account.cards.map((card) => ({
    cardNumber: card.cardNumber,
    kind: card.kind,
    state: card.state,
    lastSwipedOn: card.lastSwipedOn ?? null,
    media: card.media ?? null,
    ...fenOf(card),
  })),
});
