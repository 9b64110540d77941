import { begun, facts, opened, policy, registered, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, keyed, lost, NO_KEY } from '../../../test/support/card-acts';
import type { AccountPolicy, CardIssue, EnableCard, HolderProxy, MedicalAccountEvent, RegisterCard } from './index';

const { cardKinds } = policy();
const chip = { generation: 'new', media: ['contactChip', 'contactless'], carriesPersonalAccount: true } as const;
const termed = (over: Partial<AccountPolicy> = {}) =>
  facts({
    policies: [
      policy({
        temporaryCards: { rareOrLongName: null, urgent: null, other: { days: 60, daysMax: 180 } },
        cardKinds: { ...cardKinds, socialSecurity3: { ...chip, validYears: 10 } },
        ...over,
      }),
    ],
  });
const register = (over: Partial<RegisterCard['data']>): RegisterCard => ({
  type: 'RegisterCard',
  data: {
    ...{ ...keyed, cardId: 'K2', kind: 'temporary', state: 'registered', lastSwipedOn: null, media: null, commitments: {}, opening: null },
    ...{ issue: null, validDays: null },
    ...over,
  },
});
const made = (over: Partial<CardIssue>): CardIssue => ({ replacesCardId: null, exchange: null, temporaryReason: null, ...over });
const expiryOf = (over: Partial<RegisterCard['data']>, known = termed()): unknown => {
  const { decision } = given(...begun).when(register(over), known);
  const [event] = decision.kind === 'accepted' ? decision.events : [];
  return event?.type === 'CardRegistered.v1' ? event.data.expiresAt : decision;
};

describe('the term of a card', () => {
  it('of a temporary one follows from the reason: long-term, until the formal card, or some days of which the first is counted', () => {
    expect(expiryOf({ issue: made({ temporaryReason: 'rareOrLongName' }) })).toBeNull();
    expect(expiryOf({ issue: made({ temporaryReason: 'urgent' }) })).toBeNull();
    expect(expiryOf({ issue: made({ temporaryReason: 'other' }) })).toBe('2026-04-29T16:00:00.000Z'); // 1 March to 29 April are 60 days.
    expect(expiryOf({ issue: made({ temporaryReason: 'other' }), validDays: 180 })).toBe('2026-08-27T16:00:00.000Z');
    expect(expiryOf({}, termed({ temporaryCards: {} }))).toBeNull();
    expect(expiryOf({ state: 'inUse' })).toBeNull(); // Of a legacy system, where nobody wrote down why.
  });
  it('is not guessed: a temporary card without a reason is refused, with all else that is wrong', () => {
    const accepted = ['rareOrLongName', 'urgent', 'other'] as const;
    given(...begun)
      .when(register({}), termed())
      .thenRefuses({ code: 'temporary-reason-missing', accepted });
    given(...begun)
      .when(register({ validDays: 3, issue: made({ replacesCardId: 'K9', exchange: 'damage' }) }), termed())
      .thenRefuses(
        { code: 'card-not-on-account', cardId: 'K9' },
        { code: 'temporary-reason-missing', accepted },
        { code: 'temporary-term-too-long', days: 3, daysMax: 0 },
      );
  });
  it('is no longer than the pack allows, and asked of a temporary card only, for a reason of the pack', () => {
    given(...begun)
      .when(register({ issue: made({ temporaryReason: 'other' }), validDays: 181 }), termed())
      .thenRefuses({ code: 'temporary-term-too-long', days: 181, daysMax: 180 });
    given(...begun)
      .when(register({ issue: made({ temporaryReason: 'dataMismatch' }) }), termed())
      .thenRefuses({ code: 'temporary-reason-not-accepted', reason: 'dataMismatch', accepted: ['rareOrLongName', 'urgent', 'other'] });
    given(...begun)
      .when(register({ kind: 'socialSecurity3', validDays: 3 }), termed())
      .thenRefuses({ code: 'not-a-temporary-card', kind: 'socialSecurity3' });
  });
  it('of a formal one is so many years of its kind; of one that was taken over in use nobody knows the beginning', () => {
    expect(expiryOf({ kind: 'socialSecurity3' })).toBe('2036-02-29T16:00:00.000Z');
    expect(expiryOf({ kind: 'socialSecurity2' })).toBeNull();
    const taken = given(opened).when(register({ kind: 'socialSecurity3', state: 'inUse' }), termed()).decision;
    expect(taken.kind === 'accepted' && taken.events[0].data).toMatchObject({ state: 'inUse', expiresAt: null });
  });
});

