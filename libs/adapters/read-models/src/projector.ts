import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { EventReader, LoggedEvent, ProjectionStatus } from '#libs/application';
import { hashOf } from './decode';
import { type Notice, notice } from './notices';
import type { Projection } from './projection';
import { type Decoded, decoded, type Failure, ProjectionRun } from './projection-run';
import { type PlainRow, PROJECTIONS, projectionNamed } from './projections';
import type { Checkpoint } from './views';
import type { ViewsKeeper } from './views-keeper';

export type Progress = (done: number, total: number) => void;
type Parts = Readonly<{
  keeper: ViewsKeeper;
  reader: EventReader;
  tell: (notice: Notice) => void;
  /** Hears of a fault that no other try mends. */
  onFinal?: (reason: string) => void;
  batchEventsMax: number;
}>;
type Rebuild = { run: ProjectionRun | undefined; done: Promise<void>; readonly listeners: Progress[] };

const OUTAGE_PAUSE_MS = 250;
/** Under load a commit gathers what came since the last one: a commit costs as much for one event as for a hundred. Idle, it waits for nothing. */
const COMMIT_EVERY_MS = 250;

/** Keeps all projections at the head of the log, and builds new generations beside them. Runs in a thread or process of its own. */
export class Projector {
  private readonly live = new Map<string, ProjectionRun>();
  private readonly rebuilds = new Map<string, Rebuild>();
  private readonly fresh = new Set<string>(); // Started anew because the checkpoint did not match, and not yet caught up.
  private readonly lastAtStart = new Map<string, number>();
  private readonly stop = new AbortController();
  private head = -1; // The last event given to the live ones.
  private following: Promise<void> = Promise.resolve();
  private outage: string | null = null;
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Parts) {}

  /** Checks each checkpoint against the log, goes on with rebuilds that were cut short, and starts to follow. Throws: on outage. */
  async start(): Promise<void> {
    const last = await this.parts.reader.lastLogIndex();
    for (const projection of PROJECTIONS) {
      const checkpoint = await this.checkedCheckpoint(projection);
      this.live.set(projection.name, new ProjectionRun(projection, checkpoint));
      this.lastAtStart.set(projection.name, last);
    }
    this.following = this.follow();
    for (const projection of PROJECTIONS) await this.resumeRebuild(projection);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.following;
    await Promise.allSettled([...this.rebuilds.values()].map(({ done }) => done));
    await this.lastTurn;
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    const last = await this.parts.reader.lastLogIndex();
    return PROJECTIONS.map(({ name }) => {
      const run = this.liveRun(name);
      const behind = Math.max(0, last - run.logIndex);
      return { name, logIndex: run.logIndex, behind, ...this.stateOf(name, run, last) };
    });
  }

  /** Builds the projection anew beside the running one and swaps. Idempotency: a rebuild under way is joined. Throws: on a failing event. */
  async rebuild(name: string, onProgress: Progress): Promise<void> {
    const projection = projectionNamed(name);
    const standing = this.rebuilds.get(name);
    if (standing !== undefined) {
      standing.listeners.push(onProgress);
      return standing.done;
    }
    return this.startRebuild(projection, () => this.parts.keeper.create(projection, 'shadow'), [onProgress]);
  }

  /** What is written is written in turn: a swap never comes between the choice of the running ones and their commit. */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.lastTurn.then(work);
    this.lastTurn = done.catch(() => undefined);
    return done;
  }

  private stopping(): boolean {
    return this.stop.signal.aborted;
  }

  private stateOf(name: string, run: ProjectionRun, last: number): Pick<ProjectionStatus, 'state' | 'detail'> {
    const rebuild = this.rebuilds.get(name);
    const building = rebuild === undefined ? null : `${(rebuild.run?.logIndex ?? -1) + 1}/${last + 1}`;
    if (run.failure !== null)
      return { state: 'failed', detail: [failureText(run.failure), building].filter(Boolean).join('; rebuilding ') };
    if (building !== null) return { state: 'rebuilding', detail: building };
    const caughtUp = run.logIndex >= (this.lastAtStart.get(name) ?? -1);
    if (!caughtUp && this.fresh.has(name)) return { state: 'rebuilding', detail: `${run.logIndex + 1}/${last + 1}` };
    const outage = run.logIndex >= last ? null : this.outage;
    return { state: caughtUp && outage === null ? 'live' : 'catchingUp', detail: outage };
  }

  private async checkedCheckpoint(projection: Projection<PlainRow>): Promise<Checkpoint> {
    const { keeper, tell } = this.parts;
    const { name, version } = projection;
    const standing = await keeper.checkpointOf(name, 'live');
    if (standing !== undefined && (await this.matchesLog(standing, version))) return standing;
    if (standing !== undefined) {
      tell(notice(standing.version === version ? 'checkpoint-mismatch' : 'projection-changed', name, `log index ${standing.logIndex}`));
      this.fresh.add(name);
    }
    return keeper.create(projection, 'live');
  }

  /** Whether the log has, at the checkpoint's index, the very event that the rows were made up to. */
  private async matchesLog({ logIndex, eventHash, version }: Checkpoint, current: number): Promise<boolean> {
    if (version !== current) return false;
    if (logIndex === -1) return true;
    for await (const { logIndex: found, bytes } of this.parts.reader.readLog(logIndex))
      return found === logIndex && hashOf(bytes) === eventHash;
    return false;
  }

  private async resumeRebuild(projection: Projection<PlainRow>): Promise<void> {
    const { keeper, tell } = this.parts;
    const shadow = await keeper.checkpointOf(projection.name, 'shadow');
    if (shadow === undefined) return;
    const usable = await this.matchesLog(shadow, projection.version);
    tell(notice('rebuild-resumed', projection.name, `log index ${usable ? shadow.logIndex : -1}`));
    const checkpoint = usable ? () => shadow : () => keeper.create(projection, 'shadow');
    void this.startRebuild(projection, checkpoint, []).catch(() => {}); // Said aloud already; nobody waits for it any more.
  }

  private startRebuild(
    projection: Projection<PlainRow>,
    begin: () => Checkpoint | Promise<Checkpoint>,
    listeners: Progress[],
  ): Promise<void> {
    const rebuild: Rebuild = { run: undefined, done: Promise.resolve(), listeners };
    const build = async () => {
      rebuild.run = new ProjectionRun(projection, await this.inTurn(begin));
      await this.build(rebuild.run, listeners);
    };
    rebuild.done = build()
      .catch((error: unknown) => {
        if (!this.stopping()) this.parts.tell(notice('rebuild-failed', projection.name, reasonOf(error)));
        throw error;
      })
      .finally(() => this.rebuilds.delete(projection.name));
    this.rebuilds.set(projection.name, rebuild);
    return rebuild.done;
  }

  /** In pieces, so that the live ones go on in between; a kill leaves the shadow at its checkpoint. */
  private async build(run: ProjectionRun, listeners: readonly Progress[]): Promise<void> {
    const { name } = run.projection;
    await turn();
    for (;;) {
      await this.readOn(run, (done, total) => {
        for (const listener of listeners) listener(done, total);
      });
      if (this.stopping()) throw new Error('closing; the rebuild goes on at the next start');
      if (run.failure !== null) {
        await this.inTurn(() => this.parts.keeper.drop(name, 'shadow'));
        throw new Error(failureText(run.failure));
      }
      const swapped = await this.inTurn(() => this.swap(run));
      if (swapped === undefined) continue; // The live ones went on meanwhile: from here to there again.
      this.fresh.delete(name);
      this.parts.tell(notice('rebuilt', name, `log index ${swapped.logIndex}`));
      return;
    }
  }

  private async swap(run: ProjectionRun): Promise<Checkpoint | undefined> {
    if (run.logIndex < this.head) return;
    const { projection } = run;
    const swapped = await this.parts.keeper.swap(projection.name);
    this.live.set(projection.name, new ProjectionRun(projection, swapped));
    return swapped;
  }

  private async readOn(run: ProjectionRun, onProgress: Progress): Promise<void> {
    const total = (await this.parts.reader.lastLogIndex()) + 1;
    let batch: LoggedEvent[] = [];
    const flush = async () => {
      const events = batch.map(decoded);
      await this.inTurn(() => this.commit([run], events));
      batch = [];
      onProgress(run.logIndex + 1, Math.max(total, run.logIndex + 1));
      await turn();
    };
    for await (const logged of this.parts.reader.readLog(run.logIndex + 1)) {
      if (this.stopping() || run.failure !== null) return;
      batch.push(logged);
      if (batch.length >= this.parts.batchEventsMax) await flush();
    }
    await flush();
  }

  /** Follows the log until closing; after an outage it starts again from the checkpoints. */
  private async follow(): Promise<void> {
    while (!this.stopping()) {
      try {
        await this.followOnce();
        this.outage = null;
      } catch (error) {
        if (this.stopping()) return;
        const reason = reasonOf(error);
        if (this.parts.keeper.isFinal(error)) this.parts.onFinal?.(reason);
        if (this.outage !== reason) this.parts.tell(notice('outage', null, reason)); // Once, not at every try.
        this.outage = reason;
        await pause(OUTAGE_PAUSE_MS, undefined, { signal: this.stop.signal }).catch(() => {});
      }
    }
  }

  private async followOnce(): Promise<void> {
    const lag = new AbortController();
    const signal = AbortSignal.any([this.stop.signal, lag.signal]);
    const waiting: LoggedEvent[] = [];
    const faults: Error[] = [];
    let scheduled = false;
    let committedMs = Number.NEGATIVE_INFINITY;
    const flush = (): Promise<void> => {
      scheduled = false;
      const batch = waiting.splice(0);
      const write = async () => {
        if (faults.length > 0 || batch.length === 0) return;
        await this.applyLive(batch);
        committedMs = performance.now();
      };
      return this.inTurn(write).catch((error: unknown) => {
        faults.push(error as Error);
        lag.abort();
      });
    };
    for await (const logged of this.parts.reader.subscribe(this.firstMissing(), signal)) {
      waiting.push(logged);
      if (waiting.length >= this.parts.batchEventsMax) {
        await flush();
        await turn(); // Status, rebuilds and closing get their turn while it catches up.
      } else if (!scheduled) {
        scheduled = true;
        const restMs = committedMs + COMMIT_EVERY_MS - performance.now();
        if (restMs > 0) setTimeout(() => void flush(), restMs);
        else setImmediate(() => void flush()); // Everything that came in this turn goes into one transaction.
      }
    }
    await flush();
    for (const fault of faults) throw fault;
  }

  private async applyLive(batch: readonly LoggedEvent[]): Promise<void> {
    const runs = [...this.live.values()];
    const sound = runs.filter(({ failure }) => failure === null);
    await this.commit(runs, batch.map(decoded));
    this.head = batch.at(-1)?.logIndex ?? this.head;
    this.outage = null;
    for (const { failure, projection, logIndex } of sound.filter((run) => run.failure !== null)) {
      this.parts.tell(notice('projection-failed', projection.name, failure === null ? `log index ${logIndex}` : failureText(failure)));
    }
    for (const name of this.fresh) {
      if (this.liveRun(name).logIndex >= (this.lastAtStart.get(name) ?? -1)) {
        this.fresh.delete(name);
        this.parts.tell(notice('rebuilt', name, `log index ${this.head}`));
      }
    }
  }

  private async commit(runs: readonly ProjectionRun[], events: readonly Decoded[]): Promise<void> {
    if (events.length > 0) await this.parts.keeper.write(runs, events);
  }

  private firstMissing(): number {
    const places = [...this.live.values()].filter(({ failure }) => failure === null).map(({ logIndex }) => logIndex);
    return (places.length === 0 ? this.head : Math.min(...places)) + 1;
  }

  private liveRun(name: string): ProjectionRun {
    const run = this.live.get(name);
    if (run === undefined) throw new Error(`${name} has not been started`);
    return run;
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const failureText = ({ logIndex, type, reason }: Failure): string => `log index ${logIndex}, ${type}: ${reason}`;
