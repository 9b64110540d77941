/**
 * One person's account kept a second time, without the engine's rules: plain sums by card and year, no events, no fold. `settlement-model`
 * adds what institutions do. What both predict for a random history is held against what the decider does.
 */
import type { Book, Card, CardState } from './account-book';
import {
  type Bucket,
  type City,
  cardId,
  DAY_MS,
  KINDS,
  LAST_SWIPED,
  type Money,
  type OnCard,
  type Register,
  type Swipe,
  WRONG_PINS_MAX,
} from './account-steps';
import { inForce } from './freeze-model';

const OLD = ['labourSecurity', 'residentMedical'];
const NEWER = ['labourSecurity', 'temporary', 'socialSecurity2', 'socialSecurity3'];
const LOSS_MS = 7 * DAY_MS;
/** By midnight of 1 April all that was not swiped since 1 April 2024 has stopped, by that of 31 December every old card. */
const STOPS = [
  { at: Date.parse('2026-04-01T00:00:00+08:00'), kinds: ['labourSecurity'], unusedSince: '2024-04-01' },
  { at: Date.parse('2026-12-31T00:00:00+08:00'), kinds: OLD, unusedSince: '9999' },
];
export const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
const yearOf = (ms: number): number => +dayOf(ms).slice(0, 4);

export const bookOf = (personal: boolean, now: number, city: City): Book => ({
  personal,
  city,
  cards: new Map(),
  money: new Map(),
  freezes: [],
  owed: 0,
  year: yearOf(now),
});

// ── Money ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const has = (book: Book, id: string): Money => book.money.get(id) ?? { currentYear: 0, priorYear: 0 };
export const add = (book: Book, id: string, bucket: Bucket, fen: number): void => {
  book.money.set(id, { ...has(book, id), [bucket]: has(book, id)[bucket] + fen });
};
export const sum = ({ currentYear, priorYear }: Money): number => currentYear + priorYear;
export const wholeBalance = (book: Book): number => [...book.money.values()].reduce((all, money) => all + sum(money), 0);
/** Takes up to so much, in this order, and tells what each bucket gave. */
export const take = (book: Book, id: string, fen: number, order: readonly Bucket[] = ['currentYear', 'priorYear']): Money => {
  const gave: Money = { currentYear: 0, priorYear: 0 };
  for (const bucket of order) {
    gave[bucket] = Math.min(fen - sum(gave), has(book, id)[bucket]);
    add(book, id, bucket, -gave[bucket]);
  }
  return gave;
};
const move = (book: Book, from: string, to: string): void => {
  if (from === to) return;
  const { currentYear, priorYear } = has(book, from);
  book.money.delete(from);
  add(book, to, 'currentYear', currentYear);
  add(book, to, 'priorYear', priorYear);
};

// ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const kindOf = ({ kind }: Card): string => KINDS[kind] ?? '';
export const carries = (card: Card): boolean => kindOf(card) !== 'residentMedical';
export const isNew = (card: Card): boolean => kindOf(card).startsWith('socialSecurity');
export const stateOf = (card: Card, at = Infinity): CardState | undefined => card.since.findLast((entry) => entry.at <= at)?.state;
const wasInUse = ({ since }: Card): boolean => since.some(({ state }) => state === 'inUse');
const isUsed = (card: Card): boolean => wasInUse(card) && ['inUse', 'lost', 'kept'].includes(stateOf(card) ?? '');
export const hasEnded = (card: Card): boolean => ['stopped', 'cancelled', 'collected', 'destroyed'].includes(stateOf(card) ?? '');
const isLocked = ({ locks }: Card, at: number): boolean => locks.some((lock) => lock.at <= at && at < lock.until);
const enter = (card: Card, state: CardState, at: number) => card.since.push({ at, state });
const comeBack = (card: Card, at: number) => enter(card, wasInUse(card) ? 'inUse' : 'registered', at);

const best = (book: Book, fits: (card: Card, id: string) => boolean): string =>
  [...book.cards]
    .filter(([id, card]) => carries(card) && !card.sealed && card.successor === null && fits(card, id))
    .sort(([, a], [, b]) => {
      const lost = +(stateOf(a) !== 'inUse') - +(stateOf(b) !== 'inUse');
      return lost || NEWER.indexOf(kindOf(b)) - NEWER.indexOf(kindOf(a)) || b.nth - a.nth;
    })[0]?.[0] ?? 'cardless';
