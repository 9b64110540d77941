import { businessDateOf } from '#libs/kernel';
import type { AccountFacts, AccountPolicy, PostSwipe } from './commands';
import { enabled } from './enablement';
import { CARDLESS, type MedicalAccountEvent, type MedicalLeg, medicalFen, type SwipeSettled, subAccount } from './events';
import { foresee } from './evolve';
import { earlierSwipe, standingHere } from './keys';
import { legsOf } from './ledger';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import {
  type AccountState,
  balanceFen,
  bucketFen,
  frozenFen,
  hasEnded,
  locationOf,
  payingCard,
  payingCardAt,
  subAccountFen,
} from './state';
import { formRefusals, freezeRefusals, institutionRefusals, judgeCard, type Presented, personRefusals, sealRefusals } from './swipe-checks';
import { declaredRefusals, elsewhere, replaced, settlementOf } from './undo';
import { leftOf } from './undone';

/**
 * Settles a swipe: the card's sub-account pays up to what it holds in the pack's draw order, the holder pays the rest.
 * A first swipe enables the card and moves the old balance, a replaced settlement is cancelled first: one append.
 * Units: fen. Idempotency: by institution and serial. Refusals: all that apply, by precedence; a repeat says what differs.
 * Source: draw order, categories and what a freeze blocks: the city's pack; suspension: 国务院令第735号 art. 41.
 */
export const postSwipe = (command: PostSwipe, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierSwipe(command, state, facts);
  if (earlier) return earlier;
  if (facts.naturalKeyHolder) return refuse(settledElsewhere(facts.naturalKeyHolder));
  const { data } = command;
  const policy = policyAt(facts.policies, facts.decidedAt);
  const refusals = [...institutionRefusals(data, facts, policy), ...formRefusals(data, facts, policy)];
  const presented = judgeCard(data, state, facts, policy);
  if (presented.kind === 'barred') return refuse([...refusals, ...presented.refusals]);

  const before = beforehand(data, presented, state, facts);
  const current = foresee(state, before.events);
  const drawnOn = drawnSubAccount(data, presented, current);
  refusals.push(
    ...before.refusals,
    ...personRefusals(data, presented.card, current, facts),
    ...freezeRefusals({ swipe: data, drawnOn, state: current, policy, facts }),
    ...sealRefusals(data, drawnOn, current),
  );
  const drawing = draw(data, drawnOn, current, { facts, policy });
  refusals.push(...drawing.refusals);
  if (refusals.length > 0) return refuse(refusals);
  return accept(...before.events, settled(command, { drawnOn, draws: drawing.legs }, current, { facts, policy }));
};

const settledElsewhere = ({ original }: NonNullable<AccountFacts['naturalKeyHolder']>): AccountRefusal[] => {
  if (original.type !== 'SwipeSettled.v1') throw new Error('only a settlement holds a visit, charge batch or invoice');
  const { key, institutionCode, serial } = original.data;
  return [{ code: 'already-settled', settlementKey: key, institutionCode, serial, firstAt: original.decidedAt }];
};

type Beforehand = Readonly<{ events: MedicalAccountEvent[]; refusals: AccountRefusal[] }>;
type Usable = Extract<Presented, { kind: 'usable' }>;

/** What the same append does before it settles: the replaced settlement's money comes back, and a first swipe enables its card. */
const beforehand = (data: PostSwipe['data'], presented: Usable, state: AccountState, facts: AccountFacts): Beforehand => {
  const replacing = data.replacesKey === null ? { events: [], refusals: [] } : replacement(data, data.replacesKey, state, facts);
  if (!presented.enables || presented.cardId === null) return replacing;
  const keyed = { key: null, commandHash: null } as const;
  const enabling = { cardId: presented.cardId, channel: 'firstSwipe', financialAreaActivated: false, proxy: null, keyed } as const;
  return { ...replacing, events: [...replacing.events, ...enabled(enabling, foresee(state, replacing.events), facts)] };
};

