import { isBusinessDate } from './time';

/** What is wrong with a number, in the clerk's words. The number itself is not in it: it would end up in logs. */
export type IdentityFault = Readonly<{
  code:
    | 'identity-kind-unknown'
    | 'identity-length'
    | 'identity-old-form'
    | 'identity-birth-date'
    | 'identity-check-character'
    | 'identity-form'
    | 'name-form'
    | 'card-number-form';
  messageZh: string;
  messageEn: string;
}>;

const fault = (code: IdentityFault['code'], messageZh: string, messageEn: string): IdentityFault => ({ code, messageZh, messageEn });

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const BORN_FROM = '1880-01-01'; // Nobody alive was born earlier; an upper bound would need a clock.
const BORN_BEFORE = '2100-01-01';

/** The check character of the first 17 digits. Source: GB 11643-1999 (ISO 7064, MOD 11-2). */
export const identityCheckCharacter = (seventeen: string): string => {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (seventeen.charCodeAt(i) - 48), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
};

/**
 * Builds a number that passes the check: 6-digit division, birth date (YYYY-MM-DD), 3-digit sequence (odd: male).
 * @throws RangeError when a part has another form: the caller made it up wrong.
 */
export const identityNumberFor = (division6: string, birthDate: string, sequence3: string): string => {
  const seventeen = `${division6}${birthDate.replaceAll('-', '')}${sequence3}`;
  if (!/^[1-9]\d{16}$/.test(seventeen) || !isBusinessDate(birthDate)) throw new RangeError('not the parts of an identity number');
  return seventeen + identityCheckCharacter(seventeen);
};

/** The birth date inside an 18-character number, or null when it holds none. */
export const birthDateOf = (number: string): string | null => {
  const date = number.slice(6, 14).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isBusinessDate(date) && date >= BORN_FROM && date < BORN_BEFORE ? date : null;
};

/** One way of writing, so that one document has one pseudonym: full-width characters narrow, letters capital, no spaces. */
export const normalIdentityNumber = (number: string): string => number.normalize('NFKC').replace(/\s/g, '').toUpperCase();

const citizen = (number: string): IdentityFault | null => {
  if (/^\d{15}$/.test(number))
    return fault(
      'identity-old-form',
      '15位旧身份证号已停用，请录入18位公民身份号码',
      'a 15-digit number of the old form is no longer in use: enter 18 characters',
    );
  if (number.length !== 18) return fault('identity-length', '公民身份号码应为18位', 'an identity number has 18 characters');
  if (!/^[1-9]\d{16}[\dX]$/.test(number))
    return fault('identity-form', '公民身份号码应为17位数字加1位校验码', 'an identity number is 17 digits and a check character');
  if (birthDateOf(number) === null)
    return fault('identity-birth-date', '公民身份号码中的出生日期无效', 'the birth date in the identity number is impossible');
  if (identityCheckCharacter(number) !== number.charAt(17))
    return fault('identity-check-character', '公民身份号码校验码不符，请核对', 'the check character of the identity number does not match');
  return null;
};

/** The 18 characters that a citizen's number of 15 digits became: the century, of 999 to 996 the 19th, and a check character. */
export const upgradedIdentity = (fifteen: string): string | null => {
  if (!/^[1-9]\d{14}$/.test(fifteen)) return null;
  const century = /99[6-9]$/.test(fifteen) ? '18' : '19';
  const seventeen = `${fifteen.slice(0, 6)}${century}${fifteen.slice(6)}`;
  return birthDateOf(seventeen) === null ? null : seventeen + identityCheckCharacter(seventeen);
};

/** Source: 港澳台居民居住证申领发放办法 (国办发〔2018〕81号): 810000 Hong Kong, 820000 Macao, 830000 Taiwan; numbered as GB 11643. */
const residencePermit = (number: string): IdentityFault | null =>
  citizen(number) ??
  (/^8[123]0000/.test(number)
    ? null
    : fault(
        'identity-form',
        '港澳台居民居住证号码应以810000、820000或830000开头',
        'a residence permit begins with 810000, 820000 or 830000',
      ));

const form =
  (pattern: RegExp, nameZh: string, nameEn: string) =>
  (number: string): IdentityFault | null =>
    pattern.test(number) ? null : fault('identity-form', `${nameZh}号码格式不正确`, `not the form of a number of a ${nameEn}`);

