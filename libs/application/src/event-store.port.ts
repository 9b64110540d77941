import type { NonEmpty } from '#libs/kernel';

/** What the writer believes about the stream. There is no "any": an unchecked append cannot be asked for. */
export type ExpectedRevision = 'no-stream' | number;

/** What must be unique over all streams; it names the event of this append that holds it, which is how a settlement is found. */
export type NewClaim = Readonly<{ key: string; commandHash: string; eventIndex: number }>;
/** A claim as it stands. Never released, never moved. */
export type Claim = Readonly<{ key: string; commandHash: string; stream: string; revision: number; eventId: string }>;

/** The stored form of an event: `bytes` are its canonical bytes, from which every other field was taken. Source: docs/reference/log-format.md. */
export type StoredEvent = Readonly<{ id: string; type: string; stream: string; revision: number; bytes: Uint8Array }>;
/** `logIndex`: dense, 0-based, over all streams of this log. Told by reads of the log only: a store beyond one machine counts it there. */
export type LoggedEvent = StoredEvent & Readonly<{ logIndex: number }>;

/** Interactive appends go first; jobs get at most half of a commit. */
export type Lane = 'interactive' | 'job';

export type AppendResult =
  | Readonly<{ kind: 'appended' }> // Also when these very bytes already stand at this revision.
  | Readonly<{ kind: 'conflict'; actual: ExpectedRevision }> // Definite: none of these events is or will be stored.
  | Readonly<{ kind: 'claimTaken'; key: string }> // Definite, too. Told before a conflict when both are true.
  | Readonly<{ kind: 'unavailable'; cause: 'full' | 'closing' | 'readOnly' | 'busy' | 'outage' }> // Definite: nothing is or will be stored.
  | Readonly<{ kind: 'unknown'; cause: string }>; // May be stored now or later; reading nothing proves nothing.

export type Append = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: NonEmpty<StoredEvent>;
  claims: readonly NewClaim[];
  lane: Lane;
}>;

export interface EventReader {
  /** Oldest first, from revision `from` (default 0). An unknown stream is empty. Throws: on outage or damage, never a short answer. */
  readForward(stream: string, from?: number): AsyncIterable<StoredEvent>;
  /** Newest first, so that the reader can stop at the closing. An unknown stream is empty. Throws: on outage or damage, never a short answer. */
  readBackward(stream: string): AsyncIterable<StoredEvent>;
  /** The event at this very place. Throws: on outage or damage. */
  readEvent(stream: string, revision: number): Promise<StoredEvent | undefined>;
  /** The claim on a key, at once after the append that made it was acknowledged. Throws: on outage or damage. */
  findClaim(key: string): Promise<Claim | undefined>;
  /** The log from an index (inclusive), oldest first, up to what was stored when it ended. Throws: on outage or damage. */
  readLog(fromLogIndex: number): AsyncIterable<LoggedEvent>;
  /** The index of the newest event; -1 when the log is empty. Throws: on outage or damage. */
  lastLogIndex(): Promise<number>;
  /**
   * Catches up from a log index (inclusive), then follows: each event once, in order, within 20 ms of its commit, until `signal` aborts.
   * Throws: on outage or damage; the reader starts again from its own checkpoint.
   */
  subscribe(fromLogIndex: number, signal: AbortSignal): AsyncIterable<LoggedEvent>;
}

export interface EventStore extends EventReader {
  /** Other engines may append to the same log: what this one remembers of it may be old. */
  readonly isShared?: boolean;
  /**
   * Appends events and claims all or none, right after `expected`; settles within the adapter's call deadline.
   * Idempotency: by event id and bytes at their place; the same id with other bytes there (a later try, decided at another time) is a
   * `conflict`. That an id stands nowhere else follows from the claim on the key it is made from; the verifier looks.
   * Throws: only for bugs; an outage or a failed commit is `unknown`.
   */
  append(append: Append): Promise<AppendResult>;
  /** Takes no more appends (`unavailable: closing`), finishes those it has, and lets go of the store. */
  close(): Promise<void>;
}

/** What stands beside the log under the hash of its content (the lines of a bill). Durable before the event that names it. */
export interface ContentStore {
  /** Idempotency: by content. Returns the SHA-256 of the bytes, hex. Throws: on outage; then nothing may be settled that names it. */
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}
