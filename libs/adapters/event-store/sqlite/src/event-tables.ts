import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { AppendResult } from '#libs/application';
import { type AppendItem, type Batch, decodeAppends } from './batch-codec';
import type { BatchWork, Tables } from './writer-session';

const HEADS_MAX = 50_000;
const APPENDED: AppendResult = { kind: 'appended' };

type Written = Readonly<{ logIndex: number; bytes: Uint8Array }>;
const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

const prepare = (db: DatabaseSync) => ({
  last: db.prepare('SELECT max(log_index) AS last FROM events'),
  head: db.prepare('SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1'),
  at: db.prepare('SELECT log_index AS logIndex, id, bytes FROM events WHERE stream = ? AND revision = ?'),
  atIndex: db.prepare('SELECT bytes FROM events WHERE log_index = ?'),
  claim: db.prepare('SELECT command_hash AS commandHash, log_index AS logIndex FROM claims WHERE key = ?'),
  insertEvent: db.prepare('INSERT INTO events (log_index, stream, revision, id, type, crc, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)'),
  insertClaim: db.prepare('INSERT INTO claims (key, command_hash, log_index) VALUES (?, ?, ?)'),
  insertFence: db.prepare('INSERT INTO fences (log_index) VALUES (?)'),
});

/**
 * The rules of an append, in the writer's thread: every check of an append precedes its first insert, and sees the appends before it in the
 * same transaction. Nothing here updates or deletes.
 */
export const eventTables = (db: DatabaseSync): Tables => {
  const sql = prepare(db);
  const heads = new Map<string, number>(); // The newest revisions of streams written lately; only ever what the tables say.
  let next = ((sql.last.get() as { last: number | null }).last ?? -1) + 1;

  const headOf = (stream: string): number =>
    heads.get(stream) ?? (sql.head.get(stream) as { revision: number } | undefined)?.revision ?? -1;

  /** These very bytes at these very revisions, with these very claims. */
  const isRepeat = ({ stream, first, events, claims }: AppendItem): boolean => {
    const indexes: number[] = [];
    for (const [i, { id, bytes }] of events.entries()) {
      const row = sql.at.get(stream, first + i) as { logIndex: number; id: string; bytes: Uint8Array } | undefined;
      if (row?.id !== id || !sameBytes(row.bytes, bytes)) return false;
      indexes.push(row.logIndex);
    }
    return claims.every(({ key, commandHash, eventIndex }) => {
      const row = sql.claim.get(key) as { commandHash: string; logIndex: number } | undefined;
      return row?.commandHash === commandHash && row.logIndex === indexes[eventIndex];
    });
  };

  /** Undefined: to be inserted. */
  const judge = (item: AppendItem): AppendResult | undefined => {
    const head = headOf(item.stream);
    if (head >= item.first && isRepeat(item)) return APPENDED;
    for (const { key } of item.claims) if (sql.claim.get(key)) return { kind: 'claimTaken', key };
    if (head !== item.first - 1) return { kind: 'conflict', actual: head === -1 ? 'no-stream' : head };
    return undefined;
  };

  const insert = ({ stream, first, events, claims }: AppendItem, written: Written[]): void => {
    const base = next;
    for (const [i, { id, type, bytes }] of events.entries()) {
      sql.insertEvent.run(base + i, stream, first + i, id, type, crc32(bytes), bytes);
      written.push({ logIndex: base + i, bytes });
    }
    for (const { key, commandHash, eventIndex } of claims) sql.insertClaim.run(key, commandHash, base + eventIndex);
    next = base + events.length;
    heads.delete(stream);
    heads.set(stream, first + events.length - 1);
    if (heads.size > HEADS_MAX) for (const oldest of heads.keys()) return void heads.delete(oldest);
  };

  const apply = (batch: Batch): BatchWork => {
    const written: Written[] = [];
    const answers = decodeAppends(batch).map((item) => {
      const answer = judge(item);
      if (!answer) insert(item, written);
      return answer ?? APPENDED;
    });
    return { answers, writes: written.length, countStored: (tables) => written.filter((event) => tables.holds(event)).length };
  };

  return {
    apply,
    holds: (written) => {
      const { logIndex, bytes } = written as Written;
      return sameBytes((sql.atIndex.get(logIndex) as { bytes: Uint8Array } | undefined)?.bytes, bytes);
    },
    fence: () => void sql.insertFence.run(next),
  };
};
