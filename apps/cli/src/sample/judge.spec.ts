import type { Reply } from '../engine/client';
import { judge } from './judge';
import type { Expectation } from './step';

const reply = (status: number, body: object): Reply => ({ status, body, retryAfterMs: null });
const paid = { accountPaid: { total: '58.60' }, cashPayment: '1.40', balanceAfter: '10.00', replayed: false };
const expected: Expectation = { kind: 'settled', accountPaidFen: 5_860, cashPaymentFen: 140, balanceAfterFen: 1_000 };

describe('an answer of the sample', () => {
  it('is right when every amount is as planned', () => {
    expect(judge(expected, reply(201, paid), [])).toBeNull();
  });

  it.each([
    ['the account paid otherwise', { ...paid, accountPaid: { total: '58.59' } }],
    ['the cash is another', { ...paid, cashPayment: '1.41' }],
    ['the balance is another', { ...paid, balanceAfter: '9.99' }],
  ])('is wrong when %s', (_why, body) => {
    expect(judge(expected, reply(201, body), [])).toContain('expected');
  });

  it('is wrong when it was refused, and says why', () => {
    expect(judge(expected, reply(422, { code: 'card-stopped' }), [])).toBe('expected settled, got 422 card-stopped');
  });

  it('counts "none" as nothing paid: the holder has no personal account', () => {
    const none: Expectation = { kind: 'settled', accountPaidFen: 0, cashPaymentFen: 140, balanceAfterFen: 1_000 };
    expect(judge(none, reply(201, { ...paid, accountPaid: 'none' }), [])).toBeNull();
  });

  it('must be the same answer again, marked as a repeat', () => {
    const again: Expectation = { kind: 'replayed', of: 0 };
    const first = reply(201, paid);
    expect(judge(again, reply(200, { ...paid, replayed: true }), [first])).toBeNull();
    expect(judge(again, reply(201, paid), [first])).toContain('expected the same answer again');
    expect(judge(again, reply(200, { ...paid, balanceAfter: '0.00', replayed: true }), [first])).toBe('repeated with another answer');
  });

  it('must be refused for the planned reason and no other', () => {
    const refused: Expectation = { kind: 'refused', code: 'card-stopped' };
    expect(judge(refused, reply(422, { code: 'card-stopped' }), [])).toBeNull();
    expect(judge(refused, reply(422, { code: 'card-cancelled' }), [])).toBe('expected card-stopped, got 422 card-cancelled');
    expect(judge(refused, reply(201, paid), [])).toBe('expected card-stopped, got 201');
  });
});
