import { envelopeOf } from '#libs/application';
import { identityNumberFor } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';
import { expectSound, logOf } from '../../../../test/support/audit';
import {
  codesOf,
  credit,
  done,
  enableCard,
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
import type { PersonChangeOrder } from '../engine';

const anna = tracingOf('agency', 'op-anna');
const bert = tracingOf('agency', 'op-bert');

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const grounded = (reference: string) => ({ reference, reason: 'one person, two files', document: 'DOC-1' });
const propose = (survivor: string, absorbedAccountId: string, n: number) =>
  made.engine.persons.proposeMerge(survivor, { ...grounded(`m-${n}`), absorbedAccountId }, anna);
const approve = (accountId: string, caseId: string, reference: string) =>
  made.engine.persons.approve(accountId, caseId, { reference }, bert);
const merged = async (survivor: string, absorbed: string, n: number) => {
  const { caseId } = done(await propose(survivor, absorbed, n));
  expect(done(await approve(survivor, caseId, `a-${n}`))).toMatchObject({ state: 'done' });
  return caseId;
};
const undone = async (survivor: string, mergeId: string, n: number) => {
  const { caseId } = done(await made.engine.persons.proposeUndo(survivor, mergeId, grounded(`u-${n}`), anna));
  return done(await approve(survivor, caseId, `ua-${n}`));
};
const balanceOf = async (accountId: string) => {
  const view = await made.engine.accounts.view(accountId, null);
  if (!view) throw new Error('no account');
  return view.balances.reduce((sum, [, fen]) => sum + fen, 0);
};
const cancel = (targetSerial: string, serial: string, fen: number | null = null) =>
  made.engine.settlements.cancel(
    {
      institutionCode: PHARMACY,
      ...{ targetSerial, serial, reason: 'returnGoods', note: null },
      amountFen: fen === null ? null : medicalFen(fen),
      fundReturnedFen: null,
      byAgency: false,
    },
    till,
  );
const swipe = (serial: string, cardNumber: string, fen: number) =>
  made.engine.settlements.post(swipeOf(made, serial, cardNumber, fen), till);

describe('an account merged into one that is merged itself', () => {
  const chain = async () => {
    const [p0, p1, p2] = [
      await holderWithCard(made, 'C00000000', 10_00),
      await holderWithCard(made, 'C00000001', 10_00),
      await holderWithCard(made, 'C00000002', 10_00),
    ];
    done(await swipe('S0', 'C00000000', 4_00));
    const inner = await merged(p1.accountId, p0.accountId, 1);
    const outer = await merged(p2.accountId, p1.accountId, 2);
    return { p0: p0.accountId, p1: p1.accountId, p2: p2.accountId, inner, outer };
  };

  it('is paid back to the last survivor, and its card and its id go on working', async () => {
    const { p0, p2 } = await chain();
    expect(done(await cancel('S0', 'S0C', 1_00))).toMatchObject({ accountReturnedFen: 1_00 });
    expect([await balanceOf(p0), await balanceOf(p2)]).toEqual([27_00, 27_00]);
    expect(done(await swipe('S1', 'C00000000', 2_00))).toMatchObject({ balanceAfterFen: 5_00 });
    await credit(made, p0, 1_00);
    expect(await balanceOf(p2)).toBe(26_00);
  });

  it('has its money back when the merges are undone one after the other', async () => {
    const { p0, p1, p2, inner, outer } = await chain();
    done(await cancel('S0', 'S0C', 1_00));
    await undone(p2, outer, 1);
    done(await cancel('S0', 'S0D', 1_00));
    expect([await balanceOf(p1), await balanceOf(p2)]).toEqual([18_00, 10_00]);
    await undone(p1, inner, 2);
    expect([await balanceOf(p0), await balanceOf(p1)]).toEqual([8_00, 10_00]);
    done(await cancel('S0', 'S0E'));
    expect([await balanceOf(p0), await balanceOf(p1), await balanceOf(p2)]).toEqual([10_00, 10_00, 10_00]);
  });

  it('has what was spent of it meanwhile, by whichever account, paid back to it', async () => {
    const { p0, p1, p2, inner, outer } = await chain();
    done(await swipe('S1', 'C00000000', 3_00));
    await undone(p2, outer, 1);
    await undone(p1, inner, 2);
    expect(await balanceOf(p0)).toBe(3_00);
    const again = await merged(p1, p0, 3);
    done(await cancel('S1', 'S1C'));
    expect([await balanceOf(p1), await balanceOf(p2)]).toEqual([16_00, 10_00]);
    await undone(p1, again, 3);
    expect([await balanceOf(p0), await balanceOf(p1)]).toEqual([6_00, 10_00]);
  });
});

describe('an undone merge whose money had gone to a new card', () => {
  const undoneAfterNewCard = async () => {
    const [p1, p2] = [await holderWithCard(made, 'D00000001', 100_00), await holderWithCard(made, 'D00000002', 60_00)];
    const mergeId = await merged(p1.accountId, p2.accountId, 1);
    done(await swipe('S1', 'D00000002', 45_00));
    await enableCard(made, p1.accountId, await registerCard(made, p1.accountId, 'D00000003'));
    await undone(p1.accountId, mergeId, 1);
    expect([await balanceOf(p1.accountId), await balanceOf(p2.accountId)]).toEqual([55_00, 60_00]);
    return { p1: p1.accountId, p2: p2.accountId };
  };

  it('pays back to the one who was counted as having spent', async () => {
    const { p1, p2 } = await undoneAfterNewCard();
    done(await cancel('S1', 'S1C'));
    expect([await balanceOf(p1), await balanceOf(p2)]).toEqual([100_00, 60_00]);
  });

  it('also when the year has ended since', async () => {
    const { p1, p2 } = await undoneAfterNewCard();
    made.clock.nowMs = Date.parse('2027-01-05T02:00:00.000Z');
    const before = [await balanceOf(p1), await balanceOf(p2)];
    done(await cancel('S1', 'S1C'));
    expect([await balanceOf(p1), await balanceOf(p2)]).toEqual([(before[0] ?? 0) + 45_00, before[1]]);
  });

  it('also where the other one had no card', async () => {
    const [p1, p2] = [await holderWithCard(made, 'D00000001', 100_00), await openAccount(made)];
    await credit(made, p2.accountId, 60_00);
    const mergeId = await merged(p1.accountId, p2.accountId, 1);
    done(await swipe('S1', 'D00000001', 45_00));
    await enableCard(made, p1.accountId, await registerCard(made, p1.accountId, 'D00000003'));
    await undone(p1.accountId, mergeId, 1);
    expect([await balanceOf(p1.accountId), await balanceOf(p2.accountId)]).toEqual([55_00, 60_00]);
    done(await cancel('S1', 'S1C'));
    expect([await balanceOf(p1.accountId), await balanceOf(p2.accountId)]).toEqual([100_00, 60_00]);
  });

  it('takes it again from him when that cancellation is reversed', async () => {
    const { p1, p2 } = await undoneAfterNewCard();
    done(await cancel('S1', 'S1C'));
    const reversal = { institutionCode: PHARMACY, targetSerial: 'S1C', serial: 'R1', note: null, byAgency: false };
    done(await made.engine.settlements.reverse(reversal, till));
    expect([await balanceOf(p1), await balanceOf(p2)]).toEqual([55_00, 60_00]);
  });
});

describe('a survivor whose insurance relation is leaving', () => {
  const request = (accountId: string, reference: string) =>
    made.engine.relationTransfers.request(accountId, { reference, toPoolingArea: '310000', holderStatus: 'stopped' }, anna);

  it('takes no other account in, and gives none back, until that has ended', async () => {
    const [p1, p2, p3] = [
      await holderWithCard(made, 'E00000001', 100_00),
      await holderWithCard(made, 'E00000002', 50_00),
      await holderWithCard(made, 'E00000003', 20_00),
    ];
    const mergeId = await merged(p1.accountId, p2.accountId, 1);
    const waiting = done(await propose(p1.accountId, p3.accountId, 2));
    done(await request(p1.accountId, 't-1'));
    expect(codesOf(await made.engine.persons.proposeUndo(p1.accountId, mergeId, grounded('u-1'), anna))).toEqual(['relation-under-way']);
    expect(codesOf(await approve(p1.accountId, waiting.caseId, 'a-9'))).toEqual(['relation-under-way']);
    expect(codesOf(await propose(p1.accountId, p3.accountId, 3))).toContain('relation-under-way');
  });
});

describe('what was proposed of an account before it was merged', () => {
  it('ends with the merge, and is not there again when that is undone', async () => {
    const [p1, p2] = [await holderWithCard(made, 'F00000001', 100_00), await holderWithCard(made, 'F00000002', 50_00)];
    const there = done(await propose(p1.accountId, p2.accountId, 1));
    const back = done(await propose(p2.accountId, p1.accountId, 2));
    done(await approve(p1.accountId, there.caseId, 'a-1'));
    const log = await logOf(made);
    const ended = log.map((stored) => envelopeOf(stored)).find(({ type }) => type === 'PersonCaseWithdrawn.v1');
    expect(ended).toMatchObject({ data: { caseId: back.caseId, reason: 'account-merged' } });
    await undone(p1.accountId, there.caseId, 1);
    expect(codesOf(await approve(p2.accountId, back.caseId, 'a-2'))).toEqual(['case-not-found']);
    expect([await balanceOf(p1.accountId), await balanceOf(p2.accountId)]).toEqual([100_00, 50_00]);
  });
});

describe('a change of name or number', () => {
  const FIFTEEN = '370202610307112';
  const EIGHTEEN = '37020219610307112';
  const change = (accountId: string, n: number, order: Partial<PersonChangeOrder>) =>
    made.engine.persons.proposeChange(
      accountId,
      { ...grounded(`c-${n}`), grounds: 'upgrade', name: null, identityKind: null, identityNumber: null, ...order },
      anna,
    );

  it('is an upgrade only from the 15 digits of the same citizen to their 18 characters', async () => {
    const legacy = await openAccount(made, { person: { identityKind: '01', identityNumber: FIFTEEN, name: '王大明' } });
    const [right, other] = [identityNumberFor('370202', '1961-03-07', '112'), identityNumberFor('370202', '1961-03-07', '113')];
    expect(right.startsWith(EIGHTEEN)).toBe(true);
    const to = (identityKind: string, identityNumber: string) => ({ identityKind, identityNumber });
    expect(codesOf(await change(legacy.accountId, 1, to('01', other)))).toEqual(['not-an-upgrade']);
    expect(codesOf(await change(legacy.accountId, 2, to('99', right)))).toEqual(['not-an-upgrade']);
    const { caseId } = done(await change(legacy.accountId, 3, to('01', right)));
    done(await approve(legacy.accountId, caseId, 'a-1'));
    expect(codesOf(await change(legacy.accountId, 4, to('01', other)))).toEqual(['not-an-upgrade']);
    const named = { ...to('01', other), grounds: 'nameChanged', name: '王小明' } as const;
    expect(codesOf(await change(legacy.accountId, 5, named))).toEqual(['name-changed-with-number']);
  });
});

describe('a merge that is done', () => {
  it('is said to be done, and when, to who approves or withdraws it again', async () => {
    const [p1, p2] = [await holderWithCard(made, 'G00000001', 100_00), await holderWithCard(made, 'G00000002', 50_00)];
    const caseId = await merged(p1.accountId, p2.accountId, 1);
    const doneAt = new Date(made.clock.nowMs).toISOString();
    expect(await approve(p1.accountId, caseId, 'a-2')).toMatchObject({ reasons: [{ code: 'case-done', caseId, doneAt }] });
    const withdrawal = { reference: 'w-1', reason: 'too late' };
    expect(codesOf(await made.engine.persons.withdraw(p1.accountId, caseId, withdrawal, anna))).toEqual(['case-done']);
  });

  it('leaves a repeat with another amount refused for the amount alone: it is the same card', async () => {
    const [p1, p2] = [await holderWithCard(made, 'H00000001', 100_00), await holderWithCard(made, 'H00000002', 50_00)];
    done(await swipe('S1', 'H00000002', 10_00));
    await merged(p1.accountId, p2.accountId, 1);
    expect(codesOf(await swipe('S1', 'H00000002', 11_00))).not.toContain('settlement-exists-with-different-card');
    expect(codesOf(await swipe('S1', 'H00000001', 10_00))).toContain('settlement-exists-with-different-card');
  });

  it('shows under the old id who was known there, too', async () => {
    const [p1, p2] = [await openAccount(made), await openAccount(made)];
    await merged(p1.accountId, p2.accountId, 1);
    const history = await made.engine.persons.history(p2.accountId, { principal: 'op-anna', purpose: 'person history' });
    expect(history?.map(({ record }) => record.identityNumber)).toEqual([p1.identityNumber, p2.identityNumber]);
  });
});
