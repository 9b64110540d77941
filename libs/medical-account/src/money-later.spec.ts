import { settleDue } from '#libs/kernel';
import {
  begun,
  CURRENT,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  policy,
  registered,
  STREAM,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, keyed, moved, stopped, toK2, unsealed } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  type AccountFacts,
  balanceFen,
  carriedStateOf,
  type EnableCard,
  type MedicalAccountEvent,
  type MoneyMoves,
  medicalAccount,
  subAccountFen,
  type TransferPlace,
} from './index';

const MIDNIGHT = '2026-03-31T16:00:00.000Z'; // 1 April in Asia/Shanghai.
const moving = (moneyMoves: MoneyMoves, decidedAt = T0) => facts({ decidedAt, policies: [policy({ moneyMoves })] });
const NEXT_MONTH: MoneyMoves = { when: 'laterBatch', on: null, dayOfNextMonth: 1 };
const fresh = registered('K2', { state: 'registered' });
const enable: EnableCard = {
  type: 'EnableCard',
  data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
};
const deferred = (until: string | null, place: TransferPlace | null = null): MedicalAccountEvent => ({
  type: 'TransferDeferred.v1',
  decidedAt: T0,
  data: { cardId: 'K1', toCardId: 'K2', until, place },
});
const enabledButLater = (history: readonly MedicalAccountEvent[], known: AccountFacts) => {
  const { decision } = given(...history).when(enable, known);
  if (decision.kind !== 'accepted') throw new Error('refused');
  return decision.events;
};
const fold = (events: readonly MedicalAccountEvent[]) =>
  recordedFrom(0, STREAM)(events).reduce(medicalAccount.evolve, medicalAccount.initialState());
const dueAt = (history: readonly MedicalAccountEvent[], known: AccountFacts) =>
  settleDue(medicalAccount, {
    state: fold(history),
    facts: known,
    record: (events, offset) => recordedFrom(history.length + offset, STREAM)(events),
  });

