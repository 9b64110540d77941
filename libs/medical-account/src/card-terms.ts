import { businessDateOf, type Instant, plusDays, plusYears, startOf } from '#libs/kernel';
import type { AccountFacts, RegisterCard } from './commands';
import type { CardState, ExchangeReason, TemporaryReason } from './events';
import { policyAt } from './policy-at';
import type { AccountRefusal } from './refusals';
import { type AccountState, cardStateNow, hasEnded } from './state';

type Registering = RegisterCard['data'];

/**
 * The midnight from which a card made today is no longer valid, by the pack: a temporary card by the days of its reason, its first day
 * counted; another by the years of its kind. null: until it is replaced. Source: Q7.
 */
export const expiryOf = ({ kind, issue, validDays, state }: Registering, { policies, decidedAt }: AccountFacts): Instant | null => {
  const { cardKinds, temporaryCards } = policyAt(policies, decidedAt);
  const [today, row] = [businessDateOf(decidedAt), cardKinds[kind]];
  const term = issue?.temporaryReason ? temporaryCards[issue.temporaryReason] : null;
  if (row?.generation === 'temporary') return term ? startOf(plusDays(today, validDays ?? term.days)) : null;
  // A card taken over in use was made long ago: nobody here knows when.
  return row?.validYears == null || state === 'inUse' ? null : startOf(plusYears(today, row.validYears));
};

/** In which states a card can be exchanged for which reason. Source: J5; a lost card is replaced after formal loss only. */
const EXCHANGED_FROM: Readonly<Record<ExchangeReason, readonly CardState[]>> = {
  formalLoss: ['lost', 'stopped', 'cancelled'], // Lost, and a phase or a temporary card ended it since.
  photo: ['inUse'],
  expiry: ['inUse', 'expired'],
  damage: ['inUse', 'retained', 'stopped'],
  changedDetails: ['inUse', 'stopped', 'expired'],
  changedBank: ['inUse', 'stopped', 'expired'],
};

/** What is wrong with the reason for which a card is made. */
export const issueRefusals = (data: Registering, state: AccountState, { policies, decidedAt }: AccountFacts): AccountRefusal[] => {
  const { kind, issue, validDays } = data;
  const { cardKinds, temporaryCards } = policyAt(policies, decidedAt);
  const isTemporary = cardKinds[kind]?.generation === 'temporary';
  const reason = issue?.temporaryReason ?? null;
  if (!isTemporary && (reason !== null || validDays !== null)) return [{ code: 'not-a-temporary-card', kind }];
  // A card of a legacy system was made long ago, for a reason that nobody wrote down.
  const missing = isTemporary && reason === null && data.state === 'registered' ? missingReason(temporaryCards) : [];
  const terms = termRefusals(reason, validDays, temporaryCards);
  return [...missing, ...terms, ...exchangeRefusals(issue, state), ...againstSecondCard(data, state, cardKinds)];
};

type Terms = ReturnType<typeof policyAt>['temporaryCards'];
/** The term follows from the reason. A pack that names no reason asks for none. Source: Q7. */
const missingReason = (terms: Terms): AccountRefusal[] => {
  const accepted = Object.keys(terms) as TemporaryReason[];
  return accepted.length === 0 ? [] : [{ code: 'temporary-reason-missing', accepted }];
};

const termRefusals = (reason: TemporaryReason | null, validDays: number | null, terms: Terms): AccountRefusal[] => {
  const accepted = Object.keys(terms) as TemporaryReason[];
  if (reason !== null && !accepted.includes(reason)) return [{ code: 'temporary-reason-not-accepted', reason, accepted }];
  const daysMax = (reason === null ? null : terms[reason])?.daysMax ?? 0;
  return validDays !== null && validDays > daysMax ? [{ code: 'temporary-term-too-long', days: validDays, daysMax }] : [];
};

const exchangeRefusals = (issue: Registering['issue'], state: AccountState): AccountRefusal[] => {
  if (issue === null) return [];
  const { replacesCardId: cardId, exchange } = issue;
  if (cardId === null && exchange === null) return [];
  if (cardId === null || exchange === null) return [{ code: 'exchange-reason-missing', cardId: cardId ?? '' }];
  const old = state.cards.get(cardId);
  if (old === undefined) return [{ code: 'card-not-on-account', cardId }];
  const now = cardStateNow(old);
  return EXCHANGED_FROM[exchange].includes(now) ? [] : [{ code: 'card-not-exchangeable', cardId, exchange, state: now }];
};

type Kinds = ReturnType<typeof policyAt>['cardKinds'];
/**
 * One person, one card: none is made beside a formal one that works or waits to be enabled, nor twice in place of the same. A lost one bars
 * nothing: it is what a replacement is for. Source: I5, J8.
 */
const againstSecondCard = ({ kind, issue, state: as }: Registering, { cards }: AccountState, kinds: Kinds): AccountRefusal[] => {
  if (issue === null || as !== 'registered' || kinds[kind]?.generation !== 'new') return [];
  const { replacesCardId } = issue;
  if (replacesCardId !== null && !cards.has(replacesCardId)) return []; // Nobody knows beside which.
  return [...cards].flatMap(([cardId, card]): AccountRefusal[] => {
    if (cardId === replacesCardId || kinds[card.kind]?.generation !== 'new' || hasEnded(card)) return [];
    if (replacesCardId !== null && card.replacesCardId === replacesCardId)
      return [{ code: 'card-reissued', cardId: replacesCardId, byCardId: cardId }];
    const now = cardStateNow(card);
    if (now === 'lost') return [];
    return [{ code: now === 'registered' ? 'another-card-not-enabled' : 'another-card-in-use', cardId }];
  });
};

/** The card that was made in place of another, if one was. */
export const madeInPlaceOf = (cardId: string, state: AccountState): string | null => {
  for (const [id, card] of state.cards) if (card.replacesCardId === cardId) return id;
  return null;
};
