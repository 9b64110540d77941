import { type BusinessDate, businessDateOf, DAY_MS, daysBetween, plusMs, startOf } from './time';

/** One year of a dated calendar: holidays by first and last day, and the days of a weekend that are worked for them. */
export type YearOfHolidays = Readonly<{
  year: number;
  source: string;
  off: readonly (readonly [from: BusinessDate, until: BusinessDate])[];
  working: readonly BusinessDate[];
}>;
/** What is looked up: years that are known, days off besides weekends, weekend days that are worked. */
export type WorkingCalendar = Readonly<{ years: ReadonlySet<string>; off: ReadonlySet<BusinessDate>; working: ReadonlySet<BusinessDate> }>;
/** `isProvisional`: a year of no known notice was counted through, by its weekends and the holidays of a fixed date alone. */
export type DayFound = Readonly<{ on: BusinessDate; isProvisional: boolean }>;

export const plusDays = (date: BusinessDate, days: number): BusinessDate => businessDateOf(plusMs(startOf(date), days * DAY_MS));

const A_MONDAY = '2018-01-01';
export const isWeekend = (date: BusinessDate): boolean => ((daysBetween(A_MONDAY, date) % 7) + 7) % 7 >= 5;

/** Puts years together; of a year that is named twice, the later one counts. */
export const workingCalendarOf = (years: readonly YearOfHolidays[]): WorkingCalendar => {
  const byYear = new Map(years.map((each) => [each.year, each]));
  const kept = [...byYear.values()];
  const off = kept.flatMap((each) => each.off.flatMap(([from, until]) => daysFrom(from, until)));
  return {
    years: new Set([...byYear.keys()].map(String)),
    off: new Set(off),
    working: new Set(kept.flatMap(({ working }) => working)),
  };
};

const daysFrom = (from: BusinessDate, until: BusinessDate): BusinessDate[] =>
  Array.from({ length: daysBetween(from, until) + 1 }, (_, i) => plusDays(from, i));

/** 元旦、劳动节、国庆节. Source: 全国年节及纪念日放假办法 (国务院令第795号); those by the lunar calendar, and what is worked for them, need the notice. */
const OFF_EVERY_YEAR: ReadonlySet<string> = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03']);

export const isWorkingDay = (date: BusinessDate, { years, off, working }: WorkingCalendar): boolean => {
  if (working.has(date)) return true;
  const isOff = years.has(date.slice(0, 4)) ? off.has(date) : OFF_EVERY_YEAR.has(date.slice(5));
  return !(isOff || isWeekend(date));
};

/**
 * The last day of a term: the day itself is not counted (民法典第二百零一条), and make-up days are working days like any other.
 * Units: working days. @throws RangeError on a number that is no count.
 */
export const workingDaysAfter = (date: BusinessDate, days: number, calendar: WorkingCalendar): DayFound => {
  if (!Number.isSafeInteger(days) || days < 0) throw new RangeError('not a number of working days');
  let on = date;
  let isProvisional = false;
  for (let left = days; left > 0; ) {
    on = plusDays(on, 1);
    if (!calendar.years.has(on.slice(0, 4))) isProvisional = true;
    if (isWorkingDay(on, calendar)) left -= 1;
  }
  return { on, isProvisional };
};
