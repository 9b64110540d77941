import fc from 'fast-check';
import { decideWithDue, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  medicalAccount as d,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type Posting,
  postingOf,
  settlementKey,
} from '#libs/medical-account';
import { facts, institution, opened, policy, registered, STREAM, swipe } from './account-fixture';
import { type Step } from './account-model';
import { recordedFrom } from './decider-spec';

export const CARDS = ['K1', 'K2', 'K3'];
export const T0_MS = Date.parse('2026-03-01T01:00:00.000Z');
export const DAY_MS = 86_400_000;

export const card = fc.integer({ min: 0, max: 2 });
export const serial = fc.integer({ min: 1, max: 6 });
export const own = fc.integer({ min: 1, max: 9 });
export const fen = fc.integer({ min: 0, max: 3000 });
export const step: fc.Arbitrary<Step> = fc.oneof(
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
);

/** Histories that begin with money on a card in use, so that most of what follows can happen. */
export const histories = fc
  .array(step, { minLength: 5, maxLength: 60, size: 'max' })
  .map((steps): Step[] => [{ kind: 'enable', card: 0 }, { kind: 'credit', fen: 5000 }, ...steps]);

export const keyed = (key: string, hash: unknown) => ({ key, commandHash: JSON.stringify(hash) });

/** The engine's command for a step; the freeze steps count up, as their ids do. */
// eslint-disable-next-line complexity -- one flat case a kind of step
export const commandOf = (s: Step, i: number, freezeIds: string[], occurredAt: string): MedicalAccountCommand | null => {
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

export const keysOf = ({ type, data }: MedicalAccountCommand, log: readonly Recorded<MedicalAccountEvent>[]): string[] => {
  const keys = 'key' in data ? [data.key] : [];
  if (type === 'CancelSettlement') keys.push(data.settlementKey);
  if (type === 'ReverseSettlement') {
    keys.push(data.targetKey);
    const target = log.find((event) => 'key' in event.data && event.data.key === data.targetKey);
    if (target?.type === 'SettlementCancelled.v1') keys.push(target.data.settlementKey);
  }
  return keys;
};

export const fold = (events: readonly Recorded<MedicalAccountEvent>[]): AccountState => events.reduce(d.evolve, d.initialState());
/** The state as another process would load it: from the last closing on. */
export const loaded = (log: readonly Recorded<MedicalAccountEvent>[]): AccountState =>
  fold(log.slice(Math.max(0, log.findLastIndex(d.isClosing))));
export const legsIn = (events: readonly MedicalAccountEvent[]) => events.flatMap(({ data }) => ('legs' in data ? data.legs : []));
export const sumOf = (events: readonly MedicalAccountEvent[], beginning: string): number =>
  legsIn(events).reduce((sum, { account, amountFen }) => (account.startsWith(beginning) ? sum + amountFen : sum), 0);

export const noInterest = policy({ interest: { currentYearAnnualRate: '0', priorYearAnnualRate: '0', dayCount: 360 } });
export type Append = { command: MedicalAccountCommand; facts: AccountFacts; from: number; events: readonly MedicalAccountEvent[] };

/** One step as it went; `added` is null when nothing was appended. */
export type Seen = Readonly<{ step: Step; now: number; added: readonly MedicalAccountEvent[] | null; state: AccountState }>;

/** Plays steps as the application would, and returns log and appends; `look` is called after each. */
export const play = (
  steps: readonly Step[],
  options: { policies: AccountFacts['policies']; inForce: () => boolean; coldAlways?: boolean },
  look: (seen: Seen) => void,
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
      look({ step: s, now, added: null, state });
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
      look({ step: s, now, added: null, state });
      continue;
    }
    const added = record(decision.events, 0);
    appends.push({ command, facts: factsFor(state), from: log.length, events: decision.events });
    log.push(...added);
    state = added.reduce(d.evolve, state);
    look({ step: s, now, added: decision.events, state });
  }
  return { log, appends, state };
};
