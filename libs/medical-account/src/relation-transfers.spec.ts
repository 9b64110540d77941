import type { RemitRelationTransfer, RequestRelationTransfer } from '#libs/medical-account';
import {
  type AccountPolicy,
  businessKey,
  medicalFen as f,
  inTransit,
  type MedicalAccountEvent,
  medicalAccount,
  subAccount,
} from '#libs/medical-account';
import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  credited,
  facts,
  H1,
  leg,
  opened,
  PRIOR,
  policy,
  registered,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { sealed } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';

type Terms = NonNullable<AccountPolicy['relationTransfer']>;
const TERMS: Terms = {
  legalBasis: '医保办发〔2021〕43号',
  insuranceTypes: ['employee'],
  holderStatuses: ['active', 'stopped'],
  remitDays: 10,
  creditDays: 5,
  paysUntil: 'remittance',
  sealedGoesAlong: true,
  alsoBarredBy: ['death'],
  creditsTo: 'asInFile',
  lapsesAfterDays: null,
};
const offering = (over: Partial<Terms> = {}, more: Partial<AccountPolicy> = {}) =>
  facts({ policies: [policy({ relationTransfer: { ...TERMS, ...over }, ...more })] });
const later = (decidedAt: string, over: Partial<Terms> = {}) => ({ ...offering(over), decidedAt });
const keyed = (n: string) => ({ key: businessKey('agency', n), commandHash: `h-${n}` });
const T1 = inTransit('T1');

const request = (over: Partial<RequestRelationTransfer['data']> = {}): RequestRelationTransfer => ({
  type: 'RequestRelationTransfer',
  data: { ...keyed('request'), transferId: 'T1', toPoolingArea: '320100', holderStatus: 'active', ...over },
});
const requested = (over: object = {}): MedicalAccountEvent =>
  ({
    type: 'RelationTransferRequested.v1',
    decidedAt: T0,
    data: {
      ...request().data,
      followsTransferId: null,
      legalBasis: TERMS.legalBasis,
      packId: 'P1',
      paysUntil: 'remittance',
      remitBy: '2026-03-13',
      isProvisional: false,
      lapsesAt: null,
      ...over,
    },
  }) as MedicalAccountEvent;
const remit = (over: Partial<RemitRelationTransfer['data']> = {}): RemitRelationTransfer => ({
  type: 'RemitRelationTransfer',
  data: { ...keyed('remit'), transferId: 'T1', batchReference: 'B-1', ...over },
});
const remitted = (over: object = {}): MedicalAccountEvent =>
  ({
    type: 'RelationTransferRemitted.v1',
    decidedAt: T0,
    data: {
      ...remit().data,
      toPoolingArea: '320100',
      amountFen: f(5000),
      legalBasis: TERMS.legalBasis,
      packId: 'P1',
      confirmBy: '2026-03-06',
      isProvisional: false,
      legs: [leg(CURRENT, -3000), leg(PRIOR, -2000), leg(T1, 5000)],
      ...over,
    },
  }) as MedicalAccountEvent;
const confirm = (amountFen = 5000, n = 'confirm') =>
  ({ type: 'ConfirmRelationTransfer', data: { ...keyed(n), transferId: 'T1', amountFen: f(amountFen), confirmation: 'C-9' } }) as const;
const confirmed: MedicalAccountEvent = {
  type: 'RelationTransferConfirmed.v1',
  decidedAt: T0,
  data: { ...confirm().data, legs: [leg(T1, -5000), leg('fund:transferOut', 5000)] },
};
const giveBack = (amountFen = 5000, n = 'return') =>
  ({ type: 'ReturnRelationTransfer', data: { ...keyed(n), transferId: 'T1', amountFen: f(amountFen), reason: '账户不符' } }) as const;
const returned = (...legs: ReturnType<typeof leg>[]): MedicalAccountEvent => ({
  type: 'RelationTransferReturned.v1',
  decidedAt: T0,
  data: { ...giveBack().data, legs: [leg(T1, -5000), ...legs] },
});
const frozen = (cause: 'judicialFreeze' | 'death' | 'contributionArrears', over: object = {}): MedicalAccountEvent =>
  ({
    type: 'FreezePlaced.v1',
    decidedAt: T0,
    data: {
      ...keyed(`freeze-${cause}`),
      freezeId: cause,
      scope: { kind: 'person' },
      cause,
      legalDocument: 'D',
      from: T0,
      until: null,
      placedBy: 'agency',
      ...over,
    },
  }) as MedicalAccountEvent;

