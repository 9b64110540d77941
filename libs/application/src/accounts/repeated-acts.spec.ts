import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../../../../test/support/audit';
import {
  agency,
  codesOf,
  credit,
  done,
  openAccount,
  type TestEngine,
  testEngine,
  withRegion,
} from '../../../../test/support/engine-fixture';
import type { ActAnswer, Answer } from '../engine';
import type { Tracing } from '../envelope';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z' }));
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

type Acting = (tracing: Tracing) => Promise<Answer<ActAnswer>>;
/** One life of an account, each act by its name; what an act needs of the ones before it is in `ids`. */
const life = (accountId: string, ids: ReadonlyMap<string, string>): readonly (readonly [string, Acting])[] => {
  const accounts = () => made.engine.accounts;
  const opening = { currentYearFen: medicalFen(20_00), priorYearFen: medicalFen(30_00) };
  const old = {
    cardNumber: 'OLD000001',
    kind: 'labourSecurity',
    state: 'inUse',
    lastSwipedOn: '2016-05-01',
    media: null,
    opening,
  } as const;
  const fresh = {
    cardNumber: 'NEW000001',
    kind: 'socialSecurity3',
    state: 'registered',
    lastSwipedOn: null,
    media: null,
    opening: null,
  } as const;
  const freeze = { scope: { kind: 'person' }, cause: 'precautionarySuspension', legalDocument: 'D', from: null, until: null } as const;
  const onCard = (act: 'reportLoss' | 'liftLoss'): readonly [string, Acting] => [
    act,
    (who) => accounts().actOnCard(accountId, ids.get('card') ?? '', { reference: act, act, reason: 'asked' }, who),
  ];
  return [
    ['old card', (who) => accounts().registerCard(accountId, { reference: 'old', ...old }, who)],
    ['card', (who) => accounts().registerCard(accountId, { reference: 'card', ...fresh }, who)],
    [
      'enabled',
      (who) =>
        accounts().enableCard(
          accountId,
          ids.get('card') ?? '',
          { reference: 'e', channel: 'bankOutlet', financialAreaActivated: true },
          who,
        ),
    ],
    onCard('reportLoss'),
    onCard('liftLoss'),
    ['freeze', (who) => accounts().placeFreeze(accountId, { reference: 'f', ...freeze }, who)],
    ['lifted', (who) => accounts().liftFreeze(accountId, ids.get('freeze') ?? '', { reference: 'u', reason: 'court' }, who)],
    [
      'corrected',
      (who) => accounts().correct(accountId, { reference: 'c', amountFen: medicalFen(1_00), legalBasis: 'L', reason: 'twice' }, who),
    ],
  ];
};

describe('an act on an account', () => {
  it('repeated under its reference answers the same events and the same id, at once and two closings later; nothing is done twice', async () => {
    const { accountId } = await openAccount(made);
    const ids = new Map<string, string>();
    const first = new Map<string, ActAnswer>();
    const acts = life(accountId, ids);
    for (const [name, act] of acts) {
      const answer = done(await act(agency));
      ids.set(name, answer.id ?? '');
      first.set(name, answer);
      expect(await act(agency)).toEqual({ kind: 'done', replayed: true, value: answer });
    }
    expect(first.get('enabled')?.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']),
    );
    for (const at of ['2026-02-02T02:00:00.000Z', '2027-02-02T02:00:00.000Z']) {
      made.clock.nowMs = Date.parse(at);
      await credit(made, accountId, 1_00, at);
    }
    made = await made.reopen();
    const head = (await made.engine.accounts.view(accountId, null))?.revision;
    for (const [name, act] of acts)
      expect([name, await act(agency)]).toEqual([name, { kind: 'done', replayed: true, value: first.get(name) }]);
    expect((await made.engine.accounts.view(accountId, null))?.revision).toBe(head);
  });

  it('another content under the same reference is refused, and another organisation’s reference is another act', async () => {
    const { accountId } = await openAccount(made);
    await credit(made, accountId, 100_00);
    const correct = (amountFen: number, tracing = agency) =>
      made.engine.accounts.correct(accountId, { reference: 'c', amountFen: medicalFen(amountFen), legalBasis: 'L', reason: 'r' }, tracing);
    done(await correct(1_00));
    expect(codesOf(await correct(2_00))).toEqual(['key-used-with-different-content']);
    const bank: Tracing = { ...agency, actor: { ...agency.actor, organisation: 'bank' } };
    expect(await correct(1_00, bank)).toMatchObject({ kind: 'done', replayed: false });
  });
});
