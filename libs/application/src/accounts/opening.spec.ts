import { agency, done, openAccount, testEngine, withRegion } from '../../../../test/support/engine-fixture';

describe('opening an account', () => {
  it('a pooling area, a person and a reference are told apart: an account is opened once, whoever asks first', async () => {
    const made = await withRegion(await testEngine());
    const { accountId, identityNumber } = await openAccount(made);
    const person = { identityKind: '01', identityNumber, name: '张三丰' };
    const order = { poolingArea: '370200', insuranceType: 'employee', person } as const;
    expect(await made.engine.accounts.open({ reference: 'again', ...order }, agency)).toEqual({
      kind: 'refused',
      reasons: [{ code: 'person-already-has-account', accountId }],
    });
    const elsewhere = done(await made.engine.accounts.open({ reference: 'moved', ...order, poolingArea: '370100' }, agency));
    expect(elsewhere.accountId).not.toBe(accountId);
    const racing = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        made.engine.accounts.open({ reference: `race-${i % 2}`, ...order, person: { ...person, identityKind: '17' } }, agency),
      ),
    );
    const opened = racing.flatMap((answer) => (answer.kind === 'done' ? [answer] : []));
    expect([
      new Set(opened.map(({ value }) => value.accountId)).size,
      opened.filter(({ replayed }) => !replayed).length,
      opened.length,
    ]).toEqual([1, 1, 4]);
    await made.close();
  });
});
