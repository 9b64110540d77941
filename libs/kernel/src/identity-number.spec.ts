import {
  birthDateOf,
  checkCardNumber,
  checkIdentity,
  checkLegacyIdentity,
  checkName,
  IDENTITY_KINDS,
  identityNumberFor,
  normalIdentityNumber,
  upgradedIdentity,
} from './identity-number';

// The two worked examples of GB 11643-1999.
const MAN = '11010519491231002X';
const WOMAN = '440524188001010014';
const codeOf = (kind: string, number: string) => checkIdentity(kind, number)?.code;

describe('identity number: the citizen number (01)', () => {
  it.each([MAN, WOMAN])('the examples of the standard pass: %s', (number) => expect(checkIdentity('01', number)).toBeNull());
  it('every other check character than the right one is refused', () => {
    const passing = Array.from('0123456789X').filter((last) => checkIdentity('01', MAN.slice(0, 17) + last) === null);
    expect(passing).toEqual(['X']);
  });
  it('two neighbouring digits swapped, or one digit wrong, are found', () => {
    for (let i = 0; i < 16; i++) {
      const swapped = MAN.slice(0, i) + MAN.charAt(i + 1) + MAN.charAt(i) + MAN.slice(i + 2);
      if (swapped !== MAN) expect(checkIdentity('01', swapped)).not.toBeNull();
      const wrong = `${MAN.slice(0, i)}${(+MAN.charAt(i) + 1) % 10}${MAN.slice(i + 1)}`;
      expect(checkIdentity('01', wrong)).not.toBeNull();
    }
  });
  it('the 15-digit form passes where an older register brings it, of a date and a division that can be', () => {
    expect(checkLegacyIdentity('01', '110105491231002')).toBeNull();
    expect(checkLegacyIdentity('01', '110105491331002')?.code).toBe('identity-old-form');
    expect(checkLegacyIdentity('01', '910105491231002')?.code).toBe('identity-old-form');
    expect(checkLegacyIdentity('08', '1101054')).toBeNull();
    expect(upgradedIdentity('110105491231002')).toBe('11010519491231002X');
  });
  it('the 15-digit form is refused with its own word', () => expect(codeOf('01', '110105491231002')).toBe('identity-old-form'));
  it.each([
    ['1101051949123100', 'identity-length'],
    ['11010519491231A02X', 'identity-form'],
    ['01010519491231002X', 'identity-form'],
    ['110105194902300023', 'identity-birth-date'], // 30 February.
    ['110105187912310021', 'identity-birth-date'],
    ['110105210001010022', 'identity-birth-date'],
    ['', 'identity-length'],
  ])('%s is refused as %s', (number, code) => expect(codeOf('01', number)).toBe(code));
  it('29 February passes in leap years only', () => {
    expect(checkIdentity('01', identityNumberFor('370202', '2000-02-29', '001'))).toBeNull();
    expect(codeOf('01', '370202190002290010')).toBe('identity-birth-date');
  });
  it('a small x and full-width digits are the same document', () => {
    expect(checkIdentity('01', MAN.toLowerCase())).toBeNull();
    expect(normalIdentityNumber('１１０１０５１９４９１２３１００２ｘ')).toBe(MAN);
  });
  it('the birth date is read from the number', () => expect(birthDateOf(MAN)).toBe('1949-12-31'));
});

describe('identity number: made for samples', () => {
  it('always passes the check, whatever the sequence', () => {
    for (let sequence = 0; sequence < 1000; sequence++) {
      const number = identityNumberFor('370202', '1961-05-17', String(sequence).padStart(3, '0'));
      expect(checkIdentity('01', number)).toBeNull();
    }
  });
  it.each([
    ['37020', '1961-05-17', '001'],
    ['370202', '1961-02-30', '001'],
    ['370202', '1961-05-17', '1'],
  ])('parts of another form are a bug: %s %s %s', (...parts) => expect(() => identityNumberFor(...parts)).toThrow(RangeError));
});

describe('identity number: the other kinds', () => {
  it.each([
    ['02', '军字第2001988号'],
    ['03', '武字第1234567号'],
    ['04', 'H12345678'],
    ['04', 'H1234567801'],
    ['05', 'M12345678'],
    ['06', '12345678'],
    ['06', '1234567890(B)'],
    ['07', 'USA110187120304'],
    ['07', '911124198108030024'],
    ['08', 'E12345678'],
    ['09', `${MAN}43`],
    ['99', '护照-Q77'],
  ])('%s accepts %s', (kind, number) => expect(checkIdentity(kind, number)).toBeNull());
  it.each([
    ['02', 'A'],
    ['04', 'M12345678'.slice(0, 6)],
    ['05', 'H1234567801'],
    ['06', 'T1234567'],
    ['07', 'USA11018712030'],
    ['08', 'E1'],
    ['09', MAN],
    ['99', 'x y z!'],
  ])('%s refuses %s', (kind, number) => expect(codeOf(kind, number)).toBe('identity-form'));
  it('the residence permit (17) has the same check character, and its own divisions', () => {
    const permit = identityNumberFor('810000', '1990-06-01', '001');
    expect(checkIdentity('17', permit)).toBeNull();
    expect(codeOf('17', permit.slice(0, 17) + (permit.endsWith('1') ? '2' : '1'))).toBe('identity-check-character');
    expect(codeOf('17', MAN)).toBe('identity-form');
  });
  it.each(['00', '', '1', 'constructor', '__proto__'])('kind "%s" is unknown', (kind) =>
    expect(codeOf(kind, MAN)).toBe('identity-kind-unknown'),
  );
  it('no fault repeats the number: it would end up in logs', () => {
    for (const kind of [...Object.keys(IDENTITY_KINDS), '77']) {
      const found = checkIdentity(kind, '!SECRET7788!');
      expect(found).not.toBeNull();
      expect(JSON.stringify(found)).not.toContain('7788');
      expect(found?.messageZh).toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('name and card number', () => {
  it.each(['张三', '𠮷野', '𰻝𱁬', '买买提·吐尔逊', 'Jean-Luc O’Neill', 'ཀརྨ', 'A'.repeat(120), '欧阳'.repeat(50)])(
    'the name %s passes',
    (name) => expect(checkName(name)).toBeNull(),
  );
  it.each(['', ' ', ' 张三', '张三 ', '1张', '<b>张</b>', '张\n三', '𠮷'.repeat(201)])('the name "%s" is refused', (name) =>
    expect(checkName(name)?.code).toBe('name-form'),
  );
  it('characters are counted, not UTF-16 units', () => expect(checkName('𠮷'.repeat(200))).toBeNull());
  it.each(['A12345678', '370202123', 'a1234567', '12345678901234567890'])('the card number %s passes', (n) =>
    expect(checkCardNumber(n)).toBeNull(),
  );
  it.each(['1234567', '123456789012345678901', '12345 678', '卡12345678', ''])('the card number "%s" is refused', (n) =>
    expect(checkCardNumber(n)?.code).toBe('card-number-form'),
  );
});