export const paying = (book: Book): string => best(book, (card) => stateOf(card) === 'inUse');
/** Where the money stands today of the card that stood for the person then. */
export const payingThen = (book: Book, at: number): string => {
  const then = new Map([...book.cards].map(([id, card]) => [id, { ...card, sealed: stateOf(card, at) !== 'inUse', successor: null }]));
  const id = best({ ...book, cards: then }, () => true);
  return id === 'cardless' ? id : whereNow(book, id);
};
export const isSealedByAgency = ({ seals }: Card, at: number): boolean => seals.some((seal) => seal.at <= at && at < seal.until);
const unseal = (card: Card, now: number): void => {
  card.sealed = card.sealedByLoss = false;
  for (const seal of card.seals) seal.until = Math.min(seal.until, now);
};
export const home = (book: Book, except = ''): string => best(book, (card, id) => id !== except && isUsed(card));
/** Where the money that belonged to a card stands today. */
export const whereNow = (book: Book, id: string): string => {
  const card = book.cards.get(id);
  if (card === undefined) return home(book);
  if (card.successor !== null) return whereNow(book, card.successor);
  return ['cancelled', 'collected', 'destroyed'].includes(stateOf(card) ?? '') && !card.sealed ? home(book) : id;
};

const isStanding = (card: Card): boolean => isUsed(card) || ['gone', 'stopped'].includes(stateOf(card) ?? '');
/** The old card stays in use, on the balance of the new one or on its own. */
const share = (book: Book, other: string, id: string): void => {
  const old = book.cards.get(other);
  if (!old || book.city.parallel !== 'sameAccount' || !carries(old) || old.sealed || old.successor !== null) return;
  move(book, other, id);
  old.successor = id;
};
/** Void at once, but its money stays under a seal until the first of the next month. */
const waits = (old: Card, to: string, now: number): void => {
  if (old.later) return;
  if (isStanding(old)) {
    enter(old, 'cancelled', now);
    old.successor = null;
  }
  old.sealedByLoss = old.sealed && old.sealedByLoss;
  old.sealed = true;
  const [year = 0, month = 0] = dayOf(now).split('-').map(Number);
  old.later = { to, at: Date.UTC(year, month, 1) - 8 * 3_600_000 };
};
const replace = (book: Book, other: string, id: string, now: number): void => {
  const old = book.cards.get(other);
  if (!old) return;
  const moves = sum(has(book, other)) > 0;
  unseal(old, now);
  if (isStanding(old)) {
    enter(old, 'cancelled', now);
    old.successor = id;
  } else if (moves && hasEnded(old)) old.successor = id;
  if (moves) old.later = null;
  move(book, other, id);
};

/** A formal card made later keeps an older one out; a temporary one only other temporary ones; one taken over in use no newer kind. */
const isKeptOut = (book: Book, card: Card): boolean =>
  [...book.cards.values()].some((other) => {
    if (!isUsed(other) || other.nth <= card.nth) return false;
    if (kindOf(other) === 'temporary') return kindOf(card) === 'temporary';
    const isTakenOver = other.since[0]?.state === 'inUse';
    return isNew(other) && !(isTakenOver && NEWER.indexOf(kindOf(other)) < NEWER.indexOf(kindOf(card)));
  });

export const enableCard = (book: Book, id: string, now: number): void => {
  const card = book.cards.get(id);
  if (card === undefined) return;
  enter(card, 'inUse', now);
  for (const [other, old] of book.cards) {
    if (other === id) continue;
    if (book.city.parallel !== 'none' && OLD.includes(kindOf(old)) && isUsed(old)) share(book, other, id);
    else if (book.city.moves === 'nextMonth' && sum(has(book, other)) > 0) waits(old, id, now);
    else replace(book, other, id, now);
  }
  move(book, 'cardless', id);
};

/** Whether a phase has stopped such a card, or ought to have. */
const isDue = (card: Card, now: number): boolean =>
  STOPS.some(({ at, kinds, unusedSince }) => at <= now && kinds.includes(kindOf(card)) && card.swiped <= unusedSince);

