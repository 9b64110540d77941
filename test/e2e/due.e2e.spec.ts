import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../support/audit';
import {
  agency,
  credit,
  done,
  openAccount,
  registerCard,
  type TestEngine,
  testEngine,
  tracingOf,
  withRegion,
} from '../support/engine-fixture';

const job = tracingOf('job');
const START = '2024-03-05T02:00:00.000Z';

/** One holder's two and a half years; `jobAt`: when somebody asks for what is due, if anybody does. */
const balancesAfter = async (jobAt: readonly string[]): Promise<unknown> => {
  const made: TestEngine = await withRegion(await testEngine({ at: START }));
  const { accountId } = await openAccount(made);
  const opening = { currentYearFen: medicalFen(1_234_56), priorYearFen: medicalFen(9_876_54) };
  await registerCard(made, accountId, 'OLD000001', { kind: 'labourSecurity', state: 'inUse', lastSwipedOn: '2016-05-01', opening });
  const until = new Date(Date.parse(START) + 200 * 24 * 3_600_000).toISOString();
  done(
    await made.engine.accounts.placeFreeze(
      accountId,
      { reference: 'f', scope: { kind: 'person' }, cause: 'settlementSuspension', legalDocument: 'D1', from: null, until },
      agency,
    ),
  );
  for (const at of [...jobAt, '2026-09-01T02:00:00.000Z'].sort()) {
    made.clock.nowMs = Date.parse(at);
    if (jobAt.includes(at)) done(await made.engine.accounts.settleDue(accountId, job));
  }
  await credit(made, accountId, 10_00);
  const view = await made.engine.accounts.view(accountId, null);
  await expectSound(made);
  await made.close();
  if (!view) throw new Error('no account');
  const nameless = (text: string) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'card');
  return {
    balances: view.balances.map(([account, fen]) => [nameless(account), fen]),
    cards: view.cards.map(([, { timeline, sealed }]) => [timeline.map(({ state, from }) => [state, from < START ? from : '']), sealed]),
    freezes: view.freezes.map(([, { endedAt }]) => endedAt),
    rolledOverThrough: view.rolledOverThrough,
  };
};

it('what is due settles to the same balances whether a job came before, after or never', async () => {
  const never = await balancesAfter([]);
  expect(never).toMatchObject({ rolledOverThrough: '2025-12-31T16:00:00.000Z' });
  expect(await balancesAfter(['2024-12-31T16:00:00.000Z', '2025-12-31T16:00:00.000Z'])).toEqual(never);
  expect(await balancesAfter(['2026-08-31T00:00:00.000Z'])).toEqual(never);
  expect(await balancesAfter(['2024-06-01T00:00:00.000Z', '2025-02-03T00:00:00.000Z', '2025-02-04T00:00:00.000Z'])).toEqual(never);
});
