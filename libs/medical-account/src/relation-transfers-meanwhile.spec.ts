import { medicalFen as f, inTransit, type MedicalAccountEvent, medicalAccount, subAccount } from '#libs/medical-account';
import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  credited,
  H1,
  leg,
  opened,
  PRIOR,
  registered,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { sealed } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';

import {
  confirmed,
  frozen,
  giveBack,
  keyed,
  later,
  offering,
  remit,
  remitted,
  request,
  requested,
  returned,
  T1,
  TERMS,
} from '../../../test/support/relation-fixture';

describe('relation transfer: what happens meanwhile', () => {
  it('until the money leaves the account pays; where the pack says so, not from the request on', () => {
    given(...begun, requested())
      .when(swipe(), offering())
      .thenRecords(settled());
    given(...begun, requested({ paysUntil: 'request' }))
      .when(swipe(), offering())
      .thenRefuses({ code: 'relation-transferred', transferId: 'T1', toPoolingArea: '320100' });
  });
  it('from the remittance on nothing is paid here, with or without account money', () => {
    given(...begun, requested(), remitted())
      .when(swipe({ payment: 'none' }), offering())
      .thenRefuses({ code: 'relation-transferred', transferId: 'T1', toPoolingArea: '320100' });
  });
  it('a late entry of a swipe from before the remittance is entered, in cash: the money has gone', () => {
    const at = '2026-03-02T01:00:00.000Z';
    const { decision } = given(...begun, { ...requested() }, { ...remitted(), decidedAt: at }).when(
      swipe({ entry: 'late', lateReason: '断网' }),
      later(at),
    );
    expect(decision).toMatchObject({ kind: 'accepted', events: [{ data: { cashPaymentFen: 6000, legs: [] } }] });
  });
  it('a cancellation after the money left lands on the account and is sent after it, under a number of its own', () => {
    const before = [opened, registered('K1'), credited('K1', 8000, 2000), settled({}, { legs: [leg(CURRENT, -5000), leg(H1, 5000)] })];
    const history = [...before, requested(), remitted()];
    const back = cancelled(cancel(), { amountFen: 6000, cashRefundFen: 1000, legs: [leg(CURRENT, 5000), leg(H1, -5000)] });
    given(...history)
      .when(cancel(), offering())
      .thenRecords(back);
    const follow = { type: 'FollowRelationTransfer', data: { ...keyed('follow'), transferId: 'T2', followsTransferId: 'T1' } } as const;
    given(...history)
      .when(follow, offering())
      .thenRefuses({ code: 'relation-transfer-nothing-to-follow', transferId: 'T1' });
    const asked = requested({ ...keyed('follow'), transferId: 'T2', holderStatus: null, followsTransferId: 'T1' });
    given(...history, back)
      .when(follow, offering())
      .thenRecords(asked);
    const sentAfter = remit({ ...keyed('remit-2'), transferId: 'T2', batchReference: 'B-2' });
    given(...history, back, asked)
      .when(sentAfter, offering())
      .thenRecords(remitted({ ...sentAfter.data, legs: [leg(CURRENT, -5000), leg(inTransit('T2'), 5000)] }));
    given(...history, back, asked, returned(leg(CURRENT, 3000), leg(PRIOR, 2000)))
      .when(sentAfter, offering())
      .thenRefuses({ code: 'relation-transfer-not-followed', transferId: 'T1', stage: 'returned' });
  });
  it('a request that nobody carries out ends by itself where the pack says so, to the instant, and is not revived', () => {
    const lapsing = requested({ lapsesAt: '2026-03-31T01:00:00.000Z' });
    given(...begun)
      .when(request(), offering({ lapsesAfterDays: 30 }))
      .thenRecords(lapsing);
    const { after } = given(...begun, lapsing).when(remit(), later('2026-03-31T00:59:59.999Z'));
    expect(after.relationTransfers.get('T1')?.stage).toBe('remitted');
    given(...begun, lapsing)
      .when(remit(), later('2026-03-31T01:00:00.000Z'))
      .thenRefuses({ code: 'relation-transfer-ended', transferId: 'T1', stage: 'lapsed', endedAt: '2026-03-31T01:00:00.000Z' });
  });
  it('who is back is insured here again, and the money that comes along is credited', () => {
    const gone = [...begun, requested(), remitted(), confirmed];
    given(...gone)
      .when(request(keyed('other')), offering())
      .thenRefuses({ code: 'relation-transferred', transferId: 'T1', toPoolingArea: '320100' });
    const resume = { type: 'ResumeRelation', data: { ...keyed('resume'), transferId: 'T1', reason: '回青岛就业' } } as const;
    const resumed: MedicalAccountEvent = { type: 'RelationResumed.v1', decidedAt: T0, data: resume.data };
    given(...gone)
      .when(resume, offering())
      .thenRecords(resumed);
    given(...gone, resumed)
      .when({ ...resume, data: { ...resume.data, ...keyed('twice') } }, offering())
      .thenRefuses({ code: 'relation-not-elsewhere', transferId: 'T1', stage: 'confirmed' });
    const takeIn = {
      type: 'TakeInRelation',
      data: { ...keyed('in'), transferInId: 'I1', fromPoolingArea: '320100', currentYearFen: f(700), priorYearFen: f(300) },
    } as const;
    const { decision, after } = given(...gone).when(takeIn, offering());
    expect(decision).toMatchObject({
      events: [
        {
          type: 'RelationTakenIn.v1',
          data: {
            resumesTransferId: 'T1',
            amountFen: 1000,
            legalBasis: TERMS.legalBasis,
            legs: [leg('fund:transferIn', -1000), leg(CURRENT, 700), leg(PRIOR, 300)],
          },
        },
      ],
    });
    expect(after.relationTransfers.get('T1')?.resumedAt).toBe(T0);
    const { decision: inOne } = given(...gone).when(takeIn, offering({ creditsTo: 'priorYear' }));
    expect(inOne).toMatchObject({ events: [{ data: { legs: [leg('fund:transferIn', -1000), leg(PRIOR, 1000)] } }] });
  });
});

