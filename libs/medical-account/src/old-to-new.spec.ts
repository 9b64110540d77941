import { cancel, credited, facts, oldCard, opened, policy, recorded, registered, swipe } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { act, before, keyed, lost } from '../../../test/support/card-acts';
import {
  type AccountPolicy,
  type AccountState,
  balanceFen,
  cardStateNow,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  medicalFen,
  settlementKey,
  subAccountFen,
} from './index';

const DAY = (day: number, hour = 1): string => `2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const city = policy({ lateEntryDays: 30 });
type Act = readonly [at: string, command: MedicalAccountCommand];
const enable = (cardId: string, key = `enable-${cardId}`): MedicalAccountCommand => ({
  type: 'EnableCard',
  data: { key, commandHash: key, cardId, channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
});
const pays = (cardId: string, serial: string, at: string, over = {}): Act => [
  at,
  swipe({
    ...{ cardId, serial, key: settlementKey('H1', serial), commandHash: serial, occurredAt: at },
    ...{ totalFeeFen: medicalFen(700), accountEligibleFen: medicalFen(700), payment: 'full', ...over },
  }),
];
const again = (command: MedicalAccountCommand, key: string) => ({ ...command, data: { ...command.data, key } }) as MedicalAccountCommand;
const fresh = (cardId: string) => registered(cardId, { state: 'registered' });
const [K1, K2] = [oldCard('K1'), oldCard('K2')];

const fold = (history: readonly MedicalAccountEvent[]): AccountState =>
  history.map((event, i) => recorded(i, event)).reduce(medicalAccount.evolve, medicalAccount.initialState());
const play = (history: readonly MedicalAccountEvent[], acts: readonly Act[], pack: AccountPolicy = city) => {
  const all = [...history];
  const answers = acts.map(([decidedAt, command]) => {
    const { decision } = given(...all).when(command, facts({ decidedAt, policies: [pack] }));
    if (decision.kind === 'accepted') all.push(...decision.events);
    return decision.kind === 'refused' ? decision.refusals.map(({ code }) => code).join() : decision.kind;
  });
  const state = fold(all);
  const cards = Object.fromEntries([...state.cards].map(([id, card]) => [id, cardStateNow(card)]));
  return { answers, all, state, cards, on: (cardId: string): number => subAccountFen(state, cardId), whole: balanceFen(state) };
};
const moves = (all: readonly MedicalAccountEvent[]) => all.filter(({ type }) => type === 'BalanceTransferred.v1').length;

describe('old to new: the balance moves once, both buckets, without losing a fen', () => {
  it('two old cards', () => {
    const { on, cards, all } = play([opened, K1, credited('K1', 3000, 2000), K2, credited('K2', 7), fresh('N1')], [[DAY(2), enable('N1')]]);
    expect([on('N1'), on('K1'), on('K2'), cards, moves(all)]).toEqual([5007, 0, 0, { K1: 'cancelled', K2: 'cancelled', N1: 'inUse' }, 2]);
  });
  it('sealed', () => {
    const acts: Act[] = [
      [DAY(2), act('StopCard')],
      [DAY(3), again(act('SealSubAccount'), 'k2')],
      [DAY(4), enable('N1')],
    ];
    const { answers, on, state, cards } = play([opened, K1, credited('K1', 3000, 2000), fresh('N1')], acts);
    expect([answers, on('N1'), state.cards.get('K1')?.sealed, cards.K1]).toEqual([
      ['accepted', 'sub-account-sealed', 'accepted'],
      5000,
      false,
      'cancelled',
    ]);
  });
  it('reported lost: it moves all the same, and the old card is never restored', () => {
    const history = [opened, K1, credited('K1', 3000, 2000), before(lost), fresh('N1')];
    const { on, cards, answers } = play(history, [[DAY(2), enable('N1')], pays('K1', 'S1', DAY(20)), pays('N1', 'S2', DAY(20))]);
    expect([answers, on('N1'), cards]).toEqual([['accepted', 'card-cancelled', 'accepted'], 4300, { K1: 'cancelled', N1: 'inUse' }]);
  });
  it('a temporary card in between', () => {
    const temporary = registered('T1', { state: 'registered', kind: 'temporary', media: ['stripe'] });
    const acts: Act[] = [[DAY(2), enable('T1')], pays('T1', 'S1', DAY(3)), [DAY(4), enable('N1')]];
    const { answers, on, cards, all } = play([opened, K1, credited('K1', 3000, 2000), temporary, fresh('N1')], acts);
    expect([answers, on('T1'), on('N1'), moves(all)]).toEqual([['accepted', 'accepted', 'accepted'], 0, 4300, 2]);
    expect(cards).toEqual({ K1: 'cancelled', T1: 'cancelled', N1: 'inUse' });
  });
  it('a cancellation after the transfer lands on the successor', () => {
    const cancels: Act = [DAY(4), cancel({ settlementKey: settlementKey('H1', 'S1') })];
    const { on, whole } = play(
      [opened, K1, credited('K1', 3000, 2000), fresh('N1')],
      [pays('K1', 'S1', DAY(2)), [DAY(3), enable('N1')], cancels],
    );
    expect([on('K1'), on('N1'), whole]).toEqual([0, 5000, 5000]);
  });
  it('two enablements racing: of the same card one does it; of two cards the later one takes over', () => {
    const history = [opened, K1, credited('K1', 3000, 2000), fresh('N1'), fresh('N2')];
    const same = play(history, [
      [DAY(2), enable('N1', 'counter-1')],
      [DAY(2), enable('N1', 'counter-2')],
    ]);
    expect([same.answers, same.on('N1'), moves(same.all)]).toEqual([['accepted', 'card-in-use-already'], 5000, 1]);
    const two = play(history, [
      [DAY(2), enable('N1')],
      [DAY(2), enable('N2')],
    ]);
    expect([two.on('N1'), two.on('N2'), two.cards]).toEqual([0, 5000, { K1: 'cancelled', N1: 'cancelled', N2: 'inUse' }]);
  });
  it('an old-card swipe racing the enablement: paid before it, refused after it, and the rest moves', () => {
    const history = [opened, K1, credited('K1', 3000, 2000), fresh('N1')];
    const first = play(history, [pays('K1', 'S1', DAY(2)), [DAY(2), enable('N1')]]);
    const second = play(history, [[DAY(2), enable('N1')], pays('K1', 'S1', DAY(2))]);
    expect([first.answers, first.on('N1')]).toEqual([['accepted', 'accepted'], 4300]);
    expect([second.answers, second.on('N1')]).toEqual([['accepted', 'card-cancelled'], 5000]);
  });
  it('a late entry of a swipe made before the stop: from the sealed balance, and after the transfer from the successor', () => {
    const history = [opened, K1, credited('K1', 3000, 2000), fresh('N1')];
    const stop: Act = [DAY(5), act('StopCard')];
    const late = { entry: 'late', lateReason: 'no line' } as const;
    const [, before4] = pays('K1', 'S1', DAY(4), late);
    const [, after5] = pays('K1', 'S2', DAY(5), late);
    const sealed = play(history, [stop, [DAY(6), before4], [DAY(6), after5]]);
    expect([sealed.answers, sealed.on('K1'), sealed.state.cards.get('K1')?.sealed]).toEqual([
      ['accepted', 'accepted', 'card-stopped'],
      4300,
      true,
    ]);
    const moved = play(history, [stop, [DAY(6), enable('N1')], [DAY(7), before4], [DAY(7), after5]]);
    expect([moved.answers.slice(2), moved.on('N1')]).toEqual([['accepted', 'card-stopped'], 4300]);
    const cancels: Act = [DAY(8), cancel({ settlementKey: settlementKey('H1', 'S1') })];
    expect(play(sealed.all, [cancels]).on('K1')).toBe(5000);
  });
  it('a late entry while the balance waits under its seal for a later batch', () => {
    const pack = policy({ lateEntryDays: 30, moneyMoves: { when: 'laterBatch', on: null, dayOfNextMonth: 1 } });
    const [, late] = pays('K1', 'S1', DAY(4), { entry: 'late', lateReason: 'no line' });
    const { answers, on } = play(
      [opened, K1, credited('K1', 3000, 2000), fresh('N1')],
      [
        [DAY(5), enable('N1')],
        [DAY(6), late],
      ],
      pack,
    );
    expect([answers, on('K1'), on('N1')]).toEqual([['accepted', 'accepted'], 4300, 0]);
  });
  it('credits into a sealed sub-account by pack: they wait with it and move with it, or stand cardless and move too', () => {
    const credit: MedicalAccountCommand = {
      type: 'CreditAccount',
      data: {
        ...keyed,
        key: 'credit-1',
        source: 'contribution',
        reference: 'r',
        period: null,
        amountFen: medicalFen(100),
        bucket: 'currentYear',
        legalBasis: null,
      },
    };
    const acts: Act[] = [
      [DAY(2), act('StopCard')],
      [DAY(3), credit],
    ];
    const history = [opened, K1, credited('K1', 3000, 2000), fresh('N1')];
    const [takes, refuses] = [policy({ sealedTakesCredits: true }), policy({ sealedTakesCredits: false })];
    expect([play(history, acts, takes).on('K1'), play(history, acts, takes).on('cardless')]).toEqual([5100, 0]);
    expect([play(history, acts, refuses).on('K1'), play(history, acts, refuses).on('cardless')]).toEqual([5000, 100]);
    for (const pack of [takes, refuses]) expect(play(history, [...acts, [DAY(4), enable('N1')]], pack).on('N1')).toBe(5100);
  });
});
