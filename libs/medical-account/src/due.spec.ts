import { settleDue } from '#libs/kernel';
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
  STREAM,
  settled,
  stoppingPolicy,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  type AccountFacts,
  balanceFen,
  type CreditAccount,
  carriedStateOf,
  EVENTS_BETWEEN_CLOSINGS_MAX,
  medicalFen as f,
  type MedicalAccountEvent,
  medicalAccount,
} from './index';

const NO_KEY = { key: null, commandHash: null } as const;
const BOUNDARY = '2026-12-31T16:00:00.000Z';
const NEXT_YEAR = '2027-01-01T02:00:00.000Z';

const fold = (events: readonly MedicalAccountEvent[]) =>
  recordedFrom(0, STREAM)(events).reduce(medicalAccount.evolve, medicalAccount.initialState());
const dueAt = (decidedAt: string, over: Partial<AccountFacts>, ...history: readonly MedicalAccountEvent[]) => {
  const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(history.length + offset, STREAM)(events);
  return settleDue(medicalAccount, { state: fold(history), facts: facts({ decidedAt, institution: null, ...over }), record });
};
const frozen = (until: string): MedicalAccountEvent => ({
  type: 'FreezePlaced.v1',
  decidedAt: T0,
  data: {
    key: 'k',
    commandHash: 'h',
    freezeId: 'F1',
    scope: { kind: 'person' },
    cause: 'judicialFreeze',
    legalDocument: 'D',
    from: T0,
    until,
    placedBy: 'c',
  },
});
const lost: MedicalAccountEvent = { type: 'TemporaryLossReported.v1', decidedAt: T0, data: { key: 'l', commandHash: 'h', cardId: 'K1' } };
const stopped = (cardId: string, phase: string, effectiveAt: string, decidedAt: string): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt,
  data: { ...NO_KEY, cardId, cause: 'phase', phase, effectiveAt, reason: `phase ${phase}` },
});
const sealed = (cardId: string, decidedAt: string): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'card stopped' },
});

