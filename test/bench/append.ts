import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { type Append, eventId } from '#libs/application';

/**
 * Single-event appends, one claim each, over many streams: appends a second and the time one takes, beside the same rows written by a bare
 * prepared-statement loop with as many a commit. Only the ratio is comparable between machines.
 * Usage: node dist/test/bench/append.js [appends] [in flight]
 */
const APPENDS = Number(process.argv[2] ?? 100_000);
const IN_FLIGHT = Number(process.argv[3] ?? 256);
const STREAMS = 5_000;
const EVENT_BYTES = 1_400; // A settlement with its command and facts.

const filler = 'x'.repeat(EVENT_BYTES - 200);
const appendOf = (n: number): Append => {
  const stream = `medicalAccount-${String(n % STREAMS).padStart(32, '0')}`;
  const key = `settlement-H37020200001-${n}`;
  const revision = Math.floor(n / STREAMS);
  const id = eventId(key, 0);
  const bytes = Buffer.from(JSON.stringify({ data: { filler }, id, revision, stream, type: 'SwipeSettled.v1' }));
  const claims = [{ key, commandHash: `1:${'0'.repeat(64)}`, eventIndex: 0 }];
  const events = [{ id, type: 'SwipeSettled.v1', stream, revision, bytes }] as const;
  return { stream, expected: revision === 0 ? 'no-stream' : revision - 1, events, claims, lane: 'interactive' };
};

const bareLoop = (folder: string, appends: readonly Append[]): number => {
  const db = new DatabaseSync(join(folder, 'bare.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;');
  db.exec(`CREATE TABLE events (n INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT UNIQUE, bytes BLOB, UNIQUE (stream, revision));
    CREATE TABLE claims (key TEXT PRIMARY KEY, hash TEXT, n INTEGER) WITHOUT ROWID;`);
  const event = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)');
  const claim = db.prepare('INSERT INTO claims VALUES (?, ?, ?)');
  const from = performance.now();
  for (let at = 0; at < appends.length; at += IN_FLIGHT) {
    db.exec('BEGIN');
    for (const [i, { stream, events, claims }] of appends.slice(at, at + IN_FLIGHT).entries()) {
      event.run(at + i, stream, events[0].revision, events[0].id, events[0].bytes);
      claim.run(claims[0]?.key ?? '', claims[0]?.commandHash ?? '', at + i);
    }
    db.exec('COMMIT');
  }
  const seconds = (performance.now() - from) / 1000;
  db.close();
  return appends.length / seconds;
};

const store = async (folder: string, appends: readonly Append[]) => {
  const events = await openSqliteEventStore({ folder, callDeadlineMs: 60_000 });
  const latenciesMs: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let append = appends[next++]; append; append = appends[next++]) {
      const from = performance.now();
      const { kind } = await events.append(append);
      if (kind !== 'appended') throw new Error(`answered ${kind}`);
      latenciesMs.push(performance.now() - from);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  const perSecond = appends.length / ((performance.now() - from) / 1000);
  await events.close();
  latenciesMs.sort((a, b) => a - b);
  return { perSecond, at: (quantile: number) => latenciesMs[Math.floor(latenciesMs.length * quantile)] ?? 0 };
};

const main = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-bench-'));
  try {
    const appends = Array.from({ length: APPENDS }, (_, n) => appendOf(n));
    const bare = bareLoop(folder, appends);
    const { perSecond, at } = await store(folder, appends);
    console.log(`bare loop, ${IN_FLIGHT} a commit: ${bare.toFixed(0)}/s`);
    console.log(`store, ${IN_FLIGHT} in flight: ${perSecond.toFixed(0)}/s, ratio ${(perSecond / bare).toFixed(2)}`);
    console.log(
      `ms: p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)}, p99.9 ${at(0.999).toFixed(1)}, most ${at(1 - 1e-9).toFixed(1)}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
