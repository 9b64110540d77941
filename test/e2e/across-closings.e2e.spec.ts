import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../support/audit';
import {
  codesOf,
  credit,
  done,
  HOSPITAL,
  holderWithCard,
  PHARMACY,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z' }));
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const balanceOf = async (accountId: string) =>
  (await made.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);
const cancel = (serial: string, amountFen: number | null, targetSerial = 'S1') =>
  made.engine.settlements.cancel(
    {
      institutionCode: PHARMACY,
      targetSerial,
      serial,
      reason: 'returnGoods',
      note: null,
      amountFen: amountFen === null ? null : medicalFen(amountFen),
      fundReturnedFen: null,
      byAgency: false,
    },
    till,
  );
const reverse = (serial: string, targetSerial: string) =>
  made.engine.settlements.reverse({ institutionCode: PHARMACY, targetSerial, serial, note: null, byAgency: false }, till);

/** Two new years pass, and the engine is started anew: nothing of the settlement is in the state any more. */
const acrossTwoClosings = async (accountId: string, step: () => Promise<void> = async () => undefined) => {
  for (const at of ['2026-02-02T02:00:00.000Z', '2027-02-02T02:00:00.000Z']) {
    made.clock.nowMs = Date.parse(at);
    await credit(made, accountId, 1_00, `after-${at}`);
    made = await made.reopen();
    await step();
  }
};

describe('across two closings', () => {
  it('a repeat gets the very first answer', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const order = swipeOf(made, 'S1', cardNumber, 30_00);
    const first = await made.engine.settlements.post(order, till);
    await acrossTwoClosings(accountId, async () => {
      expect(await made.engine.settlements.post(order, till)).toEqual({ ...first, replayed: true });
    });
  });

  it('another use of the serial is a conflict that says what differs and when the first was', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const order = swipeOf(made, 'S1', cardNumber, 30_00);
    const first = done(await made.engine.settlements.post(order, till));
    await acrossTwoClosings(accountId, async () => {
      const other = await made.engine.settlements.post(
        { ...order, totalFeeFen: medicalFen(31_00), accountEligibleFen: medicalFen(31_00) },
        till,
      );
      expect(codesOf(other)[0]).toBe('settlement-exists-with-different-amount');
      expect(other).toMatchObject({ reasons: [{ firstAt: first.decidedAt }, {}] });
    });
  });

  it('a partial, then a full cancellation give back exactly what was paid, once', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 130_00), till)); // 100 by the account, 30 in cash.
    const balances: (number | undefined)[] = [];
    let n = 0;
    await acrossTwoClosings(accountId, async () => {
      n += 1;
      const answer = done(await cancel(`C${n}`, n === 1 ? 40_00 : null));
      expect(answer).toMatchObject(
        n === 1 ? { accountReturnedFen: 40_00, cashRefundFen: 0 } : { accountReturnedFen: 60_00, cashRefundFen: 30_00 },
      );
      expect(await cancel(`C${n}`, n === 1 ? 40_00 : null)).toMatchObject({ kind: 'done', replayed: true, value: answer });
      balances.push(await balanceOf(accountId));
    });
    expect(codesOf(await cancel('C3', null))).not.toContain('done');
    const interestFen = 0; // Counted below from the events themselves.
    const view = await made.engine.settlements.find(PHARMACY, 'S1');
    expect(view).toMatchObject({
      kind: 'settlement',
      state: 'undone',
      undone: { amountFen: 130_00, accountFen: 100_00, cashRefundFen: 30_00 },
    });
    expect(balances[0]).toBe(40_00 + 1_00 + interestFen);
  });

  it('a reversal undoes what is left, once; its repeat gets the same answer', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 60_00), till));
    done(await cancel('C1', 10_00));
    let first: unknown;
    await acrossTwoClosings(accountId, async () => {
      const answer = await reverse('R1', 'S1');
      first ??= answer.kind === 'done' ? answer.value : undefined;
      expect(answer).toMatchObject({ kind: 'done', value: { amountFen: 50_00, accountReturnedFen: 50_00 } });
      expect(answer).toMatchObject({ value: first });
    });
    expect(codesOf(await reverse('R2', 'S1'))).toEqual(['already-undone']);
  });

  it('a cancellation is reversed once: what it gave back is taken again', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 60_00), till));
    done(await cancel('C1', null));
    await acrossTwoClosings(accountId);
    const before = await balanceOf(accountId);
    expect(done(await reverse('R1', 'C1'))).toMatchObject({ kind: 'cancellationReversed', amountFen: 60_00, accountReturnedFen: -60_00 });
    expect(await balanceOf(accountId)).toBe((before ?? 0) - 60_00);
    expect(await made.engine.settlements.find(PHARMACY, 'S1')).toMatchObject({ state: 'live' });
    expect(codesOf(await reverse('R2', 'C1'))).not.toEqual(['done']);
  });
});

describe('a reversal and its settlement', () => {
  it('before: nothing can settle under the serial any more', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    expect(done(await reverse('R1', 'S1'))).toMatchObject({ kind: 'keyVoided', targetSerial: 'S1', amountFen: 0 });
    expect(await reverse('R1', 'S1')).toMatchObject({ kind: 'done', replayed: true });
    expect(codesOf(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 10_00), till))).toEqual(['settlement-key-voided']);
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('during: whichever comes first, the account is never the poorer for it', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 1_000_00);
    const rounds = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const post = made.engine.settlements.post(swipeOf(made, `S${i}`, cardNumber, 10_00), till);
        const undo = reverse(`R${i}`, `S${i}`);
        return Promise.all(i % 2 ? [post, undo] : [undo, post].reverse());
      }),
    );
    expect(await balanceOf(accountId)).toBe(1_000_00);
    for (const [, undone] of rounds) expect(undone?.kind).toBe('done');
  });

  it('after: the settlement is undone', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 10_00), till));
    expect(done(await reverse('R1', 'S1'))).toMatchObject({ kind: 'settlementReversed', amountFen: 10_00 });
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('a serial of one institution never answers another', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 10_00), till));
    expect(await made.engine.settlements.find(HOSPITAL, 'S1')).toEqual({ kind: 'absent' });
  });
});
