import { begun, facts, opened, policy, recorded, registered, settled, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { act, before, keyed, lost, stopped } from '../../../test/support/card-acts';
import type { AccountPolicy, LiftFinancialAreaLoss, MedicalAccountEvent, ReportFinancialAreaLoss } from './index';
import { carriedStateOf } from './index';

const kept: Partial<AccountPolicy> = { financialArea: { opensSocialSecurityArea: false } };
const jinan = (over: Partial<AccountPolicy> = {}, decidedAt = T0) => facts({ decidedAt, policies: [policy({ ...kept, ...over })] });
const event = (type: MedicalAccountEvent['type'], data: object, decidedAt = T0) => ({ type, decidedAt, data }) as MedicalAccountEvent;
const active = before(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K1', active: true }));
const report: ReportFinancialAreaLoss = { type: 'ReportFinancialAreaLoss', data: { ...keyed, cardId: 'K1' } };
const lift: LiftFinancialAreaLoss = { type: 'LiftFinancialAreaLoss', data: { ...keyed, cardId: 'K1' } };
const reported = event('FinancialAreaLossReported.v1', { ...keyed, cardId: 'K1' });
const wasLost = before(reported);
const SEVEN_DAYS_LATER = '2026-03-08T01:00:00.000Z';
const restored = (decidedAt: string) => event('FinancialAreaRestored.v1', { cardId: 'K1', effectiveAt: SEVEN_DAYS_LATER }, decidedAt);
const JUST_BEFORE = '2026-03-08T00:59:59.999Z';
const cardOf = (events: readonly MedicalAccountEvent[]) => {
  const { after } = given(...events).when({ type: 'SettleDue', data: {} }, jinan());
  return carriedStateOf(after).cards[0]?.[1];
};

describe('loss of the financial area by itself (J4)', () => {
  it('is recorded, and stops no swipe from the medical account', () => {
    given(...begun, active)
      .when(report, jinan())
      .thenRecords(reported);
    given(...begun, active, wasLost)
      .when(swipe(), jinan())
      .thenRecords(settled());
  });
  it('a loss of the social security area leaves the financial area as it is, and the other way round', () => {
    expect(cardOf([...begun, active, before(lost)])).toMatchObject({ financialAreaActive: true, financialAreaLostFrom: null });
    const financialAlone = cardOf([...begun, active, wasLost]);
    expect(financialAlone).toMatchObject({ financialAreaActive: true, financialAreaLostFrom: T0 });
    expect(financialAlone?.timeline.at(-1)?.state).toBe('inUse');
    given(...begun, active, before(lost))
      .when(report, jinan())
      .thenRecords(reported);
    given(...begun, active, wasLost)
      .when(act('ReportTemporaryLoss'), jinan())
      .thenRecords(lost);
  });
  it('restored by itself at the very instant of the seventh day, and not before', () => {
    given(...begun, active, wasLost)
      .when(lift, jinan({}, JUST_BEFORE))
      .thenRecords(event('FinancialAreaLossLifted.v1', lift.data, JUST_BEFORE));
    const then = SEVEN_DAYS_LATER;
    given(...begun, active, wasLost)
      .when(swipe({ occurredAt: then }), jinan({}, then))
      .thenRecords(restored(then), settled({ occurredAt: then }, { businessDate: '2026-03-08' }, then));
  });
  it('each area comes back at its own instant', () => {
    const [earlier, now] = ['2026-02-28T01:00:00.000Z', '2026-03-09T01:00:00.000Z'];
    const lostEarlier = { ...before(lost), decidedAt: earlier } as MedicalAccountEvent;
    given(...begun.map((e) => ({ ...e, decidedAt: earlier })), { ...active, decidedAt: earlier }, lostEarlier, wasLost)
      .when(swipe({ occurredAt: now }), jinan({}, now))
      .thenRecords(
        event('CardRestored.v1', { cardId: 'K1', effectiveAt: '2026-03-07T01:00:00.000Z' }, now),
        restored(now),
        settled({ occurredAt: now }, { businessDate: '2026-03-09' }, now),
      );
  });
  it('is lifted in person, and only while it is lost', () => {
    given(...begun, active, wasLost)
      .when(lift, jinan())
      .thenRecords(event('FinancialAreaLossLifted.v1', lift.data));
    given(...begun, active)
      .when(lift, jinan())
      .thenRefuses({ code: 'financial-area-not-lost', cardId: 'K1' });
    given(...begun, active, before(lost))
      .when(lift, jinan())
      .thenRefuses({ code: 'financial-area-not-lost', cardId: 'K1' });
  });
  it('is refused where the pack keeps no financial area, where it is not active, and where it is lost already', () => {
    given(...begun, active)
      .when(report, jinan({ financialArea: null }))
      .thenRefuses({ code: 'financial-area-not-kept' });
    given(...begun)
      .when(report, jinan())
      .thenRefuses({ code: 'financial-area-not-active', cardId: 'K1' });
    given(...begun, active, wasLost)
      .when(report, jinan())
      .thenRefuses({ code: 'financial-area-lost', cardId: 'K1', lapsesAt: SEVEN_DAYS_LATER });
  });
  it('of a card out of use it says so, together with all else', () => {
    given(...begun, stopped())
      .when({ ...report, data: { ...report.data, key: 'business-agency-8' } }, jinan())
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' }, { code: 'financial-area-not-active', cardId: 'K1' });
  });
  it('may be reported of a card whose social security area is not enabled yet', () => {
    given(opened, registered('K1', { state: 'registered' }), active)
      .when(report, jinan())
      .thenRecords(reported);
  });
  it('ends with a formal loss, which covers both areas, and when the bank reports that the area is active no more', () => {
    const formal = before(event('FormalLossReported.v1', { ...keyed, cardId: 'K1', identityCheck: 'I' }));
    expect(cardOf([...begun, active, wasLost, formal])).toMatchObject({ financialAreaActive: true, financialAreaLostFrom: null });
    const inactive = event('FinancialAreaReported.v1', { key: 'k2', commandHash: 'c', cardId: 'K1', active: false });
    expect(cardOf([...begun, active, wasLost, inactive])).toMatchObject({ financialAreaActive: false, financialAreaLostFrom: null });
  });
  it('of a card that is out of use by then nothing is restored', () => {
    const now = '2026-04-01T01:00:00.000Z';
    given(...begun, active, wasLost, before(stopped()))
      .when(act('SealSubAccount'), jinan({}, now))
      .thenRecords(event('SubAccountSealed.v1', { ...keyed, cardId: 'K1', cause: 'agency', reason: 'asked for' }, now));
  });
  it('a repeat of the call answers the same', () => {
    given(...begun, active, reported)
      .when(report, jinan())
      .thenReplays(recorded(4, reported));
  });
});