describe('a card whose term is over', () => {
  const end = '2026-04-29T16:00:00.000Z';
  const history = [opened, registered('K1', { kind: 'temporary', media: ['stripe'], expiresAt: end }), ...begun.slice(2)];
  const at = (decidedAt: string) => facts({ decidedAt });
  const expired: MedicalAccountEvent[] = [
    { type: 'CardExpired.v1', decidedAt: end, data: { cardId: 'K1', effectiveAt: end } },
    { type: 'SubAccountSealed.v1', decidedAt: end, data: { ...NO_KEY, cardId: 'K1', cause: 'cardExpired', reason: 'card expired' } },
  ];
  it('pays until midnight and not afterwards, whether or not a job has written it down; its balance is sealed', () => {
    const last = '2026-04-29T15:59:59.999Z';
    expect(given(...history).when(swipe({ occurredAt: last }), at(last)).decision.kind).toBe('accepted');
    given(...history, ...expired)
      .when(swipe({ occurredAt: end }), at(end))
      .thenRefuses({ code: 'card-expired', cardId: 'K1' });
    given(...history, ...expired)
      .when({ type: 'UnsealSubAccount', data: { ...keyed, cardId: 'K1', reason: 'x' } }, at(end))
      .thenRefuses({ code: 'card-expired', cardId: 'K1' });
  });
  it('at midnight itself nobody has to have written it down; a card that is formally lost stays that', () => {
    given(...history)
      .when(swipe({ occurredAt: end }), at(end))
      .thenRefuses({ code: 'card-expired', cardId: 'K1' });
    const gone: MedicalAccountEvent = {
      type: 'FormalLossReported.v1',
      decidedAt: T0,
      data: { key: 'business-agency-6', commandHash: 'h', cardId: 'K1', identityCheck: 'IDC-1' },
    };
    given(...history, gone)
      .when(swipe({ occurredAt: end }), at(end))
      .thenRefuses({ code: 'card-lost', cardId: 'K1' });
  });
  it('is exchanged: the balance moves when the new one is enabled', () => {
    const issue = made({ replacesCardId: 'K1', exchange: 'expiry' });
    expect(given(...history, ...expired).when(register({ kind: 'socialSecurity3', issue }), at(end)).decision.kind).toBe('accepted');
    const enable: EnableCard = {
      type: 'EnableCard',
      data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
    };
    const { decision } = given(...history, ...expired, registered('K2', { state: 'registered' })).when(enable, at(end));
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{}, { type: 'SubAccountUnsealed.v1' }, { type: 'CardCancelled.v1' }, { data: { amountFen: 5000 } }],
    });
  });
});

describe('a card made in place of another', () => {
  it('is made once, and never beside a formal one that works or waits to be enabled', () => {
    const ask = (over: Partial<CardIssue>, ...history: MedicalAccountEvent[]) =>
      given(...begun, ...history).when(register({ cardId: 'K3', kind: 'socialSecurity3', issue: made(over) }), facts());
    const second = (over: Parameters<typeof registered>[1] = {}) =>
      registered('K2', { kind: 'socialSecurity3', state: 'registered', ...over });
    const inPlaceOfK1 = second({ issue: made({ replacesCardId: 'K1', exchange: 'photo' }) });
    const gone = before({
      type: 'FormalLossReported.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', identityCheck: 'IDC-1' },
    } satisfies MedicalAccountEvent);
    ask({}).thenRefuses({ code: 'another-card-in-use', cardId: 'K1' });
    ask({}, gone, second()).thenRefuses({ code: 'another-card-not-enabled', cardId: 'K2' });
    ask({ replacesCardId: 'K1', exchange: 'photo' }, inPlaceOfK1).thenRefuses({ code: 'card-reissued', cardId: 'K1', byCardId: 'K2' });
    ask({ replacesCardId: 'K1', exchange: 'formalLoss' }, gone, inPlaceOfK1).thenRefuses({
      code: 'card-reissued',
      cardId: 'K1',
      byCardId: 'K2',
    });
    ask({ replacesCardId: 'K1', exchange: 'photo' }, second()).thenRefuses({ code: 'another-card-not-enabled', cardId: 'K2' });
    const cancelled: MedicalAccountEvent = {
      type: 'CardCancelled.v1',
      decidedAt: T0,
      data: { ...keyed, key: 'business-agency-8', cardId: 'K2', cause: 'agency', reason: 'spoilt', successorCardId: null },
    };
    expect(ask({ replacesCardId: 'K1', exchange: 'photo' }, inPlaceOfK1, cancelled).decision.kind).toBe('accepted');
  });
  it('a card that is registered for no issue, or a temporary one, stands beside another', () => {
    for (const over of [{ issue: null }, { kind: 'temporary', issue: made({ temporaryReason: 'urgent' }) }] as const)
      expect(given(...begun).when(register({ kind: 'socialSecurity3', ...over }), termed()).decision.kind).toBe('accepted');
  });
  it('names it and why, and it must be in a state in which that can be', () => {
    const ask = (over: Partial<CardIssue>, ...history: MedicalAccountEvent[]) =>
      given(...begun, ...history).when(register({ kind: 'socialSecurity3', issue: made(over) }), facts());
    ask({ replacesCardId: 'K1' }).thenRefuses({ code: 'exchange-reason-missing', cardId: 'K1' });
    ask({ replacesCardId: 'K9', exchange: 'photo' }).thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    ask({ replacesCardId: 'K1', exchange: 'formalLoss' }).thenRefuses({
      code: 'card-not-exchangeable',
      cardId: 'K1',
      exchange: 'formalLoss',
      state: 'inUse',
    });
    ask({ replacesCardId: 'K1', exchange: 'photo' }, before(lost)).thenRefuses({
      code: 'card-not-exchangeable',
      cardId: 'K1',
      exchange: 'photo',
      state: 'temporarilyLost',
    });
    for (const exchange of ['photo', 'expiry', 'damage', 'changedDetails', 'changedBank'] as const)
      expect(ask({ replacesCardId: 'K1', exchange }).decision.kind).toBe('accepted');
  });
});

