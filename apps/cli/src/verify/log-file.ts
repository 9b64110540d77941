import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { LogRow, StoredClaim } from '#libs/audit';
import { Failure } from '../startup/checks';

const APPLICATION_ID = 0x59694b61;
const LAYOUT = 2;
const PAGE_EVENTS = 2_000;
/** Of texts: so few that a page is used up and forgotten before the memory of young objects is tidied. */
const PAGE_TEXTS = 256;
const BUSY_TIMEOUT_MS = 5_000;
const CACHE_KIB = 64 * 1024;
const MAPPED_BYTES = 16 * 1024 ** 3;
const COLUMNS = 'log_index, stream, revision, id, type, crc';
const BYTES = `${COLUMNS}, bytes`;
const TEXT = `${COLUMNS}, CAST(bytes AS TEXT), octet_length(bytes)`; // A page of texts costs half of what a page of byte arrays does.

/** Opens a database for reading only. On a disk that takes no writes SQLite needs to be told that nobody writes: then no WAL may be left. */
export const openReadOnly = (file: string): DatabaseSync => {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return db;
  } catch (thrown) {
    if (existsSync(`${file}-wal`)) throw thrown;
    return new DatabaseSync(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true });
  }
};

const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

type Cells<Stored extends readonly unknown[]> = [number, string, number, string, string, number, ...Stored];
/** A row with the bytes themselves. */
export type BytesRow = Omit<LogRow, 'stored'> & Readonly<{ bytes: Uint8Array }>;
const bytesRowOf = ([logIndex, stream, revision, id, type, crc, bytes]: Cells<[Uint8Array]>): BytesRow => ({
  logIndex,
  stream,
  revision,
  id,
  type,
  crc,
  bytes,
});

/**
 * Whether a text that was read of so many bytes is these bytes and no others. What is no UTF-8 comes as U+FFFD, a text with a zero byte ends
 * there: without the one and of the whole length, writing it as UTF-8 gives the bytes back.
 */
const isExact = (text: unknown, size: number): text is string =>
  typeof text === 'string' && (text.length === size || Buffer.byteLength(text) === size) && !text.includes('\ufffd');

/** The rows of a stretch of stream names: from the first name (inclusive) to the last (exclusive). */
export type Stretch = Readonly<{ from: string; to: string }>;

/**
 * The log of a data folder or a backup, as the page of the log format describes it and without the engine's own code: a second way to the
 * same bytes. Each page is a read of its own, so that a running engine's WAL can be written back in between.
 */
export class LogFile {
  private readonly db: DatabaseSync;
  private readonly byStream: StatementSync;
  private readonly ofStream: StatementSync;
  private readonly byIndex: StatementSync;
  private readonly bytesByIndex: StatementSync;
  private readonly namesByIndex: StatementSync;
  private readonly at: StatementSync;
  private readonly atIndex: StatementSync;
  private readonly bytesAt: StatementSync;
  private readonly claimPage: StatementSync;