describe('money that moves later than its card', () => {
  const ENABLED = ['CardEnabled.v1', 'CardCancelled.v1', 'SubAccountSealed.v1', 'TransferDeferred.v1'];
  it('stays sealed on the old card, which is void at once, until its month begins', () => {
    const events = enabledButLater([...begun, fresh], moving(NEXT_MONTH));
    expect(events.map(({ type }) => type)).toEqual(ENABLED);
    expect(events[3]).toEqual(deferred(MIDNIGHT));
    expect(events[1]?.data).toMatchObject({ cardId: 'K1', cause: 'replaced', successorCardId: null });
    given(...begun, fresh, ...events)
      .when(swipe(), moving(NEXT_MONTH))
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: true });
    given(...begun, fresh, ...events)
      .when(swipe({ cardId: 'K2', payment: 'full' }), moving(NEXT_MONTH))
      .thenRefuses({ code: 'balance-insufficient', needsFen: 6000 as never, hasFen: 0 as never });
  });
  it('moves at midnight, not a millisecond earlier, by whatever command comes next or by the job', () => {
    const history = [...begun, fresh, ...enabledButLater([...begun, fresh], moving(NEXT_MONTH))];
    expect(dueAt(history, moving(NEXT_MONTH, '2026-03-31T15:59:59.999Z')).events).toEqual([]);
    const { events } = dueAt(history, moving(NEXT_MONTH, MIDNIGHT));
    const at = (event: MedicalAccountEvent) => ({ ...event, decidedAt: MIDNIGHT });
    expect(events).toEqual([
      at(unsealed('K1', 'successorEnabled', 'balance moves by batch')),
      at(moved({ cause: 'batch', wasSealed: true, effectiveAt: MIDNIGHT }, ...toK2)),
    ]);
  });
  it('the interest is the same whether the job came in time, late or never', () => {
    const history = [...begun, fresh, ...enabledButLater([...begun, fresh], moving(NEXT_MONTH))];
    const whole = moving(NEXT_MONTH, '2027-02-01T01:00:00.000Z');
    const [inTime, late] = ['2026-04-01T01:00:00.000Z', '2026-09-09T01:00:00.000Z'].map((job) => [
      ...history,
      ...dueAt(history, moving(NEXT_MONTH, job)).events,
    ]);
    const never = carriedStateOf(dueAt(history, whole).state);
    for (const worked of [inTime ?? [], late ?? []]) expect(carriedStateOf(dueAt(worked, whole).state)).toEqual(never);
    expect(never.balances.map(([account]) => account)).toEqual(['subAccount:K2:priorYear']);
  });
  it('what the old card has earned before comes to its successor at the end of the year, wherever the pack lets money move at once', () => {
    const june = facts({ decidedAt: '2026-06-09T01:00:00.000Z' });
    const history = [...begun, fresh, ...enabledButLater([...begun, fresh], june)];
    const { state } = dueAt(history, facts({ decidedAt: '2027-02-01T01:00:00.000Z' }));
    expect(carriedStateOf(state).balances).toEqual([['subAccount:K2:priorYear', 5027]]);
  });
  it('on a day of the pack; from that day on there is nothing left to wait for', () => {
    const onDay: MoneyMoves = { when: 'laterBatch', on: MIDNIGHT, dayOfNextMonth: null };
    expect(enabledButLater([...begun, fresh], moving(onDay)).at(-1)).toEqual(deferred(MIDNIGHT));
    expect(enabledButLater([...begun, fresh], moving(onDay, MIDNIGHT)).map(({ type }) => type)).toEqual([
      'CardEnabled.v1',
      'CardCancelled.v1',
      'BalanceTransferred.v1',
    ]);
  });
  it('in December the month after is January', () => {
    const december = moving(NEXT_MONTH, '2026-12-31T15:59:59.999Z');
    const history = [opened, registered('K1', { state: 'registered' }), credited('K1', 100), fresh];
    expect(enabledButLater(history, december).at(-1)?.data).toMatchObject({ until: '2026-12-31T16:00:00.000Z' });
  });
  it('an empty card has nothing to wait for: what comes back to it later lands on its successor', () => {
    const history = [
      opened,
      registered('K1'),
      credited('K1', 5000),
      settled({}, { legs: [leg(CURRENT, -5000), leg('payable:H1', 5000)] }),
      fresh,
    ];
    const events = enabledButLater(history, moving(NEXT_MONTH));
    expect(events.map(({ type }) => type)).toEqual(['CardEnabled.v1', 'CardCancelled.v1']);
    expect(events[1]?.data).toMatchObject({ successorCardId: 'K2' });
  });
  it('a card that was stopped and sealed long ago waits as well; of two old cards each moves once', () => {
    const two = [...begun, before(stopped()), oldCard('K3'), credited('K3', 700), fresh];
    const events = enabledButLater(two, moving(NEXT_MONTH));
    const state = fold([...two, ...events]);
    expect([subAccountFen(state, 'K1'), subAccountFen(state, 'K3'), subAccountFen(state, 'K2')]).toEqual([5000, 700, 0]);
    const after = dueAt([...two, ...events], moving(NEXT_MONTH, '2026-05-01T01:00:00.000Z')).state;
    expect([subAccountFen(after, 'K1'), subAccountFen(after, 'K3'), subAccountFen(after, 'K2')]).toEqual([0, 0, 5700]);
    expect(balanceFen(after)).toBe(5700);
  });
  it('finds its way when the successor was replaced in its turn meanwhile', () => {
    const first = enabledButLater([...begun, fresh], moving(NEXT_MONTH));
    const history = [...begun, fresh, ...first, registered('K4', { state: 'registered', kind: 'socialSecurity2' })];
    const again: EnableCard = { ...enable, data: { ...enable.data, key: 'business-agency-8', cardId: 'K4' } };
    const { decision } = given(...history).when(again, moving(NEXT_MONTH));
    if (decision.kind !== 'accepted') throw new Error('refused');
    expect(decision.events.map(({ type }) => type)).toEqual(['CardEnabled.v1', 'CardCancelled.v1']); // K1 waits already.
    const state = dueAt([...history, ...decision.events], moving(NEXT_MONTH, MIDNIGHT)).state;
    expect(subAccountFen(state, 'K4')).toBe(5000);
  });
});

