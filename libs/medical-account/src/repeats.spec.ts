import {
  begun,
  CURRENT,
  cancel,
  cancelled,
  facts,
  H1,
  leg,
  oldCard,
  PRIOR,
  recorded,
  reverse,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import {
  type AccountFacts,
  medicalFen as f,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  type SettlementKeyVoided,
  settlementKey,
} from './index';

const LATER = '2026-09-01T01:00:00.000Z';
const original = recorded(3, settled());
const standing = (posting: Posting): AccountFacts => facts({ decidedAt: LATER, postings: [posting] });

const lost: MedicalAccountEvent = {
  type: 'TemporaryLossReported.v1',
  decidedAt: T0,
  data: { key: 'business-hotline-1', commandHash: 'h', cardId: 'K1' },
};

describe('medical account: a serial that comes again', () => {
  it('is answered with the original, whatever has happened to card, institution or clock since', () => {
    given(...begun, settled(), lost)
      .when(swipe({ operatorCode: 'O2', terminalCode: 'T2', occurredAt: LATER }), facts({ decidedAt: LATER, institution: null }))
      .thenReplays(original);
  });
  it('is found by its claim when it was settled before the closing, or on another account', () => {
    given(...begun)
      .when(swipe(), standing({ original, undone: NOTHING_UNDONE }))
      .thenReplays(original);
    given()
      .when(swipe(), standing({ original, undone: NOTHING_UNDONE }))
      .thenReplays(original);
  });
  it('is refused for another use, and says what differs', () => {
    const other = {
      commandHash: 'other',
      cardId: 'K2',
      totalFeeFen: f(1),
      fundPaidFen: f(2),
      accountEligibleFen: f(3),
      medicalCategory: 'inpatient',
      payment: 'full',
    } as const;
    given(...begun, settled())
      .when(swipe(other), facts({ decidedAt: LATER }))
      .thenRefuses(
        { code: 'settlement-exists-with-different-card', firstAt: T0 },
        { code: 'settlement-exists-with-different-amount', firstAt: T0, recordedFen: f(6000) },
        { code: 'settlement-exists-with-different-fund-part', firstAt: T0, recordedFen: f(0) },
        { code: 'settlement-exists-with-different-eligible', firstAt: T0, recordedFen: f(6000) },
        { code: 'settlement-exists-with-different-category', firstAt: T0, recorded: 'outpatient' },
        { code: 'settlement-exists-with-different-payment', firstAt: T0, recorded: 'upToBalance' },
      );
  });
  it('names one difference alone, another credential, another account, or other content', () => {
    const when = (over: Parameters<typeof swipe>[0]) =>
      given(...begun, settled(), oldCard('K2')).when(swipe({ ...over, commandHash: 'other' }), facts());
    when({ totalFeeFen: f(5999) }).thenRefuses({ code: 'settlement-exists-with-different-amount', firstAt: T0, recordedFen: f(6000) });
    when({ cardId: 'K2' }).thenRefuses({ code: 'settlement-exists-with-different-card', firstAt: T0 });
    when({ credentialKind: 'eCredential', cardId: null }).thenRefuses({ code: 'settlement-exists-with-different-card', firstAt: T0 });
    when({ visitNo: 'V1' }).thenRefuses({ code: 'settlement-exists-with-different-content', firstAt: T0 });
    const elsewhere = recorded(3, settled({ credentialKind: 'eCredential', cardId: null }));
    given(...begun)
      .when(
        swipe({ commandHash: 'other', credentialKind: 'eCredential', cardId: null }),
        standing({ original: { ...elsewhere, stream: 'medicalAccount-A2' }, undone: NOTHING_UNDONE }),
      )
      .thenRefuses({ code: 'settlement-exists-with-different-card', firstAt: T0 });
  });
  it('is refused when it stands for another act, or was voided by a reversal that came first', () => {
    given(
      ...begun,
      settled(),
      cancelled(cancel(), { amountFen: 6000, cashRefundFen: 1000, legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)] }),
    )
      .when(swipe({ serial: 'C1' }), facts())
      .thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SettlementCancelled.v1' });
    const voided: SettlementKeyVoided = {
      type: 'SettlementKeyVoided.v1',
      decidedAt: T0,
      data: {
        key: settlementKey('H1', 'R1'),
        commandHash: 'h',
        institutionCode: 'H1',
        serial: 'R1',
        voidedKey: settlementKey('H1', 'S1'),
        note: null,
        businessDate: '2026-03-01',
      },
    };
    const posting = { original: { ...voided, id: 'v', stream: 'settlementVoid-H1-S1', revision: 0 }, undone: NOTHING_UNDONE };
    given(...begun)
      .when(swipe(), standing(posting))
      .thenRefuses({ code: 'settlement-key-voided', voidedAt: T0 });
    given(...begun)
      .when(swipe({ serial: 'R1' }), standing(posting))
      .thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SettlementKeyVoided.v1' });
    given(...begun)
      .when(reverse(), standing(posting))
      .thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SettlementKeyVoided.v1' });
  });
  it('is refused when the visit and batch, or the invoice, has been settled under another serial', () => {
    const holder = { original, undone: NOTHING_UNDONE };
    given(...begun)
      .when(swipe({ serial: 'S2', invoiceNo: 'I1' }), facts({ naturalKeyHolder: holder }))
      .thenRefuses({ code: 'already-settled', settlementKey: 'settlement-H1-S1', institutionCode: 'H1', serial: 'S1', firstAt: T0 });
  });
  it('is known to the very command that brings the closing with it', () => {
    const nextYear = '2027-01-01T02:00:00.000Z';
    const spec = given(...begun, settled());
    spec.when(swipe(), facts({ decidedAt: nextYear })).thenReplays(original);
    expect(spec.when(cancel(), facts({ decidedAt: nextYear })).decision).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'YearRolledOver.v1' }, { type: 'SettlementCancelled.v1' }],
    });
  });
});

