import fc from 'fast-check';
import { businessDateOf, decideWithDue, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  carriedStateOf,
  medicalAccount as d,
  decodeAccountEvent,
  type MedicalAccountEvent,
  type Posting,
  postingOf,
  subAccountFen,
} from '#libs/medical-account';
import { facts, firstSwipePolicy, opened, policy, registered, STREAM } from '../support/account-fixture';
import { accountModel, type Step } from '../support/account-model';
import { CARDS, commandOf, DAY_MS, fold, histories, keysOf, loaded, noInterest, play, sumOf, T0_MS } from '../support/account-play';
import { recordedFrom } from '../support/decider-spec';

const RUN = { numRuns: 400, seed: 20260301 };

describe('medical account, whatever comes in whatever order', () => {
  it('C1–C4: keeps the books as an independent model does', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const model = accountModel(CARDS);
        const settledKeys = new Set<string>();
        const seen: MedicalAccountEvent[] = [];
        play(
          steps,
          { policies: [noInterest], inForce: () => model.isInForce() }, // eslint-disable-next-line complexity -- every check of one step
          ({ step: s, now, added, state }) => {
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
              if (paying && sumOf([answer], 'payable:') > 0)
                expect([paying.timeline.at(-1)?.state, paying.sealed]).toEqual(['inUse', false]); // C3
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
          },
        );
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
            facts: JSON.parse(JSON.stringify(recordedFacts)) as AccountFacts,
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
