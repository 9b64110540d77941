import { cancel, credited, facts, oldCard, opened, policy, recorded, swipe } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import {
  type AccountPolicy,
  type CardRegistered,
  cardStateNow,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  medicalFen,
  settlementKey,
} from './index';

/** The first phase begins on 1 April 2017 in Shanghai: two years without a swipe. */
const STOP = '2017-03-31T16:00:00.000Z';
const A_SECOND_BEFORE = '2017-03-31T15:59:59.000Z';
const phase = { phase: 'inactiveTwoYears', at: STOP, cardKinds: ['labourSecurity'], inactiveYears: 2 } as const;
const qingdao = (over: Partial<AccountPolicy> = {}) =>
  policy({ effectiveFrom: '2010-01-01T00:00:00.000Z', cardStops: [phase], rollover: { month: 7, day: 1 }, lateEntryDays: 300, ...over });
const OPENED = '2015-01-05T01:00:00.000Z';
const at2015 = <E extends MedicalAccountEvent>(event: E): E => ({ ...event, decidedAt: OPENED });
const old = (cardId: string, over: Partial<CardRegistered['data']> = {}) => at2015(oldCard(cardId, over));
const swipeAt = (occurredAt: string, cardId = 'K1', serial = 'S1') =>
  swipe({
    ...{ occurredAt, cardId, serial, key: settlementKey('H1', serial), commandHash: serial },
    ...{ totalFeeFen: medicalFen(100), accountEligibleFen: medicalFen(100) },
  });
const fold = (history: readonly MedicalAccountEvent[]) =>
  history.map((event, i) => recorded(i, event)).reduce(medicalAccount.evolve, medicalAccount.initialState());
type Act = readonly [at: string, command: MedicalAccountCommand];
const play = (history: readonly MedicalAccountEvent[], acts: readonly Act[], ...policies: AccountPolicy[]) => {
  const all = [...history];
  const answers = acts.map(([decidedAt, command]) => {
    const { decision } = given(...all).when(command, facts({ decidedAt, policies: policies.length > 0 ? policies : [qingdao()] }));
    if (decision.kind === 'accepted') all.push(...decision.events);
    return decision.kind === 'refused' ? decision.refusals.map(({ code }) => code).join() : decision.kind;
  });
  return { answers, all, states: Object.fromEntries([...fold(all).cards].map(([id, card]) => [id, cardStateNow(card)])) };
};
const swipes = (at: string, history: readonly MedicalAccountEvent[], cardId = 'K1') =>
  play(history, [[at, swipeAt(at, cardId)]]).answers[0];
const lastSwiped = (lastSwipedOn: string | null) => [at2015(opened), old('K1', { lastSwipedOn }), at2015(credited('K1', 5000))];

