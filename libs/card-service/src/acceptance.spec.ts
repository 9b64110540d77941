import {
  ACCEPTED,
  accept,
  accepted,
  did,
  facts,
  failed,
  given,
  knowing,
  now,
  originalOf,
  produced,
  started,
  T0,
  works,
} from '../../../test/support/card-application';

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
  it('what no event keeps is told as what it can only be, and another act as that', () => {
    const told = (differs: readonly string[]) => ({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs }) as const;
    const first = did('CardApplicationAccepted.v1', ACCEPTED, T0, 'K');
    given(first)
      .when(accept({ commandHash: 'x' }), facts)
      .thenRefuses(told(['person', 'signedBy']));
    for (const [over, differs] of [
      [{ obstacles: [{ code: 'left-employer', detail: null }] }, ['obstacles']],
      [{ unitCode: 'E1' }, ['unitCode']],
      [{ pickUpOutletCode: 'C3', pickUpPlace: '别处' }, ['pickUpPlace', 'pickUpOutletCode']],
      [{ accountId: 'a2' }, ['person', 'poolingArea']],
    ] as const)
      given(first)
        .when(accept({ commandHash: 'x', ...over }), facts)
        .thenRefuses(told(differs));
    const ofUnit = did('CardApplicationAccepted.v1', { ...ACCEPTED, applicant: 'school', unitCode: 'S1', pickUpOutletCode: 'C3' }, T0, 'K');
    given(ofUnit)
      .when(accept({ commandHash: 'x', applicant: 'school', pickUpOutletCode: 'C3' }), facts)
      .thenRefuses(told(['unitCode']));
    const handed = did('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null }, T0, 'K');
    const issue = (receivedBy: 'holder' | 'proxy') =>
      ({ type: 'IssueCard', data: { key: 'K', commandHash: 'x', cardId: '', receivedBy } }) as const;
    given(accepted, produced, handed)
      .when(issue('holder'), facts)
      .thenRefuses(told(['cardNumber', 'outletCode', 'signedBy']));
    given(accepted, produced, handed)
      .when(issue('proxy'), facts)
      .thenRefuses(told(['receivedBy']));
    given(first)
      .when({ type: 'RecordProduced', data: { key: 'K', commandHash: 'x' } }, facts)
      .thenRefuses(told(['act']));
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
  it('a holder of another province brings more papers, and is told so', () => {
    const obstacles = [{ code: 'out-of-province-papers-missing', detail: '居住证' }] as const;
    given().when(accept({ obstacles }), facts).thenRefuses({ code: 'out-of-province-papers-missing', detail: '居住证' });
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
      { ...works, state: 'cancelled' },
    ])
      given()
        .when(accept(), knowing({ cards: [card] }))
        .thenRecords(now('CardApplicationAccepted.v1', ACCEPTED));
  });
  it('a card that was handed over and waits to be enabled bars a first one as one that works does', () => {
    given()
      .when(accept(), knowing({ cards: [{ ...works, state: 'registered' }] }))
      .thenRefuses({ code: 'issued-card-not-enabled', detail: null });
  });
  it('a new card that is lost or kept by a machine is made anew as such, not as a first one nor for another reason', () => {
    const exchange = { kind: 'exchange', reason: 'damage', replacesCardId: 'c1' } as const;
    const told = (state: string, wanted: 'replacement' | 'exchange') =>
      ({ code: 'application-of-another-kind', wanted, cardId: 'c1', state }) as const;
    for (const state of ['lost', 'temporarilyLost']) {
      const cards = [{ ...works, state }];
      given().when(accept(), knowing({ cards })).thenRefuses(told(state, 'replacement'));
      given().when(accept(exchange), knowing({ cards })).thenRefuses(told(state, 'replacement'));
    }
    const cards = [{ ...works, state: 'retained' }];
    given().when(accept(), knowing({ cards })).thenRefuses(told('retained', 'exchange'));
    expect(given().when(accept(exchange), knowing({ cards })).decision.kind).toBe('accepted');
    // Where the new card waits already, that alone is told.
    given()
      .when(
        accept(),
        knowing({
          cards: [
            { ...works, state: 'lost' },
            { ...works, cardId: 'c2', state: 'registered' },
          ],
        }),
      )
      .thenRefuses({ code: 'issued-card-not-enabled', detail: null });
  });
  it('a replacement wants the formal report of loss, also of a card that was never enabled', () => {
    for (const state of ['registered', 'temporarilyLost', 'retained'])
      given()
        .when(accept({ kind: 'replacement', reason: 'formalLoss', replacesCardId: 'c1' }), knowing({ cards: [{ ...works, state }] }))
        .thenRefuses({ code: 'loss-not-reported', cardId: 'c1' });
  });
  it('who names a unit applies as one', () => {
    for (const applicant of ['holder', 'guardian', 'proxy'] as const)
      given()
        .when(accept({ applicant, unitCode: 'E1' }), facts)
        .thenRefuses({ code: 'unit-without-its-application', applicant, unitCode: 'E1' });
    expect(given().when(accept({ applicant: 'school', unitCode: 'S1' }), facts).decision.kind).toBe('accepted');
  });
  it('every finding may be named at once, and one that is named twice is told once, with all that was said of it', () => {
    given()
      .when(
        accept({
          obstacles: [
            { code: 'photo-below-standard', detail: '背景' },
            { code: 'left-employer', detail: null },
            { code: 'photo-below-standard', detail: '尺寸' },
            { code: 'photo-below-standard', detail: '背景' },
          ],
        }),
        facts,
      )
      .thenRefuses({ code: 'left-employer', detail: null }, { code: 'photo-below-standard', detail: '背景；尺寸' });
  });
  it('a replacement wants a card that is lost; an exchange wants a card; an old one is not issued again', () => {
    const replace = (replacesCardId: string | null) =>
      accept({ kind: 'replacement', reason: 'formalLoss', replacesCardId, photoReference: null });
    const lost = { ...works, state: 'lost' };
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
