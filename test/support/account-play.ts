import { decideWithDue, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountPolicy,
  type AccountState,
  accountStream,
  medicalAccount as d,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  postingOf,
  type SettlementKeyVoided,
  settlementVoid,
  withSwipeBefore,
} from '#libs/medical-account';
import { commandOf, type Place, undoOf } from './account-commands';
import { facts, institution, stoppingPolicy } from './account-fixture';
import { standingFor } from './account-spec';
import { ACCOUNTS, accountId, type City, HOUR_MS, INSTITUTIONS, type Step, T0_MS, WRONG_PINS_MAX } from './account-steps';
import { recordedFrom } from './decider-spec';
import { found } from './found';

type Event = MedicalAccountEvent;
type Log = Recorded<Event>[];
export const fold = (events: readonly Recorded<Event>[]): AccountState => events.reduce(d.evolve, d.initialState());
/** The state as another process would load it: from the last closing on. */
export const loaded = (log: readonly Recorded<Event>[]): AccountState => fold(log.slice(Math.max(0, log.findLastIndex(d.isClosing))));
export const legsIn = (events: readonly Event[]) => events.flatMap(({ data }) => ('legs' in data ? data.legs : []));
export const sumOf = (events: readonly Event[], beginning: string): number =>
  legsIn(events).reduce((sum, { account, amountFen }) => (account.startsWith(beginning) ? sum + amountFen : sum), 0);

export const NO_INTEREST = { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 } as const;
export const packOf = (
  { firstSwipe, sealedTakesCredits, moves, parallel, pins }: City,
  over: Partial<AccountPolicy> = {},
): AccountPolicy => ({
  ...stoppingPolicy,
  enablement: { channels: firstSwipe ? ['bankOutlet', 'firstSwipe'] : ['bankOutlet'] },
  sealedTakesCredits,
  moneyMoves: moves === 'now' ? { when: 'atEnablement' } : { when: 'laterBatch', on: null, dayOfNextMonth: 1 },
  parallelUse: parallel,
  pin: { wrongMax: WRONG_PINS_MAX, counting: pins },
  ...over,
});

export type Append = Readonly<{
  account: number;
  command: MedicalAccountCommand;
  facts: AccountFacts;
  from: number;
  events: readonly Event[];
}>;
export type Outcome = 'accepted' | 'replayed' | 'refused' | 'silent';
/** One step as it went: what was sent, what became of it, and the account it went to (-1: none). */
export type Seen = Readonly<{
  step: Step;
  now: number;
  account: number;
  command: MedicalAccountCommand | null;
  outcome: Outcome;
  codes: readonly string[];
  added: readonly Event[];
  state: AccountState;
  log: readonly Recorded<Event>[];
}>;