describe('relation transfer: request', () => {
  it('is recorded with the day by which the money has to leave, its legal basis and its pack; nothing moves', () => {
    given(...begun)
      .when(request(), offering())
      .thenRecords(requested());
  });
  it('the same request again gets the same answer; the same number for another place does not', () => {
    const first = requested();
    given(...begun, first)
      .when(request(), offering())
      .thenReplays({ ...first, id: 'e3', stream: 'medicalAccount-A1', revision: 3 } as never);
    given(...begun, first)
      .when(request({ commandHash: 'other' }), offering())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'RelationTransferRequested.v1' });
  });
  it('a retiree, a resident and one who moves nowhere are refused, with all that applies', () => {
    const resident: MedicalAccountEvent = { ...opened, data: { ...opened.data, insuranceType: 'resident', hasPersonalAccount: false } };
    given(resident)
      .when(request({ holderStatus: 'retired', toPoolingArea: '370200' }), offering())
      .thenRefuses(
        { code: 'relation-transfer-not-of-this-insurance', insuranceType: 'resident', accepted: ['employee'] },
        { code: 'relation-transfer-not-in-this-status', holderStatus: 'retired', accepted: ['active', 'stopped'] },
        { code: 'relation-transfer-to-same-area', poolingArea: '370200' },
      );
  });
  it('one at a time; and where the pack says nothing of it, none', () => {
    given(...begun, requested())
      .when(request(keyed('other')), offering())
      .thenRefuses({ code: 'relation-transfer-under-way', transferId: 'T1', stage: 'requested', requestedAt: T0 });
    given(...begun)
      .when(request(), facts())
      .thenRefuses({ code: 'relation-transfer-not-offered' });
  });
  it('a court order and a death keep the money here, as the pack says; arrears do not', () => {
    given(...begun, frozen('judicialFreeze'), frozen('death'))
      .when(request(), offering())
      .thenRefuses(
        { code: 'pay-out-frozen', cause: 'judicialFreeze', scope: 'person', until: null },
        { code: 'pay-out-frozen', cause: 'death', scope: 'person', until: null },
      );
    given(...begun, frozen('death'))
      .when(request(), offering({ alsoBarredBy: [] }))
      .thenRecords(requested());
    given(...begun, frozen('contributionArrears'))
      .when(request(), offering())
      .thenRecords(requested());
  });
  it('a freeze of an amount holds all back; one of a card alone holds nothing', () => {
    given(...begun, frozen('judicialFreeze', { scope: { kind: 'amount', amountFen: f(1) } }))
      .when(request(), offering())
      .thenRefuses({ code: 'pay-out-frozen', cause: 'judicialFreeze', scope: 'amount', until: null });
    given(...begun, frozen('judicialFreeze', { scope: { kind: 'cardArea', cardId: 'K1' } }))
      .when(request(), offering())
      .thenRecords(requested());
  });
  it('sealed money goes along, or has to be unsealed first, as the pack says', () => {
    given(...begun, sealed())
      .when(request(), offering())
      .thenRecords(requested());
    given(...begun, sealed())
      .when(request(), offering({ sealedGoesAlong: false }))
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
  });
});

describe('relation transfer: remittance', () => {
  it('all that stands on the account is in transit, both buckets, on the terms in force then', () => {
    given(...begun, requested())
      .when(remit(), offering())
      .thenRecords(remitted());
  });
  it('interest up to the day goes along, and none is earned for these days again at the end of the year', () => {
    const day30 = '2026-03-31T01:00:00.000Z';
    const { decision, after } = given(...begun, requested()).when(remit(), later(day30));
    const events = decision.kind === 'accepted' ? decision.events : [];
    expect(events.map(({ type }) => type)).toEqual(['InterestPosted.v1', 'RelationTransferRemitted.v1']);
    // 30.00 at 0.36 % and 20.00 at 1.08 % for 30 days of 360: 0.9 and 1.8 fen.
    expect(events[0]?.data).toMatchObject({
      effectiveAt: day30,
      legs: [leg('fund:interest', -3), leg(CURRENT, 1), leg(PRIOR, 2)],
    });
    expect(events[1]?.data).toMatchObject({ amountFen: 5003, legs: [leg(CURRENT, -3001), leg(PRIOR, -2002), leg(T1, 5003)] });
    expect([...after.products.values()]).toEqual([
      { fenDays: 0, through: '2026-03-31' },
      { fenDays: 0, through: '2026-03-31' },
    ]);
  });
  it('what the holder owes is kept back, in the draw order; the rest goes', () => {
    const owed: MedicalAccountEvent = {
      type: 'AccountCorrected.v1',
      decidedAt: T0,
      data: {
        ...keyed('corr'),
        amountFen: f(3500),
        receivableFen: f(3500),
        cardId: 'K1',
        legalBasis: 'L',
        reason: 'r',
        legs: [leg('receivable', -3500), leg('fund:correction', 3500)],
      },
    };
    const { decision, after } = given(...begun, requested(), owed).when(remit(), offering());
    expect(decision).toMatchObject({
      events: [{ data: { amountFen: 1500, legs: [leg(CURRENT, -3000), leg(PRIOR, -2000), leg('receivable', 3500), leg(T1, 1500)] } }],
    });
    expect(after.relationTransfers.get('T1')?.remittance?.left).toEqual([[PRIOR, 1500]]);
  });
  it('an empty account’s relation goes without money', () => {
    given(opened, requested())
      .when(remit(), offering())
      .thenRecords(remitted({ amountFen: f(0), legs: [] }));
  });
  it('is not done twice, and not under the number of one that has ended', () => {
    given(...begun, requested(), remitted())
      .when(remit(keyed('again')), offering())
      .thenRefuses({ code: 'relation-transfer-remitted', transferId: 'T1', remittedAt: T0, batchReference: 'B-1' });
    const closed: MedicalAccountEvent = {
      type: 'RelationTransferClosed.v1',
      decidedAt: T0,
      data: { ...keyed('close'), transferId: 'T1', cause: 'rejected', reason: 'r' },
    };
    given(...begun, requested(), closed)
      .when(remit(), offering())
      .thenRefuses({ code: 'relation-transfer-ended', transferId: 'T1', stage: 'rejected', endedAt: T0 });
    given(...begun)
      .when(remit(), offering())
      .thenRefuses({ code: 'relation-transfer-not-found', transferId: 'T1' });
  });
  it('a freeze that came after the request holds it back', () => {
    given(...begun, requested(), frozen('judicialFreeze'))
      .when(remit(), offering())
      .thenRefuses({ code: 'pay-out-frozen', cause: 'judicialFreeze', scope: 'person', until: null });
  });
});

