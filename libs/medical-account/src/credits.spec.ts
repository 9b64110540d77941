import {
  begun,
  CURRENT,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  PRIOR,
  policy,
  recorded,
  registered,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { type CorrectAccount, type CreditAccount, medicalFen as f, type MedicalAccountEvent, type PlaceFreeze, subAccount } from './index';

const keyed = { key: 'business-agency-7', commandHash: 'c' };
const NO_KEY = { key: null, commandHash: null } as const;
const resident: MedicalAccountEvent = { ...opened, data: { ...opened.data, insuranceType: 'resident', hasPersonalAccount: false } };
const place = (over: Partial<PlaceFreeze['data']> = {}): PlaceFreeze => ({
  type: 'PlaceFreeze',
  data: {
    ...keyed,
    freezeId: 'F1',
    scope: { kind: 'person' },
    cause: 'death',
    legalDocument: 'D1',
    from: null,
    until: null,
    placedBy: 'agency',
    ...over,
  },
});
const placed = (over: Partial<PlaceFreeze['data']> = {}): MedicalAccountEvent => ({
  type: 'FreezePlaced.v1',
  decidedAt: T0,
  data: { ...place(over).data, from: over.from ?? T0 },
});
const sealed = (cardId: string): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'x' },
});
const stopped = (cardId: string): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'agency', phase: null, effectiveAt: T0, reason: 'x' },
});

describe('medical account: open account', () => {
  const open = {
    type: 'OpenAccount',
    data: {
      key: 'business-agency-1',
      commandHash: 'h',
      accountId: 'A1',
      personId: 'person-1',
      poolingArea: '370200',
      district: null,
      insuranceType: 'employee',
      commitments: {},
    },
  } as const;
  it('brings a personal account where the pack says so', () => {
    given().when(open, facts()).thenRecords(opened);
    given()
      .when({ ...open, data: { ...open.data, insuranceType: 'resident' } }, facts())
      .thenRecords(resident);
  });
  it('is opened once', () => {
    given(opened).when(open, facts()).thenReplays(recorded(0, opened));
    given(opened)
      .when({ ...open, data: { ...open.data, key: 'business-agency-2' } }, facts())
      .thenRefuses({ code: 'account-exists', openedAt: T0 });
  });
});

describe('medical account: credit account', () => {
  const credit = (over: Partial<CreditAccount['data']> = {}): CreditAccount => ({
    type: 'CreditAccount',
    data: {
      ...keyed,
      source: 'retiree',
      reference: 'r',
      period: null,
      amountFen: f(500),
      bucket: 'currentYear',
      legalBasis: null,
      ...over,
    },
  });
  const done = (
    cardId: string,
    legs: ReturnType<typeof leg>[],
    source: CreditAccount['data']['source'] = 'retiree',
  ): MedicalAccountEvent => ({
    type: 'AccountCredited.v1',
    decidedAt: T0,
    data: { ...keyed, source, reference: 'r', period: null, legalBasis: null, cardId, legs },
  });
  const from = leg('fund:retiree', -500);

  it('reaches the card in use, the bucket that is named, and the cardless sub-account without a card', () => {
    given(...begun)
      .when(credit(), facts())
      .thenRecords(done('K1', [from, leg(CURRENT, 500)]));
    given(...begun)
      .when(credit({ bucket: 'priorYear' }), facts())
      .thenRecords(done('K1', [from, leg(PRIOR, 500)]));
    given(opened)
      .when(credit(), facts())
      .thenRecords(done('cardless', [from, leg(subAccount('cardless', 'currentYear'), 500)]));
  });
  it('stays with a card that is lost for some days: its money is the holder’s as before', () => {
    const lost: MedicalAccountEvent = {
      type: 'TemporaryLossReported.v1',
      decidedAt: T0,
      data: { key: 'k', commandHash: 'h', cardId: 'K1' },
    };
    given(...begun, lost)
      .when(credit(), facts())
      .thenRecords(done('K1', [from, leg(CURRENT, 500)]));
  });
  it('reaches a sealed sub-account only where the pack says so, and only while no card is in use', () => {
    const history = [opened, oldCard('K1'), stopped('K1'), sealed('K1')];
    const open = facts({ policies: [policy({ sealedTakesCredits: true })] });
    given(...history)
      .when(credit(), facts())
      .thenRecords(done('cardless', [from, leg(subAccount('cardless', 'currentYear'), 500)]));
    given(...history)
      .when(credit(), open)
      .thenRecords(done('K1', [from, leg(CURRENT, 500)]));
    given(...history, registered('K2'))
      .when(credit(), open)
      .thenRecords(done('K2', [from, leg(subAccount('K2', 'currentYear'), 500)]));
  });
  it('first offsets what the holder owes', () => {
    const owes: MedicalAccountEvent = {
      type: 'AccountCorrected.v1',
      decidedAt: T0,
      data: {
        key: 'k',
        commandHash: 'h',
        amountFen: f(700),
        receivableFen: f(700),
        cardId: 'K1',
        legalBasis: 'L',
        reason: 'x',
        legs: [leg('receivable', -700), leg('fund:correction', 700)],
      },
    };
    given(opened, registered('K1'), owes)
      .when(credit(), facts())
      .thenRecords(done('K1', [from, leg('receivable', 500)]));
    given(opened, registered('K1'), owes)
      .when(credit({ amountFen: f(1000) }), facts())
      .thenRecords(done('K1', [leg('fund:retiree', -1000), leg('receivable', 700), leg(CURRENT, 300)]));
  });
  it('refuses what cannot be credited, all reasons at once', () => {
    given().when(credit(), facts()).thenRefuses({ code: 'account-not-found' });
    given(...begun)
      .when(credit({ amountFen: f(0) }), facts())
      .thenRefuses({ code: 'amount-not-positive', field: 'amount' });
    given(...begun)
      .when(credit({ source: 'correction', legalBasis: ' ' }), facts())
      .thenRefuses({ code: 'legal-basis-missing' });
    given(...begun, placed({ key: 'k', scope: { kind: 'subAccount', cardId: 'K1' } }))
      .when(credit(), facts())
      .thenRefuses({ code: 'credit-frozen', cause: 'death', until: null });
    given(...begun, placed({ key: 'k', cause: 'judicialFreeze' }))
      .when(credit(), facts())
      .thenRecords(done('K1', [from, leg(CURRENT, 500)]));
    given(resident, placed({ key: 'k' }))
      .when(credit({ amountFen: f(-5) }), facts())
      .thenRefuses(
        { code: 'no-personal-account' },
        { code: 'credit-frozen', cause: 'death', until: null },
        { code: 'amount-not-positive', field: 'amount' },
      );
  });
  it('credits a reference once', () => {
    const first = done('K1', [from, leg(CURRENT, 500)]);
    given(...begun, first)
      .when(credit(), facts())
      .thenReplays(recorded(3, first));
    given(...begun, first)
      .when(credit({ commandHash: 'other' }), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'AccountCredited.v1' });
  });
});