/** The store as the accounts of a city share it, with its claims, and the register of institutions: plays steps as the application would. */
export const city = (pack: AccountPolicy, coldEvery = 1) => {
  const logs: Log[] = ACCOUNTS.map(() => []);
  const states = ACCOUNTS.map(() => d.initialState());
  const freezeIds: string[][] = ACCOUNTS.map(() => []);
  const claims = new Map<string, Readonly<{ account: number } | { voided: Recorded<SettlementKeyVoided> }>>();
  const suspended = INSTITUTIONS.map((): { at: number; on: boolean }[] => []);
  const appends: Append[] = [];

  const claim = (key: string, by: Readonly<{ account: number } | { voided: Recorded<SettlementKeyVoided> }>) => {
    if (claims.has(key)) throw new Error(`C2: ${key} was answered twice`);
    claims.set(key, by);
  };
  const standing = (key: string, account: number): Posting | undefined => {
    const by = claims.get(key);
    if (by === undefined) return undefined;
    if ('voided' in by) return { original: by.voided, undone: NOTHING_UNDONE };
    const posting = found(postingOf(found(logs[by.account]), key));
    return by.account === account ? posting : { ...posting, undone: NOTHING_UNDONE };
  };
  const institutionFacts = (command: MedicalAccountCommand, now: number): AccountFacts['institution'] => {
    if (!('institutionCode' in command.data)) return null;
    const { institutionCode } = command.data;
    const at = command.type === 'PostSwipe' && command.data.entry === 'late' ? Date.parse(command.data.occurredAt) : now;
    const status = found(suspended[INSTITUTIONS.indexOf(institutionCode)]).findLast((entry) => entry.at <= at)?.on
      ? 'suspended'
      : 'inForce';
    return institution({ institutionCode, agreement: { status, revision: 4, services: ['outpatient'] } });
  };
  const factsFor = (command: MedicalAccountCommand, account: number, now: number): AccountFacts => {
    const log = found(logs[account]);
    const postings = standingFor(command, (key) => standing(key, account)).map((posting) =>
      posting.original.stream === accountStream(accountId(account))
        ? withSwipeBefore(command, posting, found(states[account]), log)
        : posting,
    );
    return facts({ decidedAt: new Date(now).toISOString(), policies: [pack], institution: institutionFacts(command, now), postings });
  };
  const recordAt = (account: number, from: number) => (events: readonly Event[], offset: number) =>
    recordedFrom(from + offset, accountStream(accountId(account)))(events);

  const append = (account: number, events: readonly Event[]) => {
    const added = recordAt(account, found(logs[account]).length)(events, 0);
    for (const { data } of added) if ('key' in data && data.key !== null) claim(data.key, { account });
    found(logs[account]).push(...added);
    states[account] = added.reduce(d.evolve, found(states[account]));
  };

  const decide = (command: MedicalAccountCommand, account: number, now: number, cold: boolean) => {
    const log = found(logs[account]);
    const record = recordAt(account, log.length);
    const state = found(states[account]);
    const known = factsFor(command, account, now);
    const decision = decideWithDue(d, { command, state, facts: known, record });
    if (cold) {
      const other = loaded(log);
      const again = decideWithDue(d, { command, state: other, facts: known, record });
      expect(again).toStrictEqual(decision); // The cache is only a hint.
    }
    if (decision.kind === 'accepted') {
      appends.push({ account, command, facts: known, from: log.length, events: decision.events });
      append(account, decision.events);
      if (command.type === 'PlaceFreeze') found(freezeIds[account]).push(command.data.freezeId);
    }
    return decision;
  };

  /** Under a key that nothing stands under, a reversal takes the key itself. */
  const voidKey = ({ data }: Extract<MedicalAccountCommand, { type: 'ReverseSettlement' }>, now: number): Outcome => {
    const { targetKey, key, commandHash, institutionCode, serial, note } = data;
    const by = claims.get(targetKey);
    const state = { voided: by && 'voided' in by ? by.voided : null };
    const command = { type: 'VoidSettlementKey', data: { key, commandHash, institutionCode, serial, voidedKey: targetKey, note } } as const;
    const known = {
      ...facts({ decidedAt: new Date(now).toISOString() }),
      postings: [standing(key, -1)].filter((one) => one !== undefined),
    };
    const decision = settlementVoid.decide(command, state, known);
    if (decision.kind !== 'accepted') return decision.kind;
    const [voided] = recordedFrom(0, `settlementVoid-${targetKey}`)(decision.events) as [Recorded<SettlementKeyVoided>];
    for (const one of new Set([key, targetKey])) claim(one, { voided });
    return 'accepted';
  };

  const silent = (step: Step, now: number): Seen => {
    return { step, now, account: -1, command: null, outcome: 'silent', codes: [], added: [], state: d.initialState(), log: [] };
  };

  const send = (step: Step, command: MedicalAccountCommand, account: number, at: Readonly<{ now: number; cold: boolean }>): Seen => {
    const decision = decide(command, account, at.now, at.cold);
    const codes = decision.kind === 'refused' ? decision.refusals.map(({ code }) => code) : [];
    const added = decision.kind === 'accepted' ? decision.events : [];
    return {
      step,
      now: at.now,
      account,
      command,
      outcome: decision.kind,
      codes,
      added,
      state: found(states[account]),
      log: found(logs[account]),
    };
  };

  const job = (step: Step, account: number, now: number): Seen => {
    const known = facts({ decidedAt: new Date(now).toISOString(), policies: [pack] });
    const { events } = settleDue(d, {
      state: found(states[account]),
      facts: known,
      record: recordAt(account, found(logs[account]).length),
    });
    append(account, events);
    return { ...silent(step, now), account, added: events, state: found(states[account]), log: found(logs[account]) };
  };

  const undo = (step: Extract<Step, { kind: 'cancel' | 'reverse' }>, place: Place, cold: boolean): Seen => {
    const { now } = place;
    const command = undoOf(step, place.nth);
    const by = claims.get(command.type === 'CancelSettlement' ? command.data.settlementKey : command.data.targetKey);
    if ((by === undefined || 'voided' in by) && command.type === 'ReverseSettlement')
      return { ...silent(step, now), command, outcome: voidKey(command, now) };
    const owner = by && 'account' in by ? by.account : 0;
    return send(step, command, step.astray ? (owner + 1) % ACCOUNTS.length : owner, { now, cold });
  };

  const repeat = (step: Extract<Step, { kind: 'repeat' }>, at: Readonly<{ now: number; cold: boolean }>): Seen => {
    const before = found(appends[step.nth % appends.length]);
    return send(step, before.command, before.account, at);
  };

  const take = (step: Step, place: Place): Seen => {
    const { nth, now } = place;
    const cold = nth % coldEvery === 0;
    switch (step.kind) {
      case 'wait':
        return silent(step, now);
      case 'suspend':
      case 'resume':
        suspended[step.institution]?.push({ at: now, on: step.kind === 'suspend' });
        return silent(step, now);
      case 'due':
        return job(step, step.account, now);
      case 'repeat':
        return repeat(step, { now, cold });
      case 'cancel':
      case 'reverse':
        return undo(step, place, cold);
      default:
        return send(step, commandOf(step, place), step.account, { now, cold });
    }
  };

  return { logs, states, claims, appends, freezeIds, take };
};

/** Plays a history from the first of March on, a minute a step; `look` is called after each step. */
export const play = (steps: readonly Step[], pack: AccountPolicy, look: (seen: Seen) => void = () => undefined, coldEvery = 1) => {
  const store = city(pack, coldEvery);
  let now = T0_MS;
  for (const [nth, step] of steps.entries()) {
    now += step.kind === 'wait' ? step.hours * HOUR_MS : 60_000;
    look(store.take(step, { nth, now, freezeIds: store.freezeIds }));
  }
  return { ...store, end: now };
};
