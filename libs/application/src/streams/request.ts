import type { Json, NonEmpty, Recorded } from '#libs/kernel';
import type { Tracing } from '../envelope';
import type { Lane } from '../event-store.port';

/** A claim without its place: it goes to the event whose `data.key` it is (or `at` is), else to the one that answers the command. */
export type WantedClaim = Readonly<{ key: string; commandHash: string; at?: string }>;
export type Gathered<F> = Readonly<{ facts: F; recordedFacts: Json; claims: readonly WantedClaim[] }>;

/**
 * `asNew`: as if nothing stood under the command's keys. What is accepted on that is right once it is stored, because its claims were free;
 * a refusal is not, for a repeat is to hear its first answer. `lookedUp`: what stands there is found by its claim first.
 */
export type Keys = 'asNew' | 'lookedUp';

export type Request<C, S, F> = Readonly<{
  stream: string;
  /** Names the command: ids of its events follow from it. */
  key: string;
  command: C;
  gather: (state: S, decidedAt: string, headRevision: number, keys: Keys) => Promise<Gathered<F>>;
  /** Nearly always its keys are new: decide so at first, and look them up when the store or a refusal says otherwise. */
  newAtFirst?: boolean;
  tracing: Tracing;
  lane: Lane;
  /** Begins a stream of which nothing more is expected soon: not read before, as the append finds out, and not kept after. */
  passing?: boolean;
  /** Append what time has brought about and nothing else. */
  onlyDue?: boolean;
}>;

export type Unavailable = Readonly<{ kind: 'unavailable'; cause: 'full' | 'closing' | 'readOnly' | 'busy' | 'outage' | 'stale' }>;
export type Refused<R> = Readonly<{ kind: 'refused'; refusals: NonEmpty<R>; recordedFacts: Json; headRevision: number; decidedAt: string }>;
export type Outcome<E, R> =
  | Readonly<{ kind: 'recorded'; events: NonEmpty<Recorded<E>> }>
  | Readonly<{ kind: 'replayed'; original: Recorded<E> }>
  | Refused<R>
  | Readonly<{ kind: 'nothingDue' }>
  | Readonly<{ kind: 'claimTaken'; key: string }> // By a command that the facts do not show; nothing of this one is stored.
  | Readonly<{ kind: 'contended' }> // Others kept winning until the deadline; nothing of this command is stored.
  | Readonly<{ kind: 'outcomeUnknown' }> // Never to be told as "not settled".
  | Unavailable;

/** `pause` is jittered. `elapsedMs`: what deadlines are measured by where `nowMs` may stand still; else by `nowMs`. */
export type Time = Readonly<{ nowMs: () => number; pause: (attempt: number) => Promise<void>; elapsedMs?: () => number }>;
export const elapsedMs = (time: Time): number => (time.elapsedMs ?? time.nowMs)();