describe('money that moves on application', () => {
  const onApplication: MoneyMoves = { when: 'onApplication', place: 'centre' };
  const applied = (place: TransferPlace | null) =>
    ({ type: 'TransferBalance', data: { ...keyed, key: 'business-agency-9', fromCardId: 'K1', toCardId: 'K2', place } }) as const;
  const history = [...begun, fresh, ...enabledButLater([...begun, fresh], moving(onApplication))];
  it('stays sealed until the holder applies at the place that the pack names', () => {
    expect(history.at(-1)).toEqual(deferred(null, 'centre'));
    expect(dueAt(history, moving(onApplication, '2026-12-01T01:00:00.000Z')).events).toEqual([]);
    given(...history)
      .when(applied('bankOutlet'), moving(onApplication))
      .thenRefuses({ code: 'transfer-place-not-allowed', place: 'bankOutlet', allowed: ['agency', 'centre'] });
    const { decision } = given(...history).when(applied('centre'), moving(onApplication));
    if (decision.kind !== 'accepted') throw new Error('refused');
    expect(decision.events[1]).toEqual(
      moved({ key: 'business-agency-9', commandHash: keyed.commandHash, cause: 'application', wasSealed: true } as never, ...toK2),
    );
    const state = fold([...history, ...decision.events]);
    expect(state.cards.get('K1')).toMatchObject({ deferred: null, sealed: false, successorCardId: 'K2' });
  });
  it('the agency moves it by its own order any time; elsewhere nothing moves that no pack lets move', () => {
    expect(given(...history).when(applied(null), moving(onApplication)).decision.kind).toBe('accepted');
    given(...begun, oldCard('K2'))
      .when(applied('centre'), facts())
      .thenRefuses({ code: 'transfer-place-not-allowed', place: 'centre', allowed: ['agency'] });
  });
});

