import { quotas, randomOf } from './random';

describe('random numbers of the sample', () => {
  it('are the same for the same name, and others for another', () => {
    const draw = (name: string) => Array.from({ length: 5 }, randomOf(name).next);
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('shuffle without losing or doubling', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = randomOf('s').shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  it('stay within both ends', () => {
    const random = randomOf('ends');
    const drawn = new Set(Array.from({ length: 500 }, () => random.between(3, 5)));
    expect([...drawn].sort()).toEqual([3, 4, 5]);
  });
});

describe('quotas', () => {
  it('add up exactly, and give everybody at least one', () => {
    expect(quotas({ most: 90, some: 10, rare: 0.001 }, 50)).toEqual(
      new Map([
        ['most', 44],
        ['some', 5],
        ['rare', 1],
      ]),
    );
  });

  it('refuse a sample that is too small for its kinds', () => {
    expect(() => quotas({ a: 1, b: 1, c: 1 }, 2)).toThrow('too small');
  });
});
