import { type BusinessDate, businessDateOf, type Instant, startOf } from '#libs/kernel';
import { carriedStateOf } from './closing';
import type { AccountFacts, AccountPolicy } from './commands';
import { endedWith, transferred } from './enablement';
import type { MedicalAccountEvent } from './events';
import { rolledOver } from './interest';
import { financialLapseOf, lapseOf } from './lapse';
import { mergedInto } from './persons/standing';
import { activityOf, isStoppedBy, type PhaseStop, stopsBy } from './phase-stops';
import { policyAt } from './policy-at';
import { type AccountState, cardStateNow, hasEnded, locationOf } from './state';

/** A closing at the latest after so many events, so that loading stays short however often a card is swiped. */
export const EVENTS_BETWEEN_CLOSINGS_MAX = 500;

/** Something that time alone brings about: when it takes effect, and what it records. */
type Step = Readonly<{ at: Instant; events: () => readonly MedicalAccountEvent[] }>;

/**
 * The earliest step that time has brought about, or nothing. Every step is computed as of the instant at which it takes effect, by the pack
 * in force then: whether a job came in time, late or never, the balances are the same. At one instant losses lapse first, then freezes end,
 * then cards expire, then they stop, then money that was left for later moves, then requests to leave lapse, then the year rolls over.
 */
export const due = (state: AccountState, facts: AccountFacts): readonly MedicalAccountEvent[] => {
  if (state.holder === null) return [];
  if (mergedInto(state) !== null) return closingDue(state, facts); // What it had is elsewhere, and falls due there.
  let earliest: Step | undefined;
  for (const stepsOf of KINDS)
    for (const step of stepsOf(state, facts))
      if (step.at <= facts.decidedAt && (earliest === undefined || step.at < earliest.at)) earliest = step;
  if (earliest) return earliest.events();
  return closingDue(state, facts);
};

const closingDue = (state: AccountState, facts: AccountFacts): readonly MedicalAccountEvent[] =>
  state.eventsSinceClosing >= EVENTS_BETWEEN_CLOSINGS_MAX ? [carriedForward(state, facts)] : [];

/** Each area by itself, after the pack's days. Source: J4. */
const restorations = (state: AccountState, { policies, decidedAt }: AccountFacts): Step[] => {
  const steps: Step[] = [];
  for (const [cardId, card] of state.cards) {
    const at = lapseOf(card, policies);
    const financialAt = financialLapseOf(card, policies);
    if (at !== null) steps.push({ at, events: () => [{ type: 'CardRestored.v1', decidedAt, data: { cardId, effectiveAt: at } }] });
    if (financialAt !== null) {
      const data = { cardId, effectiveAt: financialAt };
      steps.push({ at: financialAt, events: () => [{ type: 'FinancialAreaRestored.v1', decidedAt, data }] });
    }
  }
  return steps;
};

const freezeEnds = (state: AccountState, { decidedAt }: AccountFacts): Step[] => {
  const steps: Step[] = [];
  for (const [freezeId, { until, endedAt }] of state.freezes) {
    if (until === null || endedAt !== null) continue;
    steps.push({ at: until, events: () => [{ type: 'FreezeEnded.v1', decidedAt, data: { freezeId, effectiveAt: until } }] });
  }
  return steps;
};

/** The end of a card's term, with the seal on what it holds; a card reported lost waits for its replacement as it is. */
const expiries = (state: AccountState, facts: AccountFacts): Step[] => {
  const { decidedAt } = facts;
  const steps: Step[] = [];
  for (const [cardId, card] of state.cards) {
    const { expiresAt } = card;
    if (expiresAt === null || expiresAt > decidedAt || hasEnded(card) || cardStateNow(card) === 'lost') continue;
    const how = { cause: 'cardExpired', at: expiresAt, facts } as const;
    const expired: MedicalAccountEvent = { type: 'CardExpired.v1', decidedAt, data: { cardId, effectiveAt: expiresAt } };
    steps.push({ at: expiresAt, events: () => [expired, ...endedWith(cardId, card, state, how)] });
  }
  return steps;
};

/** A request for a relation transfer that nobody has carried out within the pack's days. */
const relationLapses = ({ relationTransfers }: AccountState, { decidedAt }: AccountFacts): Step[] =>
  relationTransfers.size === 0
    ? []
    : [...relationTransfers].flatMap(([transferId, { stage, lapsesAt }]) =>
        stage !== 'requested' || lapsesAt === null
          ? []
          : [
              {
                at: lapsesAt,
                events: () => [{ type: 'RelationTransferLapsed.v1', decidedAt, data: { transferId, effectiveAt: lapsesAt } }],
              },
            ],
      );

