import { medicalFen } from '#libs/medical-account';
import { freezes } from './freezes.projection';
import { AT, ended, frozen, lifted, projected } from './projection.fixture';

const LATER = '2026-06-01T00:00:00.000Z';

describe('read model: freezes', () => {
  it('a placed freeze stands with its scope, cause, document and term', () => {
    expect(projected(freezes, [frozen('A1', { freezeId: 'F1', until: LATER })])).toEqual([
      {
        freezeId: 'F1',
        accountId: 'A1',
        scopeKind: 'person',
        cardId: null,
        amountFen: null,
        cause: 'judicialFreeze',
        legalDocument: 'Order 7',
        placedAt: AT,
        from: AT,
        until: LATER,
        placedBy: 'agency',
        endedAt: null,
        endedBy: null,
        placedLogIndex: 0,
      },
    ]);
  });
  it('names the card or the amount that it reaches', () => {
    const rows = projected(freezes, [
      frozen('A1', { freezeId: 'F1', scope: { kind: 'cardArea', cardId: 'K1' } }),
      frozen('A1', { freezeId: 'F2', scope: { kind: 'amount', amountFen: medicalFen(500) } }),
    ]);
    expect(rows.map(({ scopeKind, cardId, amountFen }) => [scopeKind, cardId, amountFen])).toEqual([
      ['cardArea', 'K1', null],
      ['amount', null, 500],
    ]);
  });
  it('lifted, it ended when that was decided; by term, when it was due and not when it was noticed', () => {
    const rows = projected(freezes, [
      frozen('A1', { freezeId: 'F1' }),
      frozen('A1', { freezeId: 'F2', until: LATER }),
      frozen('A1', { freezeId: 'F3' }),
      lifted('A1', 'F1', '2026-03-05T00:00:00.000Z'),
      ended('A1', 'F2', LATER),
    ]);
    expect(rows.map(({ freezeId, endedAt, endedBy }) => [freezeId, endedAt, endedBy])).toEqual([
      ['F1', '2026-03-05T00:00:00.000Z', 'lifted'],
      ['F2', LATER, 'term'],
      ['F3', null, null],
    ]);
  });
  it('a log that lifts what was never placed, or places twice, stops it', () => {
    expect(() => projected(freezes, [lifted('A1', 'F1', LATER)])).toThrow('freeze F1 is not there');
    expect(() => projected(freezes, [frozen('A1', { freezeId: 'F1' }), frozen('A1', { freezeId: 'F1' })])).toThrow('placed twice');
  });
});
