import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../../../test/support/audit';
import {
  agency,
  codesOf,
  credit,
  done,
  enableCard,
  engineBeside,
  holderWithCard,
  openAccount,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  tracingOf,
  withRegion,
} from '../../../../test/support/engine-fixture';
import type { CancellationOrder } from '../engine';

const anna = tracingOf('agency', 'op-anna');
const bert = tracingOf('agency', 'op-bert');
const HOUR = 3_600_000;

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const grounded = (reference: string) => ({ reference, reason: 'one person, two files', document: 'DOC-1' });
const propose = (survivor: string, absorbedAccountId: string, reference = 'm-1') =>
  made.engine.persons.proposeMerge(survivor, { ...grounded(reference), absorbedAccountId }, anna);
const approve = (accountId: string, caseId: string, reference = 'a-1') =>
  made.engine.persons.approve(accountId, caseId, { reference }, bert);
const merged = async (survivor: string, absorbed: string, n = 1) => {
  const { caseId } = done(await propose(survivor, absorbed, `m-${n}`));
  return done(await approve(survivor, caseId, `a-${n}`));
};
const viewOf = async (accountId: string) => {
  const view = await made.engine.accounts.view(accountId, null);
  if (!view) throw new Error('no account');
  return view;
};
const standsOn = async (accountId: string, cardId: string) =>
  (await viewOf(accountId)).balances.reduce((sum, [account, fen]) => (account.startsWith(`subAccount:${cardId}:`) ? sum + fen : sum), 0);
const balanceOf = async (accountId: string) => (await viewOf(accountId)).balances.reduce((sum, [, fen]) => sum + fen, 0);
const twoFiles = async () => {
  const [survivor, absorbed] = [await holderWithCard(made, 'S00000001', 50_00), await holderWithCard(made, 'A00000002', 80_00)];
  return { survivor, absorbed };
};

