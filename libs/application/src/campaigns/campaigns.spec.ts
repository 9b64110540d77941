import type { Campaign, CampaignPhase } from '../engine';
import type { CardWithMoney } from '../read-models.port';
import { PlanTally } from './plan';
import { RunTally } from './run';
import { StatusTally } from './status';

const phase = (name: string, on: string, over: Partial<CampaignPhase> = {}): CampaignPhase => ({
  phase: name,
  nameZh: name,
  packId: 'city@1',
  on,
  at: new Date(Date.parse(`${on}T00:00:00+08:00`)).toISOString(),
  cardKinds: ['labourSecurity'],
  inactiveYears: 1,
  ...over,
});
const first = phase('idle', '2017-04-01');
const last = phase('all', '2017-12-31', { cardKinds: ['labourSecurity', 'residentMedical'], inactiveYears: null });
const putOff = phase('all', '2018-03-31', { cardKinds: ['labourSecurity', 'residentMedical'], inactiveYears: null, packId: 'city@2' });
const campaign = (...phases: CampaignPhase[]): Campaign => ({
  campaignId: 'city',
  poolingArea: '370200',
  cityZh: '市',
  phases,
  allPhases: [first, last, putOff],
  now: '2018-06-01T00:00:00.000Z',
});

const card = (over: Partial<CardWithMoney> = {}): CardWithMoney => ({
  ...{ accountId: 'A1', cardId: 'K1', poolingArea: '370200', district: '370202', kind: 'labourSecurity', state: 'inUse' },
  ...{ hasPersonalAccount: true, carriesPersonalAccount: true, registeredOn: '2015-01-01', lastSwipedOn: '2016-01-01' },
  ...{ enabledAt: null, enabledThrough: null, enabledUnder: null, enabledAtRevision: null, stopPhase: null, stoppedAt: null },
  ...{ successorCardId: null, logIndex: 1, amountFen: 1_000, sealed: false, movedFen: 0, moves: 0 },
  ...over,
});
const planned = (of: Campaign, ...cards: readonly CardWithMoney[]) => {
  const tally = new PlanTally(of, '2018-06-01');
  const stops = cards.map((one) => tally.count(one));
  return { stops, plan: tally.result() };
};

describe('the plan of a campaign', () => {
  it('a card that shares the balance of a new one stops and seals nothing: the money stands with that one', () => {
    const { stops, plan } = planned(campaign(first), card({ successorCardId: 'N1', amountFen: 0 }));
    expect([stops[0]?.seals, plan.phases[0]?.all]).toEqual([
      false,
      { cards: 1, seals: 0, sealedFen: 0, moves: 0, movedFen: 0, noKnownSwipe: 0 },
    ]);
  });
  it('a card belongs to the first phase that stops it: one of an earlier year is none of this year’s', () => {
    const { stops, plan } = planned(campaign(putOff), card(), card({ cardId: 'K2', lastSwipedOn: '2017-03-01' }));
    expect(stops).toEqual([undefined, undefined]);
    expect([plan.accounts, plan.phases.map(({ all }) => all.cards)]).toEqual([0, [0]]);
  });
  it('what is sealed already, carries no account, or is of a holder without one, stops and seals nothing', () => {
    const { plan } = planned(
      campaign(first, last),
      card(),
      card({ cardId: 'K2', sealed: true }),
      card({ cardId: 'K3', carriesPersonalAccount: false }),
      card({ accountId: 'A2', cardId: 'K4', hasPersonalAccount: false }),
    );
    expect(plan).toMatchObject({ accounts: 2, looked: 4 });
    expect(plan.phases[0]?.all).toEqual({ cards: 4, seals: 1, sealedFen: 1_000, moves: 0, movedFen: 0, noKnownSwipe: 0 });
  });
  it('cards that have ended in whatever way are not stopped again', () => {
    const ended = (['stopped', 'expired', 'cancelled', 'collected', 'destroyed'] as const).map((state) => card({ state }));
    const others = (['registered', 'inUse', 'temporarilyLost', 'retained', 'lost'] as const).map((state) => card({ state }));
    expect(planned(campaign(first, last), ...ended, ...others).plan.phases[0]?.all.cards).toBe(others.length);
  });
  it('counts cards without a known swipe apart, those that stop and those that work on', () => {
    const unknown = card({ lastSwipedOn: null });
    const { plan, stops } = planned(campaign(first), unknown, card({ kind: 'residentMedical', lastSwipedOn: null }));
    expect([plan.noKnownSwipe, plan.phases[0]?.all.noKnownSwipe, stops[0]?.reason]).toEqual([2, 1, 'noKnownSwipe']);
  });
  it('adds up by district and kind, unknown districts last', () => {
    const { plan } = planned(
      campaign(first, last),
      card({ district: null }),
      card({ district: '370203' }),
      card(),
      card({ kind: 'residentMedical', carriesPersonalAccount: false }),
    );
    const groups = plan.phases.map((one) => one.groups.map(({ district, kind, cards }) => [district, kind, cards]));
    expect(groups).toEqual([
      [
        ['370202', 'labourSecurity', 1],
        ['370203', 'labourSecurity', 1],
        [null, 'labourSecurity', 1],
      ],
      [['370202', 'residentMedical', 1]],
    ]);
  });
});

