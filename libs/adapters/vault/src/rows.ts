/** `wrapped` null: the person was erased. */
export type KeyRow = Readonly<{ wrapped: Uint8Array | null }>;
/** `at` null: written before that was kept. */
export type VersionRow = Readonly<{ version: number; sealed: Uint8Array; at: string | null; changeId: string | null }>;
export type CardRow = Readonly<{ personId: string; sealed: Uint8Array; tail: Uint8Array }>;
/** `version`: what the person became by it; null: not applied. */
export type ChangeRow = Readonly<{ personId: string; sealed: Uint8Array; version: number | null }>;
export type AccessEntry = Readonly<{ at: string; principal: string; purpose: string; subject: string; act: string }>;

/**
 * The rows of a vault within one transaction, as the acts on them ask for them; what has been put is found again at once. No row is ever
 * changed, but for a key that is erased and a change that is applied.
 */
export interface VaultRows {
  key(personId: string): KeyRow | undefined;
  insertKey(personId: string, wrapped: Uint8Array): void;
  /** Also of somebody who is not known: then nobody will ever be put under that id. */
  eraseKey(personId: string): void;
  /** Oldest first. */
  versions(personId: string): readonly VersionRow[];
  insertVersion(personId: string, row: VersionRow): void;
  card(cardId: string): CardRow | undefined;
  insertCard(cardId: string, row: CardRow): void;
  change(changeId: string): ChangeRow | undefined;
  insertChange(changeId: string, row: ChangeRow): void;
  applied(changeId: string, version: number): void;
  insertAccess(entry: AccessEntry): void;
}

/** What an act will ask for: persons by id, cards and changes with the persons behind them. */
export type Touched = Readonly<{ persons?: readonly string[]; cards?: readonly string[]; changes?: readonly string[] }>;

/** Where the rows stand. */
export interface VaultKeeper {
  /**
   * Runs an act in a transaction, and answers when that is durable. It may be run again from the start when somebody else was first, and
   * must not have an effect but through the rows. An act that throws a VaultError leaves nothing behind. Throws: what the act throws; VaultOutage.
   */
  commit<T>(touched: Touched, act: (rows: VaultRows) => T): Promise<T>;
  /** A card and its holder's key as they stand now, without a transaction; undefined: none, or erased. Throws: VaultOutage. */
  tailRow(cardId: string): Promise<(CardRow & Readonly<{ wrapped: Uint8Array }>) | undefined>;
  /** After an erasure is durable: what else there is to be done with what was erased. */
  afterErasure(): void;
  accessLog(from: number, limit: number): Promise<readonly (AccessEntry & Readonly<{ seq: number }>)[]>;
  close(): Promise<void>;
}
