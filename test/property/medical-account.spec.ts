import fc from 'fast-check';
import { businessDateOf, decideWithDue, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  carriedStateOf,
  medicalAccount as d,
  decodeAccountEvent,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type Posting,
  postingOf,
  settlementKey,
  subAccountFen,
} from '#libs/medical-account';
import { facts, firstSwipePolicy, institution, opened, policy, registered, STREAM, swipe } from '../support/account-fixture';
import { accountModel, type Step } from '../support/account-model';
import { recordedFrom } from '../support/decider-spec';

const CARDS = ['K1', 'K2', 'K3'];
const T0_MS = Date.parse('2026-03-01T01:00:00.000Z');
const DAY_MS = 86_400_000;

const card = fc.integer({ min: 0, max: 2 });
const serial = fc.integer({ min: 1, max: 6 });
const own = fc.integer({ min: 1, max: 9 });
const fen = fc.integer({ min: 0, max: 3000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('credit' as const), fen: fc.integer({ min: 1, max: 5000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), fen: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('enable', 'enable', 'stop', 'lose', 'lose', 'lift'), card }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('swipe' as const),
      card: fc.oneof(fc.constant(null), card),
      serial,
      fund: fen,
      account: fen,
      rest: fen,
      mode: fc.constantFrom('upToBalance', 'full', 'none'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      serial,
      own,
      fen: fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 2000 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reverse' as const), of: fc.constantFrom('S', 'C'), serial: own, own }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const), fen: fc.integer({ min: 1, max: 2000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('thaw' as const), nth: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('suspend', 'resume', 'resume') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 300 }) }) },
) as fc.Arbitrary<Step>;

/** Histories that begin with money on a card in use, so that most of what follows can happen. */
const histories = fc
  .array(step, { minLength: 5, maxLength: 60, size: 'max' })
  .map((steps): Step[] => [{ kind: 'enable', card: 0 }, { kind: 'credit', fen: 5000 }, ...steps]);

const keyed = (key: string, hash: unknown) => ({ key, commandHash: JSON.stringify(hash) });

/** The engine's command for a step; the freeze steps count up, as their ids do. */
const commandOf = (s: Step, i: number, freezeIds: string[], occurredAt: string): MedicalAccountCommand | null => {
  const business = keyed(`business-step-${i}`, s);
  switch (s.kind) {
    case 'credit':
      return {
        type: 'CreditAccount',
        data: {
          ...business,
          source: 'retiree',
          reference: `${i}`,
          period: null,
          amountFen: f(s.fen),
          bucket: i % 2 ? 'currentYear' : 'priorYear',
          legalBasis: null,
        },
      };
    case 'correct':
      return { type: 'CorrectAccount', data: { ...business, amountFen: f(s.fen), legalBasis: 'L', reason: 'x' } };
    case 'enable':
      return {
        type: 'EnableCard',
        data: { ...business, cardId: CARDS[s.card] ?? '', channel: 'bankOutlet', financialAreaActivated: false },
      };
    case 'stop':
      return { type: 'StopCard', data: { ...business, cardId: CARDS[s.card] ?? '', reason: 'x' } };
    case 'lose':
      return { type: 'ReportTemporaryLoss', data: { ...business, cardId: CARDS[s.card] ?? '' } };
    case 'lift':
      return { type: 'LiftTemporaryLoss', data: { ...business, cardId: CARDS[s.card] ?? '' } };
    case 'swipe': {
      const amounts = {
        totalFeeFen: f(s.fund + s.account + s.rest),
        fundPaidFen: f(s.fund),
        accountEligibleFen: f(s.account),
        payment: s.mode,
      };
      const credential = s.card === null ? ({ credentialKind: 'eCredential', cardId: null } as const) : { cardId: CARDS[s.card] ?? '' };
      return swipe({
        ...keyed(settlementKey('H1', `S${s.serial}`), [s, i]),
        serial: `S${s.serial}`,
        occurredAt,
        ...amounts,
        ...credential,
      });
    }
    case 'cancel':
      return {
        type: 'CancelSettlement',
        data: {
          ...keyed(settlementKey('H1', `C${s.own}`), [s, i]),
          institutionCode: 'H1',
          serial: `C${s.own}`,
          settlementKey: settlementKey('H1', `S${s.serial}`),
          reason: 'returnGoods',
          note: null,
          amountFen: s.fen === null ? null : f(s.fen),
          fundReturnedFen: null,
          byAgency: false,
        },
      };
    case 'reverse':
      return {
        type: 'ReverseSettlement',
        data: {
          ...keyed(settlementKey('H1', `R${s.own}`), [s, i]),
          institutionCode: 'H1',
          serial: `R${s.own}`,
          targetKey: settlementKey('H1', `${s.of}${s.serial}`),
          note: null,
          byAgency: false,
        },
      };
    case 'freeze': {
      freezeIds.push(`F${i}`);
      const scope = { kind: 'amount', amountFen: f(s.fen) } as const;
      return {
        type: 'PlaceFreeze',
        data: {
          ...business,
          freezeId: `F${i}`,
          scope,
          cause: 'judicialFreeze',
          legalDocument: 'D',
          from: null,
          until: null,
          placedBy: 'court',
        },
      };
    }
    case 'thaw':
      return { type: 'LiftFreeze', data: { ...business, freezeId: freezeIds[s.nth] ?? 'none', reason: 'x', liftedBy: 'court' } };
    case 'suspend':
    case 'resume':
    case 'wait':
      return null;
  }
};

const keysOf = ({ type, data }: MedicalAccountCommand, log: readonly Recorded<MedicalAccountEvent>[]): string[] => {
  const keys = 'key' in data ? [data.key] : [];
  if (type === 'CancelSettlement') keys.push(data.settlementKey);
  if (type === 'ReverseSettlement') {
    keys.push(data.targetKey);
    const target = log.find((event) => 'key' in event.data && event.data.key === data.targetKey);
    if (target?.type === 'SettlementCancelled.v1') keys.push(target.data.settlementKey);
  }
  return keys;
};

const fold = (events: readonly Recorded<MedicalAccountEvent>[]): AccountState => events.reduce(d.evolve, d.initialState());
/** The state as another process would load it: from the last closing on. */
const loaded = (log: readonly Recorded<MedicalAccountEvent>[]): AccountState =>
  fold(log.slice(Math.max(0, log.findLastIndex(d.isClosing))));
const legsIn = (events: readonly MedicalAccountEvent[]) => events.flatMap(({ data }) => ('legs' in data ? data.legs : []));
const sumOf = (events: readonly MedicalAccountEvent[], beginning: string): number =>
  legsIn(events).reduce((sum, { account, amountFen }) => (account.startsWith(beginning) ? sum + amountFen : sum), 0);

const noInterest = policy({ interest: { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 } });
type Append = { command: MedicalAccountCommand; facts: AccountFacts; from: number; events: readonly MedicalAccountEvent[] };

/** Plays steps as the application would, and returns log and appends; `look` is called after each. */
const play = (
  steps: readonly Step[],
  options: { policies: AccountFacts['policies']; inForce: () => boolean; coldAlways?: boolean },
  look: (step: Step, i: number, now: number, added: readonly MedicalAccountEvent[] | null, state: AccountState) => void,
) => {
  const log: Recorded<MedicalAccountEvent>[] = recordedFrom(
    0,
    STREAM,
  )<MedicalAccountEvent>([opened, ...CARDS.map((id) => registered(id, { state: 'registered' }))]);
  let state = fold(log);
  const appends: Append[] = [];
  const freezeIds: string[] = [];
  let now = T0_MS;
  for (const [i, s] of steps.entries()) {
    now += s.kind === 'wait' ? s.days * DAY_MS : 60_000;
    const decidedAt = new Date(now).toISOString();
    const command = commandOf(s, i, freezeIds, decidedAt);
    if (command === null) {
      look(s, i, now, null, state);
      continue;
    }
    const cold = loaded(log);
    const factsFor = (known: AccountState): AccountFacts =>
      facts({
        decidedAt,
        policies: options.policies,
        institution: institution({
          agreement: { status: options.inForce() ? 'inForce' : 'suspended', revision: 4, services: ['outpatient'] },
        }),
        postings: keysOf(command, log).flatMap((key): Posting[] => (known.postings.has(key) ? [] : [postingOf(log, key) ?? []].flat())),
      });
    const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(log.length + offset, STREAM)(events);
    const decision = decideWithDue(d, { command, state, facts: factsFor(state), record });
    expect(decideWithDue(d, { command, state: cold, facts: factsFor(cold), record })).toStrictEqual(decision); // The cache is only a hint.
    if (decision.kind !== 'accepted') {
      look(s, i, now, null, state);
      continue;
    }
    const added = record(decision.events, 0);
    appends.push({ command, facts: factsFor(state), from: log.length, events: decision.events });
    log.push(...added);
    state = added.reduce(d.evolve, state);
    look(s, i, now, decision.events, state);
  }
  return { log, appends, state };
};

const RUN = { numRuns: 400, seed: 20260301 };

describe('medical account, whatever comes in whatever order', () => {
  it('C1–C4: keeps the books as an independent model does', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const model = accountModel(CARDS);
        const settledKeys = new Set<string>();
        const seen: MedicalAccountEvent[] = [];
        play(steps, { policies: [noInterest], inForce: () => model.isInForce() }, (s, _i, now, added, state) => {
          const wasInForce = model.isInForce();
          const told = model.predict(s, now);
          expect([s, added !== null]).toEqual([s, told.accepted]);
          if (added === null) return;
          seen.push(...added);
          for (const event of added)
            if ('legs' in event.data) expect(event.data.legs.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(0);
          const answer = added.at(-1);
          if (answer?.type === 'SwipeSettled.v1') {
            expect(settledKeys.has(answer.data.key)).toBe(false); // C2: one live settlement a key.
            settledKeys.add(answer.data.key);
            expect({ paid: sumOf([answer], 'payable:'), cash: answer.data.cashPaymentFen }).toEqual({
              paid: told.accountFen,
              cash: told.cashFen,
            });
            expect(wasInForce && answer.data.agreementRevision === 4).toBe(true); // C4
            const paying = state.cards.get(answer.data.cardId);
            if (paying && sumOf([answer], 'payable:') > 0) expect([paying.timeline.at(-1)?.state, paying.sealed]).toEqual(['inUse', false]); // C3
          } else if (
            answer?.type === 'SettlementCancelled.v1' ||
            answer?.type === 'SettlementReversed.v1' ||
            answer?.type === 'CancellationReversed.v1'
          ) {
            expect({
              account: Math.abs(sumOf([answer], 'payable:')),
              cash: answer.data.cashRefundFen,
              fund: answer.data.fundReturnedFen,
            }).toEqual({
              account: told.accountFen,
              cash: told.cashFen,
              fund: told.fundFen,
            });
          }
          const money = Object.fromEntries(
            [...CARDS, 'cardless'].map((id) => [id, subAccountFen(state, id)] as const).filter(([, amount]) => amount !== 0),
          );
          expect(money).toEqual(model.money()); // C3: never gone.
          for (const amountFen of state.balances.values()) expect(amountFen).toBeGreaterThanOrEqual(0);
          expect(state.receivableFen).toBe(0 - model.owedFen() || 0);
          expect(sumOf(seen, 'payable:H1')).toBe(model.payableFen());
        });
      }),
      RUN,
    );
  });

  it('C7a, C7c: decides again what it decided, each closing is the fold of the full history, and what is stored is read back', () => {
    const counted = new Map<string, number>();
    fc.assert(
      fc.property(histories, fc.boolean(), (steps, firstSwipe) => {
        const policies = [firstSwipe ? firstSwipePolicy : policy()];
        const { log, appends, state } = play(steps, { policies, inForce: () => true }, () => undefined);
        for (const { command, facts: recordedFacts, from, events } of appends) {
          const record = (more: readonly MedicalAccountEvent[], offset: number) => recordedFrom(from + offset, STREAM)(more);
          const again = decideWithDue(d, {
            command,
            state: fold(log.slice(0, from)),
            facts: JSON.parse(JSON.stringify(recordedFacts)),
            record,
          });
          expect(again).toStrictEqual({ kind: 'accepted', events });
        }
        log.forEach((event, i) => {
          counted.set(event.type, (counted.get(event.type) ?? 0) + 1);
          expect(decodeAccountEvent(event.type, JSON.parse(JSON.stringify(event.data)))).toStrictEqual({
            type: event.type,
            data: event.data,
          });
          if (event.type !== 'YearRolledOver.v1' && event.type !== 'AccountCarriedForward.v1') return;
          expect(event.data.carried).toStrictEqual(carriedStateOf(fold(log.slice(0, i + 1))));
        });
        expect(carriedStateOf(loaded(log))).toStrictEqual(carriedStateOf(state));
      }),
      { numRuns: 300, seed: 20260302 },
    );
    // The property says nothing of what never happened.
    for (const type of [
      'YearRolledOver.v1',
      'InterestPosted.v1',
      'BalanceTransferred.v1',
      'CardRestored.v1',
      'SettlementReversed.v1',
      'CancellationReversed.v1',
    ])
      expect([type, (counted.get(type) ?? 0) > 20]).toEqual([type, true]);
  });

  it('due: a job before, after or never leaves equal balances', () => {
    const jobs = fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 20 });
    fc.assert(
      fc.property(histories, jobs, (steps, at) => {
        const withJobs = steps.flatMap((s, i): Step[] => (at.includes(i) ? [{ kind: 'lift', card: 9 }, s] : [s]));
        // A refused command appends nothing; the job is played by hand below, so both histories see the same commands at the same times.
        const [never, often] = [false, true].map((job) => {
          let log: Recorded<MedicalAccountEvent>[] = recordedFrom(
            0,
            STREAM,
          )<MedicalAccountEvent>([opened, ...CARDS.map((id) => registered(id, { state: 'registered' }))]);
          const freezeIds: string[] = [];
          let now = T0_MS;
          withJobs.forEach((s, i) => {
            now += s.kind === 'wait' ? s.days * DAY_MS : 60_000;
            const decidedAt = new Date(now).toISOString();
            const known = facts({ decidedAt, postings: [] });
            const append = (events: readonly MedicalAccountEvent[]) => {
              log = [...log, ...recordedFrom(log.length, STREAM)(events)];
            };
            const isJob = s.kind === 'lift' && s.card === 9;
            if (isJob) {
              for (let events = d.due(fold(log), known); job && events.length > 0; events = d.due(fold(log), known)) append(events);
              return;
            }
            const command = commandOf(s, i, freezeIds, decidedAt);
            if (command === null) return;
            const postings = keysOf(command, log).flatMap((key): Posting[] => [postingOf(log, key) ?? []].flat());
            const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(log.length + offset, STREAM)(events);
            const decision = decideWithDue(d, { command, state: fold(log), facts: { ...known, postings }, record });
            if (decision.kind === 'accepted') append(decision.events);
          });
          const end = facts({ decidedAt: new Date(now + 400 * DAY_MS).toISOString() });
          for (let events = d.due(fold(log), end); events.length > 0; events = d.due(fold(log), end))
            log.push(...recordedFrom(log.length, STREAM)(events));
          return carriedStateOf(fold(log));
        });
        expect(often).toStrictEqual(never);
      }),
      { numRuns: 150, seed: 20260303 },
    );
  });

  it('C1: Σ payable by institution and business date is Σ settled − Σ undone', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const { log } = play(steps, { policies: [policy()], inForce: () => true }, () => undefined);
        const byDay = new Map<string, number>();
        for (const event of log) {
          if (!('businessDate' in event.data)) continue;
          expect(event.data.businessDate).toBe(businessDateOf(event.decidedAt));
          const { data } = event;
          const sign = event.type === 'SwipeSettled.v1' || event.type === 'CancellationReversed.v1' ? 1 : -1;
          const parts =
            'totalFeeFen' in data
              ? data.totalFeeFen - data.fundPaidFen - data.cashPaymentFen
              : data.amountFen - data.fundReturnedFen - data.cashRefundFen;
          byDay.set(data.businessDate, (byDay.get(data.businessDate) ?? 0) + sign * parts - sumOf([event], 'payable:H1'));
        }
        for (const difference of byDay.values()) expect(difference).toBe(0);
      }),
      { numRuns: 150, seed: 20260304 },
    );
  });
});
