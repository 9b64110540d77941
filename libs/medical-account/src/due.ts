import { type BusinessDate, businessDateOf, type Instant, startOf } from '#libs/kernel';
import { lapseOf } from './card-refusals';
import { sealedWith } from './cards';
import { carriedStateOf } from './closing';
import type { AccountFacts, AccountPolicy } from './commands';
import type { MedicalAccountEvent } from './events';
import { rolledOver } from './interest';
import { isStoppedBy, type PhaseStop, stopsBy } from './phase-stops';
import { policyAt } from './policy-at';
import { type AccountState, cardStateNow } from './state';

/** A closing at the latest after so many events, so that loading stays short however often a card is swiped. */
export const EVENTS_BETWEEN_CLOSINGS_MAX = 500;

/** Something that time alone brings about: when it takes effect, and what it records. */
type Step = Readonly<{ at: Instant; events: () => readonly MedicalAccountEvent[] }>;

/**
 * The earliest step that time has brought about, or nothing. Every step is computed as of the instant at which it takes effect, by the pack
 * in force then: whether a job came in time, late or never, the balances are the same. At one instant losses lapse first, then freezes end,
 * then cards stop, then the year rolls over.
 */
export const due = (state: AccountState, facts: AccountFacts): readonly MedicalAccountEvent[] => {
  if (state.holder === null) return [];
  let earliest: Step | undefined;
  for (const step of [...restorations(state, facts), ...freezeEnds(state, facts), ...phaseStops(state, facts), ...rollovers(state, facts)])
    if (step.at <= facts.decidedAt && (earliest === undefined || step.at < earliest.at)) earliest = step;
  if (earliest) return earliest.events();
  return state.eventsSinceClosing >= EVENTS_BETWEEN_CLOSINGS_MAX ? [carriedForward(state, facts)] : [];
};

const restorations = (state: AccountState, { policies, decidedAt }: AccountFacts): Step[] =>
  [...state.cards].flatMap(([cardId, card]) => {
    const at = lapseOf(card, policies);
    return at === null ? [] : [{ at, events: () => [{ type: 'CardRestored.v1', decidedAt, data: { cardId, effectiveAt: at } }] as const }];
  });

const freezeEnds = (state: AccountState, { decidedAt }: AccountFacts): Step[] =>
  [...state.freezes].flatMap(([freezeId, { until, endedAt }]) =>
    until === null || endedAt !== null
      ? []
      : [{ at: until, events: () => [{ type: 'FreezeEnded.v1', decidedAt, data: { freezeId, effectiveAt: until } }] as const }],
  );

/** Phased stops of old cards, with the seal on what they hold. Source: Q2–Q4; phases and kinds: the pack in force at the stop. */
const phaseStops = (state: AccountState, { policies, decidedAt }: AccountFacts): Step[] => {
  const stops = stopsBy(policies, decidedAt);
  if (stops.length === 0) return [];
  return [...state.cards].flatMap(([cardId, card]) => {
    if (['stopped', 'cancelled'].includes(cardStateNow(card))) return [];
    return stops
      .filter((stop) => isStoppedBy(stop, card))
      .map(({ at, phase }) => ({ at, events: () => stopped(cardId, { at, phase }, state, decidedAt) }));
  });
};

const stopped = (
  cardId: string,
  { at, phase }: Pick<PhaseStop, 'at' | 'phase'>,
  state: AccountState,
  decidedAt: Instant,
): MedicalAccountEvent[] => {
  const card = state.cards.get(cardId);
  if (card === undefined) throw new Error('a stop of a card that is not on this account');
  const data = { key: null, commandHash: null, cardId, cause: 'phase', phase, effectiveAt: at, reason: `phase ${phase}` } as const;
  return [{ type: 'CardStopped.v1', decidedAt, data }, ...sealedWith(cardId, card, state, decidedAt)];
};

/** The next boundary of the year after the last one; each is its own step. Asia/Shanghai midnight of the pack in force at the boundary. */
const rollovers = (state: AccountState, facts: AccountFacts): Step[] => {
  const { rolledOverThrough } = state;
  const [firstYear, lastYear] = [yearOf(rolledOverThrough), yearOf(facts.decidedAt)];
  for (let year = firstYear; year <= lastYear; year++) {
    const boundaries = facts.policies
      .map((policy) => ({ policy, at: startOf(boundaryOf(year, policy)) }))
      .filter(({ policy, at }) => at > rolledOverThrough && policyAt(facts.policies, at) === policy)
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    const [first] = boundaries;
    if (first) return [{ at: first.at, events: () => rolledOver(first.at, state, facts, first.policy) }];
  }
  return [];
};

const yearOf = (instant: Instant): number => +businessDateOf(instant).slice(0, 4);
const boundaryOf = (year: number, { rollover }: AccountPolicy): BusinessDate =>
  `${String(year)}-${String(rollover.month).padStart(2, '0')}-${String(rollover.day).padStart(2, '0')}`;

const carriedForward = (state: AccountState, { decidedAt }: AccountFacts): MedicalAccountEvent => ({
  type: 'AccountCarriedForward.v1',
  decidedAt,
  data: { carried: carriedStateOf(state) },
});
