import { checkCardNumber, checkName, IDENTITY_KINDS } from '#libs/kernel';
import { oneOf, personal, type Rule } from '../form/rules';

export const identityKind: Rule = oneOf(Object.keys(IDENTITY_KINDS));
/** Its length here; whether it fits its kind is asked when the whole form is read. */
export const identityNumber: Rule = personal(50);
export const personName: Rule = {
  test: (value) => typeof value === 'string' && checkName(value) === null,
  zh: '姓名：文字、间隔点和空格，最长 200 字',
  en: 'a name: letters of any script, dots and spaces, at most 200 characters',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};
export const cardNumber: Rule = {
  test: (value) => typeof value === 'string' && checkCardNumber(value) === null,
  zh: '卡号：8 至 20 位字母或数字',
  en: 'a card number: 8 to 20 letters or digits',
  schema: { type: 'string', pattern: '^[A-Za-z0-9]{8,20}$' },
};
