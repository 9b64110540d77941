import {
  begun,
  credited,
  facts,
  firstSwipePolicy,
  leg,
  oldCard,
  opened,
  policy,
  recorded,
  registered,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, cancelledCard, keyed, lost, moved, resident, sealed, stopped, toK2, unsealed } from '../../../test/support/card-acts';
import { cardInUse, type EnableCard, medicalFen as f, type MedicalAccountEvent, type RegisterCard, subAccount } from './index';

describe('medical account: register card', () => {
  const register = (over: Partial<RegisterCard['data']> = {}): RegisterCard => ({
    type: 'RegisterCard',
    data: {
      ...keyed,
      cardId: 'K2',
      kind: 'socialSecurity3',
      state: 'registered',
      lastSwipedOn: null,
      media: null,
      commitments: { cardNumber: 'c0' },
      opening: null,
      issue: null,
      validDays: null,
      ...over,
    },
  });
  const entered = (over: Partial<Extract<MedicalAccountEvent, { type: 'CardRegistered.v1' }>['data']> = {}) =>
    registered('K2', { ...keyed, state: 'registered', commitments: { cardNumber: 'c0' }, ...over });

  it('takes the media of its kind from the pack, unless the card tells its own', () => {
    given(...begun)
      .when(register(), facts())
      .thenRecords(entered());
    given(...begun)
      .when(register({ media: ['qr'] }), facts())
      .thenRecords(entered({ media: ['qr'] }));
    given(...begun)
      .when(register({ kind: 'residentMedical' }), facts())
      .thenRecords(entered({ kind: 'residentMedical', media: ['stripe'], carriesPersonalAccount: false }));
  });
  it('takes over an old card as it was, with the balances that stood on it, in one append', () => {
    const old = { kind: 'labourSecurity', state: 'inUse', lastSwipedOn: '2014-05-06' } as const;
    given(opened)
      .when(register({ ...old, opening: { currentYearFen: f(100), priorYearFen: f(900), reference: 'L1' } }), facts())
      .thenRecords(entered({ ...old, media: ['stripe'] }), {
        type: 'AccountCredited.v1',
        decidedAt: T0,
        data: {
          key: 'credit-opening-L1',
          commandHash: 'c',
          source: 'opening',
          reference: 'L1',
          period: null,
          cardId: 'K2',
          legalBasis: null,
          legs: [leg('fund:opening', -1000), leg(subAccount('K2', 'currentYear'), 100), leg(subAccount('K2', 'priorYear'), 900)],
        },
      });
  });
  it('lets several old cards be in use side by side, and an old one beside a new one, but no second new one', () => {
    const inUse = { state: 'inUse' } as const;
    given(opened, oldCard('K1'))
      .when(register({ ...inUse, kind: 'labourSecurity' }), facts())
      .thenRecords(entered({ ...inUse, kind: 'labourSecurity', media: ['stripe'] }));
    given(...begun)
      .when(register({ ...inUse, kind: 'labourSecurity' }), facts())
      .thenRecords(entered({ ...inUse, kind: 'labourSecurity', media: ['stripe'] }));
    given(opened, oldCard('K1')).when(register(inUse), facts()).thenRecords(entered(inUse));
    given(...begun)
      .when(register(inUse), facts())
      .thenRefuses({ code: 'another-card-in-use', cardId: 'K1' });
  });
  it('refuses what cannot be', () => {
    const opening = { currentYearFen: f(1), priorYearFen: f(0), reference: 'K1-2026-03-01T01:00:00.000Z' };
    given().when(register(), facts()).thenRefuses({ code: 'account-not-found' });
    given(...begun)
      .when(register({ cardId: 'K1' }), facts())
      .thenRefuses({ code: 'card-already-registered', cardId: 'K1' });
    given(...begun)
      .when(register({ kind: 'medicalInsurance' }), facts())
      .thenRefuses({ code: 'card-kind-not-accepted', kind: 'medicalInsurance' });
    given(...begun)
      .when(register({ kind: 'residentMedical', opening }), facts())
      .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K2' });
    given(resident).when(register({ opening }), facts()).thenRefuses({ code: 'no-personal-account' });
    given(opened)
      .when(register({ opening: { ...opening, priorYearFen: f(-1) } }), facts())
      .thenRefuses({ code: 'amount-not-positive', field: 'opening' });
  });
  it('opens no reference twice', () => {
    const opening = { currentYearFen: f(100), priorYearFen: f(900), reference: 'L1' };
    const first = given(opened).when(register({ opening }), facts()).decision;
    if (first.kind !== 'accepted') throw new Error('not registered');
    given(opened, ...first.events)
      .when(register({ ...keyed, key: 'business-agency-8', cardId: 'K3', opening }), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'AccountCredited.v1' });
    given(opened, ...first.events)
      .when(register({ opening }), facts())
      .thenReplays(recorded(1, first.events[0]));
  });
});