describe('medical account: the year rolls over', () => {
  const interest = (currentFen: number, priorFen: number, products: readonly [number, number]): MedicalAccountEvent => ({
    type: 'InterestPosted.v1',
    decidedAt: NEXT_YEAR,
    data: {
      effectiveAt: BOUNDARY,
      packId: 'P1',
      items: [
        { account: CURRENT, productFenDays: products[0], annualRate: '0.0036', interestFen: f(currentFen) },
        { account: PRIOR, productFenDays: products[1], annualRate: '0.0108', interestFen: f(priorFen) },
      ].filter(({ interestFen }) => interestFen > 0),
      legs: [leg('fund:interest', -(currentFen + priorFen)), leg(CURRENT, currentFen), leg(PRIOR, priorFen)].filter(
        ({ amountFen }) => amountFen !== 0,
      ),
    },
  });

  it('posts the interest of 306 days on each bucket, then makes this year’s money prior-year money', () => {
    const { events, state } = dueAt(NEXT_YEAR, {}, ...begun);
    expect(events).toStrictEqual([
      interest(9, 18, [918_000, 612_000]), // 918,000 × 0.0036 / 360 = 9.18; 612,000 × 0.0108 / 360 = 18.36
      {
        type: 'YearRolledOver.v1',
        decidedAt: NEXT_YEAR,
        data: { effectiveAt: BOUNDARY, year: 2026, legs: [leg(CURRENT, -3009), leg(PRIOR, 3009)], carried: carriedStateOf(state) },
      },
    ]);
    expect(carriedStateOf(state)).toMatchObject({
      balances: [[PRIOR, 5027]],
      products: [[PRIOR, { fenDays: 0, through: '2027-01-01' }]],
      rolledOverThrough: BOUNDARY,
    });
  });
  it('rounds interest half up to the fen: 0.50 of a fen is one, a little less is none', () => {
    const half = policy({ interest: { currentYearAnnualRate: '0.36', priorYearAnnualRate: '0', dayCount: 360 } });
    const on = (amountFen: number, decidedAt: string) =>
      dueAt(NEXT_YEAR, { policies: [half] }, opened, registered('K1'), credited('K1', amountFen, 0, decidedAt)).events;
    // 1 day at 0.001 a day: 500 fen earn 0.50, 499 fen 0.499.
    expect(on(500, '2026-12-30T16:00:00.000Z').map(({ type }) => type)).toEqual(['InterestPosted.v1', 'YearRolledOver.v1']);
    expect(on(499, '2026-12-30T16:00:00.000Z').map(({ type }) => type)).toEqual(['YearRolledOver.v1']);
    expect(on(500, '2026-12-31T15:59:59.999Z')).toHaveLength(2); // Still the last day of the year in Asia/Shanghai.
  });
  it('counts each balance from the day it came to the day it went', () => {
    // 3,000 for 100 days, then 9,000 for 206 days: 2,154,000 fen × days earn 21.54; the prior year's 2,000 for 306 days 18.36.
    const { events } = dueAt(NEXT_YEAR, {}, ...begun, credited('K1', 6000, 0, '2026-06-09T01:00:00.000Z'));
    expect(events[0]).toStrictEqual(interest(22, 18, [2_154_000, 612_000]));
  });
  it('comes at midnight of Asia/Shanghai, not a millisecond earlier', () => {
    expect(dueAt('2026-12-31T15:59:59.999Z', {}, ...begun).events).toEqual([]);
    expect(dueAt(BOUNDARY, {}, ...begun).events).toHaveLength(2);
  });
  it('catches up two years as two, the second with the interest of the first', () => {
    const { events, state } = dueAt('2028-05-01T00:00:00.000Z', {}, ...begun);
    expect(events.map(({ type }) => type)).toEqual(['InterestPosted.v1', 'YearRolledOver.v1', 'InterestPosted.v1', 'YearRolledOver.v1']);
    expect(balanceFen(state)).toBe(5027 + 55); // 5,027 × 365 × 0.0108 / 360 = 55.04
  });
  it('leaves equal balances whether a job came in time, late or never', () => {
    const credit: CreditAccount = {
      type: 'CreditAccount',
      data: {
        key: 'k',
        commandHash: 'h',
        source: 'retiree',
        reference: 'r',
        period: null,
        amountFen: f(1),
        bucket: 'currentYear',
        legalBasis: null,
      },
    };
    const at = '2028-05-01T00:00:00.000Z';
    const balancesAfter = (...jobs: readonly string[]) => {
      const history = [...begun];
      for (const job of jobs) history.push(...dueAt(job, {}, ...history).events);
      return carriedStateOf(given(...history).when(credit, facts({ decidedAt: at })).after);
    };
    const never = balancesAfter();
    expect(balancesAfter(BOUNDARY, '2027-12-31T16:00:00.000Z')).toStrictEqual(never);
    expect(balancesAfter('2027-07-01T00:00:00.000Z')).toStrictEqual(never);
    expect(balancesAfter('2026-12-31T15:59:59.999Z', BOUNDARY)).toStrictEqual(never);
  });
  it('follows the pack in force at the boundary, also when the day of the year changes', () => {
    const july = policy({
      packId: 'P2',
      effectiveFrom: '2026-05-01T00:00:00.000Z',
      rollover: { month: 7, day: 1 },
      interest: { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 },
    });
    const { events } = dueAt('2027-08-01T00:00:00.000Z', { policies: [policy(), july] }, ...begun);
    expect(events.map(({ data }) => ('effectiveAt' in data ? data.effectiveAt : null))).toEqual([
      '2026-06-30T16:00:00.000Z',
      '2027-06-30T16:00:00.000Z',
    ]);
  });
  it('lets sealed and cardless money earn too', () => {
    const history = [
      opened,
      oldCard('K1'),
      credited('K1', 0, 2000),
      stopped('K1', 'x', T0, T0),
      sealed('K1', T0),
      credited('cardless', 0, 2000),
    ];
    expect(balanceFen(dueAt(NEXT_YEAR, {}, ...history).state)).toBe(4036);
  });
});