describe('two accounts of one person: a merge', () => {
  it('needs two operators; the money keeps card and bucket, and both cards work on the survivor', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId, state } = done(await propose(survivor.accountId, absorbed.accountId));
    expect(state).toBe('proposed');
    expect(codesOf(await made.engine.persons.approve(survivor.accountId, caseId, { reference: 'own' }, anna))).toEqual([
      'case-approved-by-proposer',
    ]);
    expect(await balanceOf(absorbed.accountId)).toBe(80_00);
    expect(done(await approve(survivor.accountId, caseId))).toMatchObject({ state: 'done' });
    expect(await viewOf(absorbed.accountId)).toMatchObject({ accountId: survivor.accountId, askedAccountId: absorbed.accountId });
    expect([await standsOn(survivor.accountId, survivor.cardId), await standsOn(survivor.accountId, absorbed.cardId)]).toEqual([
      50_00, 80_00,
    ]);
    const byOldCard = done(await made.engine.settlements.post(swipeOf(made, 'S1', absorbed.cardNumber, 30_00), till));
    expect(byOldCard).toMatchObject({ stream: `medicalAccount-${survivor.accountId}`, balanceBeforeFen: 80_00, balanceAfterFen: 50_00 });
    const byOwn = done(await made.engine.settlements.post(swipeOf(made, 'S2', survivor.cardNumber, 30_00), till));
    expect(byOwn).toMatchObject({ balanceBeforeFen: 50_00, balanceAfterFen: 20_00 });
  });

  it('the same order again is answered as before, and a credit to the old id reaches the survivor once', async () => {
    const { survivor, absorbed } = await twoFiles();
    const first = await merged(survivor.accountId, absorbed.accountId);
    expect(await approve(survivor.accountId, first.caseId)).toMatchObject({ kind: 'done', replayed: true, value: { state: 'done' } });
    for (const replayed of [false, true]) {
      const answer = await made.engine.accounts.credit(
        absorbed.accountId,
        {
          reference: 'late',
          source: 'contribution',
          period: '2026-03',
          amountFen: medicalFen(7_00),
          bucket: 'currentYear',
          legalBasis: null,
        },
        agency,
      );
      expect(answer).toMatchObject({ kind: 'done', replayed, value: { accountId: survivor.accountId } });
    }
    expect(await balanceOf(survivor.accountId)).toBe(137_00);
  });

  it('a new card enabled afterwards brings it all together', async () => {
    const { survivor, absorbed } = await twoFiles();
    await merged(survivor.accountId, absorbed.accountId);
    const cardId = await registerCard(made, survivor.accountId, 'N00000003');
    await enableCard(made, survivor.accountId, cardId);
    expect(await standsOn(survivor.accountId, cardId)).toBe(130_00);
  });

  it('names every reason why not', async () => {
    const { survivor, absorbed } = await twoFiles();
    const other = await openAccount(made, { poolingArea: '370100' });
    const resident = await openAccount(made, { insuranceType: 'resident' });
    expect(codesOf(await propose(survivor.accountId, survivor.accountId))).toEqual(['merge-with-itself']);
    expect(codesOf(await propose(survivor.accountId, 'nobody'))).toEqual(['other-account-not-found']);
    expect(codesOf(await propose(survivor.accountId, other.accountId))).toEqual(['merge-across-areas']);
    const freeze = { scope: { kind: 'person' }, cause: 'judicialFreeze', legalDocument: 'D', from: null, until: null } as const;
    for (const [n, { accountId }] of [survivor, absorbed].entries())
      done(await made.engine.accounts.placeFreeze(accountId, { reference: `f${n}`, ...freeze }, agency));
    const frozen = await propose(survivor.accountId, absorbed.accountId);
    expect(frozen).toMatchObject({ reasons: [{ accountId: survivor.accountId }, { accountId: absorbed.accountId }] });
    expect(codesOf(await propose(resident.accountId, absorbed.accountId))).toEqual(['survivor-without-personal-account', 'account-frozen']);
  });

  it('neither twice, nor in a circle, nor of a survivor that went elsewhere', async () => {
    const { survivor, absorbed } = await twoFiles();
    const third = await holderWithCard(made, 'T00000004', 10_00);
    const [there, back] = [
      done(await propose(survivor.accountId, absorbed.accountId, 'm-1')),
      done(await propose(absorbed.accountId, survivor.accountId, 'm-2')),
    ];
    done(await approve(survivor.accountId, there.caseId, 'a-1'));
    expect(codesOf(await approve(absorbed.accountId, back.caseId, 'a-2'))).toEqual(['case-not-found']);
    expect(codesOf(await propose(third.accountId, absorbed.accountId, 'm-3'))).toEqual(['account-merged']);
    await merged(third.accountId, survivor.accountId, 4);
    expect(await viewOf(absorbed.accountId)).toMatchObject({ accountId: third.accountId });
    expect(await balanceOf(third.accountId)).toBe(140_00);
  });

  it('what the absorbed account could not give any more is taken back, and nothing has moved', async () => {
    const { survivor, absorbed } = await twoFiles();
    const third = await holderWithCard(made, 'T00000004', 10_00);
    const one = done(await propose(survivor.accountId, absorbed.accountId, 'm-1'));
    const two = done(await propose(third.accountId, absorbed.accountId, 'm-2'));
    const [a, b] = await Promise.all([approve(survivor.accountId, one.caseId, 'a-1'), approve(third.accountId, two.caseId, 'a-2')]);
    const states = [a, b].map((answer) => (answer.kind === 'done' ? answer.value.state : codesOf(answer)[0]));
    expect(states.filter((state) => state === 'done')).toHaveLength(1);
    expect((await balanceOf(survivor.accountId)) + (await balanceOf(third.accountId))).toBe(140_00);
  });
});

