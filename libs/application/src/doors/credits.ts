import type { FundSource, MedicalFen } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { Answer, Credential } from './answer';

/** Where monthly credits come from: contributions of the employed, and what the pooled fund allots to the retired. */
export type MonthlySource = Extract<FundSource, 'contribution' | 'retiree'>;
export type CreditedAccount = Readonly<{ accountId: string }> | Readonly<{ credential: Credential }>;
/** One line of a month's credits, form already checked. It goes to the current year. */
export type CreditLine = Readonly<{
  reference: string;
  source: MonthlySource;
  period: string; // YYYY-MM
  poolingArea: string;
  account: CreditedAccount;
  amountFen: MedicalFen;
}>;
/** What stands in the log for a line. */
export type CreditedLine = Readonly<{
  reference: string;
  source: MonthlySource;
  period: string;
  accountId: string;
  amountFen: MedicalFen;
  decidedAt: string;
  stream: string;
  revision: number;
  eventId: string;
}>;

/** A credit that the log holds. */
export type LoggedCredit = Readonly<{ logIndex: number; reference: string; amountFen: number }>;
/** What one kind of event moved. Units: fen; `subAccountsFen` is the change of the holders' balances, `receivableFen` of what they owe. */
export type Movement = Readonly<{ type: string; events: number; subAccountsFen: number; receivableFen: number }>;
export type Moved = Readonly<{ from: number; until: number; movements: readonly Movement[] }>;

export interface Credits {
  /**
   * Credits one line, in the lane of the jobs: swipes go first. Idempotency: by source and reference, whichever door the credit came through
   * and whoever sent it; the same reference with another account, amount or period is refused, and the refusal says what differs.
   */
  post(line: CreditLine, tracing: Tracing): Promise<Answer<CreditedLine>>;
  /** The same decision; nothing is recorded. What stands already answers `replayed`. */
  quote(line: CreditLine, tracing: Tracing): Promise<Answer<CreditedLine>>;
  /**
   * Reads the log after `from` up to `until` and adds up the legs of every account event by type; each credit of the source and period is
   * handed out on the way. Units: log indexes, both as in `asOfLogIndex`. Throws: on outage or damage.
   */
  moved(
    range: Readonly<{ from: number; until: number; source: MonthlySource; period: string }>,
    signal: AbortSignal,
  ): AsyncGenerator<LoggedCredit, Moved>;
}
