import {
  begun,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  policy,
  recorded,
  registered,
  STREAM,
  stoppingPolicy,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { act, before, keyed, lost, moved, reason, sealed, stopped } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  type AccountFacts,
  carriedStateOf,
  type EnableCard,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  type RegisterCard,
  subAccount,
} from './index';

const register = (over: Partial<RegisterCard['data']> = {}): RegisterCard => ({
  type: 'RegisterCard',
  data: {
    ...keyed,
    cardId: 'K2',
    kind: 'labourSecurity',
    state: 'inUse',
    lastSwipedOn: null,
    media: null,
    commitments: {},
    opening: null,
    issue: null,
    validDays: null,
    ...over,
  },
});

describe('medical account: an act on a card that comes again', () => {
  const onK1 = { ...keyed, cardId: 'K1' };
  it.each<[MedicalAccountCommand, ...MedicalAccountEvent[]]>([
    [act('StopCard')],
    [{ type: 'CancelCard', data: { ...onK1, cause: 'holder', reason } }],
    [act('ReportTemporaryLoss')],
    [act('LiftTemporaryLoss'), before(lost)],
    [act('SealSubAccount')],
    [act('UnsealSubAccount'), before(sealed())],
    [{ type: 'TransferBalance', data: { ...keyed, fromCardId: 'K1', toCardId: 'K2', place: null } }, oldCard('K2')],
  ])('$type is answered with the first', (command, ...history) => {
    const first = given(...begun, ...history).when(command, facts()).decision;
    if (first.kind !== 'accepted') throw new Error('refused');
    const nth = first.events.findIndex(({ data }) => 'key' in data && data.key === keyed.key);
    const original = recorded(begun.length + history.length + nth, first.events[nth] as MedicalAccountEvent);
    given(...begun, ...history, ...first.events)
      .when(command, facts())
      .thenReplays(original);
    given(...begun, ...history, ...first.events)
      .when({ ...command, data: { ...command.data, commandHash: 'other' } } as MedicalAccountCommand, facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: original.type });
  });
  it('a loss is lifted of a lost card only: of a stopped one the stop is told', () => {
    given(...begun, before(stopped()))
      .when(act('LiftTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
    given(...begun)
      .when(act('LiftTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
  });
});

describe('medical account: a card that is in use from the start', () => {
  const cardless = [opened, credited('cardless', 700)];
  const entered = registered('K2', { ...keyed, kind: 'labourSecurity', media: ['stripe'] });
  const taken = moved(
    { fromCardId: 'cardless', toCardId: 'K2', amountFen: f(700) },
    leg(subAccount('cardless', 'currentYear'), -700),
    leg(subAccount('K2', 'currentYear'), 700),
  );
  const first = policy({ cardStops: stoppingPolicy.cardStops.slice(0, 1).map((stop) => ({ ...stop, at: T0 })) });

  it('takes what stood cardless', () => {
    given(...cardless)
      .when(register(), facts())
      .thenRecords(entered, taken);
  });
  it('leaves it where it stands when a phase has stopped cards like it, and takes it when it was swiped since', () => {
    const after: Partial<AccountFacts> = { policies: [first] };
    given(...cardless)
      .when(register(), facts(after))
      .thenRecords(entered);
    const swiped = { lastSwipedOn: '2025-06-01' };
    given(...cardless)
      .when(register(swiped), facts(after))
      .thenRecords({ ...entered, data: { ...entered.data, ...swiped } }, taken);
  });
  it('with an opening of nothing is credited nothing; one below nothing cannot be, in either bucket', () => {
    const opening = { currentYearFen: f(0), priorYearFen: f(0), reference: 'L1' };
    given(opened).when(register({ opening }), facts()).thenRecords(entered);
    for (const wrong of [{ currentYearFen: f(-1) }, { priorYearFen: f(-1) }])
      given(opened)
        .when(register({ opening: { ...opening, ...wrong } }), facts())
        .thenRefuses({ code: 'amount-not-positive', field: 'opening' });
  });
});

describe('medical account: a kind of card that the pack no longer names', () => {
  const { socialSecurity3: _gone, ...kept } = policy().cardKinds;
  const without = facts({ policies: [policy({ cardKinds: kept })] });
  it('stays on its account, and keeps no other card out', () => {
    const second = { kind: 'socialSecurity2', media: ['contactChip'] } as const;
    given(opened, registered('K1'))
      .when(register({ kind: 'socialSecurity2' }), without)
      .thenRecords(registered('K2', { ...keyed, ...second, media: [...second.media] }));
  });
  it('is enabled no more', () => {
    const enable: EnableCard = {
      type: 'EnableCard',
      data: { ...keyed, cardId: 'K1', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
    };
    given(opened, registered('K1', { state: 'registered' }))
      .when(enable, without)
      .thenRefuses({ code: 'card-kind-not-accepted', kind: 'socialSecurity3' });
  });
});

describe('medical account: what a closing carries', () => {
  const stateOf = (...history: MedicalAccountEvent[]) =>
    recordedFrom(0, STREAM)(history).reduce(medicalAccount.evolve, medicalAccount.initialState());
  it('is nothing before the account is opened', () => {
    expect(() => carriedStateOf(stateOf())).toThrow(new Error('no account was opened: there is nothing to carry'));
  });
  it('holds what money has earned that is gone since, and no sub-account that never earned', () => {
    const later = '2026-03-11T01:00:00.000Z';
    const gone: MedicalAccountEvent = {
      type: 'AccountCorrected.v1',
      decidedAt: later,
      data: {
        key: 'business-agency-9',
        commandHash: 'h',
        amountFen: f(700),
        legalBasis: 'B1',
        reason,
        receivableFen: f(0),
        cardId: 'cardless',
        legs: [leg(subAccount('cardless', 'currentYear'), -700), leg('fund:correction', 700)],
      },
    };
    const { balances, products } = carriedStateOf(stateOf(opened, credited('cardless', 700), gone));
    expect(balances).toStrictEqual([]);
    expect(products).toStrictEqual([[subAccount('cardless', 'currentYear'), { fenDays: 7000, through: '2026-03-11' }]]);
    expect(carriedStateOf(stateOf(opened, credited('cardless', 700), { ...gone, decidedAt: T0 })).products).toStrictEqual([]);
  });
  it('holds freezes in one order, whichever was placed first', () => {
    const freeze = (freezeId: string): MedicalAccountEvent => ({
      type: 'FreezePlaced.v1',
      decidedAt: T0,
      data: {
        ...keyed,
        key: `business-agency-${freezeId}`,
        freezeId,
        scope: { kind: 'person' },
        cause: 'judicialFreeze',
        legalDocument: 'L',
        from: T0,
        until: null,
        placedBy: 'P',
      } as never,
    });
    const warm = stateOf(opened, freeze('F2'), freeze('F1'));
    const carried = carriedStateOf(warm);
    const closing = { type: 'AccountCarriedForward.v1', decidedAt: T0, data: { carried } } as unknown as MedicalAccountEvent;
    const [event] = recordedFrom(3, STREAM)([closing]) as [Parameters<typeof medicalAccount.evolve>[1]];
    expect([...medicalAccount.evolve(warm, event).freezes.keys()]).toStrictEqual(['F1', 'F2']);
  });
});
