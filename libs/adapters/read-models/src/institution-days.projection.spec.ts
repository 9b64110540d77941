import { institutionDays, owedFen } from './institution-days.projection';
import { cancellationReversed, cancelled, projected, reversed, settled } from './projection.fixture';

const NEXT_DAY = '2026-03-02T16:00:00.000Z'; // Midnight in Shanghai.
const swipe = settled('A1', { serial: 'S1', cardId: 'K1', accountFen: 3000, cashFen: 1000, fundFen: 6000 });
const other = settled('A2', { serial: 'S9', cardId: 'K2', accountFen: 100 });
const days = (...events: Parameters<typeof projected>[1]) => projected(institutionDays, events);

describe('read model: institution days', () => {
  it('adds up what was settled on a business date', () => {
    expect(days(swipe, other)).toEqual([
      {
        institutionCode: 'H37020000001',
        businessDate: '2026-03-02',
        settlements: 2,
        cancellations: 0,
        reversals: 0,
        totalFeeFen: 10100,
        fundPaidFen: 6000,
        accountPaidFen: 3100,
        cashPaymentFen: 1000,
        accountReturnedFen: 0,
        fundReturnedFen: 0,
        cashRefundFen: 0,
      },
    ]);
  });
  it('what is given back counts on the day it is given back, not on the day it was drawn', () => {
    const back = cancelled('A1', { serial: 'S2', target: 'S1', cardId: 'K1', accountFen: 2500, at: NEXT_DAY });
    const undo = reversed('A1', { serial: 'S3', target: 'S1', cardId: 'K1', accountFen: 500, cashFen: 1000, fundFen: 6000, at: NEXT_DAY });
    expect(
      days(swipe, back, undo).map((day) => [day.businessDate, day.settlements, day.cancellations, day.reversals, day.accountReturnedFen]),
    ).toEqual([
      ['2026-03-02', 1, 0, 0, 0],
      ['2026-03-03', 0, 1, 1, 3000],
    ]);
  });
  it('what goes back to the pooled fund and in cash is told apart, so that the day can be reconciled', () => {
    const back = cancelled('A1', { serial: 'S2', target: 'S1', cardId: 'K1', accountFen: 2500, fundFen: 2000, cashFen: 700 });
    const undo = reversed('A1', { serial: 'S3', target: 'S1', cardId: 'K1', accountFen: 500, cashFen: 300, fundFen: 4000, at: NEXT_DAY });
    const figures = days(swipe, back, undo).map((day) => [day.fundReturnedFen, day.cashRefundFen, owedFen(day)]);
    expect(figures).toEqual([
      [2000, 700, 3000 + 6000 - 2500 - 2000],
      [4000, 300, -500 - 4000],
    ]);
    const again = {
      serial: 'S4',
      target: 'S1',
      cancellation: 'S2',
      cardId: 'K1',
      accountFen: 2500,
      fundFen: 2000,
      cashFen: 700,
      takenFen: 2500,
    };
    const redrawn = days(swipe, back, cancellationReversed('A1', again));
    expect(redrawn.map((day) => [day.accountReturnedFen, day.fundReturnedFen, day.cashRefundFen, owedFen(day)])).toEqual([[0, 0, 0, 9000]]);
  });
  it('a reversed cancellation is drawn again on its own day, in full though the holder may owe a part', () => {
    const back = cancelled('A1', { serial: 'S2', target: 'S1', cardId: 'K1', accountFen: 2500 });
    const again = cancellationReversed('A1', {
      serial: 'S4',
      target: 'S1',
      cancellation: 'S2',
      cardId: 'K1',
      accountFen: 2500,
      takenFen: 1,
      at: NEXT_DAY,
    });
    expect(days(swipe, back, again).map((day) => [day.accountReturnedFen, day.reversals])).toEqual([
      [2500, 0],
      [-2500, 1],
    ]);
  });
  it('a successor that cancels gives back for the institution whose settlement it was, also where only cash was paid', () => {
    const cash = settled('A1', { serial: 'S5', cardId: 'K1', accountFen: 0, cashFen: 800 });
    const undo = { by: 'H37020000002', cardId: 'K1' };
    const events = [
      cancelled('A1', { ...undo, serial: 'N1', target: 'S1', accountFen: 2500 }),
      cancelled('A1', { ...undo, serial: 'N2', target: 'S5', accountFen: 0, cashFen: 800 }),
    ];
    expect(days(swipe, cash, ...events).map((day) => [day.institutionCode, day.cancellations, day.accountReturnedFen])).toEqual([
      ['H37020000001', 2, 2500],
    ]);
  });
});
