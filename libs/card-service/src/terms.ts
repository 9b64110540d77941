import {
  type BusinessDate,
  businessDateOf,
  type DayFound,
  type Instant,
  plusDays,
  workingCalendarOf,
  workingDaysAfter,
  type YearOfHolidays,
} from '#libs/kernel';
import type { ApplicationKind } from './words';

export type Term = Readonly<{ days: number; unit: 'workingDays' | 'calendarDays' }>;
/** What a city promises to who applies for a card. Source: the pack's section `cardService`. */
export type CardServiceTerms = Readonly<{
  packId: string;
  firstIssue: Term;
  approved: Term | null;
  replacement: Term;
  exchange: Term;
  enquiryTelephone: string;
  complaintTelephone: string;
  employerHandOutDays: number | null;
  withoutPhotoBelowAge: number | null;
  /** Left out: 18. */
  signsAloneFromAge?: number;
  /** Every year by which the pack counts working days; a day in another year is provisional. */
  calendar: readonly YearOfHolidays[];
}>;

export type Asked = Readonly<{ kind: ApplicationKind; approved: boolean; onTheSpot: boolean }>;

/** The term of an application: none on the spot, the longer one where the approval of another office is asked for and the pack gives one. */
export const termOf = ({ kind, approved, onTheSpot }: Asked, terms: CardServiceTerms): Term => {
  if (onTheSpot || kind === 'temporary') return { days: 0, unit: 'workingDays' };
  if (approved && terms.approved !== null) return terms.approved;
  return terms[kind];
};

/** The last day of a term that begins on a day. */
export const lastDayOf = ({ days, unit }: Term, from: BusinessDate, calendar: readonly YearOfHolidays[]): DayFound =>
  unit === 'calendarDays' ? { on: plusDays(from, days), isProvisional: false } : workingDaysAfter(from, days, workingCalendarOf(calendar));

/** When a card must be there that is applied for at an instant. Source: Q11, SX1. */
export const dueDateOf = (asked: Asked, at: Instant, terms: CardServiceTerms): DayFound =>
  lastDayOf(termOf(asked, terms), businessDateOf(at), terms.calendar);
