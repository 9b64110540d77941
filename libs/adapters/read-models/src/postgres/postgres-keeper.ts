import type { Pool, PoolClient } from 'pg';
import { hashOf } from '../decode';
import type { Projection } from '../projection';
import type { Applied, Decoded, ProjectionRun } from '../projection-run';
import type { PlainRow } from '../projections';
import { type Checkpoint, type Role, tableOf } from '../views';
import type { ViewsKeeper } from '../views-keeper';
import { checkpointOf, createGeneration, dropGeneration, swapGenerations } from './generations';
import { type Lease, LeaseLostError } from './lease';
import { inTransaction } from './pool';
import { RowBatch } from './row-batch';

/** A checkpoint is not where this process left it: a commit whose answer was lost went through, or a crash of the server took one back. */
export class CheckpointMovedError extends Error {
  override readonly name = 'CheckpointMovedError';
  constructor() {
    super('a checkpoint is not where this projector left it: it starts again from what stands there');
  }
}

const BEGIN = 'BEGIN';
/** After a crash of the server rows and checkpoint fall back together, and what is missing is read from the log again. */
const BEGIN_ROWS = 'BEGIN; SET LOCAL synchronous_commit = off';

type Written = Readonly<{ run: ProjectionRun; applied: Applied }>;

/** Read models in PostgreSQL. Every write is made under the lease, from the very checkpoint that this process knows, or not at all. */
export class PostgresKeeper implements ViewsKeeper {
  constructor(
    private readonly pool: Pool,
    private readonly lease: Lease,
  ) {}

  checkpointOf(name: string, role: Role): Promise<Checkpoint | undefined> {
    return inTransaction(this.pool, BEGIN, (client) => checkpointOf(client, name, role));
  }

  create(projection: Projection<PlainRow>, role: Role): Promise<Checkpoint> {
    return this.underLease(BEGIN, (client) => createGeneration(client, projection, role));
  }

  drop(name: string, role: Role): Promise<void> {
    return this.underLease(BEGIN, (client) => dropGeneration(client, name, role));
  }

  swap(name: string): Promise<Checkpoint> {
    return this.underLease(BEGIN, (client) => swapGenerations(client, name));
  }

  async write(runs: readonly ProjectionRun[], events: readonly Decoded[]): Promise<void> {
    const written = await this.underLease(BEGIN_ROWS, async (client) => {
      const all: Written[] = [];
      for (const run of runs) all.push({ run, applied: await this.writeOne(client, run, events) });
      await saveCheckpoints(client, all);
      return all;
    });
    for (const { applied } of written) applied.settle();
  }

  isFinal(error: unknown): boolean {
    return error instanceof LeaseLostError || error instanceof CheckpointMovedError;
  }

  private underLease<T>(begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, begin, async (client) => {
      await this.lease.demand(client);
      return work(client);
    });
  }

  private async writeOne(client: PoolClient, run: ProjectionRun, events: readonly Decoded[]): Promise<Applied> {
    const { projection, checkpoint } = run;
    const rows = new RowBatch(tableOf(projection.name, checkpoint.generation), projection.shape);
    do run.ask(events, rows);
    while (await rows.load(client));
    const applied = run.apply(events, rows);
    if (applied.last !== undefined) await rows.write(client);
    return applied;
  }
}

/** Throws: CheckpointMovedError unless each still stands where its run began. */
const saveCheckpoints = async (client: PoolClient, all: readonly Written[]): Promise<void> => {
  const moved = all.filter(({ applied }) => applied.last !== undefined);
  if (moved.length === 0) return;
  const { rowCount } = await client.query(
    `UPDATE projections SET "logIndex" = new."logIndex", "eventHash" = new."eventHash"
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS new(name, generation, "from", "logIndex", "eventHash")
     WHERE projections.name = new.name AND projections.generation = new.generation AND projections."logIndex" = new."from"`,
    [
      moved.map(({ run }) => run.projection.name),
      moved.map(({ run }) => run.checkpoint.generation),
      moved.map(({ run }) => run.logIndex),
      moved.map(({ applied }) => applied.last?.logIndex),
      moved.map(({ applied }) => hashOf(applied.last?.bytes ?? new Uint8Array())),
    ],
  );
  if (rowCount !== moved.length) throw new CheckpointMovedError();
};
