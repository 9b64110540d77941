import {
  begun,
  CURRENT,
  cancel,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  policy,
  registered,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, keyed, lost, NO_KEY, sealed } from '../../../test/support/card-acts';
import type { MedicalAccountCommand, MedicalAccountEvent } from './index';

const CHECK = 'IDC-1';
const checked = { ...keyed, cardId: 'K1', identityCheck: CHECK };
const event = (type: MedicalAccountEvent['type'], data: object): MedicalAccountEvent =>
  ({ type, decidedAt: T0, data }) as MedicalAccountEvent;
const was = (type: MedicalAccountEvent['type'], over: object = {}) =>
  before(event(type, { ...keyed, cardId: 'K1', identityCheck: CHECK, place: 'ATM-1', ...over }));
const onK1 = (type: MedicalAccountCommand['type'], over: object = {}) =>
  ({ type, data: { ...keyed, cardId: 'K1', ...over } }) as MedicalAccountCommand;
const cause = (why: string, reason: string) => event('SubAccountSealed.v1', { ...NO_KEY, cardId: 'K1', cause: why, reason });
const FORMALLY_LOST = [was('FormalLossReported.v1'), cause('cardLost', 'card formally lost')];
const formalLoss = onK1('ReportFormalLoss', { identityCheck: CHECK });

describe('a card that is formally lost', () => {
  it('is barred for good, and its balance is sealed, in one append; a temporary loss or a machine are no hindrance', () => {
    const recorded = [event('FormalLossReported.v1', checked), cause('cardLost', 'card formally lost')] as const;
    given(...begun)
      .when(formalLoss, facts())
      .thenRecords(...recorded);
    given(...begun, before(lost))
      .when(formalLoss, facts())
      .thenRecords(...recorded);
    given(...begun, was('CardRetained.v1'))
      .when(formalLoss, facts())
      .thenRecords(...recorded);
  });
  it('its seal is taken off by nobody but who finds it', () => {
    given(...begun, ...FORMALLY_LOST)
      .when(onK1('UnsealSubAccount', { reason: 'x' }), facts())
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
  });
  it('pays nothing, and comes back by no lapse of days', () => {
    given(...begun, ...FORMALLY_LOST)
      .when(swipe(), facts())
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
    const later = facts({ decidedAt: '2026-06-01T01:00:00.000Z' });
    given(...begun, before(lost), ...FORMALLY_LOST)
      .when(swipe({ occurredAt: later.decidedAt }), later)
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
  });
  it('is not lost a second time', () => {
    given(...begun, ...FORMALLY_LOST)
      .when(formalLoss, facts())
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
  });
  it('found again, it is in use as before, with its money', () => {
    given(...begun, ...FORMALLY_LOST)
      .when(onK1('LiftFormalLoss', { identityCheck: CHECK }), facts())
      .thenRecords(
        event('FormalLossLifted.v1', checked),
        event('SubAccountUnsealed.v1', { ...NO_KEY, cardId: 'K1', cause: 'cardFound', reason: 'card found again' }),
      );
  });
  it('found again, a seal that the agency had put on before stays', () => {
    const byAgency = before(event('SubAccountSealed.v1', { ...keyed, cardId: 'K1', cause: 'agency', reason: 'x' }));
    given(...begun, byAgency)
      .when(formalLoss, facts())
      .thenRecords(event('FormalLossReported.v1', checked));
    given(...begun, byAgency, was('FormalLossReported.v1'))
      .when(onK1('LiftFormalLoss', { identityCheck: CHECK }), facts())
      .thenRecords(event('FormalLossLifted.v1', checked));
  });
  it('stays lost once another was made in its place, and everywhere a formal report is final', () => {
    const issue = { replacesCardId: 'K1', exchange: 'formalLoss', temporaryReason: null } as const;
    const lift = onK1('LiftFormalLoss', { identityCheck: CHECK });
    given(...begun, ...FORMALLY_LOST, registered('K2', { state: 'registered', issue }))
      .when(lift, facts())
      .thenRefuses({ code: 'card-reissued', cardId: 'K1', byCardId: 'K2' });
    given(...begun, ...FORMALLY_LOST)
      .when(lift, facts({ policies: [policy({ formalLoss: { foundAgain: 'never' } })] }))
      .thenRefuses({ code: 'formal-loss-final', cardId: 'K1' });
    given(...begun)
      .when(lift, facts())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
  });
  it('its balance moves to the card that takes its place, when that is enabled', () => {
    const enable = onK1('EnableCard', { cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: false, proxy: null });
    const done = given(...begun, ...FORMALLY_LOST, registered('K2', { state: 'registered' })).when(enable, facts()).decision;
    if (done.kind !== 'accepted') throw new Error('refused');
    expect(done.events.map(({ type, data }) => [type, (data as { cardId?: string }).cardId])).toEqual([
      ['CardEnabled.v1', 'K2'],
      ['SubAccountUnsealed.v1', 'K1'],
      ['CardCancelled.v1', 'K1'],
      ['BalanceTransferred.v1', undefined],
    ]);
    expect(done.events[3]?.data).toMatchObject({ fromCardId: 'K1', toCardId: 'K2', amountFen: 5000, wasSealed: true });
  });
  it('a late entry of a swipe from before the loss is paid from what was sealed with it; one from after it is not', () => {
    const now = facts({ decidedAt: '2026-03-02T01:00:00.000Z' });
    const late = { entry: 'late', lateReason: 'no line', occurredAt: '2026-03-01T02:00:00.000Z' } as const;
    const report = {
      ...event('FormalLossReported.v1', { ...checked, key: 'k' }),
      decidedAt: '2026-03-01T03:00:00.000Z',
    } as MedicalAccountEvent;
    given(...begun, report, cause('cardLost', 'card formally lost'))
      .when(swipe(late), now)
      .thenRecords(settled(late, { businessDate: '2026-03-02' }, now.decidedAt));
    given(...begun, report, cause('cardLost', 'card formally lost'))
      .when(swipe({ ...late, occurredAt: '2026-03-01T03:00:00.000Z' }), now)
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
    given(...begun, report, cause('cardLost', 'card formally lost'))
      .when(swipe({ ...late, payment: 'none' }), now)
      .thenRecords(
        settled(
          { ...late, payment: 'none' },
          { businessDate: '2026-03-02', legs: [], cashPaymentFen: 6000 as never },
          '2026-03-02T01:00:00.000Z',
        ),
      );
  });
});