describe('where the phased stop of old cards has its edges (Q2)', () => {
  it('exactly two years: last swiped on 1 April 2015 it stops, on 2 April 2015 it goes on', () => {
    expect([swipes(STOP, lastSwiped('2015-04-01')), swipes(STOP, lastSwiped('2015-04-02'))]).toEqual(['card-stopped', 'accepted']);
  });
  it('leap day: a swipe of 29 February 2016 is two years old on 1 March 2018, and not on 28 February yet', () => {
    const on = (at: string) => play(lastSwiped('2016-02-29'), [[at, swipeAt(at)]], qingdao({ cardStops: [{ ...phase, at }] })).answers[0];
    expect([on('2018-02-27T16:00:00.000Z'), on('2018-02-28T16:00:00.000Z')]).toEqual(['accepted', 'card-stopped']);
  });
  it('never swiped: it stops with the first phase, or is counted from its registration, by pack', () => {
    expect(swipes(STOP, lastSwiped(null))).toBe('card-stopped');
    const counted = qingdao({ cardStops: [{ ...phase, neverSwiped: 'sinceRegistration' }] });
    const registeredOn = (decidedAt: string) => [at2015(opened), { ...old('K1'), decidedAt }];
    expect(play(registeredOn('2015-04-01T01:00:00.000Z'), [[STOP, swipeAt(STOP)]], counted).answers).toEqual(['card-stopped']);
    expect(play(registeredOn('2015-04-02T01:00:00.000Z'), [[STOP, swipeAt(STOP)]], counted).answers).toEqual(['accepted']);
  });
  it('last swipe cancelled: before the stop it stops with the others, and after it as of that very day', () => {
    const [swiped, later] = ['2017-03-20T04:00:00.000Z', '2017-04-10T04:00:00.000Z'];
    const cancels = cancel({ settlementKey: settlementKey('H1', 'S1') });
    const history = lastSwiped('2015-03-01');
    const kept = play(history, [[swiped, swipeAt(swiped)]]);
    expect(play(kept.all, [[STOP, swipeAt(STOP, 'K1', 'S2')]]).answers).toEqual(['accepted']);
    expect(
      play(kept.all, [
        [swiped, cancels],
        [STOP, swipeAt(STOP, 'K1', 'S2')],
      ]).answers,
    ).toEqual(['accepted', 'card-stopped']);
    const afterwards = play(kept.all, [
      [later, cancels],
      [later, { type: 'LiftFreeze', data: { key: 'k', commandHash: 'h', freezeId: 'F', reason: '', liftedBy: '' } }],
    ]);
    expect(afterwards.answers).toEqual(['accepted', 'freeze-not-found']);
    const told = play(afterwards.all, [
      [
        later,
        {
          type: 'CreditAccount',
          data: {
            key: 'credit-1',
            commandHash: 'h',
            source: 'contribution',
            reference: 'r',
            period: null,
            amountFen: medicalFen(1),
            bucket: 'currentYear',
            legalBasis: null,
          },
        },
      ],
    ]);
    expect(told.all.find(({ type }) => type === 'CardStopped.v1')?.data).toMatchObject({ effectiveAt: STOP, phase: 'inactiveTwoYears' });
    expect(told.states).toEqual({ K1: 'stopped' });
  });
  it('one of two old cards swiped: the other one stops, this one goes on', () => {
    const two = [...lastSwiped('2015-03-01'), old('K2', { lastSwipedOn: '2015-03-01' })];
    const swiped = '2017-03-20T04:00:00.000Z';
    const { answers, states } = play(two, [
      [swiped, swipeAt(swiped, 'K2')],
      [STOP, swipeAt(STOP, 'K2', 'S2')],
      [STOP, swipeAt(STOP, 'K1', 'S3')],
    ]);
    expect([answers, states]).toEqual([['accepted', 'accepted', 'card-stopped'], { K1: 'stopped', K2: 'inUse' }]);
  });
  it('midnight in Shanghai: the second before it the card pays, from it on it does not, whatever day it is in London', () => {
    expect([swipes(A_SECOND_BEFORE, lastSwiped('2015-03-01')), swipes(STOP, lastSwiped('2015-03-01'))]).toEqual([
      'accepted',
      'card-stopped',
    ]);
    // 00:30 of 2 April 2015 in Shanghai is 1 April in London.
    const swiped = play(lastSwiped(null), [['2015-04-01T16:30:00.000Z', swipeAt('2015-04-01T16:30:00.000Z')]]);
    expect(play(swiped.all, [[STOP, swipeAt(STOP, 'K1', 'S2')]]).answers).toEqual(['accepted']);
  });
  it('a later notice that moves the stop date: only the new date stops, what was stopped before stays so', () => {
    const moved = {
      packId: 'P2',
      hash: 'h2',
      effectiveFrom: '2017-03-01T00:00:00.000Z',
      cardStops: [{ ...phase, at: '2017-06-30T16:00:00.000Z' }],
    };
    const notices = [qingdao(), qingdao(moved)];
    const [may, july] = ['2017-05-01T04:00:00.000Z', '2017-07-05T04:00:00.000Z'];
    expect(play(lastSwiped('2015-03-01'), [[may, swipeAt(may)]], ...notices).answers).toEqual(['accepted']);
    expect(play(lastSwiped('2015-03-01'), [[july, swipeAt(july)]], ...notices).answers).toEqual(['card-stopped']);
    const late = { ...moved, effectiveFrom: '2017-04-20T00:00:00.000Z' };
    const stopped = play(lastSwiped('2015-03-01'), [[STOP, swipeAt(STOP)]]);
    expect(play([...stopped.all], [[may, swipeAt(may)]], qingdao(), qingdao(late)).answers).toEqual(['card-stopped']);
  });
});
