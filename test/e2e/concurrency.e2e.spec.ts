import { expectSound } from '../support/audit';
import { codesOf, credit, done, holderWithCard, swipeOf, type TestEngine, testEngine, till, withRegion } from '../support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const balanceOf = async (accountId: string) => {
  const view = await made.engine.accounts.view(accountId, null);
  return view?.balances.reduce((sum, [, fen]) => sum + fen, 0);
};

describe('many at once', () => {
  it('same serial with two different cards, 200 racing: one is settled, every other answer says so', async () => {
    const [a, b] = [await holderWithCard(made, 'A00000001', 1_000_00), await holderWithCard(made, 'B00000001', 1_000_00)];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        made.engine.settlements.post(swipeOf(made, 'S1', i % 2 ? a.cardNumber : b.cardNumber, 10_00), till),
      ),
    );
    const settled = answers.flatMap((answer) => (answer.kind === 'done' ? [answer] : []));
    expect(settled.filter(({ replayed }) => !replayed).length).toBe(1);
    expect(new Set(settled.map(({ value }) => value.eventId)).size).toBe(1);
    expect(settled.length).toBe(100); // The winner's own repeats; the other card's are all told what differs.
    expect(new Set(answers.filter(({ kind }) => kind !== 'done').map((answer) => codesOf(answer)[0]))).toEqual(
      new Set(['settlement-exists-with-different-card']),
    );
    expect([await balanceOf(a.accountId), await balanceOf(b.accountId)].sort()).toEqual([1_000_00, 990_00].sort());
  });

  it('200 concurrent swipes on one account: never overdrawn, each answered, the cash makes up the rest', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000002', 50_00);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => made.engine.settlements.post(swipeOf(made, `S${i}`, cardNumber, 1_01), till)),
    );
    const receipts = answers.map((answer) => done(answer));
    const paidFen = receipts.reduce((sum, { accountPaidFen }) => sum + (accountPaidFen?.total ?? 0), 0);
    expect(paidFen).toBe(50_00);
    expect(await balanceOf(accountId)).toBe(0);
    for (const { totalFeeFen, accountPaidFen, cashPaymentFen } of receipts)
      expect((accountPaidFen?.total ?? 0) + cashPaymentFen).toBe(totalFeeFen);
    expect(receipts.filter(({ cashPaymentFen, totalFeeFen }) => cashPaymentFen > 0 && cashPaymentFen < totalFeeFen).length).toBe(1);
  });

  it('the same credit 50 times at once is credited once', async () => {
    const { accountId } = await holderWithCard(made, 'A00000003', 0);
    await Promise.all(Array.from({ length: 50 }, () => credit(made, accountId, 77_00, 'contribution-2026-02')));
    expect(await balanceOf(accountId)).toBe(77_00);
  });
});
