import { envelopeOf } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../support/audit';
import {
  agency,
  codesOf,
  done,
  JINAN,
  JINAN_PHARMACY,
  openAccount,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  tracingOf,
  withRegion,
} from '../../support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});
const till = tracingOf(JINAN_PHARMACY);
const at = { institutionCode: JINAN_PHARMACY };

const holder = async (old: string, fresh: string) => {
  const { accountId } = await openAccount(made, { poolingArea: JINAN });
  const opening = { currentYearFen: medicalFen(20_00), priorYearFen: medicalFen(30_00) };
  const oldId = await registerCard(made, accountId, old, { kind: 'medicalInsurance', state: 'inUse', lastSwipedOn: '2026-01-05', opening });
  const freshId = await registerCard(made, accountId, fresh);
  return { accountId, oldId, freshId };
};
const states = async (accountId: string) => {
  const found = await made.engine.accounts.view(accountId, null);
  return new Map(found?.cards.map(([id, { timeline }]) => [id, timeline.at(-1)?.state]));
};

describe('Jinan: the first swipe', () => {
  it('J3: before the new card is enabled the old card works as usual', async () => {
    await holder('OLDJ00001', 'NEWJ00001');
    const receipt = done(await made.engine.settlements.post({ ...swipeOf(made, 'S1', 'OLDJ00001', 5_00), ...at }, till));
    expect(receipt).toMatchObject({ accountPaidFen: { total: 5_00 }, balanceAfterFen: 45_00 });
  });

  it('J1, J3: the first swipe enables the new card, cancels the old one and pulls its balance over, in one append', async () => {
    const { accountId, oldId, freshId } = await holder('OLDJ00002', 'NEWJ00002');
    const receipt = done(await made.engine.settlements.post({ ...swipeOf(made, 'S1', 'NEWJ00002', 45_00), ...at }, till));
    expect(receipt).toMatchObject({
      accountPaidFen: { currentYear: 20_00, priorYear: 25_00, total: 45_00 },
      balanceBeforeFen: 50_00,
      balanceAfterFen: 5_00,
    });
    expect(await states(accountId)).toEqual(
      new Map([
        [oldId, 'cancelled'],
        [freshId, 'inUse'],
      ]),
    );
    const types: string[] = [];
    let count = 0;
    for await (const stored of made.store.readForward(receipt.stream)) {
      types.push(stored.type);
      count = envelopeOf(stored).meta.append.count;
    }
    expect(types.slice(-count)).toEqual(
      expect.arrayContaining(['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1', 'SwipeSettled.v1']),
    );
    expect(codesOf(await made.engine.settlements.post({ ...swipeOf(made, 'S2', 'OLDJ00002', 1_00), ...at }, till))).toEqual([
      'card-cancelled',
    ]);
  });

  it('J1: a first swipe that is refused enables nothing', async () => {
    const { accountId, oldId, freshId } = await holder('OLDJ00003', 'NEWJ00003');
    const refused = await made.engine.settlements.post({ ...swipeOf(made, 'S1', 'NEWJ00003', 60_00), ...at, payment: 'full' }, till);
    expect(codesOf(refused)).toEqual(['balance-insufficient']);
    expect(await states(accountId)).toEqual(
      new Map([
        [oldId, 'inUse'],
        [freshId, 'registered'],
      ]),
    );
  });

  it('J4: a temporary loss holds for seven days and is then restored by itself', async () => {
    const { accountId, oldId } = await holder('OLDJ00004', 'NEWJ00004');
    done(await made.engine.accounts.actOnCard(accountId, oldId, { reference: 'loss', act: 'reportLoss', reason: 'by telephone' }, agency));
    const lost = await made.engine.settlements.post({ ...swipeOf(made, 'S1', 'OLDJ00004', 1_00), ...at }, till);
    expect(codesOf(lost)).toEqual(['card-temporarily-lost']);
    made.clock.nowMs += 7 * 24 * 3_600_000 - 1;
    expect(codesOf(await made.engine.settlements.post({ ...swipeOf(made, 'S2', 'OLDJ00004', 1_00), ...at }, till))).toEqual([
      'card-temporarily-lost',
    ]);
    made.clock.nowMs += 1;
    expect((await made.engine.settlements.post({ ...swipeOf(made, 'S3', 'OLDJ00004', 1_00), ...at }, till)).kind).toBe('done');
  });

  it('a card of another pooling area is sent through the gateway', async () => {
    await holder('OLDJ00005', 'NEWJ00005');
    const answer = await made.engine.settlements.post(
      { ...swipeOf(made, 'S1', 'OLDJ00005', 1_00), institutionCode: PHARMACY },
      tracingOf(PHARMACY),
    );
    expect(codesOf(answer)).toEqual(['card-of-another-pooling-area']);
  });
});
