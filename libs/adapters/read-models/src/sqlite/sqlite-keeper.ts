import type { DatabaseSync } from 'node:sqlite';
import { hashOf } from '../decode';
import type { Projection } from '../projection';
import type { Decoded, ProjectionRun } from '../projection-run';
import type { PlainRow } from '../projections';
import { type Checkpoint, type Role, tableOf } from '../views';
import type { ViewsKeeper } from '../views-keeper';
import { isDamage } from './faults';
import { TableRows } from './table-rows';
import { checkpointOf, createGeneration, dropGeneration, inTransaction, swapGenerations } from './views-file';

/** Read models in views.db; synchronous, so that nothing comes in between. */
export class SqliteKeeper implements ViewsKeeper {
  private readonly tables = new WeakMap<ProjectionRun, TableRows>();
  private readonly saveCheckpoint;

  constructor(private readonly db: DatabaseSync) {
    this.saveCheckpoint = db.prepare('UPDATE projections SET logIndex = ?, eventHash = ? WHERE name = ? AND generation = ?');
  }

  checkpointOf(name: string, role: Role): Checkpoint | undefined {
    return checkpointOf(this.db, name, role);
  }

  create(projection: Projection<PlainRow>, role: Role): Checkpoint {
    return inTransaction(this.db, () => createGeneration(this.db, projection, role));
  }

  drop(name: string, role: Role): void {
    inTransaction(this.db, () => dropGeneration(this.db, name, role));
  }

  swap(name: string): Checkpoint {
    return inTransaction(this.db, () => swapGenerations(this.db, name));
  }

  write(runs: readonly ProjectionRun[], events: readonly Decoded[]): void {
    const settles = inTransaction(this.db, () => runs.map((run) => this.writeOne(run, events)));
    for (const settle of settles) settle();
  }

  isFinal(error: unknown): boolean {
    return isDamage(error);
  }

  private writeOne(run: ProjectionRun, events: readonly Decoded[]): () => void {
    const rows = this.rowsOf(run);
    const { last, settle } = run.apply(events, rows);
    if (last !== undefined) {
      rows.write();
      this.saveCheckpoint.run(last.logIndex, hashOf(last.bytes), run.projection.name, run.checkpoint.generation);
    }
    return settle;
  }

  private rowsOf(run: ProjectionRun): TableRows {
    const { projection, checkpoint } = run;
    const rows = this.tables.get(run) ?? new TableRows(this.db, tableOf(projection.name, checkpoint.generation), projection.shape);
    this.tables.set(run, rows);
    return rows;
  }
}
