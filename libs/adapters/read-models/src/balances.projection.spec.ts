import { balances } from './balances.projection';
import { credited, opened, projected, registered, sealed, settled, transferred, unsealed } from './projection.fixture';

const amounts = (...events: Parameters<typeof projected>[1]) =>
  projected(balances, events).map(({ cardId, bucket, amountFen, sealed: isSealed }) => [cardId, bucket, amountFen, isSealed]);

describe('read model: balances', () => {
  it('an account has its cardless sub-account from its opening on', () => {
    expect(projected(balances, [opened('A1')])).toEqual([
      { accountId: 'A1', cardId: 'cardless', bucket: 'currentYear', amountFen: 0, sealed: false, logIndex: 0 },
      { accountId: 'A1', cardId: 'cardless', bucket: 'priorYear', amountFen: 0, sealed: false, logIndex: 0 },
    ]);
  });
  it('money comes and goes by sub-account and bucket, each row with the event that changed it last', () => {
    const rows = projected(balances, [
      registered('A1', 'K1'),
      credited('A1', 'K1', 5000),
      settled('A1', { serial: 'S1', cardId: 'K1', accountFen: 1250 }),
    ]);
    expect(rows.map(({ bucket, amountFen, logIndex }) => [bucket, amountFen, logIndex])).toEqual([
      ['currentYear', 3750, 2],
      ['priorYear', 0, 0],
    ]);
  });
  it('a sealed sub-account is sealed in both buckets until it is unsealed; its money moves to the successor', () => {
    const before = [credited('A1', 'OLD', 700), credited('A1', 'OLD', 300, 'priorYear'), sealed('A1', 'OLD')];
    expect(amounts(...before)).toEqual([
      ['OLD', 'currentYear', 700, true],
      ['OLD', 'priorYear', 300, true],
    ]);
    const after = [unsealed('A1', 'OLD'), transferred('A1', { from: 'OLD', to: 'NEW', currentFen: 700, priorFen: 300 })];
    expect(amounts(...before, ...after)).toEqual([
      ['NEW', 'currentYear', 700, false],
      ['NEW', 'priorYear', 300, false],
      ['OLD', 'currentYear', 0, false],
      ['OLD', 'priorYear', 0, false],
    ]);
  });
  it('accounts do not touch each other', () => {
    expect(
      projected(balances, [credited('A1', 'K1', 5), credited('A2', 'K1', 7)]).map(({ accountId, amountFen }) => [accountId, amountFen]),
    ).toEqual([
      ['A1', 5],
      ['A2', 7],
    ]);
  });
  it('a log that draws more than there is stops it', () => {
    const overdrawn = [credited('A1', 'K1', 5), settled('A1', { serial: 'S1', cardId: 'K1', accountFen: 6 })];
    expect(() => projected(balances, overdrawn)).toThrow('subAccount:K1:currentYear would hold -1 fen');
  });
  it('an event is judged as a whole: the order of its legs does not matter', () => {
    const event = credited('A1', 'K1', 5);
    const both = { ...event, data: { ...event.data, legs: [leg(-3), leg(8), { account: 'fund:contribution', amountFen: -5 }] } };
    expect(amounts(both as unknown as typeof event)).toEqual([['K1', 'currentYear', 5, false]]);
  });
});

const leg = (amountFen: number) => ({ account: 'subAccount:K1:currentYear', amountFen });
