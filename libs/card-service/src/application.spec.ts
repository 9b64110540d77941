import type { Recorded } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import {
  type AcceptanceFacts,
  type ApplicationCommand,
  type ApplicationCommandData,
  type ApplicationEvent,
  type ApplicationEventData,
  type ApplicationFacts,
  CARD_SERVICE_REFUSALS,
  cardApplication,
  type ObstacleFound,
} from './index';

const { given } = deciderSpec(cardApplication);
const T0 = '2026-03-02T02:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z';
const FACTS: AcceptanceFacts = {
  identityIsWrong: false,
  dataDiffer: false,
  cards: [],
  mayBeWithoutPhoto: false,
  underWay: null,
  due: { on: '2026-04-14', isProvisional: false },
  packId: 'qingdao@2',
  enquiryTelephone: '12333',
  complaintTelephone: '12345',
};
const facts: ApplicationFacts = { decidedAt: NOW, acceptance: FACTS, handOutBy: '2026-03-20' };
const knowing = (over: Partial<AcceptanceFacts>): ApplicationFacts => ({ ...facts, acceptance: { ...FACTS, ...over } });
const DATA: ApplicationCommandData['AcceptApplication'] = {
  applicationId: 'ap1',
  accountId: 'a1',
  kind: 'firstIssue',
  reason: null,
  cardKind: 'socialSecurity3',
  replacesCardId: null,
  applicant: 'holder',
  organisation: 'bank',
  outletCode: 'B0101',
  bankCode: '102',
  batchNo: null,
  photoReference: 'photo-1',
  approved: false,
  onTheSpot: false,
  pickUpPlace: '香港中路网点',
  obstacles: [],
};
const keyed = { key: 'K', commandHash: 'h' };
const accept = (over: Partial<typeof DATA & { commandHash: string }> = {}): ApplicationCommand => ({
  type: 'AcceptApplication',
  data: { ...keyed, ...DATA, ...over },
});
const ACCEPTED: ApplicationEventData['CardApplicationAccepted.v1'] = (() => {
  const { obstacles: _none, pickUpPlace: place, ...same } = DATA;
  const pickUp = { place, enquiryTelephone: '12333', complaintTelephone: '12345' };
  return { ...same, packId: 'qingdao@2', dueOn: '2026-04-14', dueOnIsProvisional: false, pickUp };
})();
let keys = 0;
const did = <T extends ApplicationEvent['type']>(type: T, data: ApplicationEventData[T], decidedAt = T0, key = `B${keys++}`) =>
  ({ type, decidedAt, data: { key, commandHash: 'h', ...data } }) as unknown as ApplicationEvent;
const now = <T extends ApplicationEvent['type']>(type: T, data: ApplicationEventData[T]) => did(type, data, NOW, 'K');
const does = <T extends ApplicationCommand['type']>(type: T, data: ApplicationCommandData[T]) =>
  ({ type, data: { ...keyed, ...data } }) as unknown as ApplicationCommand;

