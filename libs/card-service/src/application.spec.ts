import {
  ACCEPTED,
  accept,
  accepted,
  did,
  does,
  facts,
  failed,
  given,
  issued,
  now,
  produced,
  ready,
  started,
  T0,
} from '../../../test/support/card-application';
import { recordedFrom } from '../../../test/support/decider-spec';
import { type ApplicationEvent, CARD_SERVICE_REFUSALS, cardApplication, type ObstacleFound } from './index';

describe('card application: the way of a card', () => {
  const issue = does('IssueCard', { cardId: 'c2', receivedBy: 'holder' });
  it('goes from acceptance to the holder, step by step', () => {
    given(accepted)
      .when(does('StartProduction', { productionBatchNo: 'P-7' }), facts)
      .thenRecords(now('CardProductionStarted.v1', { productionBatchNo: 'P-7' }));
    given(accepted).when(does('RecordProduced', {}), facts).thenRecords(now('CardProduced.v1', {}));
    given(accepted, started).when(does('RecordProduced', {}), facts).thenRecords(now('CardProduced.v1', {}));
    given(accepted, started, produced)
      .when(does('MakeReady', { place: '市南网点' }), facts)
      .thenRecords(now('CardReadyForPickUp.v1', { place: '市南网点' }));
    const handed = now('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null });
    given(accepted, started, produced, ready).when(issue, facts).thenRecords(handed);
    given(accepted, started, produced).when(issue, facts).thenRecords(handed);
  });
  it('what an employer picks up is handed out by a day', () => {
    given(accepted, produced)
      .when(does('IssueCard', { cardId: 'c2', receivedBy: 'employer' }), facts)
      .thenRecords(now('CardIssued.v1', { cardId: 'c2', receivedBy: 'employer', handOutBy: '2026-03-20' }));
  });
  it('takes no step out of order', () => {
    given(accepted)
      .when(issue, facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'accepted', wanted: ['produced', 'readyForPickUp'] });
    given(accepted, started)
      .when(does('StartProduction', { productionBatchNo: null }), facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'inProduction', wanted: ['accepted'] });
    given(accepted)
      .when(does('MakeReady', { place: 'x' }), facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'accepted', wanted: ['produced'] });
    given().when(issue, facts).thenRefuses({ code: 'card-application-unknown' });
  });
  it('on the spot a card is handed over at once', () => {
    for (const over of [{ onTheSpot: true }, { kind: 'temporary', cardKind: 'temporary', reason: 'urgent' }] as const)
      given(did('CardApplicationAccepted.v1', { ...ACCEPTED, ...over }))
        .when(issue, facts)
        .thenRecords(now('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null }));
  });
  it('nothing follows an issue, and its repeat gets the first answer', () => {
    given(accepted, produced, issued)
      .when(does('FailApplication', { obstacles: [{ code: 'left-employer', detail: null }] }), facts)
      .thenRefuses({ code: 'application-closed', stage: 'issued', closedAt: T0 });
    const mine = did('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null }, T0, 'K');
    const { decision } = given(accepted, produced, mine).when(issue, facts);
    expect(decision).toMatchObject({ kind: 'replayed', original: { revision: 2, type: 'CardIssued.v1' } });
  });
});

describe('card application: what a unit has fetched', () => {
  const handOut = does('HandOutCard', { receivedBy: 'holder' });
  const fetched = (receivedBy: 'employer' | 'school' | 'committee' | 'proxy') =>
    did('CardIssued.v1', { cardId: 'c2', receivedBy, handOutBy: null });
  it.each(['employer', 'school', 'committee'] as const)('is handed out by the %s, once', (unit) => {
    given(accepted, produced, fetched(unit))
      .when(handOut, facts)
      .thenRecords(now('CardHandedOut.v1', { receivedBy: 'holder' }));
    given(accepted, produced, fetched(unit), did('CardHandedOut.v1', { receivedBy: 'proxy' }))
      .when(handOut, facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'handedOut', wanted: ['issued'] });
  });
  it('what the holder or who acts for him has fetched is not handed out again, nor what nobody has', () => {
    given(accepted, produced, fetched('proxy')).when(handOut, facts).thenRefuses({ code: 'card-already-with-holder', receivedAt: T0 });
    given(accepted, produced)
      .when(handOut, facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'produced', wanted: ['issued'] });
    given().when(handOut, facts).thenRefuses({ code: 'card-application-unknown' });
  });
});