describe('what the accounts foresee', () => {
  it('goes before what the read model has: due interest is sealed too, money that moves is not sealed, a card that works on is none', () => {
    const tally = new PlanTally(campaign(first), '2018-06-01');
    const foreseen = new Map([
      ['K1', { becomes: 'sealed', amountFen: 1_007 }],
      ['K2', { becomes: 'moved', amountFen: 503 }],
      ['K4', { becomes: 'stopped', amountFen: 0 }],
    ] as const);
    const cards = ['K1', 'K2', 'K3', 'K4'].map((cardId) => card({ cardId }));
    const stops = cards.map((one) => tally.count(one, foreseen));
    expect(stops.map((stop) => stop && [stop.seals, stop.moves, stop.amountFen])).toEqual([
      [true, false, 1_007],
      [false, true, 503],
      undefined,
      [false, false, 0],
    ]);
    expect(tally.result().phases[0]?.all).toEqual({ cards: 3, seals: 1, sealedFen: 1_007, moves: 1, movedFen: 503, noKnownSwipe: 0 });
  });
});

describe('the status of a campaign', () => {
  const statusOf = (of: Campaign, ...cards: readonly CardWithMoney[]) => {
    const tally = new StatusTally(of, '2018-01-15');
    for (const one of cards) tally.count(one);
    return tally.result();
  };
  it('a phase that was put off has not stopped what the phase of its name stopped before', () => {
    const stopped = card({ state: 'stopped', stopPhase: 'all', stoppedAt: last.at, sealed: true });
    const [before, after] = statusOf(campaign(last, putOff), stopped);
    expect([before?.begun, before?.stopped, before?.sealed]).toEqual([true, 1, { cards: 1, amountFen: 1_000 }]);
    expect([after?.begun, after?.stopped]).toEqual([false, 0]);
    expect(statusOf(campaign(putOff), stopped)[0]?.stopped).toBe(0); // Nor when that is another year's.
  });
  it('what has moved is counted with its stop, whatever became of the card', () => {
    const gone = card({ state: 'destroyed', stopPhase: 'idle', stoppedAt: first.at, amountFen: 0, movedFen: 700, moves: 2 });
    expect(statusOf(campaign(first), gone)[0]).toMatchObject({ stopped: 1, sealed: { cards: 0 }, moved: { cards: 1, amountFen: 700 } });
  });
  it('what is to come counts a card once, with its first phase', () => {
    expect(statusOf(campaign(first, last), card()).map(({ toCome }) => toCome)).toEqual([
      { cards: 1, amountFen: 1_000 },
      { cards: 0, amountFen: 0 },
    ]);
  });
});

describe('a run', () => {
  const answer = (...events: readonly (readonly [type: string, data: object])[]) => ({
    kind: 'done' as const,
    replayed: false,
    value: {
      accountId: 'A1',
      id: null,
      decidedAt: '',
      stream: '',
      events: events.map(([type, data]) => ({ type, data, eventId: '', revision: 1 })),
    },
  });
  it('counts stops and the seals that go with them by phase; other seals, and accounts that gave no answer, are told apart', () => {
    const tally = new RunTally(campaign(first, last));
    tally.count(
      answer(
        ['CardStopped.v1', { phase: 'idle' }],
        ['SubAccountSealed.v1', {}],
        ['CardStopped.v1', { phase: 'all' }],
        ['CardExpired.v1', {}],
        ['SubAccountSealed.v1', {}],
      ),
    );
    tally.count(answer(['CardExpired.v1', {}], ['SubAccountSealed.v1', {}]));
    tally.count(answer());
    tally.count({ kind: 'fault' });
    expect(tally.counts()).toEqual({
      accounts: 4,
      stopped: 2,
      sealed: 1,
      nothingDue: 1,
      notDone: 1,
      phases: { idle: { stopped: 1, sealed: 1 }, all: { stopped: 1, sealed: 0 } },
    });
  });
});