/** Money of a replaced card that the pack lets move later: to where its successor's money stands by then. */
const deferredTransfers = (state: AccountState, { decidedAt }: AccountFacts): Step[] => {
  const steps: Step[] = [];
  for (const [cardId, { deferred, sealed }] of state.cards) {
    if (deferred === null || deferred.until === null || deferred.until > decidedAt) continue;
    const at = deferred.until;
    const toCardId = locationOf(state, deferred.toCardId);
    const reason = 'balance moves by batch';
    const unsealed: MedicalAccountEvent = {
      type: 'SubAccountUnsealed.v1',
      decidedAt,
      data: { key: null, commandHash: null, cardId, cause: 'successorEnabled', reason },
    };
    const how = { decidedAt, cause: 'batch', effectiveAt: at } as const;
    steps.push({ at, events: () => [...(sealed ? [unsealed] : []), transferred(toCardId, cardId, state, how)] });
  }
  return steps;
};

/** Phased stops of old cards, with the seal on what they hold. Source: Q2–Q4; phases and kinds: the pack in force at the stop. */
const phaseStops = (state: AccountState, { policies, decidedAt }: AccountFacts): Step[] => {
  const stops = stopsBy(policies, decidedAt);
  const steps: Step[] = [];
  if (stops.length === 0) return steps;
  for (const [cardId, card] of state.cards) {
    if (hasEnded(card)) continue;
    const activity = activityOf(card);
    for (const stop of stops) {
      if (!isStoppedBy(stop, activity)) continue;
      const { at, phase } = stop;
      steps.push({ at, events: () => stopped(cardId, { at, phase }, state, { policies, decidedAt }) });
    }
  }
  return steps;
};

const stopped = (
  cardId: string,
  { at, phase }: Pick<PhaseStop, 'at' | 'phase'>,
  state: AccountState,
  facts: Pick<AccountFacts, 'policies' | 'decidedAt'>,
): MedicalAccountEvent[] => {
  const { decidedAt } = facts;
  const card = state.cards.get(cardId);
  if (card === undefined) throw new Error('a stop of a card that is not on this account');
  const data = { key: null, commandHash: null, cardId, cause: 'phase', phase, effectiveAt: at, reason: `phase ${phase}` } as const;
  const stop: MedicalAccountEvent = { type: 'CardStopped.v1', decidedAt, data };
  return [stop, ...endedWith(cardId, card, state, { cause: 'cardStopped', at, facts })];
};

/** The next boundary of the year after the last one; each is its own step. Asia/Shanghai midnight of the pack in force at the boundary. */
const rollovers = (state: AccountState, facts: AccountFacts): Step[] => {
  const { rolledOverThrough } = state;
  const [firstYear, lastYear] = [yearOf(rolledOverThrough), yearOf(facts.decidedAt)];
  for (let year = firstYear; year <= lastYear; year++) {
    const first = boundariesOf(year, facts.policies).find(({ at }) => at > rolledOverThrough);
    if (first) return [{ at: first.at, events: () => rolledOver(first.at, state, facts, first.policy) }];
  }
  return [];
};

type Boundary = Readonly<{ policy: AccountPolicy; at: Instant }>;
const boundariesOfPolicies = new WeakMap<AccountFacts['policies'], Map<number, readonly Boundary[]>>();

/** Where a year ends, each by the pack in force there, the earliest first. Worked out once for a list of packs: every swipe asks. */
const boundariesOf = (year: number, policies: AccountFacts['policies']): readonly Boundary[] => {
  const known = boundariesOfPolicies.get(policies) ?? new Map<number, readonly Boundary[]>();
  boundariesOfPolicies.set(policies, known);
  const before = known.get(year);
  if (before) return before;
  const boundaries = policies
    .map((policy) => ({ policy, at: startOf(boundaryOf(year, policy)) }))
    .filter(({ policy, at }) => policyAt(policies, at) === policy)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  known.set(year, boundaries);
  return boundaries;
};

const yearOf = (instant: Instant): number => +businessDateOf(instant).slice(0, 4);
const boundaryOf = (year: number, { rollover }: AccountPolicy): BusinessDate =>
  `${String(year)}-${String(rollover.month).padStart(2, '0')}-${String(rollover.day).padStart(2, '0')}`;

/** In the order in which they go at one instant. */
const KINDS = [restorations, freezeEnds, expiries, phaseStops, deferredTransfers, relationLapses, rollovers] as const;

const carriedForward = (state: AccountState, { decidedAt }: AccountFacts): MedicalAccountEvent => ({
  type: 'AccountCarriedForward.v1',
  decidedAt,
  data: { carried: carriedStateOf(state) },
});