describe('after a merge', () => {
  it('a settlement of the old account is found, and its cancellation lands on the survivor, once', async () => {
    const { survivor, absorbed } = await twoFiles();
    done(await made.engine.settlements.post(swipeOf(made, 'S1', absorbed.cardNumber, 30_00), till));
    await merged(survivor.accountId, absorbed.accountId);
    expect(await made.engine.settlements.find(PHARMACY, 'S1')).toMatchObject({ kind: 'settlement', state: 'live' });
    const cancellation: CancellationOrder = {
      institutionCode: PHARMACY,
      targetSerial: 'S1',
      serial: 'C1',
      reason: 'returnGoods',
      note: null,
      amountFen: medicalFen(10_00),
      fundReturnedFen: null,
      byAgency: false,
    };
    for (const replayed of [false, true])
      expect(await made.engine.settlements.cancel(cancellation, till)).toMatchObject({ kind: 'done', replayed });
    expect(await standsOn(survivor.accountId, absorbed.cardId)).toBe(60_00);
    done(
      await made.engine.settlements.reverse(
        { institutionCode: PHARMACY, targetSerial: 'S1', serial: 'R1', note: null, byAgency: false },
        till,
      ),
    );
    expect(await standsOn(survivor.accountId, absorbed.cardId)).toBe(80_00);
    expect(await made.engine.settlements.find(PHARMACY, 'S1')).toMatchObject({ state: 'undone' });
  });

  it('a repeat of a swipe from before it hears the first answer; a late entry is judged by the card as it was', async () => {
    const { survivor, absorbed } = await twoFiles();
    const order = swipeOf(made, 'S1', absorbed.cardNumber, 30_00);
    const first = await made.engine.settlements.post(order, till);
    const { clock } = made;
    const before = new Date(clock.nowMs).toISOString();
    clock.nowMs += HOUR;
    await merged(survivor.accountId, absorbed.accountId);
    expect(await made.engine.settlements.post(order, till)).toEqual({ ...first, replayed: true });
    clock.nowMs += HOUR;
    const late = {
      ...swipeOf(made, 'S2', absorbed.cardNumber, 20_00),
      entry: 'late' as const,
      lateReason: 'line down',
      occurredAt: before,
    };
    expect(done(await made.engine.settlements.post(late, till))).toMatchObject({
      stream: `medicalAccount-${survivor.accountId}`,
      balanceAfterFen: 30_00,
    });
  });
});