describe('medical account: a closing', () => {
  it('carries what the fold of the full history knows, and is where loading begins', () => {
    const history = [...begun, oldCard('K0'), frozen('2026-04-01T00:00:00.000Z'), lost, settled()];
    const { events } = dueAt(NEXT_YEAR, {}, ...history);
    const closing = events.at(-1);
    if (closing?.type !== 'YearRolledOver.v1') throw new Error('no closing');
    expect(carriedStateOf(fold([...history, ...events]))).toStrictEqual(closing.data.carried);
    expect(carriedStateOf(fold([closing]))).toStrictEqual(closing.data.carried);
  });
  it('comes after 500 events at the latest', () => {
    const many = Array.from({ length: EVENTS_BETWEEN_CLOSINGS_MAX - begun.length }, (_, i) => {
      const at = new Date(Date.parse(T0) + i).toISOString();
      return credited('K1', 1, 0, at);
    });
    expect(dueAt(T0, {}, ...begun, ...many.slice(1)).events).toEqual([]);
    const { events, state } = dueAt(T0, {}, ...begun, ...many);
    expect(events).toStrictEqual([{ type: 'AccountCarriedForward.v1', decidedAt: T0, data: { carried: carriedStateOf(state) } }]);
    expect(medicalAccount.isClosing(events[0] as MedicalAccountEvent)).toBe(true);
  });
});

describe('medical account: cards stop in phases', () => {
  const stopping = { policies: [stoppingPolicy] };
  const [FIRST, LAST] = ['2026-03-31T16:00:00.000Z', '2026-12-30T16:00:00.000Z'];
  it('by years without a swipe, to the day, with the seal on their money', () => {
    const at = '2026-04-01T00:00:00.000Z';
    const on = (lastSwipedOn: string | null) => dueAt(at, stopping, opened, oldCard('K1', { lastSwipedOn }), credited('K1', 100)).events;
    expect(on('2024-04-01')).toStrictEqual([stopped('K1', 'first', FIRST, at), sealed('K1', at)]);
    expect(on(null)).toHaveLength(2);
    expect(on('2024-04-02')).toEqual([]);
  });
  it('a swipe keeps a card in use until the last phase', () => {
    const used = settled({}, { occurredAt: T0 });
    const history = [opened, oldCard('K1', { lastSwipedOn: '2020-01-01' }), credited('K1', 3000, 2000), used];
    expect(dueAt('2026-04-01T00:00:00.000Z', stopping, ...history).events).toEqual([]);
    expect(dueAt(LAST, stopping, ...history).events).toStrictEqual([stopped('K1', 'last', LAST, LAST), sealed('K1', LAST)]);
  });
  it('only the kinds of the phase stop; a card without a personal account has nothing to seal', () => {
    const resident = oldCard('K2', { kind: 'residentMedical', carriesPersonalAccount: false });
    const history = [opened, resident, registered('K3')];
    expect(dueAt(FIRST, stopping, ...history).events).toEqual([]);
    expect(dueAt(LAST, stopping, ...history).events).toStrictEqual([stopped('K2', 'last', LAST, LAST)]);
  });
  it('a card registered years after its phase is stopped by the next command, and its swipe refused', () => {
    const late = policy({
      cardStops: [{ phase: 'all', at: '2017-12-30T16:00:00.000Z', cardKinds: ['labourSecurity'], inactiveYears: null }],
    });
    given(opened, oldCard('K1'), credited('K1', 100))
      .when(swipe(), facts({ policies: [late] }))
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
  });
  it('no card is stopped twice, nor one that was cancelled', () => {
    const once = [opened, oldCard('K1', { lastSwipedOn: '2020-01-01' }), stopped('K1', 'first', FIRST, FIRST), sealed('K1', FIRST)];
    expect(dueAt(LAST, stopping, ...once).events).toEqual([]);
    const gone: MedicalAccountEvent = {
      type: 'CardCancelled.v1',
      decidedAt: T0,
      data: { ...NO_KEY, cardId: 'K1', cause: 'holder', successorCardId: null, reason: 'x' } as never,
    };
    expect(dueAt(LAST, stopping, opened, oldCard('K1'), gone).events).toEqual([]);
  });
});

