import { cancel, credited, leg, recorded, reverse, settled, swipe } from '../../../test/support/account-fixture';
import { NOTHING_UNDONE } from './commands';
import { keyAfter, keysOf, type MedicalAccountCommand, medicalFen, ofSettlementKey, type Posting, settlementKey } from './index';

const posting = (original: Posting['original']): Posting => ({ original, undone: NOTHING_UNDONE });
const S1 = settlementKey('H1', 'S1');

describe('the keys that a command asks for', () => {
  it.each<[string, MedicalAccountCommand, readonly string[]]>([
    ['a job asks for none', { type: 'SettleDue', data: {} }, []],
    ['a swipe for its own', swipe(), [S1]],
    ['one that replaces another for both', swipe({ replacesKey: settlementKey('H1', 'S0') }), [S1, settlementKey('H1', 'S0')]],
    ['a cancellation for its own and the settlement', cancel(), [cancel().data.key, S1]],
    ['a reversal for its own and what it is about', reverse(), [reverse().data.key, S1]],
  ])('%s', (_, command, keys) => expect(keysOf(command)).toStrictEqual(keys));

  it('a reversal goes on to what its target had undone, and to nothing else', () => {
    const cancellation = posting(
      recorded(4, {
        type: 'SettlementCancelled.v1',
        decidedAt: settled().decidedAt,
        data: {
          ...cancel().data,
          businessDate: '2026-03-01',
          amountFen: medicalFen(1),
          fundReturnedFen: medicalFen(0),
          cashRefundFen: medicalFen(1),
          legs: [],
        } as never,
      }),
    );
    const replacing = posting(recorded(5, settled({ replacesKey: 'settlement-H1-S0' })));
    const target = cancel().data.key;
    expect(keyAfter(reverse({ targetKey: target }), target, cancellation)).toBe(S1);
    expect(keyAfter(reverse(), S1, replacing)).toBe('settlement-H1-S0');
    expect(keyAfter(reverse(), S1, posting(recorded(5, settled())))).toBeNull(); // It replaced nothing.
    expect(keyAfter(reverse({ targetKey: target }), S1, replacing)).toBeNull(); // Met on the way: what it replaced is not asked for.
    expect(keyAfter(reverse(), S1, posting(recorded(2, credited('K1', 1))))).toBeNull();
    expect(keyAfter(cancel(), target, cancellation)).toBeNull();
    expect(keyAfter(swipe(), S1, replacing)).toBeNull();
  });
});

describe('what a settlement’s key is made of', () => {
  it('institution and serial, and the serial may hold hyphens', () => {
    expect(ofSettlementKey(settlementKey('H37020000001', '2026-03-01-7'))).toStrictEqual({
      institutionCode: 'H37020000001',
      serial: '2026-03-01-7',
    });
  });
  it.each(['settlement-H1', 'credit-opening-1', 'xettlement-H1-S1', ''])('"%s" is none', (key) =>
    expect(() => ofSettlementKey(key)).toThrow("key is not a settlement's"),
  );
  it('a leg is no key', () => expect(() => ofSettlementKey(leg('payable:H1', 1).account)).toThrow());
});
