import { canonicalJson } from './canonical';
import {
  birthDateOf,
  checkCardNumber,
  checkIdentity,
  checkName,
  IDENTITY_KINDS,
  identityNumberFor,
  normalIdentityNumber,
} from './identity-number';

const MAN = '11010519491231002X'; // The worked example of GB 11643-1999.

describe('what a clerk is told of a number', () => {
  it.each([
    [
      '01',
      '110105491231002',
      '15位旧身份证号已停用，请录入18位公民身份号码',
      'a 15-digit number of the old form is no longer in use: enter 18 characters',
    ],
    ['01', '1', '公民身份号码应为18位', 'an identity number has 18 characters'],
    ['01', '11010519491231A02X', '公民身份号码应为17位数字加1位校验码', 'an identity number is 17 digits and a check character'],
    ['01', '110105194902300023', '公民身份号码中的出生日期无效', 'the birth date in the identity number is impossible'],
    ['01', '110105194912310021', '公民身份号码校验码不符，请核对', 'the check character of the identity number does not match'],
    ['17', MAN, '港澳台居民居住证号码应以810000、820000或830000开头', 'a residence permit begins with 810000, 820000 or 830000'],
    ['08', 'E1', '外国人护照号码格式不正确', 'not the form of a number of a passport'],
    ['77', MAN, '未知的证件类型', 'unknown kind of identity document'],
  ])('%s %s: %s', (kind, number, messageZh, messageEn) => expect(checkIdentity(kind, number)).toMatchObject({ messageZh, messageEn }));
  it('and of a name or a card', () => {
    const name = {
      messageZh: '姓名只能包含文字、间隔点和空格，最长200字',
      messageEn: 'a name is letters, dots and spaces, at most 200 characters',
    };
    expect(checkName('1')).toStrictEqual({ code: 'name-form', ...name });
    const card = { messageZh: '卡号应为8至20位字母或数字', messageEn: 'a card number is 8 to 20 letters or digits' };
    expect(checkCardNumber('1')).toStrictEqual({ code: 'card-number-form', ...card });
  });
});

describe('numbers that hold more than a number', () => {
  it('a permit has its division in front, spaces nowhere, and parts are parts', () => {
    const inside = identityNumberFor('118100', '1990-06-01', '001');
    expect(checkIdentity('17', inside)?.code).toBe('identity-form');
    expect(normalIdentityNumber(' 1101 0519 4912 3100 2x ')).toBe(MAN);
    expect(IDENTITY_KINDS['01']?.check(`x${MAN.slice(1)}`)?.code).toBe('identity-form');
    const none = new RangeError('not the parts of an identity number');
    expect(() => identityNumberFor('0370202', '1961-05-17', '001')).toThrow(none);
    expect(() => identityNumberFor('370202', '1961-05-17', '0012')).toThrow(none);
  });
  it('a birth date that is none is none', () => expect([birthDateOf('370202'), birthDateOf('3702021961051')]).toStrictEqual([null, null]));
});

describe('canonical JSON: what was wrong, without the value', () => {
  it.each<[unknown, string]>([
    [1n, 'bigint'],
    ['\ud800', 'a lone surrogate'],
    [Number.NaN, 'a number that is not finite'],
    [new Map(), 'not plain data'],
  ])('%#', (value, what) => expect(() => canonicalJson(value)).toThrow(new TypeError(`not canonical JSON: ${what}`)));
});
