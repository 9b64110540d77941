import { STATE_COUNCIL_2026, settleDue, type YearOfHolidays } from '#libs/kernel';
import { begun, facts, policy, STREAM } from '../../../test/support/account-fixture';
import { before, lost } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import { type AccountPolicy, medicalAccount } from './index';

/** Reported on Wednesday 30 December 2026 at noon, for three working days. */
const REPORTED = '2026-12-30T04:00:00.000Z';
const YEAR_2027: YearOfHolidays = { year: 2027, source: '—', off: [['2027-01-01', '2027-01-03']], working: ['2027-01-09'] };
const threeDays = (over: Partial<AccountPolicy> = {}) =>
  policy({ temporaryLossUnit: 'workingDays', temporaryLossDays: 3, rollover: { month: 7, day: 1 }, ...over });
const without2027 = threeDays({ holidays: STATE_COUNCIL_2026 });
const later = (effectiveFrom: string, over: Partial<AccountPolicy> = {}) =>
  threeDays({ packId: 'P2', hash: 'h2', effectiveFrom, holidays: [...STATE_COUNCIL_2026, YEAR_2027], ...over });
const begunThen = [...begun, before(lost)].map((e) => ({ ...e, decidedAt: REPORTED }));
const settledAt = (decidedAt: string, policies: readonly AccountPolicy[]) =>
  settleDue(medicalAccount, {
    state: recordedFrom(0, STREAM)(begunThen).reduce(medicalAccount.evolve, medicalAccount.initialState()),
    facts: facts({ decidedAt, policies }),
    record: recordedFrom(begunThen.length, STREAM),
  });
const restoredAt = (decidedAt: string, ...policies: AccountPolicy[]) =>
  settledAt(decidedAt, policies).state.cards.get('K1')?.timeline.at(-1);

describe('a loss in working days whose calendar ends before it does', () => {
  it('stands: nobody guesses the holidays of a year that no pack tells, however late it gets', () => {
    expect(settledAt('2027-06-01T00:00:00.000Z', [without2027]).events).toEqual([]);
  });
  it('a pack that tells the year ends it: on the day that its calendar gives, where the pack was in force by then', () => {
    const told = later('2026-12-31T16:00:00.000Z');
    // 31 December, 4 and 5 January.
    expect(restoredAt('2027-01-05T03:59:59.999Z', without2027, told)?.state).toBe('temporarilyLost');
    expect(restoredAt('2027-01-05T04:00:00.000Z', without2027, told)).toEqual({ from: '2027-01-05T04:00:00.000Z', state: 'inUse' });
  });
  it('when that pack comes late, it ends as the pack begins, and never earlier: no late entry finds the card in use before', () => {
    const told = later('2027-02-01T16:00:00.000Z');
    expect(restoredAt('2027-03-01T00:00:00.000Z', without2027, told)).toEqual({ from: '2027-02-01T16:00:00.000Z', state: 'inUse' });
  });
  it('how many days it is stays the word of the pack under which it was reported', () => {
    const longer = later('2026-12-31T16:00:00.000Z', { temporaryLossDays: 15, temporaryLossUnit: 'calendarDays' });
    expect(restoredAt('2027-03-01T00:00:00.000Z', without2027, longer)?.from).toBe('2027-01-05T04:00:00.000Z');
  });
  it('a calendar that tells the year counts by it from the first day on', () => {
    expect(restoredAt('2027-03-01T00:00:00.000Z', later('2015-01-01T00:00:00.000Z'))?.from).toBe('2027-01-05T04:00:00.000Z');
  });
});
