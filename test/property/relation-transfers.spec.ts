import fc from 'fast-check';
import { balanced, decideWithDue, plusMs, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  balanceFen,
  businessKey,
  carriedStateOf,
  creditKey,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type MedicalFen,
  type MedicalLeg,
  medicalAccount,
} from '#libs/medical-account';
import { begun, cancel, facts, policy, STREAM, swipe, T0 } from '../support/account-fixture';
import { withStanding } from '../support/account-spec';
import { recordedFrom } from '../support/decider-spec';
import { runs } from '../support/property-runs';

type Terms = NonNullable<AccountFacts['policies'][number]['relationTransfer']>;
const terms = (paysUntil: Terms['paysUntil'], lapsesAfterDays: number | null): Terms => ({
  legalBasis: '医保办发〔2021〕43号',
  insuranceTypes: ['employee'],
  holderStatuses: ['active', 'stopped'],
  remitDays: 10,
  creditDays: 5,
  paysUntil,
  sealedGoesAlong: true,
  alsoBarredBy: ['death'],
  creditsTo: 'asInFile',
  lapsesAfterDays,
});

const ACTS = [
  'request',
  'follow',
  'close',
  'remit',
  'confirm',
  'return',
  'resume',
  'takeIn',
  'credit',
  'correct',
  'swipe',
  'cancel',
] as const;
const OFTEN = ['request', 'remit', 'confirm', 'return'] as const;
type Act = (typeof ACTS)[number];
/** `on`: which transfer that was asked for; `amount`: of the told amount, off by so many fen; `days`: since the step before. */
type Step = Readonly<{ act: Act; on: number; off: number; reference: number; days: number }>;
const steps = fc.array(
  fc.record<Step>({
    act: fc.constantFrom(...ACTS, ...OFTEN, ...OFTEN), // Else few would ever get to their end.
    on: fc.constantFrom(0, 0, 0, 1, 1, 2),
    off: fc.constantFrom(0, 0, 0, 0, 1),
    reference: fc.nat(40),
    days: fc.constantFrom(0, 0, 0, 1, 3, 40, 400),
  }),
  { minLength: 8, maxLength: 40 },
);

const keyed = (step: Step) => ({
  key: businessKey('agency', `${step.act}-${step.reference}`),
  commandHash: `${step.act}-${step.on}-${step.off}`,
});
const sentFen = (state: AccountState, transferId: string) => state.inTransit.get(`inTransit:${transferId}`) ?? 0;

type Ordered = Readonly<{ step: Step; transferId: string; amountFen: MedicalFen }>;
const REASON = { reason: 'r' };

const COMMANDS: Readonly<Record<Act, (order: Ordered) => MedicalAccountCommand>> = {
  request: ({ step }) => ({
    type: 'RequestRelationTransfer',
    data: { ...keyed(step), transferId: `T-${step.reference}`, toPoolingArea: '320100', holderStatus: 'active' },
  }),
  follow: ({ step, transferId }) => ({
    type: 'FollowRelationTransfer',
    data: { ...keyed(step), transferId: `F-${step.reference}`, followsTransferId: transferId },
  }),
  close: ({ step, transferId }) => ({
    type: 'CloseRelationTransfer',
    data: { ...keyed(step), transferId, cause: 'withdrawn', ...REASON },
  }),
  remit: ({ step, transferId }) => ({ type: 'RemitRelationTransfer', data: { ...keyed(step), transferId, batchReference: 'B' } }),
  confirm: ({ step, transferId, amountFen }) => ({
    type: 'ConfirmRelationTransfer',
    data: { ...keyed(step), transferId, amountFen, confirmation: 'C' },
  }),
  return: ({ step, transferId, amountFen }) => ({
    type: 'ReturnRelationTransfer',
    data: { ...keyed(step), transferId, amountFen, ...REASON },
  }),
  resume: ({ step, transferId }) => ({ type: 'ResumeRelation', data: { ...keyed(step), transferId, ...REASON } }),
  takeIn: ({ step }) => {
    const transferInId = `I-${step.reference}`;
    const key = creditKey('transferIn', transferInId);
    return {
      type: 'TakeInRelation',
      data: { key, commandHash: 'in', transferInId, fromPoolingArea: '320100', currentYearFen: f(700), priorYearFen: f(300) },
    };
  },
  credit: ({ step }) => {
    const reference = `c-${step.reference}`;
    const money = { period: '2026-03', amountFen: f(1500), bucket: 'currentYear', legalBasis: null } as const;
    return {
      type: 'CreditAccount',
      data: { key: creditKey('contribution', reference), commandHash: 'c', source: 'contribution', reference, ...money },
    };
  },
  correct: ({ step }) => ({ type: 'CorrectAccount', data: { ...keyed(step), amountFen: f(2500), legalBasis: 'L', ...REASON } }),
  swipe: ({ step }) => swipe({ serial: `S${step.reference}`, totalFeeFen: f(1000), accountEligibleFen: f(1000) }),
  cancel: ({ step }) => cancel({ serial: `C${step.reference}`, settlementKey: `settlement-H1-S${step.on}` }),
};

