import { againstLink } from './index';

describe('card application: the card that is linked instead', () => {
  const accepted = { cardKind: 'socialSecurity3', replacesCardId: 'c1' } as const;
  const card = { cardId: 'c2', kind: 'socialSecurity3', state: 'inUse', said: 'socialSecurity3' };
  it('is one of the kind asked for, in use, and another than the one to be replaced', () => {
    expect(againstLink(accepted, card)).toStrictEqual([]);
    expect(againstLink({ ...accepted, replacesCardId: null }, { ...card, cardId: 'c1' })).toStrictEqual([]);
  });
  it('all that is wrong with another is told at once', () => {
    const other = (kind: string) => ({ code: 'linked-card-of-another-kind', kind, wanted: 'socialSecurity3' });
    expect(againstLink(accepted, { ...card, said: 'temporary' })).toStrictEqual([other('temporary')]);
    expect(againstLink(accepted, { ...card, kind: 'medicalInsurance' })).toStrictEqual([other('medicalInsurance')]);
    for (const state of ['registered', 'lost', 'temporarilyLost', 'stopped'])
      expect(againstLink(accepted, { ...card, state })).toStrictEqual([{ code: 'linked-card-not-in-use', cardId: 'c2', state }]);
    expect(againstLink(accepted, { cardId: 'c1', kind: 'temporary', state: 'lost', said: 'temporary' })).toStrictEqual([
      other('temporary'),
      { code: 'linked-card-not-in-use', cardId: 'c1', state: 'lost' },
      { code: 'linked-card-to-be-replaced', cardId: 'c1' },
    ]);
  });
});
