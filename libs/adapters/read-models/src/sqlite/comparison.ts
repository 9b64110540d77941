import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LoggedEvent } from '#libs/application';
import { canonicalJson } from '#libs/kernel';
import { hashOf } from '../decode';
import { decoded, ProjectionRun } from '../projection-run';
import { type PlainRow, PROJECTIONS } from '../projections';
import { type Checkpoint, quoted, tableOf } from '../views';
import { SqliteKeeper } from './sqlite-keeper';
import { checkpointOf, openViewsFile, VIEWS_FILE } from './views-file';

/** One row that is not what the log gives; `expected` null: it should not be there, `found` null: it is missing. Canonical JSON. */
export type RowDifference = Readonly<{ projection: string; expected: string | null; found: string | null }>;
/** Why a projection was not held against the log. */
export type Uncompared = Readonly<{
  projection: string;
  reason: 'absent' | 'otherVersion' | 'aheadOfLog' | 'otherEvent' | 'failed';
  detail: string;
}>;
export type Compared = Readonly<{ projection: string; rows: number; logIndex: number }>;
export type ComparisonSource = Readonly<{
  /** The log from an index on, up to another (inclusive), in order. */
  log: (from: number, to: number) => Iterable<readonly LoggedEvent[]>;
  lastLogIndex: () => number;
  eventAt: (logIndex: number) => LoggedEvent | undefined;
  /** Every event once, in order. */
  onEvents?: (events: readonly ReturnType<typeof decoded>[]) => void;
  stopped: () => boolean;
}>;

type Live = Readonly<{ run: ProjectionRun; name: string }>;

/**
 * Holds each read model of a data folder against a rebuild in a temporary file, row by row, as of the checkpoint that it has: behind the log
 * or beside a running engine alike. Nothing is written to the data folder; the file is read in one transaction at the end and not before.
 */
export class ReadModelComparison {
  readonly uncompared: Uncompared[] = [];
  private readonly live: Live[] = [];
  private toldThrough = -1;
  private days: ReturnType<ReadModelComparison['institutionDays']>;
  private readonly keeper: SqliteKeeper;

  private constructor(
    private readonly views: DatabaseSync,
    private readonly rebuilt: DatabaseSync,
    private readonly source: ComparisonSource,
  ) {
    this.keeper = new SqliteKeeper(rebuilt);
  }

  /** Undefined when the folder has no read models. */
  static open(folder: string, temporaryFile: string, source: ComparisonSource): ReadModelComparison | undefined {
    const file = join(folder, VIEWS_FILE);
    if (!existsSync(file)) return undefined;
    const views = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const rebuilt = openViewsFile(temporaryFile);
    rebuilt.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;');
    return new ReadModelComparison(views, rebuilt, source);
  }

  /** Builds up to where each projection stands now. `onProgress`: events done, of how many. */
  build(onProgress: (done: number, total: number) => void): void {
    for (const projection of PROJECTIONS) {
      const standing = this.judged(projection.name, projection.version);
      if (!standing) continue;
      const run = new ProjectionRun(projection, this.keeper.create(projection, 'live'));
      this.live.push({ name: projection.name, run });
    }
    this.buildTo(this.targets(), onProgress);
  }

  /** Goes on to where each projection stands by now, in the transaction in which it is compared, and yields what differs. */
  *compare(): Generator<RowDifference, readonly Compared[]> {
    const compared: Compared[] = [];
    this.views.exec('BEGIN');
    try {
      const targets = this.targets();
      this.buildTo(targets, () => undefined);
      for (const { name, run } of this.live) {
        const target = targets.get(name);
        if (target && this.isComparable(name, run, target))
          compared.push({ projection: name, logIndex: target.logIndex, rows: yield* this.rows(name, target) });
      }
      return compared;
    } finally {
      this.views.exec('ROLLBACK');
    }
  }

  /** Up to which log index a projection stands now; -1: nowhere. */
  standsAt(name: string): number {
    return checkpointOf(this.views, name, 'live')?.logIndex ?? -1;
  }

  /** What the read model says of each institution's day, as it was compared; undefined when it was not. Units: fen. */
  institutionDays(): readonly Readonly<{ institutionCode: string; businessDate: string; payableFen: number }>[] | undefined {
    return this.days;
  }

  close(): void {
    this.views.close();
    this.rebuilt.close();
  }

  private judged(name: string, version: number): Checkpoint | undefined {
    const standing = checkpointOf(this.views, name, 'live');
    const tell = (reason: Uncompared['reason'], detail: string) => void this.uncompared.push({ projection: name, reason, detail });
    if (!standing) {
      tell('absent', 'no checkpoint');
      return;
    }
    if (standing.version !== version) {
      tell('otherVersion', `version ${standing.version}, this program has ${version}`);
      return;
    }
    const last = this.source.lastLogIndex();
    if (standing.logIndex > last) {
      tell('aheadOfLog', `checkpoint ${standing.logIndex}, log ends at ${last}`);
      return;
    }
    const event = standing.logIndex < 0 ? undefined : this.source.eventAt(standing.logIndex);
    if (event && hashOf(event.bytes) !== standing.eventHash) {
      tell('otherEvent', `made up to another event at log index ${standing.logIndex}`);
      return;
    }
    return standing;
  }

