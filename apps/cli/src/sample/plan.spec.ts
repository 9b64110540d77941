import { checkCardNumber, checkIdentity, checkName, parseYuan } from '#libs/kernel';
import { planHash, planSample } from './plan';
import type { Step } from './step';

const plan = planSample();
const day = plan.stories.flatMap((story) => story.day);
const setUp = plan.stories.flatMap((story) => story.setUp);
const bodiesOf = (steps: readonly Step[], what: Step['what']) => steps.filter((step) => step.what === what).map(({ call }) => call.body);
const numberOf = <T>(items: readonly T[], fits: (item: T) => boolean): number => items.filter(fits).length;
const different = (texts: readonly string[]): number => new Set(texts).size;

describe('the sample region', () => {
  it('is the same on every machine, and another one under another seed or size', () => {
    expect(planHash(planSample())).toBe(planHash(plan));
    expect(planHash(planSample(1, 'another seed'))).not.toBe(planHash(plan));
    expect(planHash(planSample(0.5))).not.toBe(planHash(plan));
  });

  it('has 5,000 holders in Qingdao and 1,200 in Jinan', () => {
    expect(numberOf(plan.stories, ({ poolingArea }) => poolingArea === '370200')).toBe(5_000);
    expect(numberOf(plan.stories, ({ poolingArea }) => poolingArea === '370100')).toBe(1_200);
  });

  it('has 60 hospitals, 140 clinics, community institutions and village clinics, and 200 pharmacies, each with a code of twelve', () => {
    expect(numberOf(plan.institutions, ({ kind }) => kind === 'hospital')).toBe(60);
    expect(numberOf(plan.institutions, ({ kind }) => kind === 'pharmacy')).toBe(200);
    expect(numberOf(plan.institutions, ({ kind }) => kind !== 'hospital' && kind !== 'pharmacy')).toBe(140);
    expect(different(plan.institutions.map(({ code }) => code))).toBe(400);
    expect(plan.institutions.every(({ code }) => /^[A-Z]\d{11}$/.test(code))).toBe(true);
  });

  it('has agreements of every kind, terminals that read only stripes, operators barred, hospitals with identity check', () => {
    for (const agreement of ['inForce', 'suspended', 'terminated', 'expired', 'none', 'closed'])
      expect(plan.institutions.some((institution) => institution.agreement === agreement)).toBe(true);
    expect(plan.institutions.some(({ terminals }) => terminals.some(({ media }) => media.join() === 'stripe'))).toBe(true);
    expect(plan.institutions.some(({ barredOperator }) => barredOperator !== null)).toBe(true);
    expect(plan.institutions.some(({ identityCheckEquipped }) => identityCheckEquipped)).toBe(true);
  });

  it('gives every holder a document that passes its check, one in a hundred of another kind, and nobody the document of another', () => {
    const people = plan.stories.map(({ person }) => person);
    const faults = people.filter(({ identityKind, identityNumber }) => checkIdentity(identityKind, identityNumber) !== null);
    expect(faults).toEqual([]);
    expect(people.filter(({ name }) => checkName(name) !== null)).toEqual([]);
    expect(different(people.map(({ identityKind, identityNumber }) => `${identityKind} ${identityNumber}`))).toBe(6_200);
    expect(numberOf(people, ({ identityKind }) => identityKind !== '01')).toBe(62);
    expect(different(people.map(({ identityKind }) => identityKind))).toBeGreaterThan(5);
  });

  it('gives every card a number of its own', () => {
    const numbers = bodiesOf(setUp, 'card').flatMap(({ cardNumber }) => (typeof cardNumber === 'string' ? [cardNumber] : []));
    expect(numbers.filter((number) => number.length !== 9 || checkCardNumber(number) !== null)).toEqual([]);
    expect(different(numbers)).toBe(numbers.length);
  });

  it('holds every institution code on some key, and the codes of a chain on one', () => {
    const codes = new Set(plan.keys.flatMap(({ institutionCodes }) => institutionCodes));
    expect(plan.institutions.filter(({ code }) => !codes.has(code))).toEqual([]);
    expect(Math.max(...plan.keys.map(({ institutionCodes }) => institutionCodes.length))).toBeGreaterThan(10);
  });

  it('keeps every kind of story in a small sample', () => {
    const small = planSample(0.02);
    const kinds = (stories: typeof plan.stories) => [...new Set(stories.map(({ kind }) => kind))].sort();
    expect(kinds(small.stories)).toEqual(kinds(plan.stories));
    expect(small.stories.length).toBeLessThan(200);
  });
});

describe('the day of the sample region', () => {
  it('has about 20,000 swipes', () => {
    const swipes = numberOf(day, ({ what }) => what === 'swipe' || what === 'late');
    expect(swipes).toBeGreaterThan(19_000);
    expect(swipes).toBeLessThan(22_000);
  });

  it('names every serial and every business number once, but for the repeats', () => {
    const first = day.filter(({ what, expect: { kind } }) => what !== 'repeat' && what !== 'activation' && kind !== 'refused');
    const serials = first.map(({ call }) => String(call.body.serial));
    expect(different(serials)).toBe(serials.length);
    const references = setUp.map(({ call }) => String(call.body.reference));
    expect(different(references)).toBe(references.length);
  });

  it('adds every bill up: total = fund + account + cash', () => {
    const fen = (text: unknown): number => parseYuan(String(text));
    const wrong = day.filter(
      ({ call: { body }, expect: promised }) =>
        promised.kind === 'settled' && fen(body.totalFee) !== fen(body.fundPaid) + promised.accountPaidFen + promised.cashPaymentFen,
    );
    expect(wrong).toEqual([]);
  });

  it('never lets an account pay more than the bill lets it, nor below zero', () => {
    const promises = day.map(({ expect: promised }) => promised).filter((promised) => promised.kind === 'settled');
    expect(
      promises.filter(
        ({ accountPaidFen, cashPaymentFen, balanceAfterFen }) => Math.min(accountPaidFen, cashPaymentFen, balanceAfterFen) < 0,
      ),
    ).toEqual([]);
  });

  it('brings what a till meets: cash, repeats, both kinds of undoing, late entries, and more than thirty reasons', () => {
    const kinds = new Set(day.map(({ what }) => what));
    expect([...kinds].sort()).toEqual(['activation', 'cancellation', 'late', 'repeat', 'reversal', 'swipe']);
    expect(
      day.some(({ expect: promised }) => promised.kind === 'settled' && promised.accountPaidFen > 0 && promised.cashPaymentFen > 0),
    ).toBe(true);
    const reasons = new Set(day.flatMap(({ expect: promised }) => (promised.kind === 'refused' ? [promised.code] : [])));
    expect(reasons.size).toBeGreaterThan(30);
  });
});
