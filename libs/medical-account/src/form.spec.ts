import {
  amount,
  count,
  day,
  flag,
  instant,
  legs,
  listOf,
  nullable,
  oneOf,
  pairsOf,
  record,
  subAccountName,
  text,
  texts,
  usually,
} from './form';

/** What a damaged value is told as, without the value: it may be personal. */
const fault = (form: Readonly<{ read: (stored: unknown, at: string) => unknown }>, value: unknown): string | null => {
  try {
    form.read(value, 'E.x');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};
const not = (wanted: string) => `stored event: E.x is not ${wanted}`;

describe('forms of stored values', () => {
  it.each<[wanted: string, form: Parameters<typeof fault>[0], sound: readonly unknown[], damaged: readonly unknown[]]>([
    ['text', text, ['', 'x'], [1, null, undefined, ['x']]],
    ['true or false', flag, [true, false], ['true', 0, null]],
    ['a count', count, [0, 1, Number.MAX_SAFE_INTEGER], [-1, 0.5, '1', null, 2 ** 53]],
    ['a whole number of fen', amount, [-1, 0, 1], [0.5, '1', null, 2 ** 53]],
    ['an instant', instant, ['2026-03-01T01:00:00.000Z'], ['2026-03-01', 1, null]],
    ['a business date', day, ['2026-03-01'], ['2026-02-30', 20260301, null]],
    ['a known name', oneOf({ a: true, b: true }), ['a', 'b'], ['c', '', null, 'toString']],
    ['a list', listOf(text), [[], ['x']], ['x', {}, null]],
    ['a record of text', texts, [{}, { a: 'x' }], [[], 'x', null]],
    [
      'a sub-account',
      subAccountName,
      ['subAccount:K1:currentYear', 'subAccount:cardless:priorYear'],
      ['subAccount:K1', 'payable:K1:currentYear', 'K1', 1, null],
    ],
  ])('%s', (wanted, form, sound, damaged) => {
    for (const value of sound) expect(form.read(value, 'E.x')).toStrictEqual(value);
    for (const value of damaged) expect([value, fault(form, value)]).toStrictEqual([value, not(wanted)]);
  });
  it('a pair has two sides, each of its form', () => {
    const pairs = pairsOf(text, count);
    expect(pairs.read([['a', 1]], 'E.x')).toStrictEqual([['a', 1]]);
    for (const pair of [['a'], ['a', 1, 2], 'ab', null, { length: 2 }]) expect(fault(pairs, [pair])).toBe(not('a pair'));
    expect(fault(pairs, [[1, 1]])).toBe(not('text'));
    expect(fault(pairs, [['a', 'b']])).toBe(not('a count'));
  });
  it('a leg is a pair of an account of the ledger and fen', () => {
    for (const account of ['receivable', 'subAccount:K1:currentYear', 'payable:H1', 'fund:retiree', 'hold:1', 'inTransit:1']) {
      expect(legs.read([[account, -1]], 'E.x')).toStrictEqual([{ account, amountFen: -1 }]);
      expect(legs.write?.([{ account, amountFen: -1 }] as never)).toStrictEqual([[account, -1]]);
    }
    for (const account of ['receivables', 'bank:1', '', 1, null]) expect(fault(legs, [[account, 1]])).toBe(not('a ledger account'));
    for (const leg of [['receivable'], ['receivable', 1, 1], 'xy', null, { length: 2 }]) expect(fault(legs, [leg])).toBe(not('a leg'));
    expect(fault(legs, [['receivable', 0.5]])).toBe(not('a whole number of fen'));
  });
});

describe('forms of stored records', () => {
  const form = record<{ name: string; until: string | null; entry: string; tags: readonly string[] | null }>({
    name: text,
    until: nullable(instant),
    entry: usually(oneOf({ online: true, late: true }), 'online'),
    tags: nullable(listOf(text)),
  });
  const whole = { name: 'x', until: null, entry: 'online', tags: null };
  it('leave out what is usual and what is not there, and read it back', () => {
    expect(form.write?.(whole)).toStrictEqual({ name: 'x' });
    expect(form.read({ name: 'x' }, 'E')).toStrictEqual(whole);
    expect(form.leftOut).toStrictEqual({ until: null, entry: 'online', tags: null });
    const told = { name: 'x', until: '2026-03-01T01:00:00.000Z', entry: 'late', tags: ['t'] };
    expect(form.write?.(told)).toStrictEqual(told);
    expect(form.read(told, 'E')).toStrictEqual(told);
  });
  it.each<[unknown, string]>([
    [null, 'E is not a record'],
    [[], 'E is not a record'],
    ['x', 'E is not a record'],
    [{}, 'E.name is not text'],
    [{ name: 'x', note: 'y' }, 'E is not a record with these members only'],
    [{ name: 'x', until: null }, 'E.until is not left out'],
    [{ name: 'x', entry: 'online' }, 'E.entry is not left out'],
    [{ name: 'x', entry: 'later' }, 'E.entry is not a known name'],
    [{ name: 'x', tags: [1] }, 'E.tags is not text'],
  ])('%j: %s', (stored, message) => expect(() => form.read(stored, 'E')).toThrow(new Error(`stored event: ${message}`)));
});
