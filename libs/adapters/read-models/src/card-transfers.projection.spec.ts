import { cardTransfers } from './card-transfers.projection';
import { AT, credited, projected, transferred } from './projection.fixture';

describe('read model: card transfers', () => {
  it('each one is a row: which cards, which buckets, whether it was sealed', () => {
    const events = [credited('A1', 'OLD', 700), transferred('A1', { from: 'OLD', to: 'NEW', currentFen: 700, priorFen: 300 })];
    expect(projected(cardTransfers, events)).toEqual([
      {
        logIndex: 1,
        accountId: 'A1',
        fromCardId: 'OLD',
        toCardId: 'NEW',
        cause: 'enablement',
        wasSealed: true,
        currentYearFen: 700,
        priorYearFen: 300,
        amountFen: 1000,
        decidedAt: AT,
        eventId: 'event-1',
        revision: 1,
        actKey: null,
      },
    ]);
  });
  it('two of the same cards are two rows', () => {
    const once = transferred('A1', { from: 'OLD', to: 'NEW', currentFen: 1, priorFen: 0 });
    expect(projected(cardTransfers, [once, once])).toHaveLength(2);
  });
  it('a log whose legs take another amount than it names stops it', () => {
    const event = transferred('A1', { from: 'OLD', to: 'NEW', currentFen: 700, priorFen: 0 });
    const wrong = { ...event, data: { ...event.data, amountFen: 701 } } as unknown as typeof event;
    expect(() => projected(cardTransfers, [wrong])).toThrow('takes another amount');
  });
});
