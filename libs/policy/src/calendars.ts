import { STATE_COUNCIL_2026, type YearOfHolidays } from '#libs/kernel';
import type { Pack } from './pack';

/**
 * Calendars that a pack file may name. What it names is written into the pack that is proposed, year by year, so that the pack's hash stands
 * for it and the log alone can count again: a calendar that is added here later decides no old case otherwise.
 */
const NAMED = { 'stateCouncil@2026': STATE_COUNCIL_2026 } as const satisfies Readonly<Record<string, readonly YearOfHolidays[]>>;
const named: Readonly<Record<string, readonly YearOfHolidays[]>> = NAMED;
export const CALENDAR_NAMES: readonly string[] = Object.keys(NAMED);
export const isCalendarName = (calendar: string): boolean => Object.hasOwn(named, calendar);

/** The pack with every year it counts by, the oldest first; of a year that is told twice the pack's own word counts. */
export const withYears = (pack: Pack): Pack => {
  const { workingDays } = pack;
  if (workingDays === undefined) return pack;
  const { calendar, years: own = [] } = workingDays;
  const byYear = new Map([...(calendar === undefined ? [] : (named[calendar] ?? [])), ...own].map((each) => [each.year, each]));
  const years = [...byYear.values()].sort((a, b) => a.year - b.year);
  return { ...pack, workingDays: { ...workingDays, years: structuredClone(years) as (typeof own)[number][] } };
};

/** The years by which a pack counts working days. One that tells none is of before they were told, and counts by what was known then. */
export const yearsOf = ({ workingDays }: Pack): readonly YearOfHolidays[] =>
  workingDays === undefined ? STATE_COUNCIL_2026 : (workingDays.years ?? []);
