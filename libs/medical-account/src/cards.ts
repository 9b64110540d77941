import { businessDateOf } from '#libs/kernel';
import { unusable } from './card-refusals';
import { expiryOf, issueRefusals } from './card-terms';
import type {
  AccountFacts,
  AccountPolicy,
  CancelCard,
  EnableCard,
  RegisterCard,
  SealSubAccount,
  StopCard,
  TransferBalance,
  UnsealSubAccount,
} from './commands';
import { creditKey } from './commands';
import { channelRefusals, enabled, endedWith, movedTo, newerInUse, transferLegs } from './enablement';
import { type AccountCredited, CARDLESS, type CardRecord, type MedicalAccountEvent, subAccount, type TransferPlace } from './events';
import { foresee } from './evolve';
import { earlierAnswer, standingUnder } from './keys';
import { legsOf } from './ledger';
import { isStoppedBy, stopsBy } from './phase-stops';
import { policyAt } from './policy-at';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import { type AccountState, cardStateNow, hasEnded, homeOf, subAccountFen } from './state';

export type OnCard = Readonly<{ act: MedicalAccountEvent['type']; data: Readonly<{ key: string; commandHash: string; cardId: string }> }>;
type Found = Readonly<{ card: CardRecord; refusals: readonly AccountRefusal[] }>;

