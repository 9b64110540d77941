import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventReader, ProjectionStatus } from '#libs/application';
import { type Notice, notice } from '../notices';
import { Projector } from '../projector';
import { type AskedRebuild, rebuildsToDo, tellRebuild } from './asked-rebuilds';
import { Lease, LeaseLostError } from './lease';
import { migrate, NewerSchemaError } from './migrations';
import { addressOf, openPool } from './pool';
import { PostgresKeeper } from './postgres-keeper';
import { demandOwnVersions, tellStates, toldStates } from './states';

export type LeasedProjectorOptions = Readonly<{
  /** Where the database is: postgres://…; its password is never told. */
  url: string;
  reader: EventReader;
  onNotice: (notice: Notice) => void;
  /** So long a lease holds that nobody renews; a fifth of it passes between two renewals. Units: milliseconds. */
  leaseMs?: number;
  batchEventsMax?: number;
}>;
export type ProjectorStatus = Readonly<{
  /** Whether this process is the one that writes. */
  leads: boolean;
  lastLogIndex: number;
  projections: readonly ProjectionStatus[];
}>;

const LEASE_MS = 5_000;
const BATCH_EVENTS_MAX = 1_000;
const AGAIN_MS = 1_000;
const CONNECTIONS_MAX = 4;
const STATEMENT_WITHIN_MS = 60_000;

/**
 * Keeps the read models in PostgreSQL at the head of the log while it has the lease, and waits for the lease while another has it. What it
 * writes, it writes under the lease from the checkpoint that stands there: whoever takes over begins where the last commit ended.
 */
export class LeasedProjector {
  private leading: Projector | undefined;
  private readonly stop = new AbortController();
  private readonly leaseMs: number;
  private done: Promise<void> = Promise.resolve();
  private away: string | null = null;

  private constructor(
    private readonly pool: Pool,
    private readonly options: LeasedProjectorOptions,
  ) {
    this.leaseMs = options.leaseMs ?? LEASE_MS;
  }

  /** Brings the schema up and begins. Throws: NewerSchemaError; when the database cannot be reached. */
  static async start(options: LeasedProjectorOptions): Promise<LeasedProjector> {
    const wishes = { connectionsMax: CONNECTIONS_MAX, applicationName: 'yika-projector', statementWithinMs: STATEMENT_WITHIN_MS };
    const pool = openPool(options.url, wishes);
    try {
      await migrate(pool);
      await demandOwnVersions(pool);
    } catch (error) {
      await pool.end();
      if (error instanceof NewerSchemaError) throw error;
      const { code = 'outage', message } = error as NodeJS.ErrnoException;
      throw Object.assign(new Error(`PostgreSQL (${addressOf(options.url)}): ${message}`, { cause: error }), { code });
    }
    const projector = new LeasedProjector(pool, options);
    projector.done = projector.run();
    return projector;
  }

  /** Resolves when it has ended unasked, with what ended it; never while it goes on. */
  get ended(): Promise<Error> {
    return this.done.then(
      () => new Promise<Error>(() => undefined),
      (error: unknown) => error as Error,
    );
  }

  /** Throws: on outage. */
  async status(): Promise<ProjectorStatus> {
    const { leading } = this;
    const lastLogIndex = await this.options.reader.lastLogIndex();
    const projections = await (leading === undefined ? undefined : leading.status().catch(() => undefined));
    if (projections !== undefined) return { leads: true, lastLogIndex, projections };
    return { leads: false, lastLogIndex, projections: (await toldStates(this.pool, lastLogIndex)).statuses };
  }

  /** Finishes the commit that is under way and lets the next projector begin at once. Idempotency: a second time nothing happens. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.done.catch(() => undefined);
    if (!this.pool.ended) await this.pool.end();
  }

  private stopping(): boolean {
    return this.stop.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }

  /** Throws: NewerSchemaError; everything else is tried again. */
  private async run(): Promise<void> {
    while (!this.stopping()) {
      try {
        const lease = await Lease.take(this.pool, { heldMs: this.leaseMs, holder: `${hostname()} ${process.pid}` });
        if (lease === undefined) await this.pause(this.leaseMs / 5);
        else await this.lead(lease);
        this.away = null;
      } catch (error) {
        if (error instanceof NewerSchemaError) throw error;
        this.tellOutage(error);
        await this.pause(AGAIN_MS);
      }
    }
  }

  private async lead(lease: Lease): Promise<void> {
    const { onNotice, reader, batchEventsMax = BATCH_EVENTS_MAX } = this.options;
    const over = new AbortController();
    const keeper = new PostgresKeeper(this.pool, lease);
    const projector = new Projector({ keeper, reader, tell: onNotice, batchEventsMax, onFinal: (reason) => over.abort(reason) });
    onNotice(notice('lease-taken', null, `token ${lease.token}`));
    const renewing = this.renew(lease, over);
    try {
      await demandOwnVersions(this.pool);
      await projector.start();
      this.leading = projector;
      await this.serve(projector, over.signal);
    } finally {
      this.leading = undefined;
      await projector.close();
      over.abort('closing');
      await renewing;
      await lease.release().catch(() => undefined); // It ends by itself.
    }
    if (!this.stopping()) onNotice(notice('lease-lost', null, String(over.signal.reason)));
  }

  /** Also while the projector is starting, or busy with a long batch. */
  private async renew(lease: Lease, over: AbortController): Promise<void> {
    for (;;) {
      await pause(this.leaseMs / 5, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      await lease.demand().catch((error: unknown) => {
        if (error instanceof LeaseLostError) over.abort(error.message);
        else this.tellOutage(error); // The next write, or the next renewal, tells whether it is lost.
      });
    }
  }

  /** Tells how the projections stand, and does what was asked for, until it is over. */
  private async serve(projector: Projector, over: AbortSignal): Promise<void> {
    const begun = new Set<number>();
    while (!this.stopping() && !over.aborted) {
      try {
        await tellStates(this.pool, await projector.status());
        const toDo = (await rebuildsToDo(this.pool)).filter(({ id }) => !begun.has(id));
        for (const { id } of toDo) begun.add(id);
        for (const asked of toDo) void this.rebuild(projector, asked);
        this.away = null;
      } catch (error) {
        this.tellOutage(error);
      }
      const either = AbortSignal.any([this.stop.signal, over]);
      await pause(this.leaseMs / 10, undefined, { signal: either }).catch(() => undefined);
    }
  }

  /** Throws: never; an order that was cut short is found again by the next leader. */
  private async rebuild(projector: Projector, { id, name }: AskedRebuild): Promise<void> {
    try {
      await tellRebuild(this.pool, id, 'building');
      await projector.rebuild(name, () => undefined);
      await tellRebuild(this.pool, id, 'done');
    } catch (error) {
      if (this.stopping() || this.leading !== projector) return;
      await tellRebuild(this.pool, id, 'failed', error instanceof Error ? error.message : String(error)).catch(() => undefined);
    }
  }

  /** Once, not at every try. */
  private tellOutage(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.away !== reason) this.options.onNotice(notice('outage', null, reason));
    this.away = reason;
  }
}
