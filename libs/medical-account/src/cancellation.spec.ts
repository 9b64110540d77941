import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  facts,
  H1,
  institution,
  leg,
  PRIOR,
  policy,
  recorded,
  registered,
  reverse,
  settled,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { medicalFen as f, type MedicalAccountEvent, NOTHING_UNDONE, settlementKey, subAccount } from './index';

const S1 = settlementKey('H1', 'S1');
const original = recorded(3, settled());
const noInterest = policy({ interest: { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 } });
const NEXT_YEAR = '2027-01-01T02:00:00.000Z';

/** 60.00 in all: 10.00 by the fund, 45.00 by the account (30.00 of this year, 15.00 of earlier ones), 5.00 in cash. */
const parts = { fundPaidFen: f(1000), accountEligibleFen: f(4500) };
const mixed = settled(parts, { cashPaymentFen: f(500), legs: [leg(CURRENT, -3000), leg(PRIOR, -1500), leg(H1, 4500)] });

describe('medical account: cancel settlement', () => {
  it('gives all back: fund, account and cash, each what it paid', () => {
    const legs = [leg(PRIOR, 1500), leg(CURRENT, 3000), leg(H1, -4500)];
    given(...begun, mixed)
      .when(cancel(), facts())
      .thenRecords(cancelled(cancel(), { amountFen: 6000, fundReturnedFen: 1000, cashRefundFen: 500, legs }));
  });
  it('gives back the account’s money first, last drawn first, and cash last', () => {
    const first = cancel({ serial: 'C1', amountFen: f(2000) });
    const one = cancelled(first, { amountFen: 2000, legs: [leg(PRIOR, 1500), leg(CURRENT, 500), leg(H1, -2000)] });
    given(...begun, mixed)
      .when(first, facts())
      .thenRecords(one);
    const second = cancel({ serial: 'C2', amountFen: f(2700) });
    const two = cancelled(second, { amountFen: 2700, cashRefundFen: 200, legs: [leg(CURRENT, 2500), leg(H1, -2500)] });
    given(...begun, mixed, one)
      .when(second, facts())
      .thenRecords(two);
    const rest = cancel({ serial: 'C3' });
    given(...begun, mixed, one, two)
      .when(rest, facts())
      .thenRecords(cancelled(rest, { amountFen: 1300, fundReturnedFen: 1000, cashRefundFen: 300, legs: [] }));
  });
  it('gives the fund what is named, and asks for it when only the fund’s part is left', () => {
    const named = cancel({ amountFen: f(2000), fundReturnedFen: f(600) });
    given(...begun, mixed)
      .when(named, facts())
      .thenRecords(cancelled(named, { amountFen: 2000, fundReturnedFen: 600, legs: [leg(PRIOR, 1400), leg(H1, -1400)] }));
    given(...begun, mixed)
      .when(cancel({ amountFen: f(5500) }), facts())
      .thenRefuses({ code: 'own-part-beyond-what-is-left', leftFen: f(5000) });
  });
  it('returns to the prior year once the year was rolled over, whatever bucket it came from', () => {
    const later = facts({ decidedAt: NEXT_YEAR, policies: [noInterest] });
    const { decision } = given(...begun, mixed).when(cancel(), later);
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'YearRolledOver.v1' }, { data: { amountFen: 6000, legs: [leg(PRIOR, 4500), leg(H1, -4500)] } }],
    });
  });
  it('returns to the successor of a card that was replaced', () => {
    const NO_KEY = { key: null, commandHash: null } as const;
    const replaced: MedicalAccountEvent = {
      type: 'CardCancelled.v1',
      decidedAt: T0,
      data: { ...NO_KEY, cardId: 'K1', cause: 'replaced', successorCardId: 'K2', reason: 'x' },
    };
    given(...begun, mixed, registered('K2'), replaced)
      .when(cancel(), facts())
      .thenRecords(
        cancelled(cancel(), {
          amountFen: 6000,
          fundReturnedFen: 1000,
          cashRefundFen: 500,
          legs: [leg(subAccount('K2', 'priorYear'), 1500), leg(subAccount('K2', 'currentYear'), 3000), leg(H1, -4500)],
        }),
      );
  });
  it('returns to the sealed sub-account of a card that was cancelled without a successor: its money stands there', () => {
    const NO_KEY = { key: null, commandHash: null } as const;
    const sealed: MedicalAccountEvent = {
      type: 'SubAccountSealed.v1',
      decidedAt: T0,
      data: { ...NO_KEY, cardId: 'K1', cause: 'cardStopped', reason: 'x' },
    };
    const gone: MedicalAccountEvent = {
      type: 'CardCancelled.v1',
      decidedAt: T0,
      data: { ...NO_KEY, cardId: 'K1', cause: 'holder', successorCardId: null, reason: 'x' },
    };
    const back = {
      amountFen: 6000,
      fundReturnedFen: 1000,
      cashRefundFen: 500,
      legs: [leg(PRIOR, 1500), leg(CURRENT, 3000), leg(H1, -4500)],
    };
    given(...begun, mixed, sealed, gone)
      .when(cancel(), facts())
      .thenRecords(cancelled(cancel(), back));
  });
  it('is allowed to a suspended institution: it may still give back', () => {
    const suspended = institution({ agreement: { status: 'suspended', revision: 5, services: [] } });
    given(...begun, settled())
      .when(cancel(), facts({ institution: suspended }))
      .thenRecords(
        cancelled(cancel(), { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] }),
      );
  });
  it('after the month is declared is the agency’s alone', () => {
    const declared = facts({ institution: institution({ declaredThrough: '2026-03' }) });
    given(...begun, settled())
      .when(cancel(), declared)
      .thenRefuses({ code: 'month-declared', declaredThrough: '2026-03' });
    given(...begun, settled())
      .when(reverse(), declared)
      .thenRefuses({ code: 'month-declared', declaredThrough: '2026-03' });
    const full = { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] };
    given(...begun, settled())
      .when(cancel({ byAgency: true }), declared)
      .thenRecords(cancelled(cancel(), full));
    given(...begun, settled())
      .when(cancel(), facts({ institution: institution({ declaredThrough: '2026-02' }) }))
      .thenRecords(cancelled(cancel(), full));
  });
  it('finds a settlement from before two closings by its claim, and knows what is left of it', () => {
    const afterTwo = '2028-02-01T01:00:00.000Z';
    const undone = { ...NOTHING_UNDONE, amountFen: f(5900), accountFen: f(4950), cashRefundFen: f(950) };
    const later = facts({ decidedAt: afterTwo, policies: [noInterest], postings: [{ original, undone }] });
    given(...begun)
      .when(cancel({ amountFen: f(101) }), later)
      .thenRefuses({ code: 'amount-beyond-what-is-left', leftFen: f(100) });
    expect(given(...begun).when(cancel(), later).decision).toMatchObject({
      events: [
        { type: 'YearRolledOver.v1' },
        { type: 'YearRolledOver.v1' },
        { data: { amountFen: 100, cashRefundFen: 50, legs: [leg(PRIOR, 50), leg(H1, -50)] } },
      ],
    });
  });
  it.each([
    [
      'nothing that stands there',
      cancel({ settlementKey: 'settlement-H1-S9' }),
      { code: 'settlement-not-found', settlementKey: 'settlement-H1-S9' },
    ],
    ['no amount', cancel({ amountFen: f(0) }), { code: 'amount-not-positive', field: 'amount' }],
    ['a negative fund part', cancel({ amountFen: f(1), fundReturnedFen: f(-1) }), { code: 'amount-not-positive', field: 'fundReturned' }],
    [
      'more than is left',
      cancel({ amountFen: f(6001), fundReturnedFen: f(1000) }),
      { code: 'amount-beyond-what-is-left', leftFen: f(6000) },
    ],
    [
      'more than the fund paid',
      cancel({ amountFen: f(2000), fundReturnedFen: f(1001) }),
      { code: 'fund-beyond-what-is-left', leftFen: f(1000) },
    ],
    [
      'more to the fund than in all',
      cancel({ amountFen: f(500), fundReturnedFen: f(501) }),
      { code: 'fund-beyond-what-is-left', leftFen: f(500) },
    ],
  ] as const)('refuses %s', (_name, command, refusal) => {
    given(...begun, mixed)
      .when(command, facts())
      .thenRefuses(refusal);
  });
  it('refuses an institution that is not registered', () => {
    given(...begun, settled())
      .when(cancel(), facts({ institution: null }))
      .thenRefuses({ code: 'institution-not-registered' });
  });
  it('refuses what another account settled: it is not this one’s to give back', () => {
    const elsewhere = { ...original, stream: 'medicalAccount-A2' };
    given(...begun)
      .when(cancel(), facts({ postings: [{ original: elsewhere, undone: NOTHING_UNDONE }] }))
      .thenRefuses({ code: 'settlement-not-found', settlementKey: S1 });
  });
  it('answers a repeat with the original and refuses another use of its serial', () => {
    const done = cancelled(cancel(), {
      amountFen: 6000,
      cashRefundFen: 1000,
      legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)],
    });
    given(...begun, settled(), done)
      .when(cancel(), facts())
      .thenReplays(recorded(4, done));
    given(...begun, settled(), done)
      .when(cancel({ commandHash: 'other' }), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'SettlementCancelled.v1' });
    given(...begun, settled())
      .when(cancel({ serial: 'S1' }), facts())
      .thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SwipeSettled.v1' });
    given(...begun, settled(), done)
      .when(cancel({ serial: 'C2' }), facts())
      .thenRefuses({ code: 'already-undone' });
  });
});
