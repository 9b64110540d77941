import type { Book } from './account-book';
import { sum } from './account-model';
import { INSTITUTIONS, type Money } from './account-steps';

/** What stands behind the claimed serials, and how a step is told to have ended. */
export type Told = { kind: 'accepted' | 'replayed' | 'refused' | 'silent'; account: number; cash: number; fund: number };
export type Parts = Money & { cash: number; fund: number };
export type Settled = {
  act: 'settled';
  /** The card that was in the hand, and on which day; null: another credential. */
  swiped: string | null;
  day: string;
  account: number;
  card: string;
  year: number;
  paid: Parts;
  back: Parts;
  replaced: Cancelled | null;
  reversed: boolean;
};
export type Cancelled = { act: 'cancelled'; of: Settled; to: string; year: number; parts: Parts; reversed: boolean };
export type Claim = Settled | Cancelled | { act: 'reversal' } | { act: 'void' };
export type World = { books: Book[]; claims: Map<string, Claim>; suspended: { at: number; on: boolean }[][] };

export const NO: Told = { kind: 'refused', account: 0, cash: 0, fund: 0 };
export const SILENT: Told = { ...NO, kind: 'silent' };
export const told = (done: boolean): Told => (done ? { ...NO, kind: 'accepted' } : NO);
export const say = (parts: Parts): Told => ({ kind: 'accepted', account: sum(parts), cash: parts.cash, fund: parts.fund });
export const NOTHING: Parts = { currentYear: 0, priorYear: 0, cash: 0, fund: 0 };
export const plus = (a: Parts, b: Parts, sign: 1 | -1): Parts => ({
  currentYear: a.currentYear + sign * b.currentYear,
  priorYear: a.priorYear + sign * b.priorYear,
  cash: a.cash + sign * b.cash,
  fund: a.fund + sign * b.fund,
});
export const keyOf = (institution: number, serial: number): string => `${INSTITUTIONS[institution]}-${serial}`;
export const leftOf = ({ paid, back }: Settled) => {
  const left = plus(paid, back, -1);
  return { ...left, account: sum(left), all: sum(left) + left.cash + left.fund };
};
