import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  DAY0,
  facts,
  H1,
  leg,
  PRIOR,
  policy,
  recorded,
  reverse,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import {
  type CancellationReversed,
  medicalFen as f,
  type Posting,
  postingOf,
  type SettlementCancelled,
  type SettlementReversed,
  settlementKey,
} from './index';

const S1 = settlementKey('H1', 'S1');
const original = recorded(3, settled());
const noInterest = policy({ interest: { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 } });
const NEXT_YEAR = '2027-01-01T02:00:00.000Z';

const order = { institutionCode: 'H1', note: null, businessDate: DAY0 };
const reversed = (over: Partial<SettlementReversed['data']> = {}): SettlementReversed => ({
  type: 'SettlementReversed.v1',
  decidedAt: T0,
  data: {
    ...order,
    key: settlementKey('H1', 'R1'),
    commandHash: 'reverse-R1',
    serial: 'R1',
    settlementKey: S1,
    amountFen: f(6000),
    fundReturnedFen: f(0),
    cashRefundFen: f(1000),
    lastSwipe: { cardId: 'K1', on: null },
    legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)],
    ...over,
  },
});
const takenBack = (over: Partial<Extract<CancellationReversed['data'], { key: string }>> = {}): CancellationReversed => ({
  type: 'CancellationReversed.v1',
  decidedAt: T0,
  data: {
    ...order,
    key: settlementKey('H1', 'R1'),
    commandHash: 'reverse-R1',
    serial: 'R1',
    cancellationKey: settlementKey('H1', 'C1'),
    settlementKey: S1,
    amountFen: f(2500),
    fundReturnedFen: f(0),
    cashRefundFen: f(0),
    receivableFen: f(0),
    lastSwipe: null,
    legs: [leg(PRIOR, -2000), leg(CURRENT, -500), leg(H1, 2500)],
    ...over,
  },
});

describe('medical account: reverse settlement', () => {
  const partly = cancelled(cancel({ amountFen: f(2500) }), {
    amountFen: 2500,
    legs: [leg(PRIOR, 2000), leg(CURRENT, 500), leg(H1, -2500)],
  });
  const toC1 = reverse({ targetKey: settlementKey('H1', 'C1') });

  it('undoes what is left of a settlement', () => {
    given(...begun, settled())
      .when(reverse(), facts())
      .thenRecords(reversed());
    given(...begun, settled(), partly)
      .when(reverse(), facts())
      .thenRecords(reversed({ amountFen: f(3500), legs: [leg(CURRENT, 2500), leg(H1, -2500)] }));
  });
  it('answers a repeat with the original, and refuses another reversal of what is gone', () => {
    given(...begun, settled(), reversed())
      .when(reverse(), facts())
      .thenReplays(recorded(4, reversed()));
    given(...begun, settled(), reversed())
      .when(reverse({ serial: 'R2' }), facts())
      .thenRefuses({ code: 'already-undone' });
  });
  it('undoes a cancellation: what it gave is taken again, and may be given back again', () => {
    const spec = given(...begun, settled(), partly);
    spec.when(toC1, facts()).thenRecords(takenBack());
    const again = cancel({ serial: 'C2' });
    given(...begun, settled(), partly, takenBack())
      .when(again, facts())
      .thenRecords(
        cancelled(again, { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] }),
      );
  });
  it('undoes a cancellation once only', () => {
    const history = [...begun, settled(), partly, takenBack()];
    given(...history)
      .when(toC1, facts())
      .thenReplays(recorded(5, takenBack()));
    given(...history)
      .when({ ...toC1, data: { ...toC1.data, serial: 'R2', key: settlementKey('H1', 'R2') } }, facts())
      .thenRefuses({ code: 'already-undone' });
  });
  it('keeps each bucket to what was drawn from it, whichever cancellation is reversed', () => {
    const second = cancelled(cancel({ serial: 'C2', amountFen: f(2500) }), { amountFen: 2500, legs: [leg(CURRENT, 2500), leg(H1, -2500)] });
    const last = cancel({ serial: 'C3' });
    given(...begun, settled(), partly, second, takenBack())
      .when(last, facts())
      .thenRecords(cancelled(last, { amountFen: 3500, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 500), leg(H1, -2500)] }));
  });
  it('takes from the other bucket what is gone from its own, and what is gone from both the holder owes', () => {
    const spent = settled(
      { serial: 'S2', totalFeeFen: f(2200), accountEligibleFen: f(2200) },
      { cashPaymentFen: f(0), balanceBeforeFen: f(2500), legs: [leg(CURRENT, -500), leg(PRIOR, -1700), leg(H1, 2200)] },
    );
    given(...begun, settled(), partly, spent)
      .when(toC1, facts())
      .thenRecords(takenBack({ receivableFen: f(2200), legs: [leg(PRIOR, -300), leg('receivable', -2200), leg(H1, 2500)] }));
  });
  it('finds a cancellation from before the closing with its settlement', () => {
    const stream = [...begun, settled(), partly].map((event, i) => recorded(i, event));
    const postings = [S1, settlementKey('H1', 'C1')].map((key) => postingOf(stream, key)) as Posting[];
    const roll = given(...begun, settled(), partly).when(
      {
        type: 'CreditAccount',
        data: {
          key: 'k',
          commandHash: 'h',
          source: 'retiree',
          reference: 'r',
          period: null,
          amountFen: f(1),
          bucket: 'currentYear',
          legalBasis: null,
        },
      },
      facts({ decidedAt: NEXT_YEAR, policies: [noInterest] }),
    );
    if (roll.decision.kind !== 'accepted') throw new Error('the rollover was refused');
    given(roll.decision.events[0])
      .when(toC1, facts({ decidedAt: NEXT_YEAR, policies: [noInterest], postings }))
      .thenRecords({
        ...takenBack({ businessDate: '2027-01-01', legs: [leg(PRIOR, -2500), leg(H1, 2500)] }),
        decidedAt: NEXT_YEAR,
      });
  });
  it('refuses what cannot be reversed, and what is not there', () => {
    const anyCredit = { type: 'AccountCredited.v1', data: { key: 'credit-contribution-K1-2026-03-01T01:00:00.000Z' } } as const;
    given(...begun, settled())
      .when(reverse({ targetKey: anyCredit.data.key }), facts())
      .thenRefuses({ code: 'not-reversible', act: anyCredit.type });
    given(...begun, settled(), reversed())
      .when(reverse({ serial: 'R2', targetKey: settlementKey('H1', 'R1') }), facts())
      .thenRefuses({ code: 'not-reversible', act: 'SettlementReversed.v1' });
    given(...begun)
      .when(reverse(), facts())
      .thenRefuses({ code: 'settlement-not-found', settlementKey: S1 });
    given(...begun, settled())
      .when(reverse(), facts({ institution: null }))
      .thenRefuses({ code: 'institution-not-registered' });
    given(...begun, settled())
      .when(reverse({ serial: 'S1' }), facts())
      .thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SwipeSettled.v1' });
  });
  it('leaves the way free: a serial that was reversed is never settled again', () => {
    given(...begun, settled(), reversed())
      .when(swipe(), facts())
      .thenReplays(original);
  });
});