describe('a card that a machine has kept', () => {
  it('pays nothing until it is handed back to its holder', () => {
    given(...begun)
      .when(onK1('RetainCard', { place: 'ATM-1' }), facts())
      .thenRecords(event('CardRetained.v1', { ...keyed, cardId: 'K1', place: 'ATM-1' }));
    given(...begun, was('CardRetained.v1'))
      .when(swipe(), facts())
      .thenRefuses({ code: 'card-retained', cardId: 'K1' });
    given(...begun, was('CardRetained.v1'))
      .when(onK1('ReturnCard', { identityCheck: CHECK }), facts())
      .thenRecords(event('CardReturned.v1', checked));
    given(...begun)
      .when(onK1('ReturnCard', { identityCheck: CHECK }), facts())
      .thenRefuses({ code: 'card-not-retained', cardId: 'K1' });
  });
  it('its money stays its own: a credit comes to it', () => {
    const credit = {
      type: 'CreditAccount',
      data: { ...keyed, source: 'retiree', reference: 'r', period: null, amountFen: 100, bucket: 'currentYear', legalBasis: null },
    };
    const { decision } = given(...begun, was('CardRetained.v1')).when(credit as MedicalAccountCommand, facts());
    expect(decision).toMatchObject({ kind: 'accepted', events: [{ data: { cardId: 'K1' } }] });
  });
});

