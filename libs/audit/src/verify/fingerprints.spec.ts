import { FingerprintTable, fingerprintOf } from './fingerprints';

const COUNT = 20_000;
const named = (n: number) => fingerprintOf(`settlement-P37020000001-${n}`);

describe('where each text stands', () => {
  it.each([0, COUNT])('is found again, however much room was made for it at first (%i)', (expected) => {
    const table = new FingerprintTable(expected);
    for (let n = 0; n < COUNT; n++) if (table.put(named(n), n * 3, n) !== undefined) throw new Error('one of them was there before');
    expect(table.size).toBe(COUNT);
    for (let n = 0; n < COUNT; n += 701) expect(table.placeOf(named(n))).toBe(n * 3);
    expect(table.put(named(5), 99, 1)).toBe(15); // The first stays.
    expect(table.meet(named(5))).toEqual({ place: 15, belongs: 5 });
    expect(table.meet(named(COUNT))).toBeUndefined();
    expect(table.placeOf(named(COUNT))).toBeUndefined();
  });
  it('those whom nobody has met are told, also after it had to grow', () => {
    const table = new FingerprintTable();
    for (let n = 0; n < COUNT; n++) {
      table.put(named(n), n);
      if (n % 1_000 !== 0) table.meet(named(n));
    }
    expect([...table.unmet()].sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT / 1_000 }, (_, i) => i * 1_000));
  });
  it('is another for texts that differ in one letter', () => {
    const prints = new Set(Array.from({ length: COUNT }, (_, n) => named(n).join()));
    expect(prints.size).toBe(COUNT);
  });
});
