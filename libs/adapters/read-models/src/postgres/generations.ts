import type { PoolClient } from 'pg';
import type { Kind, Projection } from '../projection';
import type { PlainRow } from '../projections';
import { type Checkpoint, quoted, type Role, tableOf } from '../views';

/**
 * Whoever reads takes this lock's weak form before anything else, so that no snapshot is older than a swap and yet reads the tables after
 * it: it would see the new table as it was half built.
 */
export const KEEP_READERS_OUT = 'LOCK TABLE projections IN ACCESS EXCLUSIVE MODE';
export const WITH_OTHER_READERS = 'LOCK TABLE projections IN ACCESS SHARE MODE';

/** Text by its bytes, as SQLite orders it; truth values as 0 or 1, so that one query reads both. */
const typeOf = (kind: Kind): string => {
  const type = kind.startsWith('text') ? 'text COLLATE "C"' : kind === 'boolean' ? 'smallint' : 'bigint';
  return kind.endsWith('?') ? type : `${type} NOT NULL`;
};

export const checkpointOf = async (client: PoolClient, name: string, role: Role): Promise<Checkpoint | undefined> => {
  const { rows } = await client.query<Checkpoint>('SELECT * FROM projections WHERE name = $1 AND role = $2', [name, role]);
  return rows[0];
};

/** As the port says; in the caller's transaction. */
export const createGeneration = async (client: PoolClient, projection: Projection<PlainRow>, role: Role): Promise<Checkpoint> => {
  const { name, version, shape } = projection;
  if (role === 'live') await client.query(KEEP_READERS_OUT);
  await dropGeneration(client, name, role);
  const used = await client.query<{ n: number | null }>('SELECT max(generation) AS n FROM projections WHERE name = $1', [name]);
  const generation = (used.rows[0]?.n ?? 0) + 1;
  const table = tableOf(name, generation);
  const columns = Object.entries(shape.columns).map(([column, kind]) => `${quoted(column)} ${typeOf(kind)}`);
  await client.query(`DROP TABLE IF EXISTS ${quoted(table)}`);
  await client.query(`CREATE TABLE ${quoted(table)} (${columns.join(', ')}, PRIMARY KEY (${shape.key.map(quoted).join(', ')}))`);
  const filed = shape.filedBy === undefined ? [] : [shape.filedBy];
  const indexes = [
    ...(filed.length > 0 ? [{ on: filed }] : []),
    ...shape.indexes.map((index) => ({ ...index, on: [...index.on, ...filed] })),
  ];
  for (const index of indexes) {
    const where = 'only' in index && index.only !== undefined ? ` WHERE ${quoted(index.only)} = 1` : '';
    await client.query(`CREATE INDEX ON ${quoted(table)} (${index.on.map(quoted).join(', ')})${where}`);
  }
  const checkpoint: Checkpoint = { name, role, generation, version, logIndex: -1, eventHash: '' };
  await insertCheckpoint(client, checkpoint);
  if (role === 'live') await showGeneration(client, name, generation);
  return checkpoint;
};

/** As the port says; in the caller's transaction. */
export const swapGenerations = async (client: PoolClient, name: string): Promise<Checkpoint> => {
  await client.query(KEEP_READERS_OUT);
  const shadow = await checkpointOf(client, name, 'shadow');
  if (shadow === undefined) throw new Error(`no shadow of ${name} to swap in`);
  const swapped: Checkpoint = { ...shadow, role: 'live' };
  await client.query(`DELETE FROM projections WHERE name = $1 AND role = 'shadow'`, [name]);
  await dropGeneration(client, name, 'live');
  await insertCheckpoint(client, swapped);
  await showGeneration(client, name, swapped.generation);
  return swapped;
};

export const dropGeneration = async (client: PoolClient, name: string, role: Role): Promise<void> => {
  const standing = await checkpointOf(client, name, role);
  if (standing === undefined) return;
  if (role === 'live') await client.query(`DROP VIEW IF EXISTS ${quoted(name)}`);
  await client.query(`DROP TABLE IF EXISTS ${quoted(tableOf(name, standing.generation))}`);
  await client.query('DELETE FROM projections WHERE name = $1 AND role = $2', [name, role]);
};

const insertCheckpoint = async (client: PoolClient, checkpoint: Checkpoint): Promise<void> => {
  const { name, role, generation, version, logIndex, eventHash } = checkpoint;
  await client.query(`INSERT INTO projections VALUES ($1, $2, $3, $4, $5, $6)`, [name, role, generation, version, logIndex, eventHash]);
};

const showGeneration = async (client: PoolClient, name: string, generation: number): Promise<void> => {
  await client.query(`DROP VIEW IF EXISTS ${quoted(name)}`);
  await client.query(`CREATE VIEW ${quoted(name)} AS SELECT * FROM ${quoted(tableOf(name, generation))}`);
};