describe('the end of a card', () => {
  const cancelled = before(event('CardCancelled.v1', { ...keyed, cardId: 'K1', cause: 'holder', successorCardId: null, reason: 'x' }));
  const collect = onK1('CollectCard', { place: 'outlet-1' });
  const destroy = onK1('DestroyCard', { batch: 'D-1' });
  it('what is out of use, or was handed in after a formal loss, is collected and then destroyed', () => {
    const collected = event('CardCollected.v1', { ...keyed, cardId: 'K1', place: 'outlet-1' });
    for (const ended of [[cancelled], FORMALLY_LOST, [was('CardExpired.v1', { effectiveAt: T0 })]])
      given(...begun, ...ended)
        .when(collect, facts())
        .thenRecords(collected);
    given(...begun, cancelled, before(collected))
      .when(destroy, facts())
      .thenRecords(event('CardDestroyed.v1', { ...keyed, cardId: 'K1', batch: 'D-1' }));
  });
  it('a card in use is not collected, and none is destroyed that was not collected, or twice', () => {
    given(...begun)
      .when(collect, facts())
      .thenRefuses({ code: 'card-not-out-of-use', cardId: 'K1', state: 'inUse' });
    given(...begun, cancelled)
      .when(destroy, facts())
      .thenRefuses({ code: 'card-not-collected', cardId: 'K1', state: 'cancelled' });
    const ended = [...begun, cancelled, was('CardCollected.v1'), was('CardDestroyed.v1', { batch: 'D-0' })];
    given(...ended)
      .when(destroy, facts())
      .thenRefuses({ code: 'card-destroyed', cardId: 'K1' });
    given(...ended)
      .when(collect, facts())
      .thenRefuses({ code: 'card-destroyed', cardId: 'K1' });
    given(...ended)
      .when(swipe(), facts())
      .thenRefuses({ code: 'card-destroyed', cardId: 'K1' });
    given(...ended)
      .when(onK1('StopCard', { reason: 'x' }), facts())
      .thenRefuses({ code: 'card-destroyed', cardId: 'K1' });
  });
  it('what comes back to a card that is gone lands where cardless money stands', () => {
    for (const last of [[], [was('CardCollected.v1')], [was('CardCollected.v1'), was('CardDestroyed.v1', { batch: 'D-0' })]]) {
      const history = [
        opened,
        registered('K1'),
        credited('K1', 5000),
        settled({}, { legs: [leg(CURRENT, -5000), leg('payable:H1', 5000)] }),
      ];
      const { decision } = given(...history, cancelled, ...last).when(cancel(), facts());
      expect(decision.kind === 'accepted' && decision.events[0].data).toMatchObject({
        legs: [{ account: 'subAccount:cardless:currentYear', amountFen: 5000 }, { account: 'payable:H1' }],
      });
    }
  });
  it('money on a stopped card that was collected is sealed still, and moves with the next card', () => {
    const enable = onK1('EnableCard', { cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: false, proxy: null });
    const stop = before(event('CardStopped.v1', { ...keyed, cardId: 'K1', cause: 'agency', phase: null, effectiveAt: T0, reason: 'x' }));
    const { decision } = given(...begun, stop, sealed(), was('CardCollected.v1'), registered('K2', { state: 'registered' })).when(
      enable,
      facts(),
    );
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'CardEnabled.v1' }, { type: 'SubAccountUnsealed.v1' }, { type: 'BalanceTransferred.v1', data: { amountFen: 5000 } }],
    });
  });
});

describe('the financial area', () => {
  const kept = (opensSocialSecurityArea: boolean) => facts({ policies: [policy({ financialArea: { opensSocialSecurityArea } })] });
  const report = (active: boolean, cardId = 'K1') => onK1('ReportFinancialArea', { cardId, active });
  const active = before(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K1', active: true }));
  it('is active or not, as the bank reports it, and only where that is kept', () => {
    given(...begun)
      .when(report(true), kept(false))
      .thenRecords(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K1', active: true }));
    given(...begun, active)
      .when(report(true), kept(false))
      .thenRefuses({ code: 'financial-area-as-reported', cardId: 'K1', active: true });
    given(...begun, active)
      .when(report(false), kept(false))
      .thenRecords(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K1', active: false }));
    given(...begun)
      .when(report(true), facts())
      .thenRefuses({ code: 'financial-area-not-kept' });
  });
  it('by pack opens the social security area with it, and the balance moves as in any enablement', () => {
    const { decision } = given(...begun, registered('K2', { state: 'registered' })).when(report(true, 'K2'), kept(true));
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [
        { type: 'FinancialAreaReported.v1', data: { key: keyed.key } },
        { type: 'CardEnabled.v1', data: { key: null, cardId: 'K2', channel: 'bankOutlet' } },
        { type: 'CardCancelled.v1', data: { cardId: 'K1', successorCardId: 'K2' } },
        { type: 'BalanceTransferred.v1', data: { amountFen: 5000 } },
      ],
    });
    given(...begun)
      .when(report(true), kept(true)) // In use already: there is nothing left to open.
      .thenRecords(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K1', active: true }));
    given(...begun, registered('K2', { state: 'registered' }))
      .when(report(true, 'K2'), kept(false))
      .thenRecords(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K2', active: true }));
    given(...begun, oldCard('K2', { state: 'registered' }))
      .when(report(true, 'K2'), kept(true))
      .thenRecords(event('FinancialAreaReported.v1', { ...keyed, cardId: 'K2', active: true }));
  });
});