describe('card application: why no card comes', () => {
  const all: readonly ObstacleFound[] = [
    { code: 'bank-account-not-opened', detail: '身份核查未通过' },
    { code: 'card-issued-in-another-city', detail: '济南' },
    { code: 'left-employer', detail: null },
    { code: 'photo-below-standard', detail: null },
    { code: 'number-or-name-changed', detail: null },
  ];
  it('fails with every reason that applies, at any step before the issue', () => {
    for (const history of [[accepted], [accepted, started], [accepted, produced], [accepted, produced, ready]])
      given(...history)
        .when(does('FailApplication', { obstacles: all }), facts)
        .thenRecords(now('CardApplicationFailed.v1', { obstacles: all }));
  });
  it('a reason that is named twice is recorded once', () => {
    const twice = { code: 'left-employer', detail: null } as const;
    given(accepted)
      .when(does('FailApplication', { obstacles: [twice, twice] }), facts)
      .thenRecords(now('CardApplicationFailed.v1', { obstacles: [twice] }));
  });
  it('a hand-over that ended it answers another card under its number with what can differ', () => {
    const ended = did('CardApplicationFailed.v1', { obstacles: [{ code: 'working-card-exists', detail: null }] }, T0, 'K');
    const other = { ...does('IssueCard', { cardId: '', receivedBy: 'holder' }) };
    given(accepted, produced, ended)
      .when({ ...other, data: { ...other.data, commandHash: 'x' } } as typeof other, facts)
      .thenRefuses({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs: ['cardNumber', 'outletCode', 'signedBy'] });
  });
  it('never without a reason', () => {
    given(accepted)
      .when(does('FailApplication', { obstacles: [] }), facts)
      .thenRefuses({ code: 'failure-without-reason' });
  });
  it('a card that works is linked instead, also when the application failed for it, and for nothing else', () => {
    const link = does('LinkCard', { cardId: 'c1' });
    const linked = now('CardLinked.v1', { cardId: 'c1' });
    given(accepted).when(link, facts).thenRecords(linked);
    given(accepted, started).when(link, facts).thenRecords(linked);
    given(accepted, failed({ code: 'left-employer', detail: null }, { code: 'working-card-exists', detail: null }))
      .when(link, facts)
      .thenRecords(linked);
    given(accepted, failed({ code: 'left-employer', detail: null }))
      .when(link, facts)
      .thenRefuses({ code: 'application-closed', stage: 'failed', closedAt: T0 });
    given(accepted, produced)
      .when(link, facts)
      .thenRefuses({ code: 'application-not-at-this-step', stage: 'produced', wanted: ['accepted', 'inProduction'] });
  });
});

describe('card application: the record', () => {
  it('an impossible stream is damage', () => {
    const fold = (...events: ApplicationEvent[]) => recordedFrom(0)(events).reduce(cardApplication.evolve, cardApplication.initialState());
    expect(() => fold(started)).toThrow('CardProductionStarted.v1 before the acceptance');
    expect(() => fold(accepted, accepted)).toThrow('CardApplicationAccepted.v1 twice');
    expect([accepted, issued].map(cardApplication.isClosing)).toStrictEqual([false, false]);
  });
  it('an acceptance without its facts is a bug', () => {
    expect(() => given().when(accept(), { ...facts, acceptance: null })).toThrow('without its facts');
  });
  it('every reason has its words, short enough for a till', () => {
    for (const { messageZh, messageEn, remedyZh, remedyEn } of Object.values(CARD_SERVICE_REFUSALS)) {
      expect([messageZh.length <= 60, remedyZh.length > 0]).toStrictEqual([true, true]);
      expect([/\p{Script=Han}/u.test(messageZh + remedyZh), /\p{Script=Han}/u.test(messageEn + remedyEn)]).toStrictEqual([true, false]);
    }
  });
});
