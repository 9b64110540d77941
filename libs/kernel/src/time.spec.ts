import fc from 'fast-check';
import {
  businessDateOf,
  DAY_MS,
  daysBetween,
  instantOf,
  isBusinessDate,
  isInstant,
  laterOf,
  MINUTE_MS,
  msOf,
  plusMs,
  plusYears,
  startOf,
} from './time';

const NOON = '2026-03-01T04:00:00.000Z';

describe('time: an instant', () => {
  it.each([NOON, '0001-01-01T00:00:00.000Z', '2028-02-29T23:59:59.999Z'])('%s is one', (text) => expect(isInstant(text)).toBe(true));
  it.each([
    '2026-03-01',
    '2026-03-01T04:00:00Z',
    '2026-03-01T12:00:00.000+08:00',
    '2026-02-29T04:00:00.000Z',
    '2026-13-01T04:00:00.000Z',
    '2026-03-01T24:00:00.000Z',
    '2026-03-01T04:60:00.000Z',
    'x2026-03-01T04:00:00.000Z',
    '2026-03-01T04:00:00.000Zx',
    '',
  ])('"%s" is none', (text) => expect(isInstant(text)).toBe(false));
  it('is text and nothing else, not even a list or a date of it', () => {
    for (const value of [[NOON], new Date(NOON), Date.parse(NOON), null]) expect(isInstant(value)).toBe(false);
  });
  it('is read to the millisecond and written back', () => {
    expect(msOf('1970-01-01T00:00:01.001Z')).toBe(1_001);
    expect(instantOf(1_001)).toBe('1970-01-01T00:00:01.001Z');
    expect(() => msOf('soon')).toThrow(new RangeError('not an instant'));
    expect(() => instantOf(9e15)).toThrow(RangeError);
  });
  it('moves on and back', () => {
    expect(plusMs(NOON, MINUTE_MS)).toBe('2026-03-01T04:01:00.000Z');
    expect(plusMs(NOON, -DAY_MS)).toBe('2026-02-28T04:00:00.000Z');
  });
  it('of two the later one counts', () => {
    const later = '2026-03-01T04:00:00.001Z';
    expect([laterOf(NOON, later), laterOf(later, NOON), laterOf(NOON, NOON)]).toStrictEqual([later, later, NOON]);
  });
});

describe('time: a business date in Asia/Shanghai', () => {
  it.each(['2026-03-01', '2028-02-29', '0001-01-01'])('%s is one', (text) => expect(isBusinessDate(text)).toBe(true));
  it.each(['2026-02-29', '2026-02-30', '2026-13-01', '2026-3-1', '20260301', NOON, 'x2026-03-01', '2026-03-01 ', ''])(
    '"%s" is none',
    (text) => expect(isBusinessDate(text)).toBe(false),
  );
  it('is text and nothing else', () => {
    for (const value of [['2026-03-01'], 20260301, null]) expect(isBusinessDate(value)).toBe(false);
  });
  it('begins and ends at midnight there', () => {
    expect(businessDateOf('2026-02-28T15:59:59.999Z')).toBe('2026-02-28');
    expect(businessDateOf('2026-02-28T16:00:00.000Z')).toBe('2026-03-01');
    expect(startOf('2026-03-01')).toBe('2026-02-28T16:00:00.000Z');
  });
  it('counts whole days, across the turn of the year and backwards', () => {
    expect(daysBetween('2025-12-31', '2026-01-02')).toBe(2);
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
    expect(daysBetween('2028-01-01', '2029-01-01')).toBe(366);
  });
  it('comes again every year; 29 February on the 28th where there is none', () => {
    expect(plusYears('2026-03-01', 1)).toBe('2027-03-01');
    expect(plusYears('2028-02-29', 1)).toBe('2029-02-28');
    expect(plusYears('2028-02-29', 4)).toBe('2032-02-29');
    expect(plusYears('0998-07-29', 1)).toBe('0999-07-29');
  });
});

describe('time: what exists, held against the calendar of the language', () => {
  const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
  const small = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, '0'));
  const year = fc.oneof(
    fc.constantFrom('0000', '1900', '2000', '2024', '2026', '2100'),
    fc.tuple(two, two).map((halves) => halves.join('')),
  );
  const exists = (text: string): boolean => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

  it('a day and an instant are taken exactly where a Date gives them back', () => {
    fc.assert(
      fc.property(year, small, small, fc.tuple(small, two, two), (y, month, day, [hour, minute, second]) => {
        const date = `${y}-${month}-${day}`;
        const instant = `${date}T${hour}:${minute}:${second}.123Z`;
        expect([date, isBusinessDate(date)]).toEqual([date, exists(`${date}T00:00:00.000Z`)]);
        expect([instant, isInstant(instant)]).toEqual([instant, exists(instant)]);
      }),
      { numRuns: 3_000, seed: 20_260_301 },
    );
  });
  it('every day of a leap year and of others', () => {
    for (const y of ['2024', '2026', '1900', '2000'])
      for (let month = 1; month <= 12; month++)
        for (let day = 1; day <= 31; day++) {
          const date = `${y}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          expect([date, isBusinessDate(date)]).toEqual([date, exists(`${date}T00:00:00.000Z`)]);
        }
  });
});
