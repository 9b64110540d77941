import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Append, AppendResult, EventStore } from '#libs/application';

const ACCOUNTS = 'medicalAccount-';
/** Kinds of streams are few and fixed; what follows the first dash names one of many. */
const CATEGORIES = new Set([
  'medicalAccount',
  'institution',
  'accessKey',
  'policyPack',
  'attempts',
  'receiptPrint',
  'directory',
  'settlementVoid',
]);

/** Figures of the log: what goes into it, how long that takes, and what it takes on the disk. Wraps the store; the store knows nothing of it. */
export class StoreMetrics {
  private readonly durations: Histogram<'lane'>;
  private readonly results: Counter<'result'>;
  private readonly events: Counter<'category'>;
  private readonly waiting: Gauge;
  private readonly commits: Histogram;
  private readonly loads: Counter;
  private readonly hits: Counter;
  private readonly misses: Counter;

  constructor(registry: Registry, folder: string) {
    const registers = [registry];
    this.durations = new Histogram({
      name: 'yika_append_duration_seconds',
      help: 'Time from an append to the word that it is synced to disk, waiting included, in seconds',
      labelNames: ['lane'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.results = new Counter({ name: 'yika_appends_total', help: 'Appends by result, as a number', labelNames: ['result'], registers });
    this.events = new Counter({
      name: 'yika_events_appended_total',
      help: 'Events appended by kind of stream, as a number; attempts: refused swipes that were kept',
      labelNames: ['category'],
      registers,
    });
    this.waiting = new Gauge({ name: 'yika_appends_waiting', help: 'Appends that wait for their commit, as a number', registers });
    this.commits = new Histogram({
      name: 'yika_commit_appends',
      help: 'Appends that went into one commit, as a number',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024],
      registers,
    });
    this.loads = new Counter({
      name: 'yika_account_states_loaded_total',
      help: 'States of accounts folded from the log because the cache did not hold them, as a number',
      registers,
    });
    this.hits = new Counter({
      name: 'yika_account_cache_hits_total',
      help: 'Account states that a command found in the cache, as a number',
      registers,
    });
    this.misses = new Counter({
      name: 'yika_account_cache_misses_total',
      help: 'Account states that a command did not find in the cache and read from the log, as a number',
      registers,
    });
    for (const result of ['appended', 'conflict', 'claimTaken', 'unavailable', 'unknown'] as const) this.results.inc({ result }, 0);
    bytesGauges(registers, folder);
  }

  countCommit = (appends: number): void => this.commits.observe(appends);

  countState = (from: 'cache' | 'log'): void => (from === 'cache' ? this.hits : this.misses).inc();

  /** The same store, counted. */
  watched(store: EventStore): EventStore {
    return {
      ...(store.isShared ? { isShared: true } : {}),
      append: (append) => this.timed(append, store),
      readForward: (stream, from) => store.readForward(stream, from),
      readBackward: (stream) => {
        if (stream.startsWith(ACCOUNTS)) this.loads.inc();
        return store.readBackward(stream);
      },
      readEvent: (stream, revision) => store.readEvent(stream, revision),
      findClaim: (key) => store.findClaim(key),
      readLog: (from) => store.readLog(from),
      lastLogIndex: () => store.lastLogIndex(),
      subscribe: (from, signal) => store.subscribe(from, signal),
      close: () => store.close(),
    };
  }

  private async timed(append: Append, store: EventStore): Promise<AppendResult> {
    const beganMs = performance.now();
    this.waiting.inc();
    try {
      const result = await store.append(append);
      this.results.inc({ result: result.kind });
      if (result.kind === 'appended') this.events.inc({ category: categoryOf(append.stream) }, append.events.length);
      return result;
    } finally {
      this.waiting.dec();
      this.durations.observe({ lane: append.lane }, (performance.now() - beganMs) / 1_000);
    }
  }
}

const categoryOf = (stream: string): string => {
  const category = stream.split('-', 1)[0] ?? '';
  return CATEGORIES.has(category) ? category : 'other';
};

/** Asked of the file system by name: opening and closing the log here would take its locks from under the store. */
const bytesGauges = (registers: Registry[], folder: string): void => {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('yika_log_bytes', 'Size of the log on disk, in bytes', () => sizeOf(join(folder, 'events.db')));
  gauge('yika_log_wal_bytes', "Size of the log's write-ahead file, in bytes", () => sizeOf(join(folder, 'events.db-wal')));
  gauge('yika_views_bytes', 'Size of the read models on disk, in bytes', () => sizeOf(join(folder, 'views.db')));
  gauge('yika_data_free_bytes', 'Room left where the data folder lies, in bytes', () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  });
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
