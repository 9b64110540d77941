import type { EventReader } from '../event-store.port';
import { elapsedMs, type Time } from './request';

/** What other engines write into the store that they share with this one, as this one hears of it. */
export type LogFeed = Readonly<{
  /** The newest revision of a stream that was heard of in the last seconds; -1: none. */
  newest: (stream: string) => number;
  /** Hears of every event after it was stored, in the order of the log. Must not throw. */
  listen: (heard: (stream: string, revision: number) => void) => void;
  /** False when what was stored more than 2 s ago may not have been heard yet: then nothing may be decided on a register's state. */
  isFresh: () => boolean;
  close: () => Promise<void>;
}>;

export const FEED_AGE_MAX_MS = 2_000;
const PROBE_MS = 250;
/** So long after it was heard an event may still meet a read or an append that began before it; longer than any of those may take. */
const REMEMBERED_MS = 15_000;

/**
 * Follows the whole log from where it ends now. Caught up is what had heard everything that stood in the log at an instant; the age counts from
 * that instant, so that a store that cannot be reached, and a subscription that hangs, make the feed old alike.
 * Throws: when the end of the log cannot be read at first.
 */
export const openLogFeed = async (store: EventReader, time: Time): Promise<LogFeed> => {
  const feed = new Feed(store, time, await store.lastLogIndex());
  feed.run();
  return feed;
};

class Feed implements LogFeed {
  private readonly listeners: ((stream: string, revision: number) => void)[] = [];
  private readonly stop = new AbortController();
  private recent = new Map<string, number>();
  private before = new Map<string, number>();
  private turnedAtMs: number;
  private caughtUpAtMs: number;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EventReader,
    private readonly time: Time,
    private heardTo: number,
  ) {
    this.turnedAtMs = this.caughtUpAtMs = elapsedMs(time);
  }

  newest = (stream: string): number => Math.max(this.recent.get(stream) ?? -1, this.before.get(stream) ?? -1);

  listen = (heard: (stream: string, revision: number) => void): void => void this.listeners.push(heard);

  isFresh = (): boolean => elapsedMs(this.time) - this.caughtUpAtMs <= FEED_AGE_MAX_MS;

  close = async (): Promise<void> => {
    this.stop.abort();
    await this.running;
  };

  run(): void {
    this.running = Promise.all([this.follow(), this.probe()]);
  }

  private async follow(): Promise<void> {
    while (!this.isClosed()) {
      await this.hear().catch(() => undefined); // The age tells; the next try begins after what was heard.
      await this.wait();
    }
  }

  private async hear(): Promise<void> {
    for await (const { stream, revision, logIndex } of this.store.subscribe(this.heardTo + 1, this.stop.signal)) {
      this.remember(stream, revision);
      for (const heard of this.listeners) heard(stream, revision);
      this.heardTo = logIndex;
    }
  }

  private async probe(): Promise<void> {
    while (!this.isClosed()) {
      const askedAtMs = elapsedMs(this.time);
      const last = await this.store.lastLogIndex().catch(() => Number.POSITIVE_INFINITY);
      while (Number.isFinite(last) && this.heardTo < last && !this.isClosed()) await this.wait(PROBE_MS / 10);
      if (this.heardTo >= last) this.caughtUpAtMs = askedAtMs;
      await this.wait();
    }
  }

  private remember(stream: string, revision: number): void {
    const nowMs = elapsedMs(this.time);
    if (nowMs - this.turnedAtMs > REMEMBERED_MS) {
      this.before = this.recent;
      this.recent = new Map();
      this.turnedAtMs = nowMs;
    }
    this.recent.set(stream, revision);
  }

  private isClosed(): boolean {
    return this.stop.signal.aborted;
  }

  private wait(ms = PROBE_MS): Promise<void> {
    const { signal } = this.stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms).unref();
      signal.addEventListener('abort', wake);
    });
  }
}
