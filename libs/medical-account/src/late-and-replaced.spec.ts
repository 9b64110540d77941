import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  credited,
  facts,
  firstSwipePolicy,
  H1,
  institution,
  leg,
  oldCard,
  opened,
  PRIOR,
  registered,
  reverse,
  STREAM,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, cancelledCard, keyed, stopped } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  balanceFen,
  cardInUse,
  carriedStateOf,
  medicalFen as f,
  inForceAt,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  payingCard,
  settlementKey,
  subAccount,
} from './index';

const fold = (...events: MedicalAccountEvent[]) =>
  recordedFrom(0, STREAM)(events).reduce(medicalAccount.evolve, medicalAccount.initialState());
/** What was recorded before, and what these orders record one after the other. */
const after = (history: readonly MedicalAccountEvent[], ...commands: MedicalAccountCommand[]): readonly MedicalAccountEvent[] => {
  const events = [...history];
  for (const command of commands) {
    const { decision } = given(...events).when(command, facts());
    if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
    events.push(...decision.events);
  }
  return events;
};
const [S1, S2] = [settlementKey('H1', 'S1'), settlementKey('H1', 'S2')];

describe('medical account: a replacement is reversed when the money is gone', () => {
  it('what it replaced stands again in full; what the account cannot bear the holder owes', () => {
    const smaller = swipe({ serial: 'S2', replacesKey: S1, totalFeeFen: f(4500), accountEligibleFen: f(4500) });
    const rest = swipe({ serial: 'S3', totalFeeFen: f(500), accountEligibleFen: f(500) });
    const history = after(begun, swipe(), smaller, rest, reverse({ targetKey: S2 }));
    const state = fold(...history);
    expect([balanceFen(state), state.receivableFen]).toStrictEqual([0, -500]);
    expect(history.at(-1)?.data).toMatchObject({
      settlementKey: S1,
      receivableFen: 500,
      legs: [leg(CURRENT, -3000), leg(PRIOR, -1500), leg('receivable', -500), leg(H1, 5000)],
    });
  });
});

describe('medical account: who may reverse a cancellation', () => {
  const whole = cancelled(cancel(), { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] });
  const toC1 = reverse({ targetKey: settlementKey('H1', 'C1') });
  it('no institution that is not registered, and none that has declared the month', () => {
    given(...begun, settled(), whole)
      .when(toC1, facts({ institution: null }))
      .thenRefuses({ code: 'institution-not-registered' });
    given(...begun, settled(), whole)
      .when(toC1, facts({ institution: institution({ declaredThrough: '2026-03' }) }))
      .thenRefuses({ code: 'month-declared', declaredThrough: '2026-03' });
  });
});

describe('medical account: money follows its card', () => {
  it('to the successor, sealed or not, and not to the card in use', () => {
    const sealedK2: MedicalAccountEvent = {
      type: 'SubAccountSealed.v1',
      decidedAt: T0,
      data: { ...keyed, key: 'business-agency-8', cardId: 'K2', cause: 'agency', reason: 'r' },
    };
    const history = [...begun, settled(), oldCard('K2'), cancelledCard(), oldCard('K3'), sealedK2];
    given(...history)
      .when(cancel(), facts())
      .thenRecords(
        cancelled(cancel(), {
          amountFen: 6000,
          cashRefundFen: 1000,
          legs: [leg(subAccount('K2', 'priorYear'), 2000), leg(subAccount('K2', 'currentYear'), 3000), leg(H1, -5000)],
        }),
      );
  });
  it('of cards alike in use the one registered last pays, in whatever order a closing has put them', () => {
    const kept = fold(opened, oldCard('K9'), oldCard('K1'));
    expect([payingCard(kept), cardInUse(kept)]).toStrictEqual(['K1', 'K1']);
    const turned = fold(opened, oldCard('K1'), oldCard('K9'));
    expect([payingCard(turned), cardInUse(turned)]).toStrictEqual(['K9', 'K9']);
    const closing = { type: 'AccountCarriedForward.v1', decidedAt: T0, data: { carried: carriedStateOf(kept) } } as const;
    expect(payingCard(fold(closing))).toBe('K1');
  });
  it('the card in use is one that carries the account, else one in use at all, else none', () => {
    const bare = { carriesPersonalAccount: false };
    expect(cardInUse(fold(opened))).toBeNull();
    expect(cardInUse(fold(opened, registered('K1', { state: 'registered' })))).toBeNull();
    expect(cardInUse(fold(opened, registered('K1', bare)))).toBe('K1');
    expect(cardInUse(fold(opened, registered('K1', { ...bare, state: 'registered' })))).toBeNull();
    expect(cardInUse(fold(opened, oldCard('K1'), registered('K2', bare)))).toBe('K1');
    expect(cardInUse(fold(opened, oldCard('K1', bare), oldCard('K2'), before(stopped('K2'))))).toBe('K1');
  });
  it('cards that succeed each other in a circle are damage', () => {
    const back = cancelledCard({ cardId: 'K2', successorCardId: 'K1' });
    expect(() => given(...begun, settled(), oldCard('K2'), cancelledCard(), back).when(cancel(), facts())).toThrow(
      new Error('cards that succeed each other in a circle'),
    );
  });
});

