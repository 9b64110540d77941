import { CURRENT, H1, leg, PRIOR, settled, swipe, T0 } from '../../../test/support/account-fixture';
import { decodeAccountEvent, derivedOf, encodeAccountEvent, type SwipeSettled } from './index';

describe('stored forms: what follows from other members', () => {
  it('the serial stands behind the institution in the key, whatever dashes it has itself; the day is that of the decision', () => {
    expect(derivedOf('settlement-H1-2026-03-S1', '2026-02-28T16:00:00.000Z')).toStrictEqual({
      serial: '2026-03-S1',
      businessDate: '2026-03-01',
    });
    expect(derivedOf(null, T0)).toStrictEqual({ serial: null, businessDate: '2026-03-01' });
  });
  it.each(['settlement-H1', 'settlements', 'creditsabc-H1-S1', 'business-H1-S1-and-more', ''])('"%s" is the key of no settlement', (key) =>
    expect(() => derivedOf(key, T0)).toThrow(new Error("stored event: key is not a settlement's")),
  );
  it('the card of a swipe stands in its legs only, wherever among them; without such a leg it is written', () => {
    const stored = (event: SwipeSettled) => {
      const short = encodeAccountEvent(event) as { cardId?: string };
      expect(decodeAccountEvent(event.type, JSON.parse(JSON.stringify(short)), T0)).toStrictEqual({ type: event.type, data: event.data });
      return short.cardId;
    };
    expect(stored(settled())).toBeUndefined();
    expect(stored(settled({}, { legs: [leg(H1, 5000), leg(CURRENT, -3000), leg(PRIOR, -2000)] }))).toBeUndefined();
    expect(stored(settled({}, { legs: [], cashPaymentFen: swipe().data.totalFeeFen }))).toBe('K1');
  });
});
