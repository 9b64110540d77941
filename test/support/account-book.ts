import type { City, Money } from './account-steps';
import type { Order } from './freeze-model';

/** What a clerk would keep of one person, on paper. */
export type CardState = 'registered' | 'inUse' | 'lost' | 'kept' | 'gone' | 'stopped' | 'cancelled' | 'collected' | 'destroyed';
export type Card = {
  nth: number;
  kind: number;
  since: { at: number; state: CardState }[];
  sealed: boolean;
  successor: string | null;
  /** The last day on which a swipe of it stands; `before`: what the legacy system knew. */
  swiped: string;
  before: string;
  /** Seals of the agency alone. */
  seals: { at: number; until: number }[];
  sealedByLoss: boolean;
  later: { to: string; at: number } | null;
  wrong: { inRow: number; day: string; onDay: number };
  locks: { at: number; until: number }[];
};
export type Book = {
  personal: boolean;
  cards: Map<string, Card>;
  money: Map<string, Money>;
  freezes: Order[];
  owed: number;
  city: City;
  /** The calendar year whose money is the current year's. */
  year: number;
};