describe('relation transfer: confirmed or returned, one of both', () => {
  const sent = [...begun, requested(), remitted()];
  it('a confirmation takes the money out of this area', () => {
    given(...sent)
      .when(confirm(), offering())
      .thenRecords(confirmed);
  });
  it('a return puts it back into the buckets that it left, and the account pays again', () => {
    const back = returned(leg(CURRENT, 3000), leg(PRIOR, 2000));
    given(...sent)
      .when(giveBack(), offering())
      .thenRecords(back);
    given(...sent, back)
      .when(swipe(), offering())
      .thenRecords(settled());
  });
  it('after a rollover it comes back as prior-year money; and to the card that the money would stand on now', () => {
    const year2: MedicalAccountEvent = { ...registered('K2'), decidedAt: T0 };
    const replaced: MedicalAccountEvent = {
      type: 'CardCancelled.v1',
      decidedAt: T0,
      data: { key: null, commandHash: null, cardId: 'K1', cause: 'replaced', successorCardId: 'K2', reason: 'r' },
    };
    given(...sent, year2, replaced)
      .when(giveBack(), offering())
      .thenRecords(returned(leg(subAccount('K2', 'currentYear'), 3000), leg(subAccount('K2', 'priorYear'), 2000)));
    const { decision } = given(...sent).when(giveBack(), later('2027-02-01T01:00:00.000Z'));
    expect(decision.kind === 'accepted' && decision.events.at(-1)?.data).toMatchObject({ legs: [leg(T1, -5000), leg(PRIOR, 5000)] });
  });
  it('whichever comes first wins: a return after the confirmation is told when that was, and the other way round', () => {
    given(...sent, confirmed)
      .when(giveBack(), offering())
      .thenRefuses({ code: 'relation-transfer-confirmed', transferId: 'T1', confirmedAt: T0 });
    given(...sent, returned(leg(CURRENT, 3000), leg(PRIOR, 2000)))
      .when(confirm(), offering())
      .thenRefuses({ code: 'relation-transfer-ended', transferId: 'T1', stage: 'returned', endedAt: T0 });
  });
  it('another amount than is on its way is refused, both named', () => {
    given(...sent)
      .when(confirm(4999), offering())
      .thenRefuses({ code: 'relation-transfer-amount-differs', transferId: 'T1', sentFen: f(5000), toldFen: f(4999) });
    given(...sent)
      .when(giveBack(5001), offering())
      .thenRefuses({ code: 'relation-transfer-amount-differs', transferId: 'T1', sentFen: f(5000), toldFen: f(5001) });
  });
  it('before the remittance there is nothing to confirm or to return', () => {
    given(...begun, requested())
      .when(confirm(), offering())
      .thenRefuses({ code: 'relation-transfer-not-remitted', transferId: 'T1' });
    given(...begun, requested())
      .when(giveBack(), offering())
      .thenRefuses({ code: 'relation-transfer-not-remitted', transferId: 'T1' });
  });
});

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
    const { decision } = given(...begun, { ...requested() }, { ...remitted(), decidedAt: at } as MedicalAccountEvent).when(
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
