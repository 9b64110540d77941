import { rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { type ProjectionStatus, Unavailable } from '#libs/application';
import { type Notice, notice } from '../notices';
import { PROJECTIONS } from '../projections';
import { type Queries, queriesOver } from '../queries';
import type { Views } from '../views';
import { isDamage, reasonOf } from './faults';
import type { ThreadOptions } from './messages';
import { ThreadClient } from './thread-client';
import { openViewsForReading, sqliteSource } from './views-database';

type Opened = Readonly<{ thread: ThreadClient; db: Kysely<Views>; queries: Queries; inode: number; openedAt: number }>;
/** Why the views are away, and whether what is in their file can be gone on with. */
type Trouble = Readonly<{ reason: string; spoilt: boolean }>;

const LOOK_EVERY_MS = 1_000;
const AGAIN_FIRST_MS = 100;
const AGAIN_MAX_MS = 10_000;
const STEADY_MS = 60_000;
const CLOSE_WITHIN_MS = 10_000;

/**
 * The projections' thread and the file that it writes, kept going: a thread that dies is started again, ever more slowly while it goes on dying;
 * a file that was taken away or is damaged is made anew from the log. Meanwhile queries are unavailable, swipes go on.
 */
export class KeptViews {
  private opened: Opened | undefined;
  private trouble: Trouble | undefined;
  private mending: Promise<void> | undefined;
  private failures = 0;
  private lastStatus: readonly ProjectionStatus[] = [];
  private readonly stop = new AbortController();
  private looking: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: ThreadOptions,
    private readonly tell: (notice: Notice) => void,
  ) {}

  /** Throws: when log or file cannot be opened; a damaged file is made anew instead. */
  static async start(options: ThreadOptions, tell: (notice: Notice) => void): Promise<KeptViews> {
    const kept = new KeptViews(options, tell);
    await kept.open().catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      tell(notice('views-damaged', null, reasonOf(error)));
      kept.removeFile();
      return kept.open();
    });
    kept.looking = setInterval(() => kept.lookAtFile(), LOOK_EVERY_MS).unref();
    return kept;
  }

  /** Throws: Unavailable while the views are being put right. */
  async ask<T>(question: (queries: Queries) => Promise<T>): Promise<T> {
    const { opened } = this;
    if (opened === undefined) throw unavailable();
    try {
      return await question(opened.queries);
    } catch (error) {
      if (isDamage(error)) this.mend(opened, { reason: reasonOf(error), spoilt: true });
      if (isDamage(error) || this.opened !== opened) throw unavailable();
      throw error;
    }
  }

  /** What can be asked. */
  names(): readonly (keyof Queries)[] {
    return Object.keys(this.opened?.queries ?? {}) as (keyof Queries)[];
  }

  async rebuild(name: string, onProgress: (done: number, total: number) => void): Promise<void> {
    if (this.opened === undefined) throw unavailable();
    await this.opened.thread.ask({ kind: 'rebuild', name }, onProgress);
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    const { opened } = this;
    if (opened !== undefined) {
      const status = await opened.thread.ask({ kind: 'status' }).catch(() => undefined);
      if (status !== undefined) {
        this.lastStatus = status;
        return status;
      }
    }
    const detail = `${notice('thread-stopped', null, '').messageEn}: ${this.trouble?.reason ?? '-'}`;
    return PROJECTIONS.map(({ name }) => {
      const { logIndex = -1, behind = 0 } = this.lastStatus.find((one) => one.name === name) ?? {};
      return { name, logIndex, behind, state: 'catchingUp', detail };
    });
  }

  async close(): Promise<void> {
    this.stop.abort();
    clearInterval(this.looking);
    await this.mending;
    await this.letGo();
  }

  private async open(): Promise<void> {
    let own: Opened | undefined; // A fault before it is there is the start's own to tell.
    const thread = await ThreadClient.start(this.options, {
      tell: this.tell,
      onFault: ({ message, spoilt }) => {
        if (own !== undefined) this.mend(own, { reason: message, spoilt });
      },
    });
    const { file } = this.options;
    try {
      const db = openViewsForReading(file);
      own = { thread, db, queries: queriesOver(sqliteSource(db)), inode: statSync(file).ino, openedAt: performance.now() };
      this.opened = own;
    } catch (error) {
      await thread.close(CLOSE_WITHIN_MS);
      throw error;
    }
    if (thread.fault !== null) this.mend(own, { reason: thread.fault, spoilt: false }); // It has died meanwhile.
  }

  /** A file that is removed goes on under its open handles and is gone with them: what is written there is written for nobody. */
  private lookAtFile(): void {
    const { opened } = this;
    if (opened === undefined || statSync(this.options.file, { throwIfNoEntry: false })?.ino === opened.inode) return;
    this.mend(opened, { reason: 'views.db was removed or replaced', spoilt: true });
  }

  private mend(opened: Opened, trouble: Trouble): void {
    if (this.stop.signal.aborted || this.opened !== opened) return;
    this.failures = performance.now() - opened.openedAt > STEADY_MS ? 0 : this.failures + 1;
    this.trouble = trouble;
    if (trouble.spoilt) this.tell(notice('views-damaged', null, trouble.reason));
    const before = this.letGo(); // First of all: the last to close a database removes the WAL of its name, which must not be the new one's.
    this.mending = before
      .then(() => this.openAgain())
      .finally(() => {
        this.mending = undefined;
      });
  }

  private async openAgain(): Promise<void> {
    for (; !this.stop.signal.aborted; this.failures++) {
      const waitMs = Math.min(AGAIN_MAX_MS, AGAIN_FIRST_MS * 2 ** Math.max(0, this.failures - 1));
      await pause(waitMs, undefined, { signal: this.stop.signal }).catch(() => {});
      if (isAborted(this.stop.signal)) return;
      try {
        if (this.trouble?.spoilt) this.removeFile();
        await this.open();
        this.trouble = undefined;
        this.tell(notice('thread-restarted', null, `after ${this.failures} faults`));
        return;
      } catch (error) {
        this.trouble = { reason: reasonOf(error), spoilt: (this.trouble?.spoilt ?? false) || isDamage(error) };
      }
    }
  }

  private async letGo(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened === undefined) return;
    await opened.thread.close(CLOSE_WITHIN_MS);
    await opened.db.destroy();
  }

  /** All that is in it comes from the log. */
  private removeFile(): void {
    for (const end of ['', '-wal', '-shm']) rmSync(`${this.options.file}${end}`, { force: true });
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted; // Asked again after a pause: it may have changed.
const unavailable = (): Unavailable => new Unavailable('outage', 'the projections are being put right');
