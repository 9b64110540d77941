const DAY_MS = 86_400_000;
const EARLIEST_HOUR_OF_NEXT_DAY = 16; // UTC; Asia/Shanghai is eight hours ahead all year.

const nextDays = new Map<string, string>();
const dayNumbers = new Map<string, number>();

const dayAfter = (date: string): string => {
  const known = nextDays.get(date);
  if (known !== undefined) return known;
  const next = new Date(Date.parse(`${date}T00:00:00.000Z`) + DAY_MS).toISOString().slice(0, 10);
  nextDays.set(date, next);
  return next;
};

/** The business date of an instant. A log has millions of instants and few days: the days are remembered. */
export const dateOf = (instant: string): string => {
  const date = instant.slice(0, 10);
  return Number.parseInt(instant.slice(11, 13), 10) < EARLIEST_HOUR_OF_NEXT_DAY ? date : dayAfter(date);
};

/** Days since 1970. */
export const dayNumber = (date: string): number => {
  const known = dayNumbers.get(date);
  if (known !== undefined) return known;
  const day = Date.parse(`${date}T00:00:00.000Z`) / DAY_MS;
  dayNumbers.set(date, day);
  return day;
};
