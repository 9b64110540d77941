import { cancelCard, registerCard, stopCard } from './cards';
import type { AccountFacts, CardTakenOver, TakeOverAccount } from './commands';
import { creditKey } from './commands';
import { openAccount } from './credits';
import { type AccountCredited, type MedicalAccountEvent, subAccount } from './events';
import { evolve } from './evolve';
import { earlierAnswer } from './keys';
import { legsOf } from './ledger';
import { reportTemporaryLoss } from './losses';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import { type AccountState, homeOf, initialState } from './state';

/** Decided on what the acts before it have left behind; nothing where there is nothing to do. */
type Act = (state: AccountState, facts: AccountFacts) => Outcome | undefined;

/**
 * Takes over an account of a legacy system in one append: the person, each card in the state it was in there, and what stood on each of them.
 * Every part is decided by the rule that would decide it alone; the parts' keys begin with the command's own.
 * Units: fen. Idempotency: by the command's key. Refusals: `account-exists`, and those of every part, all of them.
 */
export const takeOverAccount = ({ data }: TakeOverAccount, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'AccountOpened.v1', facts);
  if (earlier) return earlier;
  if (state.holder !== null) return refuse([{ code: 'account-exists', openedAt: state.holder.openedAt }]);
  const fresh = initialState(); // Folded in place: nothing of it is kept.
  const events: MedicalAccountEvent[] = [];
  const refusals: AccountRefusal[] = [];
  for (const act of [opening(data), ...data.cards.flatMap((card, n) => actsOn(card, n, data)), leftWithThePerson(data)]) {
    const outcome = act(fresh, facts);
    if (outcome?.kind === 'refused') refusals.push(...outcome.refusals);
    if (outcome?.kind !== 'accepted') continue;
    for (const event of outcome.events) evolve(fresh, { ...event, id: '', stream: '', revision: events.push(event) - 1 });
  }
  return refusals.length > 0 ? refuse(refusals) : accept(...events);
};

/** What an act of the append is known by besides the command's own key. */
export const keysTakenOver = ({ key, cards, ...left }: TakeOverAccount['data']): string[] => [
  ...cards.flatMap((card, n) => {
    const own = cardKey(key, n);
    const changes = card.state === 'registered' || card.state === 'inUse' ? [] : [`${own}/${card.state}`];
    return [own, ...changes, ...(hasMoney(card) ? [creditKey('opening', own)] : [])];
  }),
  ...(hasMoney(left) ? [creditKey('opening', key)] : []),
];
export const cardKey = (key: string, n: number): string => `${key}/${n + 1}`;

type Amounts = Pick<CardTakenOver, 'currentYearFen' | 'priorYearFen'>;
const hasMoney = ({ currentYearFen, priorYearFen }: Amounts): boolean => currentYearFen !== 0 || priorYearFen !== 0;

const opening =
  ({ cards: _cards, currentYearFen: _current, priorYearFen: _prior, ...data }: TakeOverAccount['data']): Act =>
  (state, facts) =>
    openAccount({ type: 'OpenAccount', data }, state, facts);

/** A stopped or cancelled card was never in use here: it is registered, and stopped or cancelled at once, with the seal that goes with it. */
const actsOn = (card: CardTakenOver, n: number, { key, commandHash }: TakeOverAccount['data']): Act[] => {
  const { cardId, kind, lastSwipedOn, media, commitments, currentYearFen, priorYearFen } = card;
  const own = { key: cardKey(key, n), commandHash };
  const state = card.state === 'inUse' || card.state === 'temporarilyLost' ? 'inUse' : 'registered';
  const money = hasMoney(card) ? { currentYearFen, priorYearFen, reference: own.key } : null;
  const registered = {
    ...own,
    cardId,
    kind,
    state,
    lastSwipedOn,
    media,
    commitments,
    opening: money,
    issue: null,
    validDays: null,
  } as const;
  const registering: Act = (before, facts) => registerCard({ type: 'RegisterCard', data: registered }, before, facts);
  const changing = changeTo(card, { key: `${own.key}/${card.state}`, commandHash });
  return changing === null ? [registering] : [registering, afterRegistering(cardId, changing)];
};

/** A card that could not be registered is told by that alone. */
const afterRegistering =
  (cardId: string, act: Act): Act =>
  (state, facts) =>
    state.cards.has(cardId) ? act(state, facts) : undefined;

const changeTo = ({ cardId, state }: CardTakenOver, keyed: Readonly<{ key: string; commandHash: string }>): Act | null => {
  const reason = 'taken over from a legacy system';
  switch (state) {
    case 'registered':
    case 'inUse':
      return null;
    case 'temporarilyLost':
      return (before, facts) => reportTemporaryLoss({ type: 'ReportTemporaryLoss', data: { ...keyed, cardId } }, before, facts);
    case 'stopped':
      return (before, facts) => stopCard({ type: 'StopCard', data: { ...keyed, cardId, reason } }, before, facts);
    case 'cancelled':
      return (before, facts) => cancelCard({ type: 'CancelCard', data: { ...keyed, cardId, cause: 'agency', reason } }, before, facts);
  }
};

/** What stood with the person goes where cardless money stands: on the card in use, else on the cardless sub-account. */
const leftWithThePerson =
  ({ key, commandHash, currentYearFen, priorYearFen }: TakeOverAccount['data']): Act =>
  (state, { decidedAt }) => {
    const refusals: AccountRefusal[] = [];
    if (!hasMoney({ currentYearFen, priorYearFen }) || state.holder === null) return undefined;
    if (!state.holder.hasPersonalAccount) refusals.push({ code: 'no-personal-account' });
    if (currentYearFen < 0 || priorYearFen < 0) refusals.push({ code: 'amount-not-positive', field: 'opening' });
    if (refusals.length > 0) return refuse(refusals);
    const cardId = homeOf(state);
    const legs = legsOf(
      ['fund:opening', -(currentYearFen + priorYearFen)],
      [subAccount(cardId, 'currentYear'), currentYearFen],
      [subAccount(cardId, 'priorYear'), priorYearFen],
    );
    const origin = { source: 'opening', reference: key, period: null, legalBasis: null } as const;
    const credited: AccountCredited = {
      type: 'AccountCredited.v1',
      decidedAt,
      data: { key: creditKey('opening', key), commandHash, ...origin, cardId, legs },
    };
    return accept(credited);
  };
