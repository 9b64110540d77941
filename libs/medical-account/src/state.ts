import type { BusinessDate, Instant } from '#libs/kernel';
import type { AccountPolicy } from './commands';
import {
  BUCKETS,
  CARDLESS,
  type CardKind,
  type CardRecord,
  type CardState,
  type CarriedState,
  type FreezeRecord,
  type InTransit,
  type MedicalFen,
  medicalFen,
  type RelationTransferRecord,
  type SubAccount,
  subAccount,
} from './events';
import { NO_SUCCESSION, type Succession } from './persons/records';

export type Holder = Pick<CarriedState, 'accountId' | 'personId' | 'poolingArea' | 'insuranceType' | 'hasPersonalAccount' | 'openedAt'>;
export type Product = { fenDays: number; through: BusinessDate };

/**
 * Only what `decide` and `due` need; the fold owns it and updates it in place. What a screen needs belongs to a projection. Settled keys are not
 * here: what stands under one is found by its claim, so that a state stays as small as its cards, however often they are swiped.
 */
export type AccountState = {
  holder: Holder | null; // null: no account was opened.
  readonly balances: Map<SubAccount, MedicalFen>;
  receivableFen: MedicalFen; // Zero or less: what the holder owes after a correction beyond the balance.
  readonly products: Map<SubAccount, Product>;
  readonly cards: Map<string, CardRecord>;
  readonly freezes: Map<string, FreezeRecord>; // Ended ones too: a late entry is judged by them.
  readonly relationTransfers: Map<string, RelationTransferRecord>; // Ended ones too: an old id stays known.
  readonly inTransit: Map<InTransit, MedicalFen>; // More than nothing.
  succession: Succession; // Replaced as a whole: nearly every account has none.
  rolledOverThrough: Instant;
  eventsSinceClosing: number;
};

export const initialState = (): AccountState => ({
  holder: null,
  balances: new Map(),
  receivableFen: medicalFen(0),
  products: new Map(),
  cards: new Map(),
  freezes: new Map(),
  relationTransfers: new Map(),
  inTransit: new Map(),
  succession: NO_SUCCESSION,
  rolledOverThrough: '',
  eventsSinceClosing: 0,
});

// ── Money ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const bucketFen = (state: AccountState, account: SubAccount): MedicalFen => state.balances.get(account) ?? medicalFen(0);

/** What stands on one card's sub-account (or the cardless one). Units: fen. */
export const subAccountFen = (state: AccountState, cardId: string): MedicalFen => {
  let sumFen = 0;
  for (const bucket of BUCKETS) sumFen += bucketFen(state, subAccount(cardId, bucket));
  return medicalFen(sumFen);
};

/** Everything the holder has, sealed money included. Units: fen. */
export const balanceFen = (state: AccountState): MedicalFen => {
  let sum = 0;
  for (const amountFen of state.balances.values()) sum += amountFen;
  return medicalFen(sum);
};

// ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The state a card was in at an instant; undefined before it was registered. What was recorded last wins: a stop may reach back. */
export const cardStateAt = (card: CardRecord, instant: Instant): CardState | undefined =>
  card.timeline.findLast(({ from }) => from <= instant)?.state;

export const cardStateNow = (card: CardRecord): CardState => card.timeline.at(-1)?.state ?? 'registered';

/** Whether it ever worked; a card that was made, and lost or kept by a machine before it was enabled, comes back as it was. */
export const wasEnabled = ({ timeline }: CardRecord): boolean => timeline.some(({ state }) => state === 'inUse');

/** In use, or barred for some time only: money stands on it, and it stands for the person. */
export const isUsed = (card: CardRecord): boolean => USED.has(cardStateNow(card)) && wasEnabled(card);
const USED: ReadonlySet<CardState> = new Set<CardState>(['inUse', 'temporarilyLost', 'retained']);

/** Out of use for good: no time and no act of the holder brings it back. */
const ENDED: ReadonlySet<CardState> = new Set<CardState>(['stopped', 'expired', 'cancelled', 'collected', 'destroyed']);
export const hasEnded = (card: CardRecord): boolean => ENDED.has(cardStateNow(card));

/** A newer kind goes first where several cards are in use side by side. Source: I5, several old cards may hang on one person. */
const RANK: Readonly<Record<CardKind, number>> = {
  socialSecurity3: 3,
  socialSecurity2: 2,
  temporary: 1,
  medicalInsurance: 0,
  labourSecurity: 0,
  residentMedical: 0,
};