describe('medical account: correct account', () => {
  const correct = (amountFen: number, legalBasis = 'L'): CorrectAccount => ({
    type: 'CorrectAccount',
    data: { ...keyed, amountFen: f(amountFen), legalBasis, reason: 'credited twice' },
  });
  const done = (amountFen: number, receivableFen: number, cardId: string, ...legs: ReturnType<typeof leg>[]): MedicalAccountEvent => ({
    type: 'AccountCorrected.v1',
    decidedAt: T0,
    data: { ...correct(amountFen).data, receivableFen: f(receivableFen), cardId, legs },
  });
  it('draws in the order of the pack from the card in use, then cardless; beyond that the holder owes', () => {
    const cardless = subAccount('cardless', 'currentYear');
    given(...begun)
      .when(correct(3500), facts())
      .thenRecords(done(3500, 0, 'K1', leg(CURRENT, -3000), leg(PRIOR, -500), leg('fund:correction', 3500)));
    given(...begun, credited('cardless', 100))
      .when(correct(6000), facts())
      .thenRecords(
        done(
          6000,
          900,
          'K1',
          leg(CURRENT, -3000),
          leg(PRIOR, -2000),
          leg(cardless, -100),
          leg('receivable', -900),
          leg('fund:correction', 6000),
        ),
      );
    given(opened)
      .when(correct(100), facts())
      .thenRecords(done(100, 100, 'cardless', leg('receivable', -100), leg('fund:correction', 100)));
  });
  it('refuses what cannot be corrected', () => {
    given().when(correct(1), facts()).thenRefuses({ code: 'account-not-found' });
    given(resident)
      .when(correct(0, ''), facts())
      .thenRefuses({ code: 'no-personal-account' }, { code: 'amount-not-positive', field: 'amount' }, { code: 'legal-basis-missing' });
  });
});

describe('medical account: place and lift freeze', () => {
  const lift = {
    type: 'LiftFreeze',
    data: { key: 'business-agency-8', commandHash: 'c', freezeId: 'F1', reason: 'cleared', liftedBy: 'agency' },
  } as const;
  const lifted: MedicalAccountEvent = { type: 'FreezeLifted.v1', decidedAt: T0, data: lift.data };
  it('begins now unless it says otherwise', () => {
    given(...begun)
      .when(place(), facts())
      .thenRecords(placed());
    const later = { from: '2026-04-01T00:00:00.000Z', until: '2026-05-01T00:00:00.000Z' };
    given(...begun)
      .when(place(later), facts())
      .thenRecords(placed(later));
  });
  it('refuses dates, cards and amounts that cannot be', () => {
    given().when(place(), facts()).thenRefuses({ code: 'account-not-found' });
    given(...begun)
      .when(place({ scope: { kind: 'cardArea', cardId: 'K9' } }), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    given(...begun)
      .when(place({ until: T0 }), facts())
      .thenRefuses({ code: 'freeze-ends-before-it-begins', from: T0, until: T0 });
    given(...begun)
      .when(place({ scope: { kind: 'amount', amountFen: f(0) } }), facts())
      .thenRefuses({ code: 'amount-not-positive', field: 'scope.amount' });
    given(...begun, placed({ key: 'k' }))
      .when(place(), facts())
      .thenRefuses({ code: 'freeze-exists', freezeId: 'F1' });
  });
  it('is lifted once, and not after it ended by its term', () => {
    given(...begun, placed())
      .when(lift, facts())
      .thenRecords(lifted);
    given(...begun, placed(), lifted)
      .when(lift, facts())
      .thenReplays(recorded(4, lifted));
    given(...begun, placed(), lifted)
      .when({ ...lift, data: { ...lift.data, key: 'k9' } }, facts())
      .thenRefuses({ code: 'freeze-ended', freezeId: 'F1', endedAt: T0 });
    given(...begun)
      .when(lift, facts())
      .thenRefuses({ code: 'freeze-not-found', freezeId: 'F1' });
    const until = '2026-05-01T00:00:00.000Z';
    given(...begun, placed({ until }))
      .when(lift, facts({ decidedAt: until }))
      .thenRefuses({ code: 'freeze-ended', freezeId: 'F1', endedAt: until });
  });
});