describe('medical account: what is due comes in the order of its effect', () => {
  it('a loss lapses, a freeze ends, a card stops, the year rolls over, each at its own instant', () => {
    const history = [
      opened,
      oldCard('K1', { lastSwipedOn: '2026-02-01' }),
      credited('K1', 0, 2000),
      lost,
      frozen('2026-06-01T00:00:00.000Z'),
    ];
    const { events } = dueAt(NEXT_YEAR, { policies: [stoppingPolicy] }, ...history);
    expect(events.map(({ type, data }) => [type, 'effectiveAt' in data ? data.effectiveAt : null])).toEqual([
      ['CardRestored.v1', '2026-03-08T01:00:00.000Z'],
      ['FreezeEnded.v1', '2026-06-01T00:00:00.000Z'],
      ['CardStopped.v1', '2026-12-30T16:00:00.000Z'],
      ['SubAccountSealed.v1', null],
      ['InterestPosted.v1', BOUNDARY],
      ['YearRolledOver.v1', BOUNDARY],
    ]);
  });
  it('at one instant: losses lapse, then freezes end, then cards stop, then the year rolls over', () => {
    const lapse = '2026-03-08T01:00:00.000Z';
    const stop = { phase: 'x', at: lapse, cardKinds: ['labourSecurity' as const], inactiveYears: null };
    const { events } = dueAt(lapse, { policies: [policy({ cardStops: [stop] })] }, opened, oldCard('K1'), lost, frozen(lapse));
    expect(events.map(({ type }) => type)).toEqual(['CardRestored.v1', 'FreezeEnded.v1', 'CardStopped.v1', 'SubAccountSealed.v1']);
    const newYear = policy({ cardStops: [{ ...stop, at: BOUNDARY }] });
    const types = dueAt(BOUNDARY, { policies: [newYear] }, opened, oldCard('K1'), frozen(BOUNDARY)).events.map(({ type }) => type);
    expect(types).toEqual(['FreezeEnded.v1', 'CardStopped.v1', 'SubAccountSealed.v1', 'YearRolledOver.v1']);
  });
  it('nothing is due on an account that was never opened, and asking for it alone says so', () => {
    expect(dueAt(NEXT_YEAR, {}).events).toEqual([]);
    given(...begun)
      .when({ type: 'SettleDue', data: {} }, facts())
      .thenRefuses({ code: 'nothing-due' });
  });
});

describe('medical account: a damaged stream stops the reader', () => {
  const damaged = (name: string, ...events: readonly MedicalAccountEvent[]) => [name, events] as const;
  it.each([
    damaged('legs sum to', ...begun, { ...credited('K1', 1), data: { ...credited('K1', 1).data, legs: [leg(CURRENT, 1)] } }),
    damaged('would be negative', ...begun, settled({}, { legs: [leg(CURRENT, -3001), leg('payable:H1', 3001)] })),
    damaged('before the account was opened', credited('K1', 1)),
    damaged('opened twice', opened, opened),
    damaged('more was offset than the holder owed', ...begun, {
      ...credited('K1', 1),
      data: { ...credited('K1', 1).data, legs: [leg('fund:retiree', -1), leg('receivable', 1)] },
    }),
    damaged('a card that is not on this account', opened, stopped('K9', 'x', T0, T0)),
    damaged('no rule of this account moves money to hold:1', ...begun, {
      ...credited('K1', 1),
      data: { ...credited('K1', 1).data, legs: [leg('fund:retiree', -1), leg('hold:1', 1)] },
    }),
    damaged('a freeze ended that was not in force', ...begun, {
      type: 'FreezeEnded.v1',
      decidedAt: T0,
      data: { freezeId: 'F9', effectiveAt: T0 },
    }),
    damaged('registered twice', ...begun, registered('K1')),
  ])('when %s', (message, events) => {
    expect(() => fold(events)).toThrow(message);
  });
  it('is unlike a whole one, which folds', () => expect(fold([...begun, recorded(3, settled())]).eventsSinceClosing).toBe(4));
});
