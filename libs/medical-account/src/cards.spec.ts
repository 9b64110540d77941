import {
  begun,
  CURRENT,
  credited,
  facts,
  firstSwipePolicy,
  leg,
  oldCard,
  opened,
  PRIOR,
  policy,
  recorded,
  registered,
  STREAM,
  T0,
} from '../../../test/support/account-fixture';
import { deciderSpec } from '../../../test/support/decider-spec';
import {
  cardInUse,
  type EnableCard,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  type RegisterCard,
  subAccount,
} from './index';

const { given } = deciderSpec(medicalAccount, STREAM);
const NO_KEY = { key: null, commandHash: null } as const;
const keyed = { key: 'business-agency-7', commandHash: 'c' };
const reason = 'asked for';
/** The same event under an earlier number: the number of the command is new. */
const before = <E extends MedicalAccountEvent>(event: E): E => ({
  ...event,
  data: { ...event.data, key: `business-before-${event.type}` },
});
const act = <T extends 'StopCard' | 'SealSubAccount' | 'UnsealSubAccount' | 'ReportTemporaryLoss' | 'LiftTemporaryLoss'>(
  type: T,
  cardId = 'K1',
) => ({ type, data: { ...keyed, cardId, ...(type.endsWith('Loss') ? {} : { reason }) } }) as Extract<MedicalAccountCommand, { type: T }>;

const sealed = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'card stopped' },
});
const unsealed = (cardId: string, cause: 'successorEnabled' | 'agency', why: string): MedicalAccountEvent => ({
  type: 'SubAccountUnsealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause, reason: why },
});
const stopped = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt: T0,
  data: { ...keyed, cardId, cause: 'agency', phase: null, effectiveAt: T0, reason },
});
const lost: MedicalAccountEvent = { type: 'TemporaryLossReported.v1', decidedAt: T0, data: { ...keyed, cardId: 'K1' } };
const cancelledCard = (over: Partial<Extract<MedicalAccountEvent, { type: 'CardCancelled.v1' }>['data']> = {}): MedicalAccountEvent => ({
  type: 'CardCancelled.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId: 'K1', cause: 'replaced', successorCardId: 'K2', reason: 'successor card enabled', ...over } as never,
});
const moved = (
  over: Partial<Extract<MedicalAccountEvent, { type: 'BalanceTransferred.v1' }>['data']>,
  ...legs: ReturnType<typeof leg>[]
): MedicalAccountEvent => ({
  type: 'BalanceTransferred.v1',
  decidedAt: T0,
  data: { ...NO_KEY, fromCardId: 'K1', toCardId: 'K2', cause: 'enablement', amountFen: f(5000), wasSealed: false, legs, ...over } as never,
});
const toK2 = [leg(CURRENT, -3000), leg(subAccount('K2', 'currentYear'), 3000), leg(PRIOR, -2000), leg(subAccount('K2', 'priorYear'), 2000)];
const resident: MedicalAccountEvent = { ...opened, data: { ...opened.data, insuranceType: 'resident', hasPersonalAccount: false } };

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
    data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: true, ...over },
  });
  const enabled: MedicalAccountEvent = {
    type: 'CardEnabled.v1',
    decidedAt: T0,
    data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: true },
  };
  const fresh = registered('K2', { state: 'registered' });

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
      .when(enable({ channel: 'hotline' }), facts({ policies: [firstSwipePolicy] }))
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