  constructor(folder: string) {
    const file = path.join(folder, 'events.db');
    if (!existsSync(file))
      throw new Failure({ zh: `${folder} 中没有事件日志（events.db）。`, en: `There is no log (events.db) in ${folder}.` });
    this.db = openReadOnly(file);
    if (pragma(this.db, 'application_id') !== APPLICATION_ID || pragma(this.db, 'user_version') !== LAYOUT)
      throw new Failure({ zh: `${file} 不是本版本认识的日志。`, en: `${file} is no log that this version knows.` });
    this.db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA mmap_size = ${MAPPED_BYTES};`);
    const prepare = (sql: string): StatementSync => {
      const statement = this.db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const where = '(stream, revision, log_index) > (?, ?, ?) AND stream < ? AND log_index <= ?';
    this.byStream = prepare(`SELECT ${TEXT} FROM events WHERE ${where} ORDER BY stream, revision, log_index LIMIT ${PAGE_TEXTS}`);
    this.ofStream = prepare(`SELECT ${TEXT} FROM events WHERE stream = ? AND log_index <= ? ORDER BY revision, log_index`);
    const inOrder = 'FROM events NOT INDEXED WHERE log_index >= ? AND log_index <= ? ORDER BY log_index LIMIT';
    this.namesByIndex = prepare(`SELECT log_index, stream, type ${inOrder} ${PAGE_TEXTS}`);
    this.bytesByIndex = prepare(`SELECT ${BYTES} ${inOrder} ${PAGE_EVENTS}`);
    this.byIndex = prepare(`SELECT ${TEXT} ${inOrder} ${PAGE_TEXTS}`);
    this.at = prepare(`SELECT ${TEXT} FROM events WHERE stream = ? AND revision = ?`);
    this.atIndex = prepare(`SELECT ${TEXT} FROM events WHERE log_index = ?`);
    this.bytesAt = prepare(`SELECT ${BYTES} FROM events WHERE log_index = ?`);
    this.claimPage = prepare(`SELECT key, command_hash, log_index FROM claims WHERE key > ? ORDER BY key LIMIT ${PAGE_EVENTS}`);
  }

  /** -1 when it is empty. */
  last(): number {
    return this.number('SELECT max(log_index) AS n FROM events') ?? -1;
  }

  first(): number {
    return this.number('SELECT min(log_index) AS n FROM events') ?? 0;
  }

  /** Pages of whole streams in the order of their names. */
  *streams({ from, to }: Stretch, upTo: number): Generator<readonly LogRow[]> {
    let after: [string, number, number] = [from, -1, -1];
    for (;;) {
      const page = this.rows(this.byStream, ...after, to, upTo);
      yield page;
      const last = page.at(-1);
      if (!last || page.length < PAGE_TEXTS) return;
      after = [last.stream, last.revision, last.logIndex];
    }
  }

  stream(name: string, upTo: number): readonly LogRow[] {
    return this.rows(this.ofStream, name, upTo);
  }

  /** Names of the streams that got events in a range. */
  touched(from: number, to: number): readonly string[] {
    const sql = 'SELECT DISTINCT stream FROM events NOT INDEXED WHERE log_index BETWEEN ? AND ? ORDER BY stream';
    return (this.db.prepare(sql).all(from, to) as { stream: string }[]).map(({ stream }) => stream);
  }

  /** The log itself, in pages. */
  *events(from: number, to: number): Generator<readonly LogRow[]> {
    for (let next = from; next <= to; ) {
      const page = this.rows(this.byIndex, next, to);
      const last = page.at(-1);
      if (!last) return;
      yield page;
      next = last.logIndex + 1;
    }
  }

  /** The same, of which only place, stream and type are read before the rest is asked for: most of it is not. */
  *glance(from: number, to: number): Generator<readonly BytesRow[]> {
    for (let next = from; next <= to; ) {
      const page = this.namesByIndex.all(next, to) as unknown as [number, string, string][];
      const last = page.at(-1);
      if (!last) return;
      yield page.map(([logIndex, stream, type]) => new Glanced(logIndex, stream, type, this));
      next = last[0] + 1;
    }
  }

  /** The same with the bytes themselves. */
  *log(from: number, to: number): Generator<readonly BytesRow[]> {
    for (let next = from; next <= to; ) {
      const page = (this.bytesByIndex.all(next, to) as unknown as Cells<[Uint8Array]>[]).map(bytesRowOf);
      const last = page.at(-1);
      if (!last) return;
      yield page;
      next = last.logIndex + 1;
    }
  }

  *claims(): Generator<readonly StoredClaim[]> {
    for (let after = ''; ; ) {
      const page = this.claimPage.all(after) as unknown as StoredClaim[];
      yield page;
      const last = page.at(-1);
      if (!last) return;
      after = last[0];
    }
  }

  rowAt(stream: string, revision: number): LogRow | undefined {
    return this.rows(this.at, stream, revision)[0];
  }

  rowAtIndex(logIndex: number): LogRow | undefined {
    return this.rows(this.atIndex, logIndex)[0];
  }

  bytesAtIndex(logIndex: number): BytesRow | undefined {
    const cells = this.bytesAt.get(logIndex) as unknown as Cells<[Uint8Array]> | undefined;
    return cells && bytesRowOf(cells);
  }

  close(): void {
    this.db.close();
  }

  private rows(statement: StatementSync, ...values: SQLInputValue[]): readonly LogRow[] {
    const cells = statement.all(...values) as unknown as Cells<[string, number]>[];
    return cells.map(([logIndex, stream, revision, id, type, crc, text, size]) => {
      const stored = isExact(text, size) ? text : this.storedAt(logIndex);
      return { logIndex, stream, revision, id, type, crc, stored };
    });
  }

  private storedAt(logIndex: number): LogRow['stored'] {
    const { bytes } = this.bytesAtIndex(logIndex) ?? { bytes: new Uint8Array() };
    return isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : bytes;
  }

  private number(sql: string): number | null {
    return (this.db.prepare(sql).get() as { n: number | null }).n;
  }
}

class Glanced implements BytesRow {
  private known: BytesRow | undefined;

  constructor(
    readonly logIndex: number,
    readonly stream: string,
    readonly type: string,
    private readonly log: LogFile,
  ) {}

  get revision(): number {
    return this.rest.revision;
  }
  get id(): string {
    return this.rest.id;
  }
  get crc(): number {
    return this.rest.crc;
  }
  get bytes(): Uint8Array {
    return this.rest.bytes;
  }

  private get rest(): BytesRow {
    this.known ??= this.log.bytesAtIndex(this.logIndex);
    if (!this.known) throw new Error(`log index ${this.logIndex} was there and is not any more`);
    return this.known;
  }
}