const accepted = did('CardApplicationAccepted.v1', ACCEPTED);
const started = did('CardProductionStarted.v1', { productionBatchNo: null });
const produced = did('CardProduced.v1', {});
const ready = did('CardReadyForPickUp.v1', { place: 'x' });
const issued = did('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null });
const failed = (...obstacles: ObstacleFound[]) => did('CardApplicationFailed.v1', { obstacles });
const originalOf = (event: ApplicationEvent) => recordedFrom(0)([event])[0] as Recorded<ApplicationEvent>;
const works = { cardId: 'c1', kind: 'socialSecurity3', isNew: true, works: true };

describe('card application: accept', () => {
  it('is accepted with the day on which the card is due, where it is picked up and whom to call', () => {
    given().when(accept(), facts).thenRecords(now('CardApplicationAccepted.v1', ACCEPTED));
  });
  it('promises no day where the city promises none, and says when holidays are not known yet', () => {
    const silent = { due: null, packId: null, enquiryTelephone: null, complaintTelephone: null };
    const pickUp = { place: '香港中路网点', enquiryTelephone: null, complaintTelephone: null };
    given()
      .when(accept(), knowing(silent))
      .thenRecords(now('CardApplicationAccepted.v1', { ...ACCEPTED, packId: null, dueOn: null, pickUp }));
    const due = { on: '2027-01-08', isProvisional: true };
    given()
      .when(accept(), knowing({ due }))
      .thenRecords(now('CardApplicationAccepted.v1', { ...ACCEPTED, dueOn: due.on, dueOnIsProvisional: true }));
  });
  it('a repeat gets the first answer; other content under the number is told, with what differs', () => {
    const first = did('CardApplicationAccepted.v1', ACCEPTED, T0, 'K');
    given(first).when(accept(), facts).thenReplays(originalOf(first));
    given(first, started, failed({ code: 'left-employer', detail: null }))
      .when(accept(), facts)
      .thenReplays(originalOf(first));
    given(first)
      .when(accept({ commandHash: 'x', outletCode: 'B0102', bankCode: null }), facts)
      .thenRefuses({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs: ['outletCode', 'bankCode'] });
  });
  it('names everything that stands against it at once, the clerk’s findings and the engine’s', () => {
    given()
      .when(
        accept({ photoReference: null, obstacles: [{ code: 'identity-number-used-twice', detail: '三处' }], reason: 'photo' }),
        knowing({ identityIsWrong: true, dataDiffer: true, cards: [works], underWay: { applicationId: 'ap0', dueOn: null } }),
      )
      .thenRefuses(
        { code: 'application-reason-does-not-fit', kind: 'firstIssue', reasons: [] },
        { code: 'identity-document-wrong-or-missing', detail: null },
        { code: 'identity-number-used-twice', detail: '三处' },
        { code: 'data-differ-from-insurance-system', detail: null },
        { code: 'photo-missing', detail: null },
        { code: 'working-card-exists', detail: null },
        { code: 'application-under-way', applicationId: 'ap0', dueOn: null },
      );
  });
  it('what the clerk has found is not told twice', () => {
    given()
      .when(accept({ photoReference: null, obstacles: [{ code: 'photo-missing', detail: '过期' }] }), facts)
      .thenRefuses({ code: 'photo-missing', detail: '过期' });
  });
  it('who is not insured here gets no card; with a wrong document that alone is told', () => {
    given()
      .when(accept({ accountId: '' }), facts)
      .thenRefuses({ code: 'holder-not-insured-here' });
    given()
      .when(accept({ accountId: '' }), knowing({ identityIsWrong: true }))
      .thenRefuses({ code: 'identity-document-wrong-or-missing', detail: null });
  });
  it('a small child gets a first card without a photo, and later exchanges it for one with a photo', () => {
    const young = knowing({ mayBeWithoutPhoto: true });
    given()
      .when(accept({ photoReference: null }), young)
      .thenRecords(now('CardApplicationAccepted.v1', { ...ACCEPTED, photoReference: null }));
    given()
      .when(
        accept({ photoReference: null, kind: 'exchange', reason: 'photo', replacesCardId: 'c1' }),
        knowing({ mayBeWithoutPhoto: true, cards: [works] }),
      )
      .thenRefuses({ code: 'photo-missing', detail: null });
  });
  it('a card that works is linked and no first one made; an old card is no such card', () => {
    given()
      .when(accept(), knowing({ cards: [works] }))
      .thenRefuses({ code: 'working-card-exists', detail: null });
    for (const card of [
      { ...works, isNew: false },
      { ...works, works: false },
    ])
      given()
        .when(accept(), knowing({ cards: [card] }))
        .thenRecords(now('CardApplicationAccepted.v1', ACCEPTED));
  });
  it('a replacement wants a card that is lost; an exchange wants a card; an old one is not issued again', () => {
    const replace = (replacesCardId: string | null) =>
      accept({ kind: 'replacement', reason: 'formalLoss', replacesCardId, photoReference: null });
    const lost = { ...works, works: false };
    given().when(replace(null), facts).thenRefuses({ code: 'application-without-card-to-replace' });
    given()
      .when(replace('c9'), knowing({ cards: [lost] }))
      .thenRefuses({ code: 'card-to-replace-unknown', cardId: 'c9' });
    given()
      .when(replace('c1'), knowing({ cards: [{ ...lost, isNew: false }] }))
      .thenRefuses({ code: 'old-card-not-reissued', cardId: 'c1' });
    given()
      .when(replace('c1'), knowing({ cards: [works] }))
      .thenRefuses({ code: 'loss-not-reported', cardId: 'c1' });
    const data = { ...ACCEPTED, kind: 'replacement', reason: 'formalLoss', replacesCardId: 'c1', photoReference: null } as const;
    given()
      .when(replace('c1'), knowing({ cards: [lost] }))
      .thenRecords(now('CardApplicationAccepted.v1', data));
    for (const reason of ['expiry', 'damage', 'changedDetails', 'changedBank'] as const) {
      const change = { kind: 'exchange', reason, replacesCardId: 'c1', photoReference: null } as const;
      given()
        .when(accept(change), knowing({ cards: [works] }))
        .thenRecords(now('CardApplicationAccepted.v1', { ...ACCEPTED, ...change }));
    }
  });
  it('each kind has its own reasons', () => {
    given()
      .when(accept({ kind: 'temporary', cardKind: 'temporary', reason: 'formalLoss', photoReference: null }), facts)
      .thenRefuses({
        code: 'application-reason-does-not-fit',
        kind: 'temporary',
        reasons: ['rareOrLongName', 'urgent', 'dataMismatch', 'other'],
      });
    given()
      .when(accept({ kind: 'exchange', reason: null, replacesCardId: 'c1' }), knowing({ cards: [works] }))
      .thenRefuses({
        code: 'application-reason-does-not-fit',
        kind: 'exchange',
        reasons: ['photo', 'expiry', 'damage', 'changedDetails', 'changedBank'],
      });
  });
});

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