describe('medical account: stop, cancel, seal', () => {
  it('stopping a card seals what it holds, an empty one too; a card without a personal account has nothing to seal', () => {
    given(opened, registered('K1')).when(act('StopCard'), facts()).thenRecords(stopped(), sealed());
    given(opened, registered('K1', { carriesPersonalAccount: false }))
      .when(act('StopCard'), facts())
      .thenRecords(stopped());
    given(resident, registered('K1')).when(act('StopCard'), facts()).thenRecords(stopped());
    given(...begun, sealed())
      .when(act('StopCard'), facts())
      .thenRecords(stopped());
    given(opened, registered('K1'), before(stopped())).when(act('StopCard'), facts()).thenRefuses({ code: 'card-stopped', cardId: 'K1' });
  });
  it('cancelling a card makes its money cardless, or moves it to another card in use', () => {
    const cancel = { type: 'CancelCard', data: { ...keyed, cardId: 'K1', cause: 'holder', reason } } as const;
    const gone = (successorCardId: string | null) => cancelledCard({ ...keyed, cause: 'holder', successorCardId, reason } as never);
    const cardless = [
      leg(CURRENT, -3000),
      leg(subAccount('cardless', 'currentYear'), 3000),
      leg(PRIOR, -2000),
      leg(subAccount('cardless', 'priorYear'), 2000),
    ];
    given(...begun)
      .when(cancel, facts())
      .thenRecords(gone(null), moved({ toCardId: 'cardless', cause: 'agency' }, ...cardless));
    given(...begun, oldCard('K2'))
      .when(cancel, facts())
      .thenRecords(gone('K2'), moved({ cause: 'agency' }, ...toK2));
    given(...begun, stopped(), sealed())
      .when({ ...cancel, data: { ...cancel.data, key: 'k9' } }, facts())
      .thenRecords(cancelledCard({ key: 'k9', commandHash: 'c', cause: 'holder', successorCardId: null, reason } as never));
    given(...begun, before(stopped()), sealed(), oldCard('K2'))
      .when(cancel, facts())
      .thenRecords(gone(null));
    given(...begun, cancelledCard({ successorCardId: null }))
      .when(cancel, facts())
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: false });
  });
  it('seals and unseals by order of the agency', () => {
    const seal: MedicalAccountEvent = {
      type: 'SubAccountSealed.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', cause: 'agency', reason },
    };
    const unseal: MedicalAccountEvent = {
      type: 'SubAccountUnsealed.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', cause: 'agency', reason },
    };
    given(...begun)
      .when(act('SealSubAccount'), facts())
      .thenRecords(seal);
    given(...begun, sealed())
      .when(act('UnsealSubAccount'), facts())
      .thenRecords(unseal);
    given(...begun, sealed())
      .when(act('SealSubAccount'), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
    given(...begun)
      .when(act('UnsealSubAccount'), facts())
      .thenRefuses({ code: 'sub-account-not-sealed', cardId: 'K1' });
    given(opened, registered('K1', { carriesPersonalAccount: false }))
      .when(act('SealSubAccount'), facts())
      .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K1' });
    given(...begun, cancelledCard({ successorCardId: null }), sealed())
      .when(act('UnsealSubAccount'), facts())
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: false });
  });
});

describe('medical account: temporary loss', () => {
  it('is reported on a card in use, and lifted while it lasts', () => {
    given(...begun)
      .when(act('ReportTemporaryLoss'), facts())
      .thenRecords(lost);
    given(...begun, before(lost))
      .when(act('LiftTemporaryLoss'), facts())
      .thenRecords({ type: 'TemporaryLossLifted.v1', decidedAt: T0, data: { ...keyed, cardId: 'K1' } });
  });
  it('is restored by itself at the end of the days, to the millisecond; lifting it then comes too late', () => {
    const until = '2026-03-08T01:00:00.000Z';
    const reported = before(lost);
    given(...begun, reported)
      .when(act('LiftTemporaryLoss'), facts({ decidedAt: until }))
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: until }))
      .thenRecords(
        { type: 'CardRestored.v1', decidedAt: until, data: { cardId: 'K1', effectiveAt: until } },
        { ...lost, decidedAt: until },
      );
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: '2026-03-08T00:59:59.999Z' }))
      .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: until });
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: '2026-06-01T00:00:00.000Z', policies: [policy({ temporaryLossDays: null })] }))
      .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: null });
  });
  it('refuses a card that is not in use', () => {
    given(...begun)
      .when(act('LiftTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(opened, registered('K1', { state: 'registered' }))
      .when(act('ReportTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-not-enabled', cardId: 'K1' });
  });
});

describe('medical account: transfer balance', () => {
  const transfer = (fromCardId: string, toCardId: string) =>
    ({ type: 'TransferBalance', data: { ...keyed, fromCardId, toCardId } }) as const;
  const ordered = { ...keyed, cause: 'agency' } as never;
  it('moves all of it, bucket by bucket, and takes a seal off', () => {
    given(...begun, oldCard('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRecords(moved(ordered, ...toK2));
    given(...begun, before(stopped()), sealed(), oldCard('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRecords(
        unsealed('K1', 'agency', 'balance transferred'),
        moved({ ...keyed, cause: 'agency', wasSealed: true } as never, ...toK2),
      );
    const cardless = subAccount('cardless', 'currentYear');
    given(opened, credited('cardless', 5000), registered('K2'))
      .when(transfer('cardless', 'K2'), facts())
      .thenRecords(
        moved(
          { ...keyed, fromCardId: 'cardless', cause: 'agency' } as never,
          leg(cardless, -5000),
          leg(subAccount('K2', 'currentYear'), 5000),
        ),
      );
  });
  it('refuses what cannot be moved', () => {
    given(...begun)
      .when(transfer('K9', 'K1'), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    given(...begun)
      .when(transfer('K1', 'K9'), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    given(...begun)
      .when(transfer('K1', 'K1'), facts())
      .thenRefuses({ code: 'same-sub-account', cardId: 'K1' });
    given(...begun)
      .when(transfer('cardless', 'K1'), facts())
      .thenRefuses({ code: 'nothing-to-transfer', fromCardId: 'cardless' });
    given(...begun, registered('K2', { state: 'registered' }))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'card-not-enabled', cardId: 'K2' });
    given(...begun, oldCard('K2'), sealed('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K2' });
    given(...begun, oldCard('K2', { carriesPersonalAccount: false }))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K2' });
  });
});
