import { cardId, type Freeze, HOUR_MS } from './account-steps';

export type Order = { scope: Freeze['scope']; card: string; fen: number; cause: Freeze['cause']; from: number; until: number };
type Frozen = { freezes: Order[]; cards: ReadonlyMap<string, unknown> };

export const inForce = ({ from, until }: Order, at: number): boolean => from <= at && at < until;
export const freeze = (book: Frozen, step: Freeze, now: number): boolean => {
  const from = step.fromHours === null ? now : now + step.fromHours * HOUR_MS;
  const until = step.untilHours === null ? Infinity : now + step.untilHours * HOUR_MS;
  const card = cardId(step.account, step.card);
  const named = step.scope === 'cardArea' || step.scope === 'subAccount';
  if (until <= from || (named && !book.cards.has(card)) || (step.scope === 'amount' && step.fen <= 0)) return false;
  book.freezes.push({ scope: step.scope, card, fen: step.fen, cause: step.cause, from, until });
  return true;
};
export const thaw = (book: Frozen, nth: number, now: number): boolean => {
  const placed = book.freezes[nth];
  if (placed === undefined || placed.until <= now) return false;
  placed.until = now;
  return true;
};
export const kept = (book: Frozen, now: number): number =>
  book.freezes
    .filter((one) => one.scope === 'amount' && one.cause !== 'contributionArrears' && inForce(one, now))
    .reduce((all, { fen }) => all + fen, 0);
