import type { PoolClient } from 'pg';
import type { Kind, Shape, Value } from '../projection';
import type { BatchRows } from '../projection-run';
import type { PlainRow } from '../projections';
import { quoted } from '../views';

type Key = readonly (string | number)[];
type Plain = Record<string, string | number | boolean | null>;

/** A truth value is kept as 0 or 1. */
const asStored = (value: Value | undefined) => (typeof value === 'boolean' ? (value ? 1 : 0) : value);
const arrayOf = (kind: Kind | undefined): string => {
  if (kind?.startsWith('text')) return 'text[]';
  return kind === 'boolean' ? 'smallint[]' : 'bigint[]';
};

/**
 * Rows of one table while a batch is applied. A projection asks for rows at once, the server answers later: a row that is not at hand is
 * noted and taken for absent; then what was noted is loaded, and the batch applied anew, until it asks for nothing that is not at hand.
 */
export class RowBatch implements BatchRows {
  private readonly columns: readonly string[];
  private readonly known = new Map<string, PlainRow | undefined>();
  private readonly wanted = new Map<string, Key>();
  private readonly changed = new Map<string, PlainRow>();

  constructor(
    private readonly table: string,
    private readonly shape: Shape<PlainRow>,
  ) {
    this.columns = Object.keys(shape.columns);
  }

  get(...key: Key): PlainRow | undefined {
    const text = key.join('\0');
    const changed = this.changed.get(text);
    if (changed !== undefined) return changed;
    if (!this.known.has(text)) this.wanted.set(text, key);
    return this.known.get(text);
  }

  /** @throws Error for what the table cannot hold. */
  put(row: PlainRow): void {
    for (const column of this.columns) {
      const value = row[column];
      if (value === undefined) throw new Error(`no value for column ${column}`);
      if (typeof value === 'string' && value.includes('\0')) throw new Error(`U+0000 in column ${column}: PostgreSQL cannot keep it`);
    }
    this.changed.set(this.shape.key.map((column) => row[column]).join('\0'), row);
  }

  discard(): void {
    this.changed.clear();
  }

  /** Loads what was asked for and is not at hand; false when there was nothing. */
  async load(client: PoolClient): Promise<boolean> {
    if (this.wanted.size === 0) return false;
    const { key, columns } = this.shape;
    const keys = [...this.wanted.values()];
    const arrays = key.map((name, i) => `$${i + 1}::${arrayOf(columns[name])}`);
    const same = key.map((name) => `t.${quoted(name)} = k.${quoted(name)}`).join(' AND ');
    const { rows } = await client.query<Plain>(
      `SELECT t.* FROM unnest(${arrays.join(', ')}) AS k(${key.map(quoted).join(', ')}) JOIN ${quoted(this.table)} t ON ${same}`,
      key.map((_, i) => keys.map((one) => one[i])),
    );
    for (const text of this.wanted.keys()) this.known.set(text, undefined);
    for (const row of rows) {
      for (const name of this.columns) if (columns[name] === 'boolean') row[name] = row[name] === 1;
      this.known.set(key.map((name) => row[name]).join('\0'), row);
    }
    this.wanted.clear();
    return true;
  }

  /** Writes what the batch changed, in the caller's transaction. */
  async write(client: PoolClient): Promise<void> {
    if (this.changed.size === 0) return;
    const { key, columns } = this.shape;
    const names = this.columns.map(quoted);
    const arrays = this.columns.map((name, i) => `$${i + 1}::${arrayOf(columns[name])}`);
    const news = this.columns.filter((name) => !key.includes(name)).map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
    const rows = [...this.changed.values()];
    await client.query(
      `INSERT INTO ${quoted(this.table)} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})
       ON CONFLICT (${key.map(quoted).join(', ')}) DO ${news.length > 0 ? `UPDATE SET ${news.join(', ')}` : 'NOTHING'}`,
      this.columns.map((name) => rows.map((row) => asStored(row[name]))),
    );
  }
}
