import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Append } from '#libs/application';

const SCHEMA = `CREATE TABLE events (n INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, bytes BLOB, UNIQUE (stream, revision));
  CREATE TABLE claims (key TEXT PRIMARY KEY, hash TEXT, n INTEGER) WITHOUT ROWID;`;

/** The same rows by prepared statements and nothing else, so many a commit, each commit synced. Returns appends a second. */
export const bareLoop = (folder: string, appends: readonly Append[], aCommit: number): number => {
  const db = new DatabaseSync(join(folder, `bare-${process.hrtime.bigint()}.db`));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;');
  db.exec(SCHEMA);
  const event = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)');
  const claim = db.prepare('INSERT INTO claims VALUES (?, ?, ?)');
  let n = 0;
  const from = performance.now();
  for (let at = 0; at < appends.length; at += aCommit) {
    db.exec('BEGIN');
    for (const { stream, events, claims } of appends.slice(at, at + aCommit)) {
      for (const { revision, id, bytes } of events) event.run(++n, stream, revision, id, bytes);
      for (const { key, commandHash } of claims) claim.run(key, commandHash, n);
    }
    db.exec('COMMIT');
  }
  const seconds = (performance.now() - from) / 1_000;
  db.close();
  return appends.length / seconds;
};