const commandOf = (step: Step, state: AccountState): MedicalAccountCommand => {
  const transferId = [...state.relationTransfers.keys()][step.on] ?? 'T?';
  return COMMANDS[step.act]({ step, transferId, amountFen: f(sentFen(state, transferId) + step.off) });
};

const sumOf = (events: readonly MedicalAccountEvent[], beginning: string): number =>
  events
    .flatMap(({ data }) => ('legs' in data ? data.legs : []))
    .reduce((sum, { account, amountFen }) => (account.startsWith(beginning) ? sum + amountFen : sum), 0);

type Played = Readonly<{ history: readonly Recorded<MedicalAccountEvent>[]; state: AccountState; decidedAt: string }>;

/** Plays the steps as the engine does: due first, keys found by a look-up, the fold only after the append. */
const play = (all: readonly Step[], ofPack: Terms, look: (before: Played, after: Played, step: Step, kind: string) => void): Played => {
  const policies = [policy({ relationTransfer: ofPack })];
  const first = recordedFrom(0, STREAM)(begun);
  let now: Played = { history: first, state: first.reduce(medicalAccount.evolve, medicalAccount.initialState()), decidedAt: T0 };
  for (const step of all) {
    const decidedAt = plusMs(now.decidedAt, step.days * 86_400_000);
    const asked = commandOf(step, now.state);
    const command = asked.type === 'PostSwipe' ? { ...asked, data: { ...asked.data, occurredAt: decidedAt } } : asked;
    const given = withStanding(command, facts({ decidedAt, policies }), now.history);
    const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(now.history.length + offset, STREAM)(events);
    const decision = decideWithDue(medicalAccount, { command, state: now.state, facts: given, record });
    const added = decision.kind === 'accepted' ? record(decision.events, 0) : [];
    const history = [...now.history, ...added];
    const after: Played = { history, state: added.reduce(medicalAccount.evolve, structuredClone(now.state)), decidedAt };
    look(now, after, step, decision.kind);
    now = after;
  }
  return now;
};

const packs = fc.tuple(fc.constantFrom<Terms['paysUntil']>('request', 'remittance'), fc.constantFrom(null, 30));
const OUTCOMES = ['RelationTransferConfirmed.v1', 'RelationTransferReturned.v1', 'RelationTransferClosed.v1', 'RelationTransferLapsed.v1'];

