import { agency, HOSPITAL, holderWithCard, PHARMACY, swipeOf, testEngine, till, withRegion } from '../../../test/support/engine-fixture';

describe('an engine on its way out', () => {
  it('finishes what was asked before, refuses what comes after, and still answers questions', async () => {
    const made = await withRegion(await testEngine());
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const { engine } = made;
    const credit = {
      source: 'contribution',
      period: null,
      amountFen: swipeOf(made, '', '', 1_00).totalFeeFen,
      bucket: 'currentYear',
      legalBasis: null,
    } as const;
    const before = Array.from({ length: 20 }, (_, i) => engine.accounts.credit(accountId, { reference: `c${i}`, ...credit }, agency));
    await new Promise(setImmediate);
    await engine.drain();
    const written = await engine.log.last();
    for (const answer of await Promise.all(before)) expect(['done', 'unavailable']).toContain(answer.kind);
    expect(await engine.log.last()).toBe(written); // Nothing of it was still on its way to the log.
    const closing = { kind: 'unavailable', cause: 'closing' };
    expect(await engine.settlements.post(swipeOf(made, 'S1', cardNumber, 1_00), till)).toEqual(closing);
    expect(await engine.accounts.credit(accountId, { reference: 'late', ...credit }, agency)).toEqual(closing);
    expect(await engine.institutions.act(HOSPITAL, 'r', { act: 'rename', name: 'H' }, agency)).toEqual(closing);
    expect(await engine.settlements.countPrint(PHARMACY, 'S1', till)).toEqual(closing);
    const credited = (await Promise.all(before)).filter(({ kind }) => kind === 'done').length;
    const view = await engine.accounts.view(accountId, null);
    expect(view?.balances.reduce((sum, [, fen]) => sum + fen, 0)).toBe(100_00 + credited * 1_00);
    expect((await engine.readiness()).reasons.map(({ code }) => code)).toEqual(['shutting-down']);
    await made.close();
  });
});
