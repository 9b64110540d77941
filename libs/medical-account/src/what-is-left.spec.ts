import {
  begun,
  CURRENT,
  cancel,
  facts,
  H1,
  institution,
  leg,
  PRIOR,
  recorded,
  reverse,
  settled,
  swipe,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { sealed } from '../../../test/support/swipe-history';
import { medicalFen as f, type MedicalAccountEvent, postingOf, type SettlementCancelled, settlementKey } from './index';

const mixed = settled(
  { totalFeeFen: f(6000), fundPaidFen: f(1000), accountEligibleFen: f(4500) },
  { cashPaymentFen: f(500), legs: [leg(CURRENT, -3000), leg(PRIOR, -1500), leg(H1, 4500)] },
);
const S1 = settlementKey('H1', 'S1');
const eventsOf = (decided: Readonly<{ decision: unknown }>): readonly MedicalAccountEvent[] =>
  (decided.decision as Readonly<{ events: readonly MedicalAccountEvent[] }>).events;
const undoneAfter = (...events: readonly MedicalAccountEvent[]) =>
  postingOf(
    events.map((event, i) => recorded(i, event)),
    S1,
  )?.undone;

describe('medical account: what is left of a settlement, part by part', () => {
  const part = cancel({ serial: 'C1', amountFen: f(2000), fundReturnedFen: f(400) });
  const partly = eventsOf(given(...begun, mixed).when(part, facts()));

  it('a part takes from fund, account and cash what it gave back, and no more of each is left', () => {
    const undone = undoneAfter(...begun, mixed, ...partly);
    expect(undone).toMatchObject({ amountFen: 2000, fundReturnedFen: 400 });
    const rest = eventsOf(given(...begun, mixed, ...partly).when(cancel({ serial: 'C2' }), facts()))[0] as SettlementCancelled;
    const { amountFen, fundReturnedFen, cashRefundFen } = rest.data;
    expect([amountFen, fundReturnedFen]).toEqual([4000, 600]);
    expect(cashRefundFen + ((partly[0] as SettlementCancelled | undefined)?.data.cashRefundFen ?? 0)).toBe(500);
  });
  it('a cancellation that is reversed gives every part back, bucket by bucket: the settlement is whole again', () => {
    const again = eventsOf(given(...begun, mixed, ...partly).when(reverse({ serial: 'R1', targetKey: part.data.key }), facts()));
    expect(undoneAfter(...begun, mixed, ...partly, ...again)).toMatchObject({
      amountFen: 0,
      fundReturnedFen: 0,
      cashRefundFen: 0,
      accountFen: 0,
      byBucketFen: { currentYear: 0, priorYear: 0 },
    });
    const all = eventsOf(given(...begun, mixed, ...partly, ...again).when(cancel({ serial: 'C3' }), facts()))[0] as SettlementCancelled;
    expect([all.data.amountFen, all.data.fundReturnedFen, all.data.cashRefundFen]).toEqual([6000, 1000, 500]);
    expect(all.data.legs).toEqual([leg(PRIOR, 1500), leg(CURRENT, 3000), leg(H1, -4500)]);
  });
});

describe('medical account: post swipe, on the very edge', () => {
  it('a terminal that reads one of the card’s media reads the card', () => {
    const chipOnly = facts({ institution: institution({ terminal: { media: ['contactChip'] } }) });
    expect(given(...begun).when(swipe(), chipOnly).decision.kind).toBe('accepted');
  });
  it('who draws nothing may be settled for while the sub-account is sealed; who draws may not', () => {
    const cash = swipe({ payment: 'none' });
    expect(given(...begun, sealed()).when(cash, facts()).decision).toMatchObject({
      kind: 'accepted',
      events: [{ data: { legs: [], cashPaymentFen: cash.data.totalFeeFen - cash.data.fundPaidFen } }],
    });
    given(...begun, sealed())
      .when(swipe(), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
  });
});
