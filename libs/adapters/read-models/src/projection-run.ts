import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LoggedEvent } from '#libs/application';
import { hashOf, projectedEvent, projectedVoucher } from './decode';
import type { ProjectedEvent, ProjectedVoucher, Projection } from './projection';
import type { PlainRow } from './projections';
import { TableRows } from './table-rows';
import { type Checkpoint, tableOf } from './views-file';

/** An event of the log, decoded once for all projections; a fault in decoding is each projection's own fault at that event. */
export type Decoded = Readonly<{
  logged: LoggedEvent;
  event: ProjectedEvent | undefined;
  voucher?: ProjectedVoucher | undefined;
  fault: string | null;
}>;
export const decoded = (logged: LoggedEvent): Decoded => {
  try {
    const event = projectedEvent(logged);
    return { logged, event, voucher: event === undefined ? projectedVoucher(logged) : undefined, fault: null };
  } catch (error) {
    return { logged, event: undefined, fault: messageOf(error) };
  }
};

export type Failure = Readonly<{ logIndex: number; type: string; reason: string }>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One generation of one projection, at its place in the log. */
export class ProjectionRun {
  failure: Failure | null = null;
  logIndex: number;
  private readonly rows: TableRows;
  private readonly saveCheckpoint: StatementSync;

  constructor(
    db: DatabaseSync,
    readonly projection: Projection<PlainRow>,
    private readonly checkpoint: Checkpoint,
  ) {
    this.logIndex = checkpoint.logIndex;
    this.rows = new TableRows(db, tableOf(projection.name, checkpoint.generation), projection.shape);
    this.saveCheckpoint = db.prepare('UPDATE projections SET logIndex = ?, eventHash = ? WHERE name = ? AND generation = ?');
  }

  /**
   * Applies what it does not have yet, rows and checkpoint in the caller's transaction; what it returns is to be called after the commit.
   * It stops before an event that fails, and stays there. Throws: on outage, and on a gap in the log.
   */
  apply(batch: readonly Decoded[]): () => void {
    const fresh = this.failure === null ? batch.filter(({ logged }) => logged.logIndex > this.logIndex) : [];
    const [first] = fresh;
    if (first === undefined) return () => {};
    if (first.logged.logIndex !== this.logIndex + 1) throw new Error(`the log jumps from ${this.logIndex} to ${first.logged.logIndex}`);
    this.rows.discard(); // What a batch before left behind when its commit failed.
    const failure = this.applyEach(fresh);
    const applied = failure === null ? fresh : fresh.slice(0, failure.logIndex - first.logged.logIndex);
    if (failure !== null) {
      this.rows.discard(); // The failing event may have put half of its rows: again, up to the event before it.
      this.applyEach(applied);
    }
    const last = applied.at(-1)?.logged;
    if (last !== undefined) {
      this.rows.write();
      this.saveCheckpoint.run(last.logIndex, hashOf(last.bytes), this.projection.name, this.checkpoint.generation);
    }
    return () => {
      this.logIndex = last?.logIndex ?? this.logIndex;
      this.failure = failure;
    };
  }

  private applyEach(events: readonly Decoded[]): Failure | null {
    for (const { logged, event, voucher, fault } of events) {
      try {
        if (fault !== null) throw new Error(fault);
        if (event !== undefined) this.projection.apply(this.rows, event);
        if (voucher !== undefined) this.projection.applyVoucher?.(this.rows, voucher);
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
