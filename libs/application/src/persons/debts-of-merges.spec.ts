import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../../../test/support/audit';
import { agency, done, holderWithCard, type TestEngine, testEngine, tracingOf, withRegion } from '../../../../test/support/engine-fixture';

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
const balanceOf = async (accountId: string) => (await viewOf(accountId)).balances.reduce((sum, [, fen]) => sum + fen, 0);
const twoFiles = async () => {
  const [survivor, absorbed] = [await holderWithCard(made, 'S00000001', 50_00), await holderWithCard(made, 'A00000002', 80_00)];
  return { survivor, absorbed };
};

describe('what a holder owes, when two accounts of one person are merged and parted', () => {
  const take = async (accountId: string, amountFen: number) =>
    done(
      await made.engine.accounts.correct(
        accountId,
        { reference: `correct-${accountId}`, amountFen: medicalFen(amountFen), legalBasis: 'L', reason: 'credited in error' },
        agency,
      ),
    );
  const owedBy = async (accountId: string) => (await viewOf(accountId)).receivableFen;
  const part = async (survivor: string, mergeId: string) => {
    const { caseId } = done(await made.engine.persons.proposeUndo(survivor, mergeId, grounded('u-1'), anna));
    return done(await made.engine.persons.approve(survivor, caseId, { reference: 'ua-1' }, bert));
  };

  it('is owed on the survivor, and by nobody twice; it goes back with the account that brought it', async () => {
    const { survivor, absorbed } = await twoFiles();
    await take(absorbed.accountId, 95_00); // 80.00 were there.
    expect([await owedBy(survivor.accountId), await owedBy(absorbed.accountId)]).toEqual([0, -15_00]);
    const { caseId } = await merged(survivor.accountId, absorbed.accountId);
    expect(await viewOf(survivor.accountId)).toMatchObject({ receivableFen: -15_00 });
    expect(await balanceOf(survivor.accountId)).toBe(50_00);
    await part(survivor.accountId, caseId);
    expect([await owedBy(survivor.accountId), await owedBy(absorbed.accountId)]).toEqual([0, -15_00]);
    expect([await balanceOf(survivor.accountId), await balanceOf(absorbed.accountId)]).toEqual([50_00, 0]);
  });
});
