/** What institutions do to the accounts of `account-model`: a map of claimed serials, and what stands behind each. */
import type { Book } from './account-book';
import {
  actOnCard,
  add,
  bookOf,
  carries,
  correct,
  credit,
  dayOf,
  enableCard,
  has,
  hasEnded as isOver,
  isSealedByAgency,
  pass,
  paying,
  payingThen,
  register,
  sum,
  take,
  transfer,
  usable,
  whereNow,
  wholeBalance,
} from './account-model';
import {
  type Bucket,
  type Cancel,
  type City,
  cardId,
  DAY_MS,
  HOUR_MS,
  INSTITUTIONS,
  INSURANCE,
  type Money,
  type Reverse,
  type Step,
  type Swipe,
} from './account-steps';
import { found } from './found';
import { freeze, inForce, kept, thaw } from './freeze-model';
import {
  type Cancelled,
  keyOf,
  leftOf,
  NO,
  NOTHING,
  type Parts,
  plus,
  type Settled,
  SILENT,
  say,
  type Told,
  told,
  type World,
} from './settlement-claims';

export const settlementModel = (city: City) => {
  let world: World = { books: [], claims: new Map(), suspended: INSTITUTIONS.map(() => []) };

  /** Account money goes back to where it would stand today, what was drawn last first; after New Year to the prior year. */
  const giveBack = (settled: Settled, account: number, cash: number, fund: number): Cancelled => {
    const book = found(world.books[settled.account]);
    const to = whereNow(book, settled.card);
    const priorYear = settled.year === book.year ? Math.min(account, settled.paid.priorYear - settled.back.priorYear) : account;
    const parts: Parts = { priorYear, currentYear: account - priorYear, cash, fund };
    add(book, to, 'priorYear', parts.priorYear);
    add(book, to, 'currentYear', parts.currentYear);
    settled.back = plus(settled.back, parts, 1);
    return { act: 'cancelled', of: settled, to, year: book.year, parts, reversed: false };
  };

  const giveBackAll = (settled: Settled): Cancelled => {
    const { account, cash, fund } = leftOf(settled);
    return giveBack(settled, account, cash, fund);
  };

  const frozen = (book: Book, { account, card, mode }: Swipe, drawnOn: string, at: number): boolean =>
    book.freezes.some((freeze) => {
      if (freeze.cause === 'contributionArrears' || !inForce(freeze, at)) return false;
      if (freeze.scope === 'cardArea') return card !== null && freeze.card === cardId(account, card);
      return freeze.scope === 'person' || (freeze.scope === 'subAccount' && mode !== 'none' && whereNow(book, freeze.card) === drawnOn);
    });

  const timely = ({ institution, late }: Swipe, now: number, at: number): boolean => {
    const suspended = found(world.suspended[institution]).findLast((entry) => entry.at <= at)?.on ?? false;
    if (late === null) return !suspended;
    const days = (Date.parse(dayOf(now)) - Date.parse(dayOf(at))) / DAY_MS;
    return !suspended && at <= now && (late.approved || days <= 3);
  };

  /** @returns what the replaced settlement gave back, null when none is to be replaced, or undefined when that one cannot be. */
  const replace = (step: Swipe): Cancelled | null | undefined => {
    if (step.replaces === null) return null;
    const old = world.claims.get(keyOf(step.institution, step.replaces));
    if (old?.act !== 'settled' || old.account !== step.account || leftOf(old).all === 0) return undefined;
    return giveBackAll(old);
  };

  const isSealedFor = ({ mode, late }: Swipe, card: Parameters<typeof isSealedByAgency>[0] | undefined, at: number): boolean =>
    mode !== 'none' && card !== undefined && (late === null ? card.sealed : isSealedByAgency(card, at));

  /** @returns what the account can pay, or null when a seal, a freeze or the form of payment bars it. */
  const payable = (book: Book, step: Swipe, drawnOn: string, { now, at }: { now: number; at: number }): number | null => {
    const card = book.cards.get(drawnOn);
    if (frozen(book, step, drawnOn, at) || isSealedFor(step, card, at)) return null;
    const can = Math.max(0, Math.min(sum(has(book, drawnOn)), wholeBalance(book) - kept(book, now)));
    if (step.mode === 'full' && step.eligible > 0 && (!book.personal || (card && !carries(card)) || can < step.eligible)) return null;
    return step.mode === 'none' ? 0 : Math.min(can, step.eligible);
  };

  const forPerson = (book: Book, { late }: Swipe, at: number): string => {
    const card = paying(book);
    return card === 'cardless' && late !== null ? payingThen(book, at) : card;
  };

  /** Only swipes of which something is left are swipes. */
  const recount = (account: number): void => {
    for (const [id, card] of found(world.books[account]).cards) {
      const days = [...world.claims.values()].flatMap((claim) =>
        claim.act === 'settled' && claim.account === account && claim.swiped === id && leftOf(claim).all > 0 ? [claim.day] : [],
      );
      card.swiped = [card.before, ...days].sort().at(-1) ?? '';
    }
  };

  // eslint-disable-next-line complexity -- told flat, in the order a clerk would
  const settle = (step: Swipe, now: number): Told => {
    const { account, card, institution, serial, fund, eligible, rest } = step;
    const book = found(world.books[account]);
    const at = step.late === null ? now : now - step.late.hours * HOUR_MS;
    const may = usable(book, step, { now, at, city });
    if (world.claims.has(keyOf(institution, serial)) || may === 'no' || !timely(step, now, at) || fund + eligible + rest === 0) return NO;
    const replaced = replace(step);
    if (replaced === undefined) return NO;
    const id = card === null ? '' : cardId(account, card);
    if (may === 'enables') enableCard(book, id, now);
    const shown = book.cards.get(id);
    const drawnOn = shown === undefined ? forPerson(book, step, at) : carries(shown) ? whereNow(book, id) : id;
    const pays = payable(book, step, drawnOn, { now, at });
    if (pays === null) return NO;
    const paid: Parts = { ...take(book, drawnOn, pays), cash: eligible + rest - pays, fund };
    const swiped = shown && (isOver(shown) ? book.cards.get(drawnOn) : shown);
    world.claims.set(keyOf(institution, serial), {
      act: 'settled',
      swiped: swiped ? (isOver(found(shown)) ? drawnOn : id) : null,
      day: dayOf(at),
      account,
      card: drawnOn,
      year: book.year,
      paid,
      back: NOTHING,
      replaced,
      reversed: false,
    });
    recount(account);
    if (swiped && step.late === null) swiped.wrong.inRow = 0;
    return say(paid);
  };

  const swipe = (step: Swipe, now: number): Told => {
    const before = structuredClone(world);
    const answer = settle(step, now);
    if (answer === NO) world = before; // Nothing of a refused swipe happens, neither the enablement nor what it would have replaced.
    return answer;
  };

  // eslint-disable-next-line complexity -- told flat, in the order a clerk would
  const cancel = ({ institution, target, serial, fen, fund, astray }: Cancel): Told => {
    const settled = world.claims.get(keyOf(institution, target));
    if (world.claims.has(keyOf(institution, serial)) || settled?.act !== 'settled' || astray) return NO;
    const left = leftOf(settled);
    const amount = fen ?? left.all;
    const toFund = fund ?? (amount === left.all ? left.fund : 0);
    const own = amount - toFund;
    if (amount <= 0 || amount > left.all || toFund > left.fund || own < 0 || own > left.account + left.cash) return NO;
    const account = Math.min(own, left.account);
    const cancelled = giveBack(settled, account, own - account, toFund);
    world.claims.set(keyOf(institution, serial), cancelled);
    recount(settled.account);
    return say(cancelled.parts);
  };

  const takeAgain = ({ of, to, year, parts }: Cancelled): void => {
    const book = found(world.books[of.account]);
    const from = whereNow(book, to);
    const first: Bucket[] = year === book.year ? ['currentYear', 'priorYear'] : ['priorYear', 'currentYear'];
    const taken = sum(take(book, from, parts.priorYear, ['priorYear', 'currentYear'])) + sum(take(book, from, parts.currentYear, first));
    book.owed += sum(parts) - taken;
    of.back = plus(of.back, parts, -1);
  };

  const reverse = ({ institution, target, serial, astray }: Reverse): Told => {
    const key = keyOf(institution, serial);
    const claim = world.claims.get(keyOf(institution, target));
    if (world.claims.has(key)) return NO;
    if (claim === undefined) {
      world.claims.set(keyOf(institution, target), { act: 'void' }).set(key, { act: 'void' });
      return told(true);
    }
    if (astray || claim.act === 'reversal' || claim.act === 'void') return NO;
    if (claim.act === 'cancelled' ? claim.reversed || claim.of.reversed : leftOf(claim).all === 0) return NO;
    world.claims.set(key, { act: 'reversal' });
    if (claim.act === 'settled') {
      const { parts } = giveBackAll(claim);
      claim.reversed = true;
      if (claim.replaced?.of.reversed === false) takeAgain(claim.replaced); // As if the reversed message had never come.
      recount(claim.account);
      return say(parts);
    }
    claim.reversed = true;
    takeAgain(claim);
    recount(claim.of.account);
    return say(claim.parts);
  };

  const onAccount = (step: Extract<Step, { account: number }>, now: number): Told => {
    if (step.kind === 'open') {
      if (world.books[step.account]) return NO;
      world.books[step.account] = bookOf(INSURANCE[step.account] === 'employee', now, city);
      return told(true);
    }
    const book = found(world.books[step.account]);
    pass(book, now);
    switch (step.kind) {
      case 'due':
        return SILENT;
      case 'register':
        return told(register(book, cardId(step.account, step.card), step, now));
      case 'credit':
        return told(credit(book, step.fen, step.bucket, { now, city }));
      case 'correct':
        return told(correct(book, step.fen));
      case 'transfer':
        return told(transfer(book, step.from === null ? 'cardless' : cardId(step.account, step.from), cardId(step.account, step.to), now));
      case 'freeze':
        return told(freeze(book, step, now));
      case 'thaw':
        return told(thaw(book, step.nth, now));
      case 'swipe':
        return swipe(step, now);
      default:
        return told(actOnCard(book, step.kind, cardId(step.account, step.card), now));
    }
  };

  const predict = (step: Step, now: number): Told => {
    if ('account' in step) return onAccount(step, now);
    if (step.kind === 'wait') return SILENT;
    if (step.kind === 'repeat') return { ...NO, kind: 'replayed' };
    if (step.kind === 'suspend' || step.kind === 'resume') {
      found(world.suspended[step.institution]).push({ at: now, on: step.kind === 'suspend' });
      return SILENT;
    }
    for (const book of world.books) pass(book, now);
    return step.kind === 'cancel' ? cancel(step) : reverse(step as Reverse);
  };

  return {
    predict,
    money: (account: number): Record<string, Money> =>
      Object.fromEntries([...found(world.books[account]).money].filter(([, money]) => sum(money) !== 0)),
    owed: (account: number): number => found(world.books[account]).owed,
    payable: (institution: number): number =>
      [...world.claims]
        .filter(([key]) => key.startsWith(`${INSTITUTIONS[institution]}-`))
        .reduce((all, [, claim]) => (claim.act === 'settled' ? all + leftOf(claim).account : all), 0),
  };
};