  private isComparable(name: string, run: ProjectionRun, target: Checkpoint): boolean {
    if (run.failure === null && run.logIndex === target.logIndex) {
      if (name === 'institutionDays') this.days = this.readDays(target);
      return true;
    }
    const detail = run.failure === null ? `it stands at ${target.logIndex}, the rebuild at ${run.logIndex}` : textOf(run.failure);
    this.uncompared.push({ projection: name, reason: 'failed', detail });
    return false;
  }

  private targets(): ReadonlyMap<string, Checkpoint> {
    const found = this.live.flatMap(({ name }) => checkpointOf(this.views, name, 'live') ?? []);
    return new Map(found.map((checkpoint) => [checkpoint.name, checkpoint]));
  }

  private buildTo(targets: ReadonlyMap<string, Checkpoint>, onProgress: (done: number, total: number) => void): void {
    const targetOf = (name: string): number => targets.get(name)?.logIndex ?? -1;
    const sound = this.live.filter(({ run }) => run.failure === null);
    const from = Math.min(...sound.map(({ run }) => run.logIndex)) + 1;
    const to = Math.max(-1, ...sound.map(({ name }) => targetOf(name)));
    if (sound.length === 0 || to < from) return;
    for (const batch of this.source.log(from, to)) {
      if (this.source.stopped()) return;
      const events = batch.map(decoded);
      this.source.onEvents?.(events.filter(({ logged }) => logged.logIndex > this.toldThrough));
      this.toldThrough = Math.max(this.toldThrough, batch.at(-1)?.logIndex ?? -1);
      for (const { name, run } of this.live) run.until = targetOf(name);
      this.keeper.write(
        this.live.map(({ run }) => run),
        events,
      );
      onProgress((batch.at(-1)?.logIndex ?? 0) + 1, to + 1);
    }
  }

  private readDays({ name, generation }: Checkpoint): NonNullable<ReturnType<ReadModelComparison['institutionDays']>> {
    const sql = `SELECT institutionCode, businessDate, accountPaidFen - accountReturnedFen AS payableFen FROM ${quoted(tableOf(name, generation))}`;
    return this.views.prepare(sql).all() as unknown as NonNullable<ReturnType<ReadModelComparison['institutionDays']>>;
  }

  private *rows(name: string, target: Checkpoint): Generator<RowDifference, number> {
    const projection = PROJECTIONS.find((one) => one.name === name);
    const own = checkpointOf(this.rebuilt, name, 'live');
    if (!projection || !own) return 0;
    const { key, columns } = projection.shape;
    const select = `SELECT ${Object.keys(columns).map(quoted).join(', ')} FROM`;
    const order = `ORDER BY ${key.map(quoted).join(', ')}`;
    const expected = this.rebuilt.prepare(`${select} ${quoted(tableOf(name, own.generation))} ${order}`).iterate();
    const found = this.views.prepare(`${select} ${quoted(tableOf(name, target.generation))} ${order}`).iterate();
    let rows = 0;
    let [left, right] = [nextOf(expected), nextOf(found)];
    while (left || right) {
      const side = sideOf(key, left, right);
      if (side !== 0 || !isSame(left, right))
        yield { projection: name, expected: side > 0 ? null : canonicalJson(left), found: side < 0 ? null : canonicalJson(right) };
      rows++;
      if (side <= 0) left = nextOf(expected);
      if (side >= 0) right = nextOf(found);
    }
    return rows;
  }
}

const textOf = ({ logIndex, reason }: NonNullable<ProjectionRun['failure']>): string => `log index ${logIndex}: ${reason}`;

type Plain = Record<string, string | number | null>;
const nextOf = (rows: Iterator<unknown>): Plain | undefined => {
  const { value, done } = rows.next() as { value: PlainRow; done?: boolean };
  return done ? undefined : (value as Plain);
};
/** Below 0: the row is missing; above 0: it should not be there. */
const sideOf = (key: readonly string[], left: Plain | undefined, right: Plain | undefined): number => {
  if (!left) return 1;
  return right ? order3(key, left, right) : -1;
};
/** As SQLite orders: text by its bytes, numbers by value. */
const order3 = (key: readonly string[], a: Plain, b: Plain): number => {
  for (const name of key) {
    const [x, y] = [a[name] ?? '', b[name] ?? ''];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)));
  }
  return 0;
};
const isSame = (a: Plain | undefined, b: Plain | undefined): boolean => {
  for (const name in a) if (a[name] !== b?.[name]) return false;
  return true;
};