/** What every act on a card asks first: a repeat, the account, the card. */
export const onCard = (command: OnCard, state: AccountState, facts: AccountFacts, act: (found: Found) => Outcome): Outcome => {
  const earlier = earlierAnswer(command.data, command.act, facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const { cardId } = command.data;
  const card = state.cards.get(cardId);
  if (card === undefined) return refuse([{ code: 'card-not-on-account', cardId }]);
  return act({ card, refusals: unusable(cardId, card, cardStateNow(card), facts.policies) });
};

export const unless = (refusals: readonly AccountRefusal[], ...events: readonly MedicalAccountEvent[]): Outcome =>
  refusals.length > 0 ? refuse(refusals) : accept(...events);

/** What bars an act, but for what does not bar this one. */
export const without = (refusals: readonly AccountRefusal[], ...codes: readonly AccountRefusal['code'][]): AccountRefusal[] =>
  refusals.filter(({ code }) => !codes.includes(code));

/** What bars the card, or where nothing but a missing enablement does, that there is nothing to undo. */
export const otherwise = (refusals: readonly AccountRefusal[], nothing: AccountRefusal): AccountRefusal[] => {
  const found = without(refusals, 'card-not-enabled');
  return found.length > 0 ? found : [nothing];
};

const UNKEYED = { key: null, commandHash: null } as const;

/**
 * Registers a card; one taken over from a legacy system brings its state, its last swipe and the balances that stood on it.
 * Units: fen. Idempotency: by business number; the opening balance also by its own reference.
 * Refusals: card kind, another card in use, amounts.
 */
export const registerCard = ({ data }: RegisterCard, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'CardRegistered.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const { key, commandHash, cardId, kind, commitments, lastSwipedOn } = data;
  if (state.cards.has(cardId)) return refuse([{ code: 'card-already-registered', cardId }]);
  const known = policyAt(facts.policies, facts.decidedAt).cardKinds[kind];
  if (known === undefined) return refuse([{ code: 'card-kind-not-accepted', kind }]);

  const { carriesPersonalAccount } = known;
  const media = data.media ?? known.media;
  const { issue } = data;
  const expiresAt = expiryOf(data, facts);
  const refusals = [
    ...rivalRefusals(data, state, facts),
    ...issueRefusals(data, state, facts),
    ...openingRefusals(data, carriesPersonalAccount, state, facts),
  ];
  return unless(
    refusals,
    {
      type: 'CardRegistered.v1',
      decidedAt: facts.decidedAt,
      data: {
        key,
        commandHash,
        cardId,
        kind,
        media,
        carriesPersonalAccount,
        state: data.state,
        lastSwipedOn,
        commitments,
        issue,
        expiresAt,
      },
    },
    ...openingCredit(data, facts),
    ...(carriesPersonalAccount ? taken(data, state, facts) : []),
  );
};

/** A card that is in use from the start takes what stood cardless, as an enabled one does; not one that a phase has long stopped. */
const taken = (
  { cardId, state: as, kind, lastSwipedOn }: RegisterCard['data'],
  state: AccountState,
  facts: AccountFacts,
): MedicalAccountEvent[] => {
  const { decidedAt, policies } = facts;
  const activity = { kind, lastSwipedOn, registeredOn: businessDateOf(decidedAt) };
  if (as !== 'inUse' || stopsBy(policies, decidedAt).some((stop) => isStoppedBy(stop, activity))) return [];
  return movedTo(cardId, CARDLESS, state, { decidedAt, cause: 'enablement' });
};

/** Several old cards may be in use side by side, formal new ones may not. Source: I5, one person, one card. */
const rivalRefusals = ({ kind, state: as }: RegisterCard['data'], state: AccountState, facts: AccountFacts): AccountRefusal[] => {
  const { cardKinds } = policyAt(facts.policies, facts.decidedAt);
  const generation = cardKinds[kind]?.generation;
  if (as !== 'inUse' || generation === 'old') return [];
  return [...state.cards].flatMap(([cardId, card]) =>
    cardStateNow(card) === 'inUse' && cardKinds[card.kind]?.generation === generation
      ? [{ code: 'another-card-in-use', cardId } as const]
      : [],
  );
};

const openingRefusals = (
  { opening, cardId }: RegisterCard['data'],
  carries: boolean,
  state: AccountState,
  facts: AccountFacts,
): AccountRefusal[] => {
  if (opening === null) return [];
  const refusals: AccountRefusal[] = [];
  const earlier = standingUnder(creditKey('opening', opening.reference), facts)?.original;
  if (earlier) refusals.push({ code: 'key-used-with-different-content', firstAt: earlier.decidedAt, act: earlier.type });
  if (!carries) refusals.push({ code: 'card-carries-no-personal-account', cardId });
  if (state.holder?.hasPersonalAccount === false) refusals.push({ code: 'no-personal-account' });
  if (opening.currentYearFen < 0 || opening.priorYearFen < 0) refusals.push({ code: 'amount-not-positive', field: 'opening' });
  return refusals;
};

/** What stood on the card goes to its own sub-account, under a key of its own: no reference is opened twice. */
const openingCredit = ({ opening, cardId, commandHash }: RegisterCard['data'], { decidedAt }: AccountFacts): AccountCredited[] => {
  if (opening === null) return [];
  const { currentYearFen, priorYearFen, reference } = opening;
  const legs = legsOf(
    ['fund:opening', -(currentYearFen + priorYearFen)],
    [subAccount(cardId, 'currentYear'), currentYearFen],
    [subAccount(cardId, 'priorYear'), priorYearFen],
  );
  if (legs.length === 0) return [];
  const key = creditKey('opening', reference);
  const origin = { source: 'opening', reference, period: null, legalBasis: null } as const;
  return [{ type: 'AccountCredited.v1', decidedAt, data: { key, commandHash, ...origin, cardId, legs } }];
};

/**
 * Enables a card at an outlet, by hotline, centre, proxy or batch; it replaces every earlier card and takes over its money.
 * Idempotency: by business number. Refusals: card state, card kind, a newer card in use, channel. Source: Q5, Q8, Q9, J1, S4.
 */
export const enableCard = (command: EnableCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardEnabled.v1', data: command.data }, state, facts, ({ card, refusals: barred }) => {
    const { key, commandHash, cardId, channel, financialAreaActivated, proxy } = command.data;
    const policy = policyAt(facts.policies, facts.decidedAt);
    const refusals = barred.filter(({ code }) => code !== 'card-not-enabled');
    if (cardStateNow(card) === 'inUse') refusals.push({ code: 'card-in-use-already', cardId });
    if ((policy.cardKinds[card.kind]?.generation ?? 'old') === 'old') refusals.push({ code: 'card-kind-not-accepted', kind: card.kind });
    refusals.push(...newerInUse(cardId, state, policy), ...channelRefusals(command.data, policy));
    if (refusals.length > 0) return refuse(refusals);
    return accept(...enabled({ cardId, channel, financialAreaActivated, proxy, keyed: { key, commandHash } }, state, facts));
  });

/** Refusals that mean: there is nothing more to stop, to cancel, or to put a seal on or off. */
const STOPPED: readonly string[] = ['card-stopped', 'card-expired', 'card-cancelled', 'card-collected', 'card-destroyed'];
const CANCELLED: readonly string[] = ['card-cancelled', 'card-collected', 'card-destroyed'];

/** Stops a card for good and seals its balance. Idempotency: by business number. Refusals: a card out of use already. */
export const stopCard = (command: StopCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardStopped.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { decidedAt } = facts;
    const { cardId } = command.data;
    return unless(
      refusals.filter(({ code }) => STOPPED.includes(code)),
      { type: 'CardStopped.v1', decidedAt, data: { ...command.data, cause: 'agency', phase: null, effectiveAt: decidedAt } },
      ...endedWith(cardId, card, state, { cause: 'cardStopped', at: decidedAt, facts }),
    );
  });