describe('relation transfers, whatever comes in whatever order', () => {
  it('no fen is made or lost: what funds and institutions have not, is on the account or in transit', () => {
    let inTransit = 0;
    fc.assert(
      fc.property(steps, packs, (all, [paysUntil, lapses]) => {
        play(all, terms(paysUntil, lapses), (before, { history, state }, _step, kind) => {
          if (kind !== 'accepted') expect(history).toHaveLength(before.history.length);
          for (const { data } of history.slice(before.history.length)) if ('legs' in data) balanced(data.legs);
          const transit = [...state.inTransit.values()].reduce<number>((sum, fen) => sum + fen, 0);
          const elsewhere = sumOf(history, 'fund:') + sumOf(history, 'payable:');
          expect(balanceFen(state) + transit + state.receivableFen).toBe(0 - elsewhere);
          expect(sumOf(history, 'inTransit:')).toBe(transit);
          if (transit > 0) inTransit += 1;
        });
      }),
      runs(250, 1),
    );
    expect(inTransit).toBeGreaterThan(0); // Else nothing was ever on its way, and the property says nothing.
  });

  it('each transfer leaves once and ends once; an ended one stays as it ended', () => {
    const ended = new Map<string, number>();
    fc.assert(
      fc.property(steps, packs, (all, [paysUntil, lapses]) => {
        const { history } = play(all, terms(paysUntil, lapses), (before, { state }) => {
          for (const [id, record] of before.state.relationTransfers)
            if (record.endedAt !== null)
              expect({ ...state.relationTransfers.get(id), resumedAt: null }).toEqual({ ...record, resumedAt: null });
        });
        const seen = new Map<string, { left: number; ends: number; sent: number }>();
        for (const { type, data } of history) {
          if (!('transferId' in data)) continue;
          const one = seen.get(data.transferId) ?? { left: 0, ends: 0, sent: 0 };
          if (type === 'RelationTransferRemitted.v1') Object.assign(one, { left: one.left + 1, sent: data.amountFen });
          if (OUTCOMES.includes(type)) {
            one.ends += 1;
            ended.set(type, (ended.get(type) ?? 0) + 1);
            if ('amountFen' in data) expect(data.amountFen).toBe(one.sent);
          }
          seen.set(data.transferId, one);
        }
        for (const { left, ends } of seen.values()) expect([left <= 1, ends <= 1]).toEqual([true, true]);
      }),
      runs(250, 2),
    );
    expect([...ended.keys()].sort()).toEqual([...OUTCOMES].sort()); // Every outcome has been met.
  });

  it('while the relation is away nothing is paid; a return gives back what had left, to the fen', () => {
    let returns = 0;
    fc.assert(
      fc.property(steps, packs, (all, [paysUntil, lapses]) => {
        play(all, terms(paysUntil, lapses), (before, { history, state }, step, kind) => {
          const isAway = [...state.relationTransfers.values()].some(
            ({ followsTransferId, stage, resumedAt }) =>
              followsTransferId === null && (stage === 'remitted' || (stage === 'confirmed' && resumedAt === null)),
          );
          if (step.act === 'swipe' && isAway) expect(kind).not.toBe('accepted');
          const added = history.slice(before.history.length);
          if (step.act !== 'return' || kind !== 'accepted') return;
          returns += 1;
          const back = added.at(-1)?.data as { transferId: string; amountFen: number; legs: readonly MedicalLeg[] };
          const left = before.state.relationTransfers.get(back.transferId)?.remittance?.left ?? [];
          expect(back.legs.reduce((sum, { account, amountFen }) => (account.startsWith('subAccount:') ? sum + amountFen : sum), 0)).toBe(
            left.reduce((sum, [, fen]) => sum + fen, 0),
          );
        });
      }),
      runs(250, 3),
    );
    expect(returns).toBeGreaterThan(0);
  });

  it('whoever reads from a closing decides as who reads all; and every closing is the fold of what came before it', () => {
    let carried = 0;
    fc.assert(
      fc.property(steps, packs, (all, [paysUntil, lapses]) => {
        const { history, state } = play(all, terms(paysUntil, lapses), () => undefined);
        for (const [at, event] of history.entries()) {
          if (event.type !== 'YearRolledOver.v1') continue;
          const folded = history.slice(0, at + 1).reduce(medicalAccount.evolve, medicalAccount.initialState());
          expect(carriedStateOf(folded)).toEqual(event.data.carried);
          const fromHere = history.slice(at).reduce(medicalAccount.evolve, medicalAccount.initialState());
          expect(carriedStateOf(fromHere)).toEqual(carriedStateOf(state));
          if (event.data.carried.relationTransfers !== null) carried += 1;
        }
      }),
      runs(250, 4),
    );
    expect(carried).toBeGreaterThan(0);
  });
});
