import { balanced } from './legs';
import { byPrecedence, type RefusalRow } from './refusal';

const row: RefusalRow = { family: 'form', messageZh: '错', messageEn: 'wrong', remedyZh: '改', remedyEn: 'mend' };
const CATALOGUE = { absent: row, barred: row, short: row };
type Refusal = { code: keyof typeof CATALOGUE; byFen?: number };

describe('refusals', () => {
  it('stand in the order of the catalogue, whatever order they were found in', () => {
    const found: Refusal[] = [{ code: 'short' }, { code: 'absent' }, { code: 'barred' }];
    expect(byPrecedence(CATALOGUE, found)).toStrictEqual([{ code: 'absent' }, { code: 'barred' }, { code: 'short' }]);
  });
  it('say the same thing once, and different things of one kind each', () => {
    const found: Refusal[] = [{ code: 'short', byFen: 2 }, { code: 'barred' }, { code: 'short', byFen: 1 }, { code: 'short', byFen: 2 }];
    expect(byPrecedence(CATALOGUE, found)).toStrictEqual([{ code: 'barred' }, { code: 'short', byFen: 2 }, { code: 'short', byFen: 1 }]);
  });
});

describe('legs', () => {
  const legs = (...amounts: number[]) => amounts.map((amountFen, i) => ({ account: `a${i}`, amountFen }));
  it('are handed back as they are when they move money without making any', () => {
    const moved = legs(-300, 100, 200);
    expect(balanced(moved)).toBe(moved);
    expect(balanced([])).toStrictEqual([]);
  });
  it('that make or lose money are a bug, and so is a leg of nothing', () => {
    expect(() => balanced(legs(-300, 299))).toThrow(new Error('legs sum to -1 fen, not to zero'));
    expect(() => balanced(legs(300, -299))).toThrow(new Error('legs sum to 1 fen, not to zero'));
    expect(() => balanced(legs(-300, 300, 0))).toThrow(new Error('a leg of zero fen says nothing'));
  });
});
