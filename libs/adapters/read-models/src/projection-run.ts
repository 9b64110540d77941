import type { LoggedEvent } from '#libs/application';
import { projectedApplication, projectedEvent, projectedRelationIn, projectedVoucher } from './decode';
import type { ProjectedApplication, ProjectedEvent, ProjectedRelationIn, ProjectedVoucher, Projection, Rows } from './projection';
import type { PlainRow } from './projections';
import type { Checkpoint } from './views';

/** An event of the log, decoded once for all projections; a fault in decoding is each projection's own fault at that event. */
export type Decoded = Readonly<{
  logged: LoggedEvent;
  event: ProjectedEvent | undefined;
  voucher?: ProjectedVoucher | undefined;
  application?: ProjectedApplication | undefined;
  relationIn?: ProjectedRelationIn | undefined;
  fault: string | null;
}>;
export const decoded = (logged: LoggedEvent): Decoded => {
  try {
    const event = projectedEvent(logged);
    if (event !== undefined) return { logged, event, fault: null };
    const [voucher, application, relationIn] = [projectedVoucher(logged), projectedApplication(logged), projectedRelationIn(logged)];
    return { logged, event, voucher, application, relationIn, fault: null };
  } catch (error) {
    return { logged, event: undefined, fault: messageOf(error) };
  }
};

/** Rows of one generation while a batch is applied: what the batch changes stays here until it is written. */
export interface BatchRows extends Rows<PlainRow> {
  /** Forgets what the batch changed so far. */
  discard(): void;
}

export type Failure = Readonly<{ logIndex: number; type: string; reason: string }>;
/** What a batch came to. `last`: the last event whose rows are to be written. `settle`: to be called after the commit. */
export type Applied = Readonly<{ last: LoggedEvent | undefined; settle: () => void }>;

const NOTHING: Applied = { last: undefined, settle: () => undefined };
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One generation of one projection, at its place in the log. */
export class ProjectionRun {
  failure: Failure | null = null;
  logIndex: number;
  /** What comes after this place in the log is left alone. */
  until = Number.POSITIVE_INFINITY;

  constructor(
    readonly projection: Projection<PlainRow>,
    readonly checkpoint: Checkpoint,
  ) {
    this.logIndex = checkpoint.logIndex;
  }

  /**
   * Applies to the rows what it does not have yet. It stops before an event that fails, and stays there. Nothing of it is known until it is
   * settled: the same batch again does the same. Throws: on outage, and on a gap in the log.
   */
  apply(batch: readonly Decoded[], rows: BatchRows): Applied {
    const fresh = this.freshOf(batch);
    const [first] = fresh;
    if (first === undefined) return NOTHING;
    if (first.logged.logIndex !== this.logIndex + 1) throw new Error(`the log jumps from ${this.logIndex} to ${first.logged.logIndex}`);
    rows.discard(); // What a batch before left behind when its commit failed.
    const failure = this.applyEach(fresh, rows);
    const applied = failure === null ? fresh : fresh.slice(0, failure.logIndex - first.logged.logIndex);
    if (failure !== null) {
      rows.discard(); // The failing event may have put half of its rows: again, up to the event before it.
      this.applyEach(applied, rows);
    }
    const last = applied.at(-1)?.logged;
    const settle = () => {
      this.logIndex = last?.logIndex ?? this.logIndex;
      this.failure = failure;
    };
    return { last, settle };
  }

  /** Runs over the events only to hear which rows they ask for; what fails for want of a row that is not at hand yet is passed by. */
  ask(batch: readonly Decoded[], rows: BatchRows): void {
    rows.discard();
    for (const one of this.freshOf(batch)) this.applyEach([one], rows);
  }

  private freshOf(batch: readonly Decoded[]): readonly Decoded[] {
    if (this.failure !== null) return [];
    return batch.filter(({ logged }) => logged.logIndex > this.logIndex && logged.logIndex <= this.until);
  }

  private applyEach(events: readonly Decoded[], rows: BatchRows): Failure | null {
    for (const { logged, event, voucher, application, relationIn, fault } of events) {
      try {
        if (fault !== null) throw new Error(fault);
        if (event !== undefined) this.projection.apply(rows, event);
        if (voucher !== undefined) this.projection.applyVoucher?.(rows, voucher);
        if (application !== undefined) this.projection.applyApplication?.(rows, application);
        if (relationIn !== undefined) this.projection.applyRelationIn?.(rows, relationIn);
      } catch (error) {
        if (isOutage(error)) throw error;
        return { logIndex: logged.logIndex, type: logged.type, reason: messageOf(error) };
      }
    }
    return null;
  }
}

/** A fault of the file, not of the event: tried again, never held against the projection. */
const isOutage = (error: unknown): boolean => error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR';
