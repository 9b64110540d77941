import { type Applicant, againstReceiver, againstRepresentative, NOTICE_GUIDE, type Relation, type Representing } from './index';

const QINGDAO = ['spouse', 'parent', 'child', 'guardian'] as const;
const HOLDER = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'CHECK-1' } as const;
const CHILD = { signer: 'proxy', relation: 'child', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' } as const;
const GUARDIAN = { ...CHILD, signer: 'guardian', relation: 'guardian' } as const;
const codesOf = (over: Partial<Representing>) =>
  againstRepresentative({ signedBy: CHILD, holderAge: 'adult', errand: 'nonFinancial', relations: QINGDAO, ...over }).map(
    ({ code }) => code,
  );

describe('who acts for the holder', () => {
  it('the holder does everything himself', () => {
    for (const errand of ['nonFinancial', 'financial', 'batch'] as const) expect(codesOf({ signedBy: HOLDER, errand })).toEqual([]);
  });
  it('a relative whom the city accepts does all that is not financial; another does not', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ signedBy: { ...CHILD, relation: 'otherRelative' } })).toEqual(['proxy-not-accepted']);
    expect(codesOf({ signedBy: { ...CHILD, relation: null } })).toEqual(['proxy-not-accepted']);
  });
  it('where the city names nobody, any relation will do; a guardian is one all the same', () => {
    expect(codesOf({ signedBy: { ...CHILD, relation: 'otherRelative' }, relations: null })).toEqual([]);
    expect(codesOf({ signedBy: { ...GUARDIAN, relation: 'child' }, relations: null, holderAge: 'minor' })).toEqual(['proxy-not-accepted']);
  });
  it('a guardian acts for a minor only', () => {
    expect(codesOf({ signedBy: GUARDIAN, holderAge: 'minor' })).toEqual([]);
    expect(codesOf({ signedBy: GUARDIAN, holderAge: 'adult' })).toEqual(['guardian-of-an-adult']);
  });
  it('nobody activates the financial area for another, and is told everything that stands against it', () => {
    expect(codesOf({ errand: 'financial' })).toEqual(['proxy-for-financial-business']);
    expect(codesOf({ signedBy: { ...GUARDIAN, relation: 'spouse' }, errand: 'financial' })).toEqual([
      'proxy-not-accepted',
      'guardian-of-an-adult',
      'proxy-for-financial-business',
    ]);
  });
  it('an employer, a school and a committee act for their people in batches, and in nothing else', () => {
    for (const relation of ['employer', 'school', 'committee'] as const) {
      expect(codesOf({ signedBy: { ...CHILD, relation }, errand: 'batch' })).toEqual([]);
      expect(codesOf({ signedBy: { ...CHILD, relation } })).toEqual(['proxy-not-accepted']);
    }
  });
  it('where the city names nobody, a unit still acts in batches only', () => {
    expect(codesOf({ signedBy: { ...CHILD, relation: 'employer' }, relations: null })).toEqual(['proxy-not-accepted']);
    expect(codesOf({ signedBy: { ...CHILD, relation: 'employer' }, relations: null, errand: 'batch' })).toEqual([]);
  });
  it('who is too young does not sign alone; his guardian does, and his unit in a batch', () => {
    expect(codesOf({ signedBy: HOLDER, isTooYoung: true })).toEqual(['holder-too-young-to-sign']);
    expect(codesOf({ signedBy: GUARDIAN, holderAge: 'minor', isTooYoung: true })).toEqual([]);
    expect(codesOf({ signedBy: HOLDER, isTooYoung: true, errand: 'batch' })).toEqual([]);
  });
  it('who acts for the holder is somebody else, and of age', () => {
    expect(codesOf({ person: { isHolder: false, isMinor: false } })).toEqual([]);
    expect(codesOf({ person: { isHolder: true, isMinor: true } })).toEqual(['representative-is-holder', 'representative-not-of-age']);
  });
  it('who takes the card signs for it', () => {
    const codes = (signedBy: Representing['signedBy'], receivedBy: Applicant, applicant: Applicant | null = 'holder') =>
      againstReceiver(signedBy, { receivedBy, applicant }).map(({ code }) => code);
    for (const [by, receivedBy] of [
      [HOLDER, 'holder'],
      [CHILD, 'proxy'],
      [GUARDIAN, 'guardian'],
    ] as const)
      expect(codes(by, receivedBy)).toEqual([]);
    for (const [by, receivedBy] of [
      [HOLDER, 'guardian'],
      [HOLDER, 'proxy'],
      [CHILD, 'holder'],
      [GUARDIAN, 'proxy'],
    ] as const)
      expect(codes(by, receivedBy)).toEqual(['receiver-not-the-signer']);
  });
  it('a unit takes by its own clerk what it has applied for, and nothing else', () => {
    const by = (relation: Relation) => ({ ...CHILD, relation });
    const codes = (relation: Relation, receivedBy: Applicant, applicant: Applicant | null) =>
      againstReceiver(by(relation), { receivedBy, applicant }).map(({ code }) => code);
    expect(codes('school', 'school', 'school')).toEqual([]);
    expect(codes('employer', 'school', 'school')).toEqual(['receiver-not-the-signer']);
    expect(codes('employer', 'employer', 'school')).toEqual(['receiver-not-the-applicant']);
    expect(codes('employer', 'employer', 'holder')).toEqual(['receiver-not-the-applicant']);
    expect(againstReceiver(HOLDER, { receivedBy: 'holder', applicant: 'employer' })).toEqual([]); // He comes for it himself.
    expect(againstReceiver(HOLDER, { receivedBy: 'employer', applicant: 'employer' }).map(({ code }) => code)).toEqual([
      'receiver-not-the-signer',
    ]);
  });
  it('whoever may not hears on the notice what to bring', () => {
    for (const code of ['proxy-not-accepted', 'guardian-of-an-adult', 'proxy-for-financial-business', 'holder-too-young-to-sign'])
      expect(NOTICE_GUIDE[code]?.materials.length).toBeGreaterThan(0);
  });
});