describe('medical account: freezes that have ended', () => {
  const freeze = { scope: { kind: 'person' }, cause: 'judicialFreeze', legalDocument: 'D', from: '2026-03-01T00:00:00.000Z' } as const;
  it('by being lifted before their time, or by their time', () => {
    const at = '2026-03-02T00:00:00.000Z';
    const until = '2026-03-03T00:00:00.000Z';
    expect(inForceAt({ ...freeze, until, endedAt: null }, at)).toBe(true);
    expect(inForceAt({ ...freeze, until, endedAt: at }, at)).toBe(false);
    expect(inForceAt({ ...freeze, until: null, endedAt: at }, at)).toBe(false);
    expect(inForceAt({ ...freeze, until: null, endedAt: null }, at)).toBe(true);
    expect(inForceAt({ ...freeze, until: at, endedAt: null }, at)).toBe(false);
    expect(inForceAt({ ...freeze, until, endedAt: null }, '2026-02-28T23:59:59.999Z')).toBe(false);
  });
  it('a freeze on a sub-account bars no swipe that asks nothing of it', () => {
    const placed: MedicalAccountEvent = {
      type: 'FreezePlaced.v1',
      decidedAt: T0,
      data: { ...keyed, ...freeze, freezeId: 'F1', scope: { kind: 'subAccount', cardId: 'K1' }, until: null, placedBy: 'P' },
    };
    given(...begun, placed)
      .when(swipe({ payment: 'none' }), facts())
      .thenRecords(settled({ payment: 'none' }, { legs: [], cashPaymentFen: f(6000) }));
    given(...begun, placed)
      .when(swipe(), facts())
      .thenRefuses({ code: 'debit-frozen', cause: 'judicialFreeze', scope: 'subAccount', until: null });
  });
});

describe('medical account: where the first swipe enables', () => {
  const NOW = '2026-03-03T01:00:00.000Z';
  const late = { entry: 'late', lateReason: 'no line', occurredAt: '2026-03-01T02:00:00.000Z' } as const;
  const there = facts({ decidedAt: NOW, policies: [firstSwipePolicy] });
  const enabledSince: MedicalAccountEvent = {
    type: 'CardEnabled.v1',
    decidedAt: '2026-03-02T01:00:00.000Z',
    data: { ...keyed, cardId: 'K1', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
  };
  const history = [opened, registered('K1', { state: 'registered' }), credited('K1', 3000, 2000), enabledSince];
  it('a late entry from before the card was enabled was its first swipe in truth', () => {
    expect(given(...history).when(swipe(late), there).decision).toMatchObject({ kind: 'accepted', events: [{ type: 'SwipeSettled.v1' }] });
    given(...history)
      .when(swipe(late), facts({ decidedAt: NOW }))
      .thenRefuses({ code: 'card-not-enabled', cardId: 'K1' });
  });
  it('a stopped card is not enabled by swiping it', () => {
    given(...begun, stopped())
      .when(swipe(), facts({ policies: [firstSwipePolicy] }))
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
  });
  it('a late entry tells its reason', () => {
    given(...history)
      .when(swipe({ ...late, lateReason: null }), there)
      .thenRefuses({ code: 'late-reason-missing' });
  });
});