const replacement = (data: PostSwipe['data'], key: string, state: AccountState, facts: AccountFacts): Beforehand => {
  const live = settlementOf(standingHere(key, state, facts));
  if (live === undefined || live.settled.data.institutionCode !== data.institutionCode)
    return { events: [], refusals: [{ code: 'settlement-not-found', settlementKey: key }] };
  if (leftOf(live.settled, live.undone).amountFen === 0) return { events: [], refusals: [{ code: 'already-undone' }] };
  const away = elsewhere(live, state);
  if (away.length > 0) return { events: [], refusals: away };
  return { events: [replaced(live, data.institutionCode, state, facts)], refusals: declaredRefusals(live, false, facts) };
};

/** The card's own sub-account or its successor's; for an e-credential or identity card that of the card in use, else the cardless one. */
const drawnSubAccount = (data: PostSwipe['data'], { cardId, card }: Usable, state: AccountState): string => {
  if (cardId === null) return payingCard(state) ?? (data.entry === 'late' ? cardPayingAt(data.occurredAt, state) : CARDLESS);
  return card?.carriesPersonalAccount ? locationOf(state, cardId) : cardId;
};

/** No card is in use now: where the money stands of the one that was, when a late entry occurred. */
const cardPayingAt = (occurredAt: string, state: AccountState): string => {
  const then = payingCardAt(state, occurredAt);
  return then === null ? CARDLESS : locationOf(state, then);
};

type Ground = Readonly<{ facts: AccountFacts; policy: AccountPolicy }>;

/** What the account pays: eligible money, up to what is there and not kept untouched by a freeze. Money is judged as of now. */
const draw = (
  { payment, accountEligibleFen: eligibleFen }: PostSwipe['data'],
  drawnOn: string,
  state: AccountState,
  { facts, policy }: Ground,
): Readonly<{ legs: MedicalLeg[]; refusals: AccountRefusal[] }> => {
  if (payment === 'none') return { legs: [], refusals: [] };
  const hasFen = Math.max(0, Math.min(subAccountFen(state, drawnOn), balanceFen(state) - frozenFen(state, policy, facts.decidedAt)));
  if (payment === 'full' && eligibleFen > 0) {
    if (state.holder?.hasPersonalAccount !== true) return { legs: [], refusals: [{ code: 'no-personal-account' }] };
    if (state.cards.get(drawnOn)?.carriesPersonalAccount === false)
      return { legs: [], refusals: [{ code: 'card-carries-no-personal-account', cardId: drawnOn }] };
    if (hasFen < eligibleFen)
      return { legs: [], refusals: [{ code: 'balance-insufficient', needsFen: eligibleFen, hasFen: medicalFen(hasFen) }] };
  }
  let restFen = Math.min(eligibleFen, hasFen);
  const legs: MedicalLeg[] = [];
  for (const bucket of policy.drawOrder) {
    const account = subAccount(drawnOn, bucket);
    const takenFen = Math.max(0, Math.min(restFen, bucketFen(state, account)));
    restFen -= takenFen;
    if (takenFen > 0) legs.push({ account, amountFen: medicalFen(-takenFen) });
  }
  return { legs, refusals: [] };
};

const sharingCard = (cardId: string | null, drawnOn: string, { cards }: AccountState): string | null => {
  if (cardId === null || cardId === drawnOn) return null;
  const card = cards.get(cardId);
  return card !== undefined && !hasEnded(card) ? cardId : null;
};

const settled = (
  { data }: PostSwipe,
  { drawnOn, draws }: Readonly<{ drawnOn: string; draws: readonly MedicalLeg[] }>,
  state: AccountState,
  { facts, policy }: Ground,
): SwipeSettled => {
  const { decidedAt, institution } = facts;
  if (institution === null || state.holder === null) throw new Error('settled without an institution or an account');
  const paidFen = -draws.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return {
    type: 'SwipeSettled.v1',
    decidedAt,
    data: {
      ...data,
      businessDate: businessDateOf(decidedAt),
      cardId: drawnOn,
      presentedCardId: sharingCard(data.cardId, drawnOn, state),
      hasPersonalAccount: state.holder.hasPersonalAccount,
      cashPaymentFen: medicalFen(data.totalFeeFen - data.fundPaidFen - paidFen),
      balanceBeforeFen: subAccountFen(state, drawnOn),
      agreementRevision: institution.agreement.revision,
      packId: policy.packId,
      legs: [...draws, ...legsOf([`payable:${data.institutionCode}`, paidFen])],
    },
  };
};