// eslint-disable-next-line complexity -- told flat, in the order a clerk would
export const register = (book: Book, id: string, { card: kind, as, opening }: Register, now: number): boolean => {
  const unused = { sealedByLoss: false, later: null, wrong: { inRow: 0, day: '', onDay: 0 }, locks: [] };
  const swiped = { swiped: LAST_SWIPED[kind] ?? '', before: LAST_SWIPED[kind] ?? '', seals: [] };
  const card: Card = { nth: book.cards.size, kind, since: [], sealed: false, successor: null, ...swiped, ...unused };
  const generation = (one: Card) => (isNew(one) ? 'new' : kindOf(one));
  const rival = [...book.cards.values()].some((one) => stateOf(one) === 'inUse' && generation(one) === generation(card));
  if (book.cards.has(id) || (as === 'inUse' && rival && !OLD.includes(kindOf(card)))) return false;
  if (opening && (!book.personal || !carries(card))) return false;
  enter(card, as, now);
  book.cards.set(id, card);
  if (opening) book.money.set(id, { ...opening });
  if (as === 'inUse' && carries(card) && !isDue(card, now)) move(book, 'cardless', id);
  return true;
};

const retire = (book: Book, id: string, card: Card, at: number): void => {
  enter(card, 'stopped', at);
  const to = home(book, id);
  if (book.city.parallel === 'ownSubAccounts' && OLD.includes(kindOf(card)) && to !== 'cardless' && !card.sealed) {
    if (sum(has(book, id)) > 0) card.successor = to;
    move(book, id, to);
  } else if (carries(card) && book.personal && card.successor === null) card.sealed = true;
};

const cancelled = (book: Book, id: string, card: Card, now: number): void => {
  const to = home(book, id);
  enter(card, 'cancelled', now);
  card.successor = to !== 'cardless' && carries(card) && !card.sealed ? to : null;
  if (card.sealed) return;
  move(book, id, to);
};

/** @returns whether the act was possible. */
// eslint-disable-next-line complexity -- told flat, in the order a clerk would
export const actOnCard = (book: Book, kind: OnCard['kind'], id: string, now: number): boolean => {
  const card = book.cards.get(id);
  if (card === undefined) return false;
  const state = stateOf(card) ?? '';
  const ended = hasEnded(card);
  const isVoid = ['cancelled', 'collected', 'destroyed'].includes(state);
  const locked = isLocked(card, now);
  const possible = {
    enable: state === 'registered' && !OLD.includes(kindOf(card)) && !isKeptOut(book, card),
    stop: !ended,
    cancelCard: !isVoid,
    lose: state === 'inUse' || state === 'registered',
    lift: state === 'lost',
    seal: !isVoid && carries(card) && !card.sealed && (card.successor === null || ended),
    unseal: !isVoid && state !== 'gone' && card.sealed,
    loseForGood: ['registered', 'inUse', 'lost', 'kept'].includes(state),
    find: state === 'gone',
    retain: ['registered', 'inUse', 'lost'].includes(state),
    handBack: state === 'kept',
    collect: ['gone', 'stopped', 'cancelled'].includes(state),
    destroy: state === 'collected',
    pinRight: state === 'inUse' && !locked,
    pinWrong: state === 'inUse' && !locked,
    unlockPin: state === 'inUse' && locked,
    resetPin: state === 'inUse',
  }[kind];
  if (!possible) return false;
  if (kind === 'enable') enableCard(book, id, now);
  if (kind === 'stop') retire(book, id, card, now);
  if (kind === 'cancelCard') cancelled(book, id, card, now);
  if (kind === 'lose') enter(card, 'lost', now);
  if (kind === 'lift') comeBack(card, now);
  if (kind === 'seal' || kind === 'unseal') {
    unseal(card, now);
    card.sealed = kind === 'seal';
    if (card.sealed) card.seals.push({ at: now, until: Infinity });
  }
  lives(book, kind, card, now);
  return true;
};

// eslint-disable-next-line complexity -- told flat, in the order a clerk would
const lives = (book: Book, kind: OnCard['kind'], card: Card, now: number): void => {
  if (kind === 'loseForGood') {
    enter(card, 'gone', now);
    if (!card.sealed && carries(card) && book.personal && card.successor === null) card.sealed = card.sealedByLoss = true;
  }
  if (kind === 'find') {
    comeBack(card, now);
    if (card.sealedByLoss) card.sealed = card.sealedByLoss = false;
  }
  if (kind === 'retain') enter(card, 'kept', now);
  if (kind === 'handBack') comeBack(card, now);
  if (kind === 'collect') enter(card, 'collected', now);
  if (kind === 'destroy') enter(card, 'destroyed', now);
  if (kind === 'pinRight') card.wrong.inRow = 0;
  if (kind === 'pinWrong') {
    const { inRow, day, onDay } = card.wrong;
    card.wrong = { inRow: inRow + 1, day: dayOf(now), onDay: day === dayOf(now) ? onDay + 1 : 1 };
    if ((book.city.pins === 'perDay' ? card.wrong.onDay : card.wrong.inRow) >= WRONG_PINS_MAX)
      card.locks.push({ at: now, until: Infinity });
  }
  if (kind === 'unlockPin' || kind === 'resetPin') {
    card.wrong = { inRow: 0, day: '', onDay: 0 };
    for (const lock of card.locks) lock.until = Math.min(lock.until, now);
  }
};