describe('who acts for the holder', () => {
  const fresh = registered('K2', { state: 'registered' });
  const city = facts({
    policies: [policy({ proxies: { relations: ['spouse', 'child'] }, enablement: { channels: ['bankOutlet', 'proxy', 'guardian'] } })],
  });
  const by = (over: Partial<HolderProxy>): HolderProxy => ({
    relation: 'child',
    proxyCheck: 'IDC-1',
    holderCheck: 'IDC-2',
    holderAge: 'adult',
    ...over,
  });
  const enabling = (channel: 'proxy' | 'guardian', proxy: HolderProxy | null, financialAreaActivated = false) =>
    given(...begun, fresh).when({ type: 'EnableCard', data: { ...keyed, cardId: 'K2', channel, financialAreaActivated, proxy } }, city);
  it('tells relation and both identity checks, which the event keeps by their numbers', () => {
    const { decision } = enabling('proxy', by({}));
    expect(decision.kind === 'accepted' && decision.events[0].data).toMatchObject({ channel: 'proxy', proxy: by({}) });
    enabling('proxy', null).thenRefuses({ code: 'proxy-missing', channel: 'proxy' });
    enabling('proxy', by({ relation: 'otherRelative' })).thenRefuses({
      code: 'proxy-not-accepted',
      relation: 'otherRelative',
      accepted: ['spouse', 'child'],
    });
  });
  it('does no financial business', () => {
    enabling('proxy', by({}), true).thenRefuses({ code: 'proxy-for-financial-business' });
  });
  it('as a guardian only while the holder is a minor', () => {
    expect(enabling('guardian', by({ relation: 'guardian', holderAge: 'minor' })).decision.kind).toBe('accepted');
    enabling('guardian', by({ relation: 'parent' })).thenRefuses({ code: 'guardian-of-an-adult' });
    enabling('guardian', null).thenRefuses({ code: 'proxy-missing', channel: 'guardian' });
  });
});

describe('a temporary loss counted in working days', () => {
  const working = facts({ policies: [policy({ temporaryLossUnit: 'workingDays', temporaryLossDays: 7 })] });
  const lapsesAt = (reportedAt: string): unknown => {
    const reported = { ...before(lost), decidedAt: reportedAt } as MedicalAccountEvent;
    const { decision } = given(...begun, reported).when(swipe({ occurredAt: reportedAt }), { ...working, decidedAt: reportedAt });
    return decision.kind === 'refused' ? decision.refusals[0] : decision;
  };
  it('ends at the same time of the day on the last of them, over weekends and holidays, make-up days counted', () => {
    const told = (at: string) => ({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: at });
    expect(lapsesAt('2026-03-02T01:00:00.000Z')).toEqual(told('2026-03-11T01:00:00.000Z')); // Monday; one weekend between.
    expect(lapsesAt(T0)).toEqual(told('2026-03-10T01:00:00.000Z')); // Sunday.
  });
});
