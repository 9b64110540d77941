import fc from 'fast-check';
import { businessDateOf, decideWithDue, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  carriedStateOf,
  medicalAccount as d,
  decodeAccountEvent,
  EVENTS_BETWEEN_CLOSINGS_MAX,
  encodeAccountEvent,
  type MedicalAccountEvent,
  shortCommand,
  wholeCommand,
} from '#libs/medical-account';
import { facts } from '../support/account-fixture';
import { BEGINNING, cities, histories } from '../support/account-histories';
import { fold, loaded, packOf, play, sumOf } from '../support/account-play';
import { DAY_MS, INSTITUTIONS, type Step } from '../support/account-steps';
import { recordedFrom } from '../support/decider-spec';
import { runs, tally } from '../support/property-runs';

type Log = readonly Recorded<MedicalAccountEvent>[];
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Each closing carries what the whole history before it comes to; whoever loads from the last one knows as much as who never forgot. */
const expectClosed = (log: Log, warm: AccountState): void => {
  log.forEach(({ type, data }, nth) => {
    if (type === 'YearRolledOver.v1' || type === 'AccountCarriedForward.v1')
      expect(data.carried).toStrictEqual(carriedStateOf(fold(log.slice(0, nth + 1))));
  });
  const full = carriedStateOf(fold(log));
  expect(carriedStateOf(loaded(log))).toStrictEqual(full);
  expect(carriedStateOf(warm)).toStrictEqual(full);
};

describe('medical accounts, read again', () => {
  it('C7a, C7c: decide again what they decided, close what they folded, and read back what they stored', () => {
    const types = tally();
    fc.assert(
      fc.property(histories, cities, (steps, city) => {
        const { logs, states, appends } = play(steps, packOf(city), undefined, 5);
        for (const { account, command, facts: known, from, events } of appends) {
          const log = logs[account] ?? [];
          const record = (more: readonly MedicalAccountEvent[], offset: number) => recordedFrom(from + offset, log[0]?.stream)(more);
          const again = decideWithDue(d, { command, state: fold(log.slice(0, from)), facts: json<AccountFacts>(known), record });
          expect(again).toStrictEqual({ kind: 'accepted', events });
          expect(wholeCommand(json(shortCommand(command, events) ?? null), events)).toStrictEqual(command);
        }
        logs.forEach((log, account) => {
          expectClosed(log, states[account] ?? d.initialState());
          for (const event of log) {
            const { type, data, decidedAt } = event;
            types.count(type);
            expect(decodeAccountEvent(type, json(encodeAccountEvent(event)), decidedAt)).toStrictEqual({ type, data });
          }
        });
      }),
      runs(150, 2),
    );
    expect(
      types.missing(['YearRolledOver.v1', 'InterestPosted.v1', 'BalanceTransferred.v1', 'CardRestored.v1', 'FreezeEnded.v1'], 3),
    ).toEqual([]);
  });

  it('C7c: carry an account forward after so many events, and nobody notices', () => {
    const types = tally();
    const small = (nth: number): Step[] => [
      { kind: 'credit', account: 0, fen: 700 + nth, bucket: nth % 2 ? 'currentYear' : 'priorYear' },
      {
        kind: 'swipe',
        account: 0,
        card: nth % 3 ? null : 0,
        credential: 'eCredential',
        institution: nth % 2,
        serial: 1000 + nth,
        fund: nth % 5,
        eligible: 300,
        rest: 20,
        mode: 'upToBalance',
        late: null,
        replaces: null,
      },
      { kind: 'cancel', institution: nth % 2, target: 1000 + nth - (nth % 7), serial: 3000 + nth, fen: 40, fund: null, astray: false },
    ];
    const many = BEGINNING.concat(Array.from({ length: Math.ceil(EVENTS_BETWEEN_CLOSINGS_MAX / 2.2) }, (_, nth) => small(nth)).flat());
    fc.assert(
      fc.property(histories, cities, (steps, city) => {
        const { logs, states } = play([...many, ...steps.slice(BEGINNING.length)], packOf(city), undefined, 17);
        for (const [account, log] of logs.entries()) expectClosed(log, states[account] ?? d.initialState());
        for (const { type } of logs.flat()) types.count(type);
        const since = states.map(({ eventsSinceClosing }) => eventsSinceClosing);
        expect(Math.max(...since)).toBeLessThan(EVENTS_BETWEEN_CLOSINGS_MAX + 10);
      }),
      runs(15, 3),
    );
    expect(types.missing(['AccountCarriedForward.v1'], 3)).toEqual([]);
  });

  it('due: a job before, after or never leaves equal balances', () => {
    const jobs = tally();
    /** A card is as old as its place among the others, whatever a job has written in between. */
    const compared = (state: AccountState) => {
      const { cards, ...rest } = carriedStateOf(state);
      return { ...rest, cards: cards.map(([id, { registeredAtRevision: _, ...card }]) => [id, card]) };
    };
    fc.assert(
      fc.property(histories, cities, (steps, city) => {
        const pack = packOf(city);
        const never = steps.map((step): Step => (step.kind === 'due' ? { kind: 'resume', institution: 9 } : step));
        const [often, seldom] = [steps, never].map((some) => {
          const { logs, states, end } = play(
            some.filter(({ kind }) => kind !== 'repeat'),
            pack,
            ({ step, added }) => {
              if (step.kind === 'due' && added.length > 0) jobs.count('the job came first');
            },
            1000,
          );
          const known = facts({ decidedAt: new Date(end + 400 * DAY_MS).toISOString(), policies: [pack] });
          return states.map((state, account) => {
            const from = logs[account]?.length ?? 0;
            return compared(settleDue(d, { state, facts: known, record: (events, offset) => recordedFrom(from + offset)(events) }).state);
          });
        });
        expect(often).toStrictEqual(seldom);
      }),
      runs(300, 4),
    );
    expect(jobs.missing(['the job came first'], 3)).toEqual([]);
  });

  it('C1: Σ payable by institution and business date is Σ settled − Σ undone', () => {
    const signs: Record<string, number> = { 'SwipeSettled.v1': 1, 'CancellationReversed.v1': 1 };
    fc.assert(
      fc.property(histories, cities, (steps, city) => {
        const open = new Map<string, number>();
        for (const event of play(steps, packOf(city), undefined, 1000).logs.flat()) {
          if (!('businessDate' in event.data)) continue;
          const { data } = event;
          expect(data.businessDate).toBe(businessDateOf(event.decidedAt));
          const parts =
            'totalFeeFen' in data
              ? data.totalFeeFen - data.fundPaidFen - data.cashPaymentFen
              : data.amountFen - data.fundReturnedFen - data.cashRefundFen;
          for (const code of INSTITUTIONS) {
            const own = data.institutionCode === code ? (signs[event.type] ?? -1) * parts : 0;
            const day = `${code} ${data.businessDate}`;
            open.set(day, (open.get(day) ?? 0) + own - sumOf([event], `payable:${code}`));
          }
        }
        expect([...open].filter(([, difference]) => difference !== 0)).toEqual([]);
      }),
      runs(200, 5),
    );
  });
});
