import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Shape } from '../projection';
import type { BatchRows } from '../projection-run';
import type { PlainRow } from '../projections';
import { quoted } from '../views';

const ROWS_A_STATEMENT = 40;

/** Rows of one table: what a batch changes stays in memory, and is written once a row, many rows a statement, when the batch is done. */
export class TableRows implements BatchRows {
  private readonly changed = new Map<string, PlainRow>();
  private readonly columns: readonly string[];
  private readonly booleans: readonly string[];
  private readonly select: StatementSync;
  private readonly writeOne: StatementSync;
  private readonly writeMany: StatementSync;

  constructor(
    db: DatabaseSync,
    table: string,
    private readonly shape: Shape<PlainRow>,
  ) {
    this.columns = Object.keys(shape.columns);
    this.booleans = this.columns.filter((column) => shape.columns[column] === 'boolean');
    const places = `(${this.columns.map(() => '?').join(', ')})`;
    const into = `INSERT INTO ${quoted(table)} (${this.columns.map(quoted).join(', ')}) VALUES `;
    // Not OR REPLACE: that takes a row out of every index and puts it in again.
    const identity = shape.filedBy === undefined ? shape.key : [shape.filedBy];
    const news = this.columns
      .filter((column) => !shape.key.includes(column) && !identity.includes(column))
      .map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
    const orUpdate = ` ON CONFLICT (${identity.map(quoted).join(', ')}) DO UPDATE SET ${news.join(', ')}`;
    this.select = db.prepare(`SELECT * FROM ${quoted(table)} WHERE ${shape.key.map((column) => `${quoted(column)} = ?`).join(' AND ')}`);
    this.writeOne = db.prepare(into + places + orUpdate);
    this.writeMany = db.prepare(into + Array.from({ length: ROWS_A_STATEMENT }, () => places).join(', ') + orUpdate);
  }

  get(...key: readonly (string | number)[]): PlainRow | undefined {
    const changed = this.changed.get(key.join('\0'));
    if (changed !== undefined) return changed;
    const row = this.select.get(...key) as Record<string, string | number | boolean | null> | undefined;
    if (row !== undefined) for (const column of this.booleans) row[column] = row[column] === 1;
    return row;
  }

  put(row: PlainRow): void {
    this.changed.set(this.shape.key.map((column) => row[column]).join('\0'), row);
  }

  /** Forgets what the batch changed so far. */
  discard(): void {
    this.changed.clear();
  }

  /** Writes what the batch changed. In the caller's transaction. */
  write(): void {
    const rows = [...this.changed.values()];
    this.changed.clear();
    const many = rows.length - (rows.length % ROWS_A_STATEMENT);
    for (let i = 0; i < many; i += ROWS_A_STATEMENT) {
      this.writeMany.run(...rows.slice(i, i + ROWS_A_STATEMENT).flatMap((row) => this.valuesOf(row)));
    }
    for (const row of rows.slice(many)) this.writeOne.run(...this.valuesOf(row));
  }

  /** @throws Error when a column is missing: SQLite would take it for empty. */
  private valuesOf(row: PlainRow): SQLInputValue[] {
    return this.columns.map((column) => {
      const value = row[column];
      if (value === undefined) throw new Error(`no value for column ${column}`);
      return typeof value === 'boolean' ? Number(value) : value;
    });
  }
}