type Kind = Readonly<{ nameZh: string; nameEn: string; check: (number: string) => IdentityFault | null }>;
const kind = (nameZh: string, nameEn: string, pattern: RegExp): Kind => ({ nameZh, nameEn, check: form(pattern, nameZh, nameEn) });
const DISABILITY = /^[1-9]\d{16}[\dX]\d{2}(B\d{1,2})?$/; // Identity number, category, degree, renewal.
const SERVICE_CARD = /^[\p{Script=Han}]{0,6}\d{5,18}[号]?$/u;
const OTHER = /^[\p{L}\p{N}\-()（）]{3,50}$/u;

/** Kinds of identity documents by their code in the national interface (psn_cert_type), each with what its numbers look like. */
export const IDENTITY_KINDS: Readonly<Record<string, Kind>> = {
  '01': { nameZh: '居民身份证（户口簿）', nameEn: 'identity card', check: citizen },
  '02': kind('中国人民解放军军官证', 'military officer card', SERVICE_CARD),
  '03': kind('中国人民武装警察警官证', 'armed police card', SERVICE_CARD),
  '04': kind('香港特区护照/港澳居民来往内地通行证', 'Hong Kong permit or passport', /^(H\d{8}(\d{2})?|[A-Z]{1,2}\d{7,8})$/),
  '05': kind('澳门特区护照/港澳居民来往内地通行证', 'Macao permit or passport', /^(M\d{8}(\d{2})?|[A-Z]{1,2}\d{7,8})$/),
  '06': kind('台湾居民来往大陆通行证', 'Taiwan permit', /^(\d{8}|\d{10}([A-Z]|\([A-Z]\))?)$/),
  '07': kind('外国人永久居留证', 'foreigner permanent residence card', /^([A-Z]{3}\d{12}|9\d{16}[\dX])$/),
  '08': kind('外国人护照', 'passport', /^[A-Z0-9]{5,20}$/),
  '09': kind('残疾人证', 'disability card', DISABILITY),
  '17': { nameZh: '港澳台居民居住证', nameEn: 'residence permit for Hong Kong, Macao or Taiwan residents', check: residencePermit },
  '99': kind('其他身份证件', 'other document', OTHER),
};

/** Checks the number of an identity document against its kind; null: nothing is wrong. Source: GB 11643-1999 for kinds 01 and 17. */
export const checkIdentity = (identityKind: string, number: string): IdentityFault | null => {
  const known = Object.hasOwn(IDENTITY_KINDS, identityKind) ? IDENTITY_KINDS[identityKind] : undefined;
  return known === undefined
    ? fault('identity-kind-unknown', '未知的证件类型', 'unknown kind of identity document')
    : known.check(normalIdentityNumber(number));
};

/** The same of a person whom an older register brings: his number may have the 15 digits that it had then, of a date and a division that can be. */
export const checkLegacyIdentity = (identityKind: string, number: string): IdentityFault | null => {
  const written = normalIdentityNumber(number);
  return identityKind === '01' && /^[1-6]/.test(written) && upgradedIdentity(written) !== null ? null : checkIdentity(identityKind, number);
};

const NAME = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .,'’·•・‧-]*$/u; // Han far beyond the BMP, Uyghur and Tibetan names with dots, Latin.
const NAME_CHARACTERS_MAX = 200;

/** Checks the form of a person's name: letters of any script, counted as characters, not as UTF-16 units. */
export const checkName = (name: string): IdentityFault | null =>
  NAME.test(name) && name.trim() === name && Array.from(name).length <= NAME_CHARACTERS_MAX
    ? null
    : fault('name-form', '姓名只能包含文字、间隔点和空格，最长200字', 'a name is letters, dots and spaces, at most 200 characters');

/** Checks a card number: nine characters on current cards, eight to twenty on temporary and old ones. Source: LD/T 32.1-2015. */
export const checkCardNumber = (number: string): IdentityFault | null =>
  /^[A-Z0-9]{8,20}$/.test(number.toUpperCase())
    ? null
    : fault('card-number-form', '卡号应为8至20位字母或数字', 'a card number is 8 to 20 letters or digits');
