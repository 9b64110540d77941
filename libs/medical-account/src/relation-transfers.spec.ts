import { medicalFen as f, type MedicalAccountEvent, subAccount } from '#libs/medical-account';
import { begun, CURRENT, facts, leg, opened, PRIOR, registered, settled, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { sealed } from '../../../test/support/card-acts';

import {
  confirm,
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
} from '../../../test/support/relation-fixture';

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
      .thenReplays({ ...first, id: 'e3', stream: 'medicalAccount-A1', revision: 3 });
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
    expect(events[0].data).toMatchObject({
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
