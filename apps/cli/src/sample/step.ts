import type { Call } from '../engine/client';
import type { Person } from './people';

/** What the plan says an answer must be. Amounts in fen. */
export type Expectation =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'settled'; accountPaidFen: number; cashPaymentFen: number; balanceAfterFen: number }>
  /** The same answer as the step of this number gave, marked `replayed`. */
  | Readonly<{ kind: 'replayed'; of: number }>
  | Readonly<{ kind: 'undone'; as: string; amountFen: number; accountReturnedFen: number }>
  | Readonly<{ kind: 'refused'; code: string }>;

/**
 * One call of the sample. Texts of path and body may hold names in braces that are known only when it is played: `{account}`,
 * `{card:new}`, `{freeze:1}` (ids that earlier answers gave) and moments: `{now}`, `{now-45}`, `{now+45}` (minutes), `{morning}`.
 */
export type Step = Readonly<{
  what: 'account' | 'card' | 'credit' | 'freeze' | 'activation' | 'swipe' | 'late' | 'repeat' | 'cancellation' | 'reversal';
  call: Readonly<{ method: Call['method']; path: string; keyName: string; body: Readonly<Record<string, unknown>> }>;
  expect: Expectation;
  /** Keeps the id in the answer under this name. */
  saves?: string;
}>;

/** One holder: what the agency sets up before the day, and what happens on it, in this order. */
export type Story = Readonly<{
  number: number;
  kind: string;
  poolingArea: string;
  person: Person;
  setUp: readonly Step[];
  day: readonly Step[];
}>;
