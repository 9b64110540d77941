import type { Projection } from './projection';
import type { Decoded, ProjectionRun } from './projection-run';
import type { PlainRow } from './projections';
import type { Checkpoint, Role } from './views';

type Awaitable<T> = T | Promise<T>;

/**
 * Where the projector keeps its read models. Each call is one transaction: all of it or nothing. Calls are made one after another.
 * Throws: on outage, and when this process may not write any more.
 */
export interface ViewsKeeper {
  checkpointOf(name: string, role: Role): Awaitable<Checkpoint | undefined>;
  /** Makes an empty generation. A live one is at once what queries see under the projection's own name. */
  create(projection: Projection<PlainRow>, role: Role): Awaitable<Checkpoint>;
  drop(name: string, role: Role): Awaitable<void>;
  /** Makes the shadow the live one and drops what was live: queries see the one or the other, never both or none. */
  swap(name: string): Awaitable<Checkpoint>;
  /** Rows and checkpoints of all these generations, up to where each of them can take the events. */
  write(runs: readonly ProjectionRun[], events: readonly Decoded[]): Awaitable<void>;
  /** Whether trying again is of no use: what stands there is damaged, or is not for this process to write any more. */
  isFinal(error: unknown): boolean;
}
