import { cards } from './cards.projection';
import { cancelled, opened, projected, registered, settled, transferred } from './projection.fixture';

const swipe = (serial: string, at: string) => settled('A1', { serial, cardId: 'K1', accountFen: 100, at });
const rowsAfter = (...events: Parameters<typeof projected>[1]) =>
  projected(cards, [opened('A1'), registered('A1', 'K1'), ...events]).filter(({ kind }) => kind !== null);

describe('read model: cards', () => {
  it('a card is a row of its account, with the account’s pooling area and the day of its registration', () => {
    expect(rowsAfter()).toEqual([
      expect.objectContaining({
        accountId: 'A1',
        cardId: 'K1',
        poolingArea: '370200',
        district: '370202',
        kind: 'socialSecurity3',
        state: 'inUse',
        registeredOn: '2026-03-02',
        lastSwipedOn: null,
        stopPhase: null,
      }),
    ]);
  });
  it('changes with the day of the last swipe, in Shanghai, and not with each swipe', () => {
    const rows = rowsAfter(
      swipe('1', '2026-03-02T15:59:59.999Z'),
      swipe('2', '2026-03-02T16:00:00.000Z'),
      swipe('3', '2026-03-03T09:00:00.000Z'),
    );
    expect(rows).toEqual([expect.objectContaining({ lastSwipedOn: '2026-03-03', logIndex: 3 })]);
  });
  it('a late entry of an earlier day does not make it younger or older', () => {
    const rows = rowsAfter(swipe('1', '2026-03-02T04:00:00.000Z'), swipe('2', '2026-02-20T04:00:00.000Z'));
    expect(rows[0]?.lastSwipedOn).toBe('2026-03-02');
  });
  it('a swipe that was cancelled was a swipe', () => {
    const undo = cancelled('A1', { serial: '2', target: '1', cardId: 'K1', accountFen: 100 });
    expect(rowsAfter(swipe('1', '2026-03-02T04:00:00.000Z'), undo)[0]?.lastSwipedOn).toBe('2026-03-02');
  });
  it('a card in use that gives its money away has no successor by that', () => {
    expect(rowsAfter(transferred('A1', { from: 'K1', to: 'K2', currentFen: 1, priorFen: 0 }))[0]?.successorCardId).toBeNull();
  });
  it('a card registered twice, or on no account, stops it', () => {
    expect(() => rowsAfter(registered('A1', 'K1'))).toThrow('registered twice');
    expect(() => projected(cards, [registered('A1', 'K1')])).toThrow('account A1 is not there');
  });
});
