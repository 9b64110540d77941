import { AT, cancellationReversed, cancelled, projected, reversed, settled } from './projection.fixture';
import { settlements } from './settlements.projection';

const swipe = settled('A1', { serial: 'S1', cardId: 'K1', accountFen: 3000, cashFen: 1000, fundFen: 6000 });
const part = cancelled('A1', { serial: 'S2', target: 'S1', cardId: 'K1', accountFen: 2500 });
const rest = reversed('A1', { serial: 'S3', target: 'S1', cardId: 'K1', accountFen: 500, cashFen: 1000, fundFen: 6000 });
const undone = (...events: Parameters<typeof projected>[1]) =>
  projected(settlements, events).map(({ undoneFen, undoneAccountFen, state }) => [undoneFen, undoneAccountFen, state]);

describe('read model: settlements', () => {
  it('a settlement stands under its key with what each side paid', () => {
    expect(projected(settlements, [swipe])).toEqual([
      {
        institutionCode: 'H37020000001',
        serial: 'S1',
        accountId: 'A1',
        cardId: 'K1',
        businessDate: '2026-03-02',
        decidedAt: AT,
        totalFeeFen: 10000,
        fundPaidFen: 6000,
        accountPaidFen: 3000,
        cashPaymentFen: 1000,
        undoneFen: 0,
        undoneAccountFen: 0,
        state: 'live',
        eventId: 'event-0',
        revision: 0,
        logIndex: 0,
      },
    ]);
  });
  it('a part undone leaves it partly undone; the rest, undone', () => {
    expect(undone(swipe, part)).toEqual([[2500, 2500, 'partlyUndone']]);
    expect(undone(swipe, part, rest)).toEqual([[10000, 3000, 'undone']]);
  });
  it('a reversed cancellation takes back what it had undone, whatever the holder still owes of it', () => {
    const again = { serial: 'S4', target: 'S1', cancellation: 'S2', cardId: 'K1', accountFen: 2500 };
    expect(undone(swipe, part, cancellationReversed('A1', { ...again, takenFen: 2500 }))).toEqual([[0, 0, 'live']]);
    expect(undone(swipe, part, cancellationReversed('A1', { ...again, takenFen: 100 }))).toEqual([[0, 0, 'live']]);
  });
  it('a log that undoes more than was settled, or what is not there, or settles twice, stops it', () => {
    expect(() => undone(swipe, part, part, rest)).toThrow('12500 of 10000 fen');
    expect(() => undone(part)).toThrow('settlement-H37020000001-S1 is not there');
    expect(() => undone(swipe, swipe)).toThrow('settled twice');
  });
});