// eslint-disable-next-line complexity -- told flat, in the order a clerk would
export const transfer = (book: Book, fromId: string, toId: string, now: number): boolean => {
  const from = book.cards.get(fromId);
  const to = book.cards.get(toId);
  if ((from === undefined && fromId !== 'cardless') || to === undefined) return false;
  if (stateOf(to) !== 'inUse' || !carries(to) || to.sealed || to.successor !== null || fromId === toId || sum(has(book, fromId)) === 0)
    return false;
  if (from) unseal(from, now);
  if (from) from.later = null;
  if (from && hasEnded(from)) from.successor = toId;
  move(book, fromId, toId);
  return true;
};

/** Whether what was shown at the till may pay, and whether this swipe is the one that enables it. */
export const usable = (
  book: Book,
  { account, card, late }: Swipe,
  { now, at, city }: { now: number; at: number; city: City },
): 'no' | 'yes' | 'enables' => {
  if (card === null) return 'yes';
  const shown = book.cards.get(cardId(account, card));
  if (shown === undefined || isLocked(shown, at)) return 'no';
  if (stateOf(shown, at) === 'inUse') return 'yes';
  if (stateOf(shown, at) !== 'registered' || !city.firstSwipe || !isNew(shown)) return 'no';
  if (stateOf(shown, now) === 'registered') return isKeptOut(book, shown) ? 'no' : 'enables';
  return late !== null && shown.since.some(({ state }: { state: CardState }) => state === 'inUse') ? 'yes' : 'no';
};

// ── Credits, time ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const credit = (book: Book, fen: number, bucket: Bucket, { now, city }: { now: number; city: City }): boolean => {
  const sealed = [...book.cards].filter(([, card]) => card.sealed).at(-1)?.[0];
  const to = home(book) === 'cardless' && city.sealedTakesCredits ? (sealed ?? 'cardless') : home(book);
  const barred = book.freezes.some(
    ({ scope, card, cause, ...when }) =>
      ['death', 'duplicateInsurance'].includes(cause) &&
      inForce({ scope, card, cause, ...when }, now) &&
      (scope === 'person' || (scope === 'subAccount' && whereNow(book, card) === to)),
  );
  if (!book.personal || barred || fen <= 0) return false;
  const offset = Math.min(book.owed, fen);
  book.owed -= offset;
  add(book, to, bucket, fen - offset);
  return true;
};

export const correct = (book: Book, fen: number): boolean => {
  if (!book.personal || fen <= 0) return false;
  const taken = sum(take(book, home(book), fen));
  book.owed += fen - taken - sum(take(book, 'cardless', fen - taken));
  return true;
};

/** What time alone brings about. */
// eslint-disable-next-line complexity -- told flat, in the order a clerk would
export const pass = (book: Book, now: number): void => {
  for (const [id, card] of book.cards) {
    const last = card.since.at(-1);
    if (last?.state === 'lost' && last.at + LOSS_MS <= now) comeBack(card, last.at + LOSS_MS);
    for (const { at, kinds, unusedSince } of STOPS)
      if (at <= now && kinds.includes(kindOf(card)) && card.swiped <= unusedSince && !hasEnded(card)) retire(book, id, card, at);
  }
  const waiting = [...book.cards].filter(([, { later }]) => later !== null && later.at <= now);
  for (const [id, card] of waiting.sort(([, a], [, b]) => (a.later?.at ?? 0) - (b.later?.at ?? 0))) {
    const to = whereNow(book, card.later?.to ?? '');
    unseal(card, now);
    Object.assign(card, { later: null, successor: to === 'cardless' ? card.successor : to });
    move(book, id, to);
  }
  for (; book.year < yearOf(now); book.year++)
    for (const [id, money] of book.money) book.money.set(id, { currentYear: 0, priorYear: sum(money) });
};
