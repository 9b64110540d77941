import type { CardKind } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { ActAnswer } from './accounts';
import type { Answer } from './answer';

/** A stop of old cards by phase, as the pack that is in force when it begins has it. `at`: the instant, `on`: the day in Shanghai. */
export type CampaignPhase = Readonly<{
  phase: string;
  nameZh: string;
  packId: string;
  on: string;
  at: string;
  cardKinds: readonly CardKind[];
  inactiveYears: number | null;
}>;
/** `phases`: those of the campaign; `allPhases`: of the pooling area, in order: a card belongs to the first that stops it. */
export type Campaign = Readonly<{
  campaignId: string;
  poolingArea: string;
  cityZh: string;
  phases: readonly CampaignPhase[];
  allPhases: readonly CampaignPhase[];
  /** By the engine's clock. */
  now: string;
}>;

/** One card of a file, by its number or by account and card. */
export type EnablementLine = Readonly<{
  reference: string;
  financialAreaActivated: boolean;
  card: Readonly<{ number: string }> | Readonly<{ accountId: string; cardId: string }>;
}>;
/** What stands in the log for a line. */
export type EnabledLine = Readonly<{
  reference: string;
  accountId: string;
  cardId: string;
  decidedAt: string;
  stream: string;
  revision: number;
  eventId: string;
}>;

/** What becomes of a card that stops, with the amount that stands sealed or moves by the instant that was asked for. Units: fen. */
export type ForeseenStop = Readonly<{ becomes: 'stopped' | 'sealed' | 'moved'; amountFen: number }>;

export interface Campaigns {
  /**
   * By `<city>-<year>`, city, pack id or pooling area. A later pack moves the phases that had not begun when it came into force.
   * Refusals: `campaign-not-found`, with all that there are.
   */
  find(id: string): Promise<Answer<Campaign>>;
  /** Every city's, a year each. */
  list(): Promise<readonly Campaign[]>;
  /** The cards of an account that stop by phase by an instant and have not been stopped yet; records nothing. Throws: on outage. */
  foresee(account: Readonly<{ accountId: string; poolingArea: string }>, at: string): Promise<ReadonlyMap<string, ForeseenStop>>;
  /**
   * Enables one card of a file by the channel `batch`, in the lane of the jobs. Idempotency: by the organisation's reference; another card
   * under it is refused. Refusals: card unknown, card state, card kind, channel.
   */
  enable(line: EnablementLine, tracing: Tracing): Promise<Answer<EnabledLine>>;
  /**
   * Records what time has brought about on an account of the campaign, in the lane of the jobs; `quote` decides the same and records nothing.
   * Each card that stops and what it seals are in one append. Idempotency: what is done is not due any more.
   */
  settle(how: 'run' | 'quote', account: Readonly<{ accountId: string; poolingArea: string }>, tracing: Tracing): Promise<Answer<ActAnswer>>;
}
