import {
  begun,
  cancel,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  policy,
  recorded,
  registered,
  STREAM,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { act, cancelledCard, keyed, moved, toK2 } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  type AccountPolicy,
  medicalFen as f,
  type LiftFreeze,
  type MedicalAccountEvent,
  medicalAccount,
  NOTHING_UNDONE,
  policyAt,
  type RegisterCard,
  subAccount,
} from './index';

const first = policy();
const second = policy({ packId: 'P2', effectiveFrom: '2026-04-01T00:00:00.000Z' });

describe('medical account: the pack in force', () => {
  it('is the last that has begun, from its first instant on; before the first, the first', () => {
    const at = (instant: string) => policyAt([first, second], instant).packId;
    expect(at('2014-01-01T00:00:00.000Z')).toBe('P1');
    expect(at('2026-03-31T23:59:59.999Z')).toBe('P1');
    expect(at('2026-04-01T00:00:00.000Z')).toBe('P2');
    expect(at('2030-01-01T00:00:00.000Z')).toBe('P2');
  });
  it('is missed where there is none', () => {
    expect(() => policyAt([], T0)).toThrow(new Error('no policy pack for this pooling area'));
  });
});

describe('medical account: phases of stops', () => {
  const stop = (at: string, over: Partial<AccountPolicy['cardStops'][number]> = {}) => ({
    phase: 'all',
    at,
    cardKinds: ['labourSecurity'] as const,
    inactiveYears: null,
    ...over,
  });
  const NOW = '2026-06-01T01:00:00.000Z';
  const dueUnder = (...policies: AccountPolicy[]) => {
    const state = recordedFrom(
      0,
      STREAM,
    )<MedicalAccountEvent>([opened, oldCard('K1')]).reduce(medicalAccount.evolve, medicalAccount.initialState());
    return medicalAccount.due(state, facts({ decidedAt: NOW, policies })).map(({ type }) => type);
  };
  const STOPPED = ['CardStopped.v1', 'SubAccountSealed.v1'];

  it('are those of the pack that was in force when they came', () => {
    expect(dueUnder({ ...first, cardStops: [stop('2026-03-15T16:00:00.000Z')] }, second)).toStrictEqual(STOPPED);
    expect(dueUnder(first, { ...second, cardStops: [stop('2026-05-01T16:00:00.000Z')] })).toStrictEqual(STOPPED);
  });
  it('are none that were withdrawn before they came, and none that a pack tells from before its own time', () => {
    expect(dueUnder({ ...first, cardStops: [stop('2026-05-01T16:00:00.000Z')] }, second)).toStrictEqual([]);
    expect(dueUnder(first, { ...second, cardStops: [stop('2026-03-15T16:00:00.000Z')] })).toStrictEqual([]);
  });
  it('to come stop nothing yet; the last phase stops a card however lately it was swiped', () => {
    const register = (lastSwipedOn: string | null): RegisterCard => ({
      type: 'RegisterCard',
      data: {
        ...keyed,
        cardId: 'K2',
        kind: 'labourSecurity',
        state: 'inUse',
        lastSwipedOn,
        media: null,
        commitments: {},
        opening: null,
        issue: null,
        validDays: null,
      },
    });
    const entered = (lastSwipedOn: string | null) =>
      registered('K2', { ...keyed, kind: 'labourSecurity', media: ['stripe'], lastSwipedOn });
    const taken = moved(
      { fromCardId: 'cardless', toCardId: 'K2', amountFen: f(700) },
      leg(subAccount('cardless', 'currentYear'), -700),
      leg(subAccount('K2', 'currentYear'), 700),
    );
    given(opened, credited('cardless', 700))
      .when(register(null), facts({ policies: [{ ...first, cardStops: [stop('2026-03-01T01:00:00.001Z')] }] }))
      .thenRecords(entered(null), taken);
    given(opened, credited('cardless', 700))
      .when(register('2026-03-01'), facts({ policies: [{ ...first, cardStops: [stop('2026-02-01T00:00:00.000Z')] }] }))
      .thenRecords(entered('2026-03-01'));
  });
});

describe('medical account: repeats that are none', () => {
  it('a business number of another act is refused, even for the same content', () => {
    const sealed: MedicalAccountEvent = {
      type: 'SubAccountSealed.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', cause: 'agency', reason: 'r' },
    };
    given(...begun, sealed)
      .when(act('StopCard'), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'SubAccountSealed.v1' });
  });
  it('the card that was presented and its successor are one card; two cards are two', () => {
    const onK2 = settled({ cardId: 'K2' }, { legs: [], cashPaymentFen: f(6000) });
    const other = swipe({ cardId: 'K1', totalFeeFen: f(5999), commandHash: 'other' });
    const amount = { code: 'settlement-exists-with-different-amount', firstAt: T0, recordedFen: f(6000) } as const;
    const card = { code: 'settlement-exists-with-different-card', firstAt: T0 } as const;
    given(...begun, oldCard('K2'), cancelledCard(), moved({}, ...toK2), onK2)
      .when(other, facts())
      .thenRefuses(amount);
    given(...begun, oldCard('K2'), onK2)
      .when(other, facts())
      .thenRefuses(card, amount);
    const byCode = settled({ credentialKind: 'eCredential', cardId: null }, { cardId: 'K1' });
    given(...begun, byCode)
      .when(swipe({ credentialKind: 'eCredential', cardId: null, totalFeeFen: f(5999), commandHash: 'other' }), facts())
      .thenRefuses(amount);
  });
  it('on an account that was never opened nothing stands, and nothing is lifted', () => {
    const posting = { original: recorded(3, settled()), undone: NOTHING_UNDONE };
    given()
      .when(swipe({ commandHash: 'other' }), facts({ postings: [posting] }))
      .thenRefuses({ code: 'settlement-exists-with-different-card', firstAt: T0 });
    given()
      .when(cancel(), facts({ postings: [posting] }))
      .thenRefuses({ code: 'settlement-not-found', settlementKey: settled().data.key });
    const lift: LiftFreeze = { type: 'LiftFreeze', data: { ...keyed, freezeId: 'F1', reason: 'r', liftedBy: 'P' } };
    given().when(lift, facts()).thenRefuses({ code: 'account-not-found' });
  });
});

describe('medical account: a damaged ledger stops the reader', () => {
  const fold = (...events: MedicalAccountEvent[]) =>
    recordedFrom(0, STREAM)(events).reduce(medicalAccount.evolve, medicalAccount.initialState());
  it('where interest would be counted backwards', () => {
    expect(() => fold(...begun, credited('K1', 1, 0, '2026-02-27T01:00:00.000Z'))).toThrow(new Error('interest days run backwards'));
  });
  it('where money would go in transit by a rule of the account', () => {
    const event = credited('K1', 1);
    const legs = [leg('fund:contribution', -1), leg('inTransit:1', 1)];
    expect(() => fold(...begun, { ...event, data: { ...event.data, legs } })).toThrow('no rule of this account moves money to inTransit:1');
  });
});