describe('an undone merge', () => {
  const undo = async (survivor: string, mergeId: string, n = 9) => {
    const { caseId } = done(await made.engine.persons.proposeUndo(survivor, mergeId, grounded(`u-${n}`), anna));
    return made.engine.persons.approve(survivor, caseId, { reference: `ua-${n}` }, bert);
  };

  it('gives back what is left of what came, with the cards; what was spent is told', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', absorbed.cardNumber, 30_00), till));
    const answer = done(await undo(survivor.accountId, caseId));
    expect(answer.events).toMatchObject([{ type: 'MergeUndone.v1', data: { broughtFen: 80_00, returnedFen: 50_00 } }]);
    expect([await balanceOf(survivor.accountId), await balanceOf(absorbed.accountId)]).toEqual([50_00, 50_00]);
    expect(await viewOf(absorbed.accountId)).toMatchObject({ accountId: absorbed.accountId });
    expect(done(await made.engine.settlements.post(swipeOf(made, 'S2', absorbed.cardNumber, 5_00), till)).stream).toBe(
      `medicalAccount-${absorbed.accountId}`,
    );
    const undone = { institutionCode: PHARMACY, targetSerial: 'S1', serial: 'R1', note: null, byAgency: false };
    done(await made.engine.settlements.reverse(undone, till));
    expect([await balanceOf(survivor.accountId), await balanceOf(absorbed.accountId)]).toEqual([50_00, 75_00]);
  });

  it('of money that has moved on to another card gives back what stands there, the survivor’s own counted as spent first', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    const cardId = await registerCard(made, survivor.accountId, 'N00000003');
    await enableCard(made, survivor.accountId, cardId);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', 'N00000003', 70_00), till));
    expect(done(await undo(survivor.accountId, caseId)).events).toMatchObject([{ data: { broughtFen: 80_00, returnedFen: 60_00 } }]);
    expect([await balanceOf(survivor.accountId), await balanceOf(absorbed.accountId)]).toEqual([0, 60_00]);
  });

  it('never gives back more than came, however much stands there', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    await enableCard(made, survivor.accountId, await registerCard(made, survivor.accountId, 'N00000003'));
    done(await made.engine.settlements.post(swipeOf(made, 'S1', 'N00000003', 10_00), till));
    done(await undo(survivor.accountId, caseId));
    expect([await balanceOf(survivor.accountId), await balanceOf(absorbed.accountId)]).toEqual([40_00, 80_00]);
  });

  it('is refused where there is nothing to undo, and while money of it is frozen', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    const proposing = (mergeId: string) => made.engine.persons.proposeUndo(survivor.accountId, mergeId, grounded('u'), anna);
    expect(codesOf(await proposing('none'))).toEqual(['merge-not-found']);
    const scope = { kind: 'subAccount', cardId: absorbed.cardId } as const;
    const freeze = { scope, cause: 'contributionArrears', legalDocument: 'D', from: null, until: null } as const;
    const { id } = done(await made.engine.accounts.placeFreeze(survivor.accountId, { reference: 'f', ...freeze }, agency));
    expect(codesOf(await proposing(caseId))).toEqual(['account-frozen']);
    done(await made.engine.accounts.liftFreeze(survivor.accountId, id ?? '', { reference: 'l', reason: 'paid' }, agency));
    done(await undo(survivor.accountId, caseId));
    expect(codesOf(await made.engine.persons.proposeUndo(survivor.accountId, caseId, grounded('u-8'), anna))).toEqual(['merge-not-found']);
  });

  it('can be merged again', async () => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    done(await undo(survivor.accountId, caseId));
    await merged(absorbed.accountId, survivor.accountId, 2);
    expect(await balanceOf(survivor.accountId)).toBe(130_00);
    expect((await viewOf(survivor.accountId)).accountId).toBe(absorbed.accountId);
  });
});

describe('a merge across a year', () => {
  it('earns as two accounts would have, in transit too', async () => {
    const { survivor, absorbed } = await twoFiles();
    const alone = [await holderWithCard(made, 'X00000005', 50_00), await holderWithCard(made, 'X00000006', 80_00)] as const;
    made.clock.nowMs = Date.parse('2026-07-01T02:00:00.000Z');
    await merged(survivor.accountId, absorbed.accountId);
    made.clock.nowMs = Date.parse('2027-01-05T02:00:00.000Z');
    const earned = (await balanceOf(alone[0].accountId)) + (await balanceOf(alone[1].accountId));
    expect(await balanceOf(absorbed.accountId)).toBe(earned);
    expect(earned).toBeGreaterThan(130_00);
    await credit(made, absorbed.accountId, 1_00);
  });
});

describe('a crash between two appends of a merge', () => {
  it.each([0, 1, 2, 3])('after %i more appends, the next who asks finds it whole', async (appends) => {
    const { survivor, absorbed } = await twoFiles();
    const { caseId } = done(await propose(survivor.accountId, absorbed.accountId));
    let left = appends;
    const dying = await engineBeside(made, {
      wrapStore: (store) => ({
        ...store,
        readForward: (stream, from) => store.readForward(stream, from),
        readBackward: (stream) => store.readBackward(stream),
        append: async (append) => (left-- > 0 ? store.append(append) : { kind: 'unavailable', cause: 'full' }),
      }),
    });
    await dying.engine.persons.approve(survivor.accountId, caseId, { reference: 'a-1' }, bert).catch(() => undefined);
    const after = await engineBeside(made);
    const total = async (accountId: string) =>
      (await after.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);
    if (appends === 0) expect([await total(survivor.accountId), await total(absorbed.accountId)]).toEqual([50_00, 80_00]);
    // Approved and nothing given yet: the survivor knows of it, and who asks him sets it going.
    else expect([await total(survivor.accountId), await total(absorbed.accountId)]).toEqual([130_00, 130_00]);
  });
});