describe('medical account: enable card', () => {
  const enable = (over: Partial<EnableCard['data']> = {}): EnableCard => ({
    type: 'EnableCard',
    data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: true, proxy: null, ...over },
  });
  const enabled: MedicalAccountEvent = {
    type: 'CardEnabled.v1',
    decidedAt: T0,
    data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: true, proxy: null },
  };
  const fresh = registered('K2', { state: 'registered' });

  it('the bank alone tells that the financial area was activated: every other channel is refused what nobody there knows', () => {
    const channels = ['hotline', 'centre', 'proxy', 'guardian', 'batch'] as const;
    const everywhere = facts({ policies: [policy({ enablement: { channels: ['bankOutlet', ...channels] } })] });
    for (const channel of ['hotline', 'centre', 'proxy', 'batch'] as const) {
      given(...begun, fresh)
        .when(enable({ channel }), everywhere)
        .thenRefuses({ code: 'financial-area-told-by-bank-only', channel });
      const { decision } = given(...begun, fresh).when(enable({ channel, financialAreaActivated: false }), everywhere);
      expect(decision.kind).toBe('accepted');
    }
    const proxy = { relation: 'child', proxyCheck: 'P', holderCheck: 'H', holderAge: 'adult' } as const;
    given(...begun, fresh)
      .when(enable({ proxy }), everywhere)
      .thenRefuses({ code: 'proxy-for-financial-business' });
  });
  it('cancels the old card and moves its balance by itself', () => {
    const done = given(...begun, fresh).when(enable(), facts());
    done.thenRecords(enabled, cancelledCard(), moved({}, ...toK2));
    expect(cardInUse(done.after)).toBe('K2');
  });
  it('replaces every earlier card, in use, lost or stopped, and takes the seals off', () => {
    const history = [
      opened,
      oldCard('K1'),
      credited('K1', 3000, 2000),
      before(stopped()),
      sealed(),
      oldCard('K0'),
      credited('K0', 100),
      fresh,
    ];
    given(...history)
      .when(enable(), facts())
      .thenRecords(
        enabled,
        unsealed('K1', 'successorEnabled', 'successor card enabled'),
        cancelledCard(),
        moved({ wasSealed: true }, ...toK2),
        cancelledCard({ cardId: 'K0' }),
        moved(
          { fromCardId: 'K0', amountFen: f(100) },
          leg(subAccount('K0', 'currentYear'), -100),
          leg(subAccount('K2', 'currentYear'), 100),
        ),
      );
    given(opened, registered('K1'), before(lost), fresh).when(enable(), facts()).thenRecords(enabled, cancelledCard());
  });
  it('fetches the sealed money of a card that was cancelled before, and leaves cards alone that were never in use', () => {
    const gone = cancelledCard({ ...keyed, cause: 'holder', successorCardId: null } as never);
    given(
      opened,
      oldCard('K1'),
      credited('K1', 3000, 2000),
      before(stopped()),
      sealed(),
      before(gone),
      registered('K3', { state: 'registered' }),
      fresh,
    )
      .when(enable(), facts())
      .thenRecords(enabled, unsealed('K1', 'successorEnabled', 'successor card enabled'), moved({ wasSealed: true }, ...toK2));
  });
  it('moves no money to a card that carries no personal account', () => {
    const bare = registered('K2', { state: 'registered', kind: 'temporary', carriesPersonalAccount: false });
    given(...begun, bare)
      .when(enable(), facts())
      .thenRecords(enabled);
  });
  it('refuses what cannot be enabled', () => {
    given().when(enable(), facts()).thenRefuses({ code: 'account-not-found' });
    given(...begun)
      .when(enable(), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K2' });
    given(...begun)
      .when(enable({ cardId: 'K1' }), facts())
      .thenRefuses({ code: 'card-in-use-already', cardId: 'K1' });
    given(...begun, stopped())
      .when(enable({ key: 'k', cardId: 'K1' }), facts())
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
    given(...begun, oldCard('K2', { state: 'registered' }))
      .when(enable(), facts())
      .thenRefuses({ code: 'card-kind-not-accepted', kind: 'labourSecurity' });
    given(...begun, fresh)
      .when(enable({ channel: 'hotline', financialAreaActivated: false }), facts({ policies: [firstSwipePolicy] }))
      .thenRefuses({ code: 'channel-not-allowed', channel: 'hotline', allowed: ['bankOutlet', 'firstSwipe'] });
  });
  it('answers a repeat with the original, and refuses another use of the number', () => {
    given(...begun, fresh, enabled, cancelledCard(), moved({}, ...toK2))
      .when(enable(), facts())
      .thenReplays(recorded(4, enabled));
    given(...begun, fresh, enabled)
      .when(enable({ commandHash: 'other' }), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'CardEnabled.v1' });
  });
});