/** Cancels a card; its money goes to the card in use, else it is cardless; sealed money stays sealed. Idempotency: by business number. */
export const cancelCard = (command: CancelCard, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'CardCancelled.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId } = command.data;
    const home = homeOf(state, cardId);
    const successorCardId = home === CARDLESS || card.sealed || !card.carriesPersonalAccount ? null : home;
    const { decidedAt } = facts;
    return unless(
      refusals.filter(({ code }) => CANCELLED.includes(code)),
      { type: 'CardCancelled.v1', decidedAt, data: { ...command.data, successorCardId } },
      ...(card.sealed ? [] : movedTo(home, cardId, state, { decidedAt, cause: 'agency' })),
    );
  });

/** Seals a sub-account by order of the agency. Idempotency: by business number. */
export const sealSubAccount = (command: SealSubAccount, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'SubAccountSealed.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId } = command.data;
    const found = refusals.filter(({ code }) => CANCELLED.includes(code));
    const shares = card.successorCardId !== null && !hasEnded(card); // Nothing of its own to seal.
    if (!card.carriesPersonalAccount || shares) found.push({ code: 'card-carries-no-personal-account', cardId });
    if (card.sealed) found.push({ code: 'sub-account-sealed', cardId });
    return unless(found, { type: 'SubAccountSealed.v1', decidedAt: facts.decidedAt, data: { ...command.data, cause: 'agency' } });
  });

/** Takes the seal off a card that is not cancelled; of a cancelled one the money is transferred. Idempotency: by business number. */
export const unsealSubAccount = (command: UnsealSubAccount, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'SubAccountUnsealed.v1', data: command.data }, state, facts, ({ card, refusals }) => {
    const { cardId } = command.data;
    const found = refusals.filter(({ code }) => CANCELLED.includes(code) || code === 'card-lost' || code === 'card-expired');
    if (!card.sealed) found.push({ code: 'sub-account-not-sealed', cardId });
    return unless(found, { type: 'SubAccountUnsealed.v1', decidedAt: facts.decidedAt, data: { ...command.data, cause: 'agency' } });
  });

/** Moves what stands on one sub-account to the card in use, by order of the agency; a seal is taken off. Idempotency: by business number. */
export const transferBalance = ({ data }: TransferBalance, state: AccountState, facts: AccountFacts): Outcome =>
  onCard({ act: 'BalanceTransferred.v1', data: { ...data, cardId: data.toCardId } }, state, facts, ({ card: to, refusals: barred }) => {
    const { key, commandHash, fromCardId, toCardId, place } = data;
    const { decidedAt } = facts;
    const from = state.cards.get(fromCardId);
    if (from === undefined && fromCardId !== CARDLESS) return refuse([{ code: 'card-not-on-account', cardId: fromCardId }]);
    const refusals = [...barred];
    const wasSealed = from?.sealed === true;
    const amountFen = subAccountFen(state, fromCardId);
    if (!to.carriesPersonalAccount || to.successorCardId !== null)
      refusals.push({ code: 'card-carries-no-personal-account', cardId: toCardId });
    if (to.sealed) refusals.push({ code: 'sub-account-sealed', cardId: toCardId });
    if (fromCardId === toCardId) refusals.push({ code: 'same-sub-account', cardId: toCardId });
    if (amountFen === 0) refusals.push({ code: 'nothing-to-transfer', fromCardId });
    refusals.push(...placeRefusals(place, from, policyAt(facts.policies, decidedAt)));
    if (refusals.length > 0) return refuse(refusals);

    const reason = 'balance transferred';
    const unsealed: MedicalAccountEvent[] = wasSealed
      ? [{ type: 'SubAccountUnsealed.v1', decidedAt, data: { ...UNKEYED, cardId: fromCardId, cause: 'agency', reason } }]
      : [];
    const legs = transferLegs(foresee(state, unsealed), fromCardId, toCardId);
    return accept(...unsealed, {
      type: 'BalanceTransferred.v1',
      decidedAt,
      data: {
        ...{ key, commandHash, fromCardId, toCardId, amountFen, wasSealed, legs },
        cause: place === null ? 'agency' : 'application',
        effectiveAt: null,
      },
    });
  });

/** Outside the agency only what the pack lets move on application, and where it names. */
const placeRefusals = (place: TransferPlace | null, from: CardRecord | undefined, { moneyMoves }: AccountPolicy): AccountRefusal[] => {
  if (place === null || place === 'agency') return [];
  const named = from?.deferred?.place ?? (moneyMoves.when === 'onApplication' ? moneyMoves.place : 'agency');
  return place === named ? [] : [{ code: 'transfer-place-not-allowed', place, allowed: [...new Set<TransferPlace>(['agency', named])] }];
};
