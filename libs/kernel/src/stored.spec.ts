import { stored } from './index';

const { text, flag, whole, instant, date, oneOf, orNull, list, record } = stored;
const shape = record({
  name: text,
  on: flag,
  n: whole,
  at: instant,
  day: date,
  kind: oneOf('a', 'b'),
  until: orNull(instant),
  tags: list(text),
});
const sound = {
  name: 'x',
  on: true,
  n: 1,
  at: '2026-01-01T00:00:00.000Z',
  day: '2026-02-28',
  kind: 'a',
  until: null,
  tags: ['t'],
};

describe('a stored form', () => {
  it('is read as it stands', () => expect(shape(sound, 'E')).toStrictEqual(sound));
  it.each<[string, object, string]>([
    ['text', { name: 1 }, 'E.name is not text'],
    ['a flag', { on: 'true' }, 'E.on is not true or false'],
    ['a whole number', { n: 1.5 }, 'E.n is not a whole number'],
    ['an instant', { at: '2026-01-01' }, 'E.at is not an instant'],
    ['a date that exists', { day: '2026-02-29' }, 'E.day is not a business date'],
    ['a listed word', { kind: 'c' }, 'E.kind is not one of a, b'],
    ['null only where it may be', { name: null }, 'E.name is not text'],
    ['a present field', { until: undefined }, 'E.until is not an instant'],
    ['a list', { tags: 't' }, 'E.tags is not a list'],
    ['items of a list', { tags: ['t', 2] }, 'E.tags[1] is not text'],
    ['known fields only', { extra: 1 }, 'E.extra is not a known field'],
  ])('wants %s', (_name, change, message) => expect(() => shape({ ...sound, ...change }, 'E')).toThrow(message));
  it('wants a record where there is none', () => {
    for (const value of [null, [], 'x']) expect(() => shape(value, 'E')).toThrow('E is not a record');
  });
  it('may have members that came later: there when told, of their shape, and nothing else', () => {
    const later = stored.recordWith({ name: text }, { tags: list(text) });
    expect(later({ name: 'x' }, 'E')).toStrictEqual({ name: 'x' });
    expect(later({ name: 'x', tags: ['t'] }, 'E')).toStrictEqual({ name: 'x', tags: ['t'] });
    expect(() => later({ name: 'x', tags: 't' }, 'E')).toThrow('E.tags is not a list');
    expect(() => later({ name: 'x', more: 1 }, 'E')).toThrow('E.more is not a known field');
    expect(() => later(null, 'E')).toThrow('E is not a record');
  });
  it('never repeats the value, which may be personal', () => {
    const message = (() => {
      try {
        shape({ ...sound, at: 'SECRET' }, 'E');
        return 'read';
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).toBe('Error: stored form: E.at is not an instant');
  });
});