describe('old and new cards in parallel', () => {
  const parallel = (parallelUse: 'sameAccount' | 'ownSubAccounts', over: Partial<AccountFacts> = {}) =>
    facts({ policies: [policy({ parallelUse })], ...over });
  const old = [opened, oldCard('K1'), credited('K1', 3000, 2000), fresh];
  const [current2, prior2] = ['subAccount:K2:currentYear', 'subAccount:K2:priorYear'] as const;
  describe('on one balance', () => {
    const both = [...old, ...enabledButLater(old, parallel('sameAccount'))];
    it('the balance moves to the new card, and both are in use', () => {
      expect(enabledButLater(old, parallel('sameAccount')).slice(1)).toEqual([
        moved({}, ...toK2),
        { type: 'SubAccountShared.v1', decidedAt: T0, data: { cardId: 'K1', withCardId: 'K2' } },
      ]);
    });
    it('a swipe of the old card draws on the shared balance, and it is the old card that was swiped', () => {
      const legs = [leg(current2, -3000), leg(prior2, -2000), leg('payable:H1', 5000)];
      const swiped = settled({ cardId: 'K1' }, { cardId: 'K2', presentedCardId: 'K1', legs });
      given(...both)
        .when(swipe({ cardId: 'K1' }), parallel('sameAccount'))
        .thenRecords(swiped);
      const { cards } = fold([...both, swiped]);
      expect([cards.get('K1')?.lastSwipedOn, cards.get('K2')?.lastSwipedOn]).toEqual(['2026-03-01', null]);
    });
    it('a loss of the new card bars that one alone', () => {
      const lostNew = before({ type: 'TemporaryLossReported.v1', decidedAt: T0, data: { ...keyed, cardId: 'K2' } });
      expect(given(...both, lostNew).when(swipe({ cardId: 'K1' }), parallel('sameAccount')).decision.kind).toBe('accepted');
      given(...both, lostNew)
        .when(swipe({ cardId: 'K2' }), parallel('sameAccount'))
        .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K2', lapsesAt: '2026-03-08T01:00:00.000Z' });
    });
    it('credits come to the shared balance, whichever card is lost; none is put on the old card alone', () => {
      const credit = {
        type: 'CreditAccount',
        data: {
          ...keyed,
          key: 'credit-retiree-r',
          source: 'retiree',
          reference: 'r',
          period: null,
          amountFen: 100,
          bucket: 'currentYear',
          legalBasis: null,
        },
      } as never;
      for (const cardId of ['K1', 'K2']) {
        const lostOne = before({ type: 'TemporaryLossReported.v1', decidedAt: T0, data: { ...keyed, cardId } });
        const { decision } = given(...both, lostOne).when(credit, parallel('sameAccount'));
        expect(decision).toMatchObject({ kind: 'accepted', events: [{ data: { cardId: 'K2' } }] });
      }
      given(...both)
        .when(
          { type: 'TransferBalance', data: { ...keyed, key: 'business-agency-9', fromCardId: 'K2', toCardId: 'K1', place: null } },
          parallel('sameAccount'),
        )
        .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K1' });
    });
    it('the end of the trial stops the old card and seals nothing: the money is on the new one', () => {
      const stop = { type: 'StopCard', data: { ...keyed, key: 'business-agency-9', cardId: 'K1', reason: 'end of the trial' } } as const;
      const { decision } = given(...both).when(stop, parallel('sameAccount'));
      if (decision.kind !== 'accepted') throw new Error('refused');
      expect(decision.events.map(({ type }) => type)).toEqual(['CardStopped.v1']);
      expect(subAccountFen(fold([...both, ...decision.events]), 'K2')).toBe(5000);
    });
  });
  describe('each with its own', () => {
    const both = [...old, ...enabledButLater(old, parallel('ownSubAccounts'))];
    const ending = parallel('ownSubAccounts', {
      decidedAt: '2026-04-02T01:00:00.000Z',
      policies: [
        policy({
          parallelUse: 'ownSubAccounts',
          cardStops: [{ phase: 'all', at: MIDNIGHT, cardKinds: ['labourSecurity'], inactiveYears: null }],
        }),
      ],
    });
    it('nothing moves, and both are in use', () => {
      expect(both.slice(old.length).map(({ type }) => type)).toEqual(['CardEnabled.v1']);
      given(...both)
        .when(swipe({ cardId: 'K1' }), parallel('ownSubAccounts'))
        .thenRecords(settled({ cardId: 'K1' }));
    });
    it('when the old card stops its money moves to the new one, which is there already', () => {
      const { events, state } = dueAt(both, ending);
      expect(events.map(({ type }) => type)).toEqual(['CardStopped.v1', 'BalanceTransferred.v1']);
      expect(events[1]?.data).toMatchObject({ cause: 'phase', effectiveAt: MIDNIGHT, amountFen: 5000, toCardId: 'K2' });
      expect([subAccountFen(state, 'K1'), subAccountFen(state, 'K2')]).toEqual([0, 5000]);
      expect(state.cards.get('K1')).toMatchObject({ sealed: false, successorCardId: 'K2' });
    });
    it('a stop of days long past moves it as of the day on which that is written', () => {
      const taken = [opened, registered('K2'), oldCard('K1'), credited('K1', 3000, 2000, '2026-05-01T01:00:00.000Z')];
      const { events } = dueAt(taken, { ...ending, decidedAt: '2026-05-02T01:00:00.000Z' });
      expect(events[1]?.data).toMatchObject({ effectiveAt: null, amountFen: 5000 });
    });
    it('without a new card in use it is sealed, as anywhere', () => {
      expect(dueAt(old, ending).events.map(({ type }) => type)).toEqual(['CardStopped.v1', 'SubAccountSealed.v1']);
    });
  });
  it('a new card is never in use beside a new one', () => {
    const events = enabledButLater([...begun, fresh], parallel('sameAccount'));
    expect(events.map(({ type }) => type)).toEqual(['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1']);
  });
});