describe('medical account: replaces', () => {
  const again = { serial: 'S2', replacesKey: settlementKey('H1', 'S1'), totalFeeFen: f(4000), accountEligibleFen: f(4000) };
  const undoing: MedicalAccountEvent = {
    type: 'SettlementCancelled.v1',
    decidedAt: T0,
    data: {
      key: null,
      commandHash: null,
      institutionCode: 'H1',
      serial: null,
      settlementKey: settlementKey('H1', 'S1'),
      reason: 'replaced',
      note: null,
      businessDate: '2026-03-01',
      amountFen: f(6000),
      fundReturnedFen: f(0),
      cashRefundFen: f(1000),
      lastSwipe: { cardId: 'K1', on: null },
      legs: [leg(PRIOR, 2000), leg(CURRENT, 3000), leg(H1, -5000)],
    },
  };
  it('cancels in full and settles again with what came back, in one append', () => {
    given(...begun, settled())
      .when(swipe(again), facts())
      .thenRecords(undoing, settled(again, { cashPaymentFen: f(0), legs: [leg(CURRENT, -3000), leg(PRIOR, -1000), leg(H1, 4000)] }));
  });
  it('undoes nothing when the new settlement is refused', () => {
    given(...begun, settled())
      .when(swipe({ ...again, totalFeeFen: f(9000), accountEligibleFen: f(9000), payment: 'full' }), facts())
      .thenRefuses({ code: 'balance-insufficient', needsFen: f(9000), hasFen: f(5000) });
  });
  it('replaces a live settlement of the same institution on the same account only', () => {
    const notFound = { code: 'settlement-not-found', settlementKey: settlementKey('H1', 'S1') } as const;
    given(...begun)
      .when(swipe(again), facts())
      .thenRefuses(notFound);
    given(...begun, settled({ institutionCode: 'H2' }))
      .when(swipe(again), facts())
      .thenRefuses(notFound);
    given(...begun)
      .when(swipe(again), facts({ postings: [{ original: { ...original, stream: 'medicalAccount-A2' }, undone: NOTHING_UNDONE }] }))
      .thenRefuses(notFound);
    given(...begun, settled(), undoing)
      .when(swipe(again), facts())
      .thenRefuses({ code: 'already-undone' });
  });
  it('waits for the agency once the month is declared', () => {
    const institution = { ...facts().institution, declaredThrough: '2026-03' } as NonNullable<AccountFacts['institution']>;
    given(...begun, settled())
      .when(swipe(again), facts({ institution }))
      .thenRefuses({ code: 'month-declared', declaredThrough: '2026-03' });
  });
});
