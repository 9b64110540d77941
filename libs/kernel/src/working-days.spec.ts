import { isWeekend, isWorkingDay, plusDays, STATE_COUNCIL_2026, workingCalendarOf, workingDaysAfter } from './index';

const calendar = workingCalendarOf(STATE_COUNCIL_2026);
const after = (date: string, days: number) => workingDaysAfter(date, days, calendar);

describe('working days: the dated calendar', () => {
  it.each(['2026-02-14', '2024-09-29', '2018-12-29', '2020-01-19'])('%s is a weekend day that is worked', (date) => {
    expect([isWeekend(date), isWorkingDay(date, calendar)]).toStrictEqual([true, true]);
  });
  it.each(['2026-02-16', '2020-01-31', '2018-12-31', '2017-10-06'])('%s is a weekday that is off', (date) => {
    expect([isWeekend(date), isWorkingDay(date, calendar)]).toStrictEqual([false, false]);
  });
  it('an ordinary weekend is off, an ordinary weekday is worked', () => {
    expect(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((date) => isWorkingDay(date, calendar))).toStrictEqual([
      true,
      false,
      false,
      true,
    ]);
  });
  it.each(STATE_COUNCIL_2026.map((each) => [each.year, each] as const))(
    '%i: what is off beyond weekends, less what is worked for it, is what the law gives',
    (year, { off, working }) => {
      const weekdaysOff = off.flatMap(([from, until]) => {
        const days: string[] = [];
        for (let day = from; day <= until; day = plusDays(day, 1)) if (!isWeekend(day)) days.push(day);
        return days;
      });
      expect(working.filter((day) => !isWeekend(day))).toStrictEqual([]);
      expect(working.filter((day) => off.some(([from, until]) => from <= day && day <= until))).toStrictEqual([]);
      expect([...weekdaysOff, ...working].filter((day) => !day.startsWith(String(year)))).toStrictEqual([]);
      // 全国年节及纪念日放假办法: eleven days, thirteen from 2025. In 2020 two more: 31 January, and 1 February that was not worked after all.
      const byLaw = (year >= 2025 ? 13 : 11) + (year === 2020 ? 2 : 0);
      expect(weekdaysOff.length - working.length).toBe(byLaw);
    },
  );
});

describe('working days: the last day of a term', () => {
  it('the day itself is not counted', () => expect(after('2026-11-23', 1)).toStrictEqual({ on: '2026-11-24', isProvisional: false }));
  it('weekends do not count', () => expect(after('2026-11-20', 7).on).toBe('2026-12-01'));
  it('a holiday is passed over and its make-up days count', () => {
    // Friday; Saturday 14 is worked; 15 to 23 off; 24 to 27 worked, Saturday 28 too.
    expect(after('2026-02-13', 1).on).toBe('2026-02-14');
    expect(after('2026-02-13', 2).on).toBe('2026-02-24');
    expect(after('2026-02-13', 6).on).toBe('2026-02-28');
    expect(after('2026-02-13', 7).on).toBe('2026-03-02');
  });
  it('thirty working days over two holidays and their three make-up days', () => expect(after('2024-09-13', 30).on).toBe('2024-10-31'));
  it('accepted on a day off, the term begins with the next working day', () => expect(after('2026-10-03', 1).on).toBe('2026-10-08'));
  it('no days are the day itself', () => expect(after('2026-10-03', 0).on).toBe('2026-10-03'));
  it('what runs into a year without a notice says so', () => {
    expect(after('2026-12-30', 1)).toStrictEqual({ on: '2026-12-31', isProvisional: false });
    expect(after('2026-12-30', 2)).toStrictEqual({ on: '2027-01-04', isProvisional: true });
    expect(after('2027-09-30', 1)).toStrictEqual({ on: '2027-10-04', isProvisional: true });
  });
  it('a year that is added later counts, and replaces one that is there', () => {
    const added = { year: 2027, source: '—', off: [['2027-01-01', '2027-01-03']], working: [] } as const;
    expect(workingDaysAfter('2026-12-30', 2, workingCalendarOf([...STATE_COUNCIL_2026, added]))).toStrictEqual({
      on: '2027-01-04',
      isProvisional: false,
    });
    const other = { year: 2026, source: '—', off: [], working: [] };
    expect(workingDaysAfter('2026-02-13', 2, workingCalendarOf([...STATE_COUNCIL_2026, other])).on).toBe('2026-02-17');
  });
  it.each([-1, 1.5, Number.NaN])('%d is no term', (days) => expect(() => after('2026-01-01', days)).toThrow(RangeError));
});
