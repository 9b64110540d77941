import type { Accounts } from './doors/accounts';
import type { Catalogue } from './doors/answer';
import type { Campaigns } from './doors/campaigns';
import type { CardService } from './doors/card-service';
import type { Credits } from './doors/credits';
import type { Imports } from './doors/imports';
import type { Persons } from './doors/persons';
import type { AccessKeys, Institutions, PolicyPacks } from './doors/registers';
import type { RelationTransfers } from './doors/relation-transfers';
import type { Settlements } from './doors/settlements';
import type { LoggedEvent } from './event-store.port';

export * from './doors/accounts';
export * from './doors/answer';
export * from './doors/campaigns';
export * from './doors/card-service';
export * from './doors/credits';
export * from './doors/imports';
export * from './doors/persons';
export * from './doors/registers';
export * from './doors/relation-transfers';
export * from './doors/settlements';

export interface Log {
  /** Canonical envelopes with their log index. */
  read(fromLogIndex: number): AsyncIterable<LoggedEvent>;
  follow(fromLogIndex: number, signal: AbortSignal): AsyncIterable<LoggedEvent>;
  last(): Promise<number>;
}
export type Readiness = Readonly<{ ready: boolean; reasons: readonly Readonly<{ code: string; messageZh: string; messageEn: string }>[] }>;

/** All that a door may ask of the engine. Made by `makeEngine(parts)`; no framework in it. */
export type Engine = Readonly<{
  settlements: Settlements;
  accounts: Accounts;
  persons: Persons;
  credits: Credits;
  cardService: CardService;
  relationTransfers: RelationTransfers;
  institutions: Institutions;
  keys: AccessKeys;
  packs: PolicyPacks;
  imports: Imports;
  campaigns: Campaigns;
  log: Log;
  catalogue: Catalogue;
  readiness(): Promise<Readiness>;
  /** Refuses new commands, finishes those under way. The adapters are closed by who made them. */
  drain(): Promise<void>;
}>;
