/** A UTC instant with milliseconds, ISO 8601: "2026-03-01T01:00:00.000Z". As text it sorts as time does. */
export type Instant = string;
/** A calendar day in Asia/Shanghai: "2026-03-01". */
export type BusinessDate = string;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const OFFSET_MS = 8 * 60 * 60 * 1000; // Asia/Shanghai; no summer time since 1991.
export const DAY_MS = 24 * 60 * 60 * 1000;
export const MINUTE_MS = 60 * 1000;

/** Digits that stand there, as a number: the form has been looked at. */
const digits = (text: string, from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 0x30;
  return number;
};
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
/** Without making a Date of it: every stored event is read through here, several times. */
const dayExists = (text: string): boolean => {
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  return day >= 1 && day <= (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));
};

export const isInstant = (text: unknown): text is Instant =>
  typeof text === 'string' &&
  INSTANT.test(text) &&
  dayExists(text) &&
  digits(text, 11, 13) < 24 &&
  digits(text, 14, 16) < 60 &&
  digits(text, 17, 19) < 60;

/** @throws RangeError when `ms` is no time that a Date can hold. */
export const instantOf = (ms: number): Instant => {
  if (ms !== newest.ms) newest = { ms, text: new Date(ms).toISOString() };
  return newest.text;
};
let newest = { ms: 0, text: new Date(0).toISOString() }; // Under load the clock is asked several times a millisecond.

/** Milliseconds since 1970. @throws RangeError when the text is not an instant: the edge checks form first. */
export const msOf = (instant: Instant): number => {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new RangeError('not an instant');
  return ms;
};

export const plusMs = (instant: Instant, ms: number): Instant => instantOf(msOf(instant) + ms);

export const isBusinessDate = (text: unknown): text is BusinessDate => typeof text === 'string' && DATE.test(text) && dayExists(text);

const KNOWN_MAX = 10_000;

/** Worked out once: a swipe asks a dozen times, nearly always for the same days. */
const remembered = (known: Map<string, string>, name: string, work: () => string): string => {
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = work();
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, made);
  return made;
};
const daysByHour = new Map<string, BusinessDate>();
const startsByDay = new Map<BusinessDate, Instant>();

const NEXT_DAY_FROM = 16; // The hour in UTC at which the next day begins in Asia/Shanghai.

/** The day in Asia/Shanghai on which the instant falls: its offset is whole hours, and most hours are of the day that they name. */
export const businessDateOf = (instant: Instant): BusinessDate =>
  digits(instant, 11, 13) < NEXT_DAY_FROM
    ? instant.slice(0, 10)
    : remembered(daysByHour, instant.slice(0, 13), () => instantOf(msOf(instant) + OFFSET_MS).slice(0, 10));

/** The first instant of a day in Asia/Shanghai. */
export const startOf = (date: BusinessDate): Instant =>
  remembered(startsByDay, date, () => instantOf(Date.parse(`${date}T00:00:00.000Z`) - OFFSET_MS));

/** Whole days from one business date to another; negative when `to` is the earlier. */
export const daysBetween = (from: BusinessDate, to: BusinessDate): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** The same day `years` later; 29 February becomes 28 February where there is none. */
export const plusYears = (date: BusinessDate, years: number): BusinessDate => {
  const [year = '', month = '', day = ''] = date.split('-');
  const moved = `${String(+year + years).padStart(4, '0')}-${month}-${day}`;
  const exists: boolean = isBusinessDate(moved);
  return exists ? moved : moved.replace(/-29$/, '-28');
};

export const laterOf = (a: Instant, b: Instant): Instant => (a > b ? a : b);