describe('relation transfer: at the edges', () => {
  const asked2 = requested({ ...keyed('follow'), transferId: 'T2', holderStatus: null, followsTransferId: 'T1' });
  const away = [...begun, requested(), remitted()];
  const follow = (n = 'follow', transferId = 'T2') =>
    ({ type: 'FollowRelationTransfer', data: { ...keyed(n), transferId, followsTransferId: 'T1' } }) as const;
  const takeIn = {
    type: 'TakeInRelation',
    data: { ...keyed('in'), transferInId: 'I1', fromPoolingArea: '320100', currentYearFen: f(700), priorYearFen: f(300) },
  } as const;

  it('a freeze that has ended holds nothing back, nor does a sealed card without money', () => {
    const over: MedicalAccountEvent = {
      type: 'FreezeLifted.v1',
      decidedAt: T0,
      data: { ...keyed('l'), freezeId: 'judicialFreeze', reason: 'r', liftedBy: 'c' },
    };
    given(...begun, frozen('judicialFreeze'), over)
      .when(request(), offering())
      .thenRecords(requested());
    given(opened, registered('K1'), sealed())
      .when(request(), offering({ sealedGoesAlong: false }))
      .thenRecords(requested());
  });
  it('one follower at a time; it never lapses, carries no relation, and bars nothing by itself', () => {
    const late = credited('K1', 500);
    given(...away, late)
      .when(follow(), offering({ lapsesAfterDays: 30 }))
      .thenRecords(asked2);
    given(...away, late, asked2)
      .when(follow('again', 'T3'), offering())
      .thenRefuses({ code: 'relation-transfer-under-way', transferId: 'T2', stage: 'requested', requestedAt: T0 });
    const back = returned(leg(CURRENT, 3000), leg(PRIOR, 2000));
    const sent2 = remitted({
      ...remit().data,
      ...keyed('remit-2'),
      transferId: 'T2',
      amountFen: f(500),
      legs: [leg(CURRENT, -500), leg(inTransit('T2'), 500)],
    });
    // The relation came back while its follower was on its way: the account pays, and may leave again.
    given(...away, late, asked2, sent2, back)
      .when(swipe(), offering())
      .thenRecords(settled());
    given(...away, late, asked2, sent2, back)
      .when(request({ ...keyed('anew'), transferId: 'T4' }), offering())
      .thenRecords(requested({ ...keyed('anew'), transferId: 'T4' }));
    const done2 = {
      ...confirmed,
      data: { ...confirmed.data, transferId: 'T2', legs: [leg(inTransit('T2'), -500), leg('fund:transferOut', 500)] },
    } as MedicalAccountEvent;
    given(...away, late, asked2, sent2, done2)
      .when({ type: 'ResumeRelation', data: { ...keyed('resume'), transferId: 'T2', reason: 'r' } }, offering())
      .thenRefuses({ code: 'relation-not-elsewhere', transferId: 'T2', stage: 'confirmed' });
  });
  const ended2: MedicalAccountEvent = {
    type: 'RelationTransferClosed.v1',
    decidedAt: T0,
    data: { key: null, commandHash: null, transferId: 'T2', cause: 'withdrawn', reason: 'the relation is here again' },
  };
  it('what comes in while the money is on its way waits; after the confirmation it resumes the relation, after a return it joins', () => {
    given(...away)
      .when(takeIn, offering())
      .thenRefuses({ code: 'relation-transfer-under-way', transferId: 'T1', stage: 'remitted', requestedAt: T0 });
    const { decision, after } = given(...away, confirmed).when(takeIn, offering());
    expect(decision).toMatchObject({ events: [{ type: 'RelationTakenIn.v1', data: { resumesTransferId: 'T1' } }] });
    expect(after.relationTransfers.get('T1')?.resumedAt).toBe(T0);
    const back = returned(leg(CURRENT, 3000), leg(PRIOR, 2000));
    const { decision: joins } = given(...away, back).when(takeIn, offering());
    expect(joins).toMatchObject({ events: [{ type: 'RelationTakenIn.v1', data: { resumesTransferId: null } }] });
    const { decision: asked } = given(...begun, requested()).when(takeIn, offering()); // It goes along at the remittance.
    expect(asked).toMatchObject({ events: [{ type: 'RelationTakenIn.v1', data: { resumesTransferId: null } }] });
  });
  it('a return finds every card that the money left, also one that is on another account by now', () => {
    const left: MedicalAccountEvent[] = [...away];
    const state = recordedFrom(0)(left).reduce(medicalAccount.evolve, medicalAccount.initialState());
    state.cards.delete('K1'); // As a merge that is undone takes it along.
    const decision = medicalAccount.decide(giveBack(), state, offering());
    const cardless = (bucket: 'currentYear' | 'priorYear') => subAccount('cardless', bucket);
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{ data: { legs: [leg(T1, -5000), leg(cardless('currentYear'), 3000), leg(cardless('priorYear'), 2000)] } }],
    });
  });
  it('an open follower ends with what brings the relation back: a resumption, a transfer in, a return', () => {
    const late = credited('K1', 500);
    const resume = { type: 'ResumeRelation', data: { ...keyed('resume'), transferId: 'T1', reason: 'r' } } as const;
    given(...away, late, asked2, confirmed)
      .when(resume, offering())
      .thenRecords({ type: 'RelationResumed.v1', decidedAt: T0, data: resume.data }, ended2);
    const { decision, after } = given(...away, late, asked2, confirmed).when(takeIn, offering());
    expect(decision).toMatchObject({ events: [{ type: 'RelationTakenIn.v1' }, ended2] });
    expect(after.relationTransfers.get('T2')).toMatchObject({ stage: 'withdrawn', endedAt: T0 });
    given(...away, late, asked2)
      .when(giveBack(), offering())
      .thenRecords(returned(leg(CURRENT, 3000), leg(PRIOR, 2000)), ended2);
  });
  it('what comes in offsets what the holder owes first, and is not credited against a freeze of credits', () => {
    const owed: MedicalAccountEvent = {
      type: 'AccountCorrected.v1',
      decidedAt: T0,
      data: {
        ...keyed('corr'),
        amountFen: f(400),
        receivableFen: f(400),
        cardId: 'K1',
        legalBasis: 'L',
        reason: 'r',
        legs: [leg('receivable', -400), leg('fund:correction', 400)],
      },
    };
    const { decision } = given(...begun, owed).when(takeIn, offering());
    expect(decision).toMatchObject({
      events: [{ data: { legs: [leg('fund:transferIn', -1000), leg('receivable', 400), leg(CURRENT, 600)] } }],
    });
    given(...begun, frozen('death'))
      .when(takeIn, offering())
      .thenRefuses({ code: 'credit-frozen', cause: 'death', until: null });
  });
  it.each<readonly [string, readonly MedicalAccountEvent[]]>([
    ['a transfer requested twice', [...begun, requested(), requested()]],
    ['money sent twice under one number', [...away, remitted({ legs: [] })]],
    [
      'an end of what was not on its way',
      [...begun, requested(), { ...confirmed, data: { ...confirmed.data, legs: [] } } as MedicalAccountEvent],
    ],
    ['a second end', [...away, confirmed, { ...confirmed, data: { ...confirmed.data, legs: [] } } as MedicalAccountEvent]],
    [
      'a relation resumed that was not elsewhere',
      [...away, { type: 'RelationResumed.v1', decidedAt: T0, data: { ...keyed('r'), transferId: 'T1', reason: 'r' } }],
    ],
    [
      'more confirmed than is on its way',
      [
        ...away,
        { ...confirmed, data: { ...confirmed.data, legs: [leg(T1, -5001), leg('fund:transferOut', 5001)] } } as MedicalAccountEvent,
      ],
    ],
  ])('the reader stops at %s', (_what, events) => {
    expect(() => recordedFrom(0)(events).reduce(medicalAccount.evolve, medicalAccount.initialState())).toThrow();
  });
});
