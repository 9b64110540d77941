import { logChecker } from './log-check';

type Leg = readonly [account: string, amountFen: number];
const line = (logIndex: number, type: string, data: object): string =>
  JSON.stringify({ logIndex, event: { stream: 'medicalAccount-1', type, data } });
const legs = (...pairs: readonly Leg[]): { legs: readonly Leg[] } => ({
  legs: pairs,
});
const checked = (...lines: readonly string[]) => {
  const checker = logChecker();
  for (const text of lines) checker.line(text);
  return checker.result();
};
const credited = line(0, 'AccountCredited.v1', legs(['fund:contribution', -500], ['subAccount:old:currentYear', 500]));

describe('the check of the whole log', () => {
  it('adds up balances, what moved and what is sealed', () => {
    const result = checked(
      credited,
      line(1, 'SubAccountSealed.v1', { cardId: 'old' }),
      line(2, 'BalanceTransferred.v1', {
        amountFen: 200,
        ...legs(['subAccount:old:currentYear', -200], ['subAccount:new:currentYear', 200]),
      }),
    );
    expect(result).toEqual({
      events: 3,
      moneyEvents: 2,
      legs: 4,
      faults: [],
      moved: { transfers: 1, amountFen: 200 },
      sealed: { subAccounts: 1, amountFen: 300 },
      balanceFen: 500,
    });
  });

  it('no longer counts as sealed what was unsealed', () => {
    const result = checked(
      credited,
      line(1, 'SubAccountSealed.v1', { cardId: 'old' }),
      line(2, 'SubAccountUnsealed.v1', { cardId: 'old' }),
    );
    expect(result.sealed).toEqual({ subAccounts: 0, amountFen: 0 });
  });

  it('finds legs that do not sum to zero', () => {
    expect(checked(line(0, 'AccountCredited.v1', legs(['fund:contribution', -500], ['subAccount:a:currentYear', 501]))).faults).toEqual([
      'event 0: legs sum to 1 fen',
    ]);
  });

  it('finds a sub-account below zero', () => {
    expect(checked(credited, line(1, 'SwipeSettled.v1', legs(['subAccount:old:currentYear', -501], ['payable:H1', 501]))).faults).toEqual([
      'event 1: subAccount:old:currentYear at -1 fen',
    ]);
  });

  it('finds a hole in the log', () => {
    expect(checked(credited, line(2, 'TemporaryLossReported.v1', { cardId: 'old' })).faults).toEqual(['index 1 is missing']);
  });
});
