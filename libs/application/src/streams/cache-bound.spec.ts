import { expectSound } from '../../../../test/support/audit';
import { done, holderWithCard, PHARMACY, swipeOf, testEngine, till, withRegion } from '../../../../test/support/engine-fixture';

/** Two accounts used in turn, so that with no room each command finds the other's state in the cache, or nothing. */
const answersWith = async (cacheBytes: number): Promise<unknown> => {
  const made = await withRegion(await testEngine({ cacheBytes }));
  const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
  const other = await holderWithCard(made, 'B00000001', 50_00);
  const answers: unknown[] = [];
  for (let i = 0; i < 12; i++) {
    const { balanceBeforeFen, accountPaidFen, cashPaymentFen, balanceAfterFen, revision } = done(
      await made.engine.settlements.post(swipeOf(made, `S${i}`, i % 2 ? other.cardNumber : cardNumber, 15_00), till),
    );
    answers.push([balanceBeforeFen, accountPaidFen, cashPaymentFen, balanceAfterFen, revision]);
  }
  const order = { institutionCode: PHARMACY, targetSerial: 'S1', serial: 'R1', note: null, byAgency: false };
  const { accountReturnedFen } = done(await made.engine.settlements.reverse(order, till));
  const repeated = await made.engine.settlements.post(swipeOf(made, 'S0', cardNumber, 15_00), till);
  await expectSound(made);
  await made.close();
  return [answers, accountReturnedFen, repeated.kind === 'done' && repeated.replayed];
};

it('the cache is a hint: with no room in it every state is read from the log, and the answers are the same', async () => {
  const [answers, returned, replayed] = (await answersWith(32_000_000)) as [unknown[], number, boolean];
  expect([answers.length, returned, replayed]).toEqual([12, 15_00, true]);
  expect(await answersWith(1)).toEqual([answers, returned, replayed]);
});

it.each([
  ['in the cache', 32_000_000, ['cache']],
  ['nowhere but in the log', 1, ['log']],
] as const)('a state that a command asks for is told as one that was %s', async (_where, cacheBytes, expected) => {
  const seen = new Set<'cache' | 'log'>();
  const made = await withRegion(await testEngine({ cacheBytes, sawAccountState: (from) => void seen.add(from) }));
  const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
  seen.clear();
  for (let i = 0; i < 6; i++) done(await made.engine.settlements.post(swipeOf(made, `S${i}`, cardNumber, 5_00), till));
  expect([...seen]).toEqual(expected);
  await made.close();
});