describe('medical account: reverse settlement that replaced another', () => {
  const replacing = settled(
    {
      key: settlementKey('H1', 'S2'),
      commandHash: 'swipe-S2',
      serial: 'S2',
      replacesKey: S1,
      totalFeeFen: f(4500),
      accountEligibleFen: f(4500),
    },
    { cashPaymentFen: f(0), legs: [leg(CURRENT, -3000), leg(PRIOR, -1500), leg(H1, 4500)] },
  );
  const whole = cancelled(cancel(), { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] });
  const gaveBack: SettlementCancelled = {
    ...whole,
    data: { ...whole.data, key: null, commandHash: null, serial: null, reason: 'replaced' },
  };
  const S2 = settlementKey('H1', 'S2');
  const undoing = reversed({
    settlementKey: S2,
    amountFen: f(4500),
    cashRefundFen: f(0),
    legs: [leg(PRIOR, 1500), leg(CURRENT, 3000), leg(H1, -4500)],
  });
  const standsAgain: CancellationReversed = {
    ...takenBack(),
    data: {
      ...takenBack().data,
      key: null,
      commandHash: null,
      serial: null,
      cancellationKey: S2,
      amountFen: f(6000),
      cashRefundFen: f(1000),
      lastSwipe: { cardId: 'K1', on: DAY0 },
      legs: [leg(CURRENT, -3000), leg(PRIOR, -2000), leg(H1, 5000)],
    },
  };

  it('what it replaced stands again, to the fen, as if the message had never come', () => {
    given(...begun, settled(), gaveBack, replacing)
      .when(reverse({ targetKey: S2 }), facts())
      .thenRecords(undoing, standsAgain);
  });
  it('and can be undone like any other, once', () => {
    const history = [...begun, settled(), gaveBack, replacing, undoing, standsAgain];
    given(...history)
      .when(reverse({ key: settlementKey('H1', 'R2'), commandHash: 'reverse-R2', serial: 'R2' }), facts())
      .thenRecords(reversed({ key: settlementKey('H1', 'R2'), commandHash: 'reverse-R2', serial: 'R2' }));
    given(...history)
      .when(reverse({ key: 'x', commandHash: 'y', serial: 'R3', targetKey: S2 }), facts())
      .thenRefuses({ code: 'already-undone' });
  });
});

it('a cancellation of a settlement that was reversed since takes nothing back', () => {
  const part = cancelled(cancel({ amountFen: f(2500) }), { amountFen: 2500, legs: [leg(PRIOR, 2000), leg(CURRENT, 500), leg(H1, -2500)] });
  const rest = reversed({ amountFen: f(3500), legs: [leg(CURRENT, 2500), leg(H1, -2500)] });
  given(...begun, settled(), part, rest)
    .when(reverse({ key: 'x', commandHash: 'y', serial: 'R2', targetKey: settlementKey('H1', 'C1') }), facts())
    .thenRefuses({ code: 'already-undone' });
});
