import {
  begun,
  cancel,
  credited,
  facts,
  oldCard,
  opened,
  policy,
  recorded,
  reverse,
  STREAM,
  swipe,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import {
  type CancelSettlement,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  NOTHING_UNDONE,
  type PostSwipe,
  type ReverseSettlement,
  settlementKey,
} from './index';

const noon = (day: string): string => `${day}T04:00:00.000Z`;
const wide = policy({ lateEntryDays: 300, rollover: { month: 7, day: 1 } });
type Act = Readonly<{ on: string; command: MedicalAccountCommand }>;
const swiped = (day: string, serial: string, over: Partial<PostSwipe['data']> = {}): Act => ({
  on: noon(day),
  command: swipe({
    occurredAt: noon(day),
    serial,
    key: settlementKey('H1', serial),
    commandHash: serial,
    totalFeeFen: 100 as never,
    accountEligibleFen: 100 as never,
    ...over,
  }),
});
const late = (entered: string, day: string, serial: string, over: Partial<PostSwipe['data']> = {}): Act => ({
  ...swiped(day, serial, { entry: 'late', lateReason: 'no line', ...over }),
  on: noon(entered),
});
const undone = (day: string, target: string, serial: string, over: Partial<CancelSettlement['data']> = {}): Act => ({
  on: noon(day),
  command: cancel({ serial, settlementKey: settlementKey('H1', target), ...over }),
});
const reversed = (day: string, target: string, serial: string, over: Partial<ReverseSettlement['data']> = {}): Act => ({
  on: noon(day),
  command: reverse({ serial, targetKey: settlementKey('H1', target), ...over }),
});

/** Plays acts one after the other; what is refused fails the test. */
const after = (...acts: Act[]): MedicalAccountEvent[] => {
  const history: MedicalAccountEvent[] = [
    opened,
    oldCard('K1', { lastSwipedOn: '2026-02-10' }),
    oldCard('K2', { lastSwipedOn: null }),
    credited('K1', 3000),
  ];
  for (const { on, command } of acts) {
    const { decision } = given(...history).when(command, facts({ decidedAt: on, policies: [wide] }));
    if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
    history.push(...decision.events);
  }
  return history;
};
const lastOf = (history: readonly MedicalAccountEvent[], cardId = 'K1'): string | null | undefined =>
  history
    .map((event, i) => recorded(i, event))
    .reduce(medicalAccount.evolve, medicalAccount.initialState())
    .cards.get(cardId)?.lastSwipedOn;

describe('a swipe that was undone as a whole counts as none', () => {
  it('last swipe cancelled: the card was last swiped on the day of the swipe before it', () => {
    expect(lastOf(after(swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B'), undone('2026-03-05', 'B', 'C')))).toBe('2026-03-02');
  });
  it('of a card that was never swiped here it is what the legacy system knew, or nothing', () => {
    expect(lastOf(after(swiped('2026-03-02', 'A'), undone('2026-03-03', 'A', 'C')))).toBe('2026-02-10');
    expect(lastOf(after(swiped('2026-03-02', 'A', { cardId: 'K2' }), undone('2026-03-03', 'A', 'C')), 'K2')).toBeNull();
  });
  it('reversed is the same', () => {
    expect(lastOf(after(swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B'), reversed('2026-03-05', 'B', 'R')))).toBe('2026-03-02');
  });
  it('in part it counts, until the last part is given back', () => {
    const part = [swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B'), undone('2026-03-05', 'B', 'C', { amountFen: 40 as never })];
    expect(lastOf(after(...part))).toBe('2026-03-05');
    expect(lastOf(after(...part, undone('2026-03-06', 'B', 'D')))).toBe('2026-03-02');
  });
  it('one before it that was given back in part counts', () => {
    const acts = [
      swiped('2026-03-02', 'A'),
      swiped('2026-03-05', 'B'),
      undone('2026-03-06', 'B', 'C', { amountFen: 40 as never }),
      swiped('2026-03-08', 'D'),
    ];
    expect(lastOf(after(...acts, undone('2026-03-09', 'D', 'E')))).toBe('2026-03-05');
  });
  it('another swipe of the same day still counts', () => {
    expect(lastOf(after(swiped('2026-03-05', 'A'), swiped('2026-03-05', 'B'), undone('2026-03-05', 'B', 'C')))).toBe('2026-03-05');
  });
  it('cancellation after cancellation goes back past what was cancelled before, in whichever order', () => {
    const three = [swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B'), swiped('2026-03-08', 'D')];
    expect(lastOf(after(...three, undone('2026-03-09', 'D', 'X'), undone('2026-03-09', 'B', 'Y')))).toBe('2026-03-02');
    expect(lastOf(after(...three, undone('2026-03-09', 'B', 'X'), undone('2026-03-09', 'D', 'Y')))).toBe('2026-03-02');
    expect(lastOf(after(...three, undone('2026-03-09', 'A', 'X'), undone('2026-03-09', 'B', 'Y'), undone('2026-03-09', 'D', 'Z')))).toBe(
      '2026-02-10',
    );
  });
  it('a cancellation that is itself reversed lets it count again', () => {
    const cancelled = [swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B'), undone('2026-03-05', 'B', 'C')];
    expect(lastOf(after(...cancelled, reversed('2026-03-06', 'C', 'R')))).toBe('2026-03-05');
    const laterSwipe = [...cancelled, swiped('2026-03-07', 'D'), reversed('2026-03-08', 'C', 'R')];
    expect(lastOf(after(...laterSwipe))).toBe('2026-03-07');
    expect(lastOf(after(...laterSwipe, undone('2026-03-09', 'D', 'E')))).toBe('2026-03-05');
  });
  it('a late entry of an earlier day counts by its own day', () => {
    const history = [swiped('2026-03-02', 'A'), swiped('2026-03-08', 'B'), late('2026-03-09', '2026-03-05', 'L')];
    expect(lastOf(after(...history))).toBe('2026-03-08');
    expect(lastOf(after(...history, undone('2026-03-10', 'B', 'C')))).toBe('2026-03-05');
  });
  it('the days of swipes count, not the order in which they came in: a late entry long after its day is passed over', () => {
    const history = [
      swiped('2026-03-08', 'B'),
      swiped('2026-03-20', 'D'),
      late('2026-05-01', '2026-03-05', 'L'),
      undone('2026-05-02', 'D', 'C'),
    ];
    expect(lastOf(after(...history))).toBe('2026-03-08');
  });
  it('replaced by a late entry of an earlier day, it is that day which counts', () => {
    const replaces = late('2026-03-09', '2026-03-06', 'B', { replacesKey: settlementKey('H1', 'A') });
    expect(lastOf(after(swiped('2026-03-02', 'Z'), swiped('2026-03-08', 'A'), replaces))).toBe('2026-03-06');
    expect(lastOf(after(swiped('2026-03-02', 'Z'), swiped('2026-03-08', 'A'), replaces, reversed('2026-03-10', 'B', 'R')))).toBe(
      '2026-03-08',
    );
  });
  it('across a closing: the swipe before it is found in the stream, of which a closing carries nothing', () => {
    const history = after(swiped('2026-03-02', 'A'), swiped('2026-06-05', 'B'), undone('2026-07-02', 'B', 'C'));
    expect(history.some(({ type }) => type === 'YearRolledOver.v1')).toBe(true);
    expect(lastOf(history)).toBe('2026-03-02');
  });
  it('of two old cards each has its own', () => {
    const history = after(swiped('2026-03-02', 'A'), swiped('2026-03-05', 'B', { cardId: 'K2' }), undone('2026-03-06', 'A', 'C'));
    expect([lastOf(history), lastOf(history, 'K2')]).toEqual(['2026-02-10', '2026-03-05']);
  });
  it('an e-credential swipes no card, and undoing it changes none', () => {
    const byPerson = { credentialKind: 'eCredential', cardId: null } as const;
    expect(lastOf(after(swiped('2026-03-02', 'A', byPerson), undone('2026-03-03', 'A', 'C')))).toBe('2026-02-10');
  });
  it('a decision of before, which was told nothing of it, is decided as it was', () => {
    const history = [...begun, ...after(swiped('2026-03-02', 'A')).slice(-1)];
    const state = history.map((event, i) => recorded(i, event)).reduce(medicalAccount.evolve, medicalAccount.initialState());
    const original = { ...history.at(-1), id: 'e', stream: STREAM, revision: 3 } as never;
    const told = facts({ decidedAt: noon('2026-03-03'), policies: [wide], postings: [{ original, undone: NOTHING_UNDONE }] });
    const outcome = medicalAccount.decide(cancel({ settlementKey: settlementKey('H1', 'A') }), state, told);
    expect(outcome).toMatchObject({ kind: 'accepted', events: [{ data: { lastSwipe: null } }] });
  });
});
