import type { Place, Tally } from '../checks';
import { words } from '../checks';
import { dayNumber } from '../days';
import { isHandOver } from './in-transit';

export type Leg = Readonly<{ account: string; amountFen: number }>;
type Product = { fenDays: number; through: string };

const UNBALANCED = words('分录之和不为零', 'legs do not sum to zero');
const EMPTY_LEG = words('有金额为零的分录', 'a leg moves nothing');
const BELOW = words('余额越界', 'an account is beyond its bound');
const BACKWARDS = words('计息日倒退', 'interest days run backwards');

const SUB_ACCOUNT = 'subAccount:';
/** The card, or `cardless`, whose sub-account it is; null for an account of another kind. */
export const cardOf = (account: string): string | null => {
  if (!account.startsWith(SUB_ACCOUNT)) return null;
  const end = account.indexOf(':', SUB_ACCOUNT.length);
  return account.slice(SUB_ACCOUNT.length, end < 0 ? undefined : end);
};

/** What may not be: below zero, but for what the holder owes, which may not be above it. Source: log-format.md, 6. */
const isBeyond = (account: string, sumFen: number): boolean => {
  if (account === 'receivable') return sumFen > 0;
  return sumFen < 0 && !account.startsWith('fund:');
};

/** Money of one account's stream, added up from its legs alone. Source: log-format.md, 6 and 9. */
export class Ledger {
  readonly sums = new Map<string, number>();
  readonly products = new Map<string, Product>();
  /** Legs between this account and another, for who looks at both. */
  private sent: Leg[] = [];

  constructor(private readonly tally: Tally) {}

  /** `day`: on which the legs count for interest. */
  post(legs: readonly Leg[], day: string, place: Place): void {
    let sumFen = 0;
    for (const { account, amountFen } of legs) {
      sumFen += amountFen;
      if (isHandOver(account)) {
        this.sent.push({ account, amountFen });
        continue; // Of two accounts: what one sends the other receives.
      }
      if (amountFen === 0) this.tally.find('legs', place, EMPTY_LEG, { found: account });
      const beforeFen = this.sums.get(account) ?? 0;
      if (account.startsWith('subAccount:')) this.earn(account, beforeFen, day, place);
      this.sums.set(account, beforeFen + amountFen);
    }
    if (sumFen !== 0) this.tally.find('legs', place, UNBALANCED, { expected: '0', found: `${sumFen} fen` });
    for (const { account } of legs) {
      const fen = this.sums.get(account) ?? 0;
      if (isBeyond(account, fen))
        this.tally.find('legs', place, BELOW, { expected: '≥ 0 (receivable ≤ 0)', found: `${account} ${fen} fen` });
    }
  }

  /** What has been sent or received since the last time. */
  takeSent(): readonly Leg[] {
    const { sent } = this;
    if (sent.length > 0) this.sent = [];
    return sent;
  }

  /** Everything has left, cards and all. */
  empty(): void {
    for (const account of this.sums.keys()) if (account.startsWith('subAccount:')) this.sums.delete(account);
    this.products.clear();
  }

  /** Cards have left: whatever stood on them is gone with them. */
  forget(cardIds: ReadonlySet<string>): void {
    for (const all of [this.sums, this.products])
      for (const account of all.keys()) if (cardIds.has(cardOf(account) ?? '')) all.delete(account);
  }

  /** Interest products that came with money. */
  addProducts(all: readonly (readonly [string, number])[], day: string): void {
    for (const [account, fenDays] of all) {
      const known = this.products.get(account) ?? { fenDays: 0, through: day };
      this.products.set(account, { ...known, fenDays: known.fenDays + fenDays });
    }
  }

  restartProducts(day: string): void {
    for (const account of this.products.keys()) this.products.set(account, { fenDays: 0, through: day });
  }

  /** What stands on a card, both years. */
  onCard(cardId: string): number {
    return (this.sums.get(`subAccount:${cardId}:currentYear`) ?? 0) + (this.sums.get(`subAccount:${cardId}:priorYear`) ?? 0);
  }

  private earn(account: string, balanceFen: number, day: string, place: Place): void {
    const product = this.products.get(account);
    if (product === undefined) {
      this.products.set(account, { fenDays: 0, through: day });
      return;
    }
    if (product.through === day) return;
    const days = dayNumber(day) - dayNumber(product.through);
    if (days < 0) this.tally.find('closings', place, BACKWARDS, { expected: `≥ ${product.through}`, found: day });
    product.fenDays += balanceFen * days;
    product.through = day;
  }
}