export const isOfOlderKind = (card: CardRecord, than: CardRecord): boolean => RANK[card.kind] < RANK[than.kind];

const best = (state: AccountState, among: (card: CardRecord, cardId: string) => boolean): string | null => {
  let found: readonly [string, CardRecord] | null = null;
  for (const entry of state.cards) {
    if (!among(entry[1], entry[0])) continue;
    if (found === null || precedes(entry, found, state)) found = entry;
  }
  return found === null ? null : found[0];
};

type CardEntry = readonly [cardId: string, card: CardRecord];
const precedes = ([aId, a]: CardEntry, [bId, b]: CardEntry, { succession }: AccountState): boolean => {
  const aInUse = cardStateNow(a) === 'inUse';
  if (aInUse !== (cardStateNow(b) === 'inUse')) return aInUse;
  const rank = RANK[a.kind] - RANK[b.kind];
  if (rank !== 0) return rank > 0;
  // Of two of a kind an account's own goes before one that came with a merge: revisions of two streams say nothing of each other.
  const cameWith = (cardId: string) => succession.merges.findIndex(([, { cardIds }]) => cardIds.includes(cardId));
  const order = succession.merges.length === 0 ? 0 : cameWith(bId) - cameWith(aId);
  return (order || a.registeredAtRevision - b.registeredAtRevision) > 0;
};

/** The card in use that stands for the person; one that carries the personal account goes first. null: none is in use. */
export const cardInUse = (state: AccountState): string | null =>
  best(state, (card) => cardStateNow(card) === 'inUse' && card.carriesPersonalAccount) ??
  best(state, (card) => cardStateNow(card) === 'inUse');

/** The card whose sub-account an e-credential or identity card draws on: in use, never sealed, never a lost one. null: the cardless one. */
export const payingCard = (state: AccountState): string | null => best(state, (card) => cardStateNow(card) === 'inUse' && holdsMoney(card));

/** The same as of an instant, sealed by now or not: for a late entry. */
export const payingCardAt = (state: AccountState, instant: Instant): string | null =>
  best(state, (card) => cardStateAt(card, instant) === 'inUse' && card.carriesPersonalAccount);

/** Whether money may stand on its own sub-account; that of a card which shares another's balance stands there. */
const holdsMoney = ({ carriesPersonalAccount, sealed, successorCardId }: CardRecord): boolean =>
  carriesPersonalAccount && !sealed && successorCardId === null;

/** Where money without a card of its own stands: with the card in use (a loss for some days changes nothing), else on the cardless one. */
export const homeOf = (state: AccountState, except?: string): string =>
  best(state, (card, cardId) => cardId !== except && holdsMoney(card) && isUsed(card)) ?? CARDLESS;

/** Where the money of a card stands today: on the card, on its successor, or, for a cancelled card without one, where cardless money stands. */
export const locationOf = (state: AccountState, cardId: string): string => {
  let at = cardId;
  for (let hops = 0; hops <= state.cards.size; hops++) {
    if (at === CARDLESS) return homeOf(state);
    const card = state.cards.get(at);
    if (card === undefined) throw new Error('a card that is not on this account');
    if (card.successorCardId !== null) at = card.successorCardId;
    else if (!card.sealed && ['cancelled', 'collected', 'destroyed'].includes(cardStateNow(card))) at = CARDLESS;
    else return at;
  }
  throw new Error('cards that succeed each other in a circle');
};

export const isSealed = (state: AccountState, cardId: string): boolean => state.cards.get(cardId)?.sealed === true;

// ── Freezes ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const inForceAt = ({ from, until, endedAt }: FreezeRecord, instant: Instant): boolean => {
  const end = endedAt ?? until;
  return from <= instant && (end === null || instant < end);
};

/** What freezes of an amount keep untouched at an instant. Units: fen. */
export const frozenFen = (state: AccountState, policy: AccountPolicy, instant: Instant): number => {
  let sum = 0;
  for (const freeze of state.freezes.values()) {
    const { scope, cause } = freeze;
    if (scope.kind === 'amount' && policy.freezeCauses[cause].blocksDebit && inForceAt(freeze, instant)) sum += scope.amountFen;
  }
  return sum;
};
