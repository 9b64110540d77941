import { Pool, type PoolClient, TypeOverrides, types } from 'pg';

const CONNECT_WITHIN_MS = 5_000;

/** Whole numbers as numbers, sums of them too: amounts in fen are safe integers, and what is not is told, never rounded. */
const whole = (text: string): number => {
  const value = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number that can be told exactly: ${text}`);
  return value;
};
const ownTypes = new TypeOverrides();
for (const type of [types.builtins.INT8, types.builtins.NUMERIC]) ownTypes.setTypeParser(type, whole);

export type PoolWishes = Readonly<{ connectionsMax: number; applicationName: string; statementWithinMs: number }>;

/**
 * Connections to the database of the read models. A session that its process has left in the middle of a transaction is ended by the server,
 * also when the machine of that process is gone: what it had locked is free for the next one.
 */
export const openPool = (url: string, { connectionsMax, applicationName, statementWithinMs }: PoolWishes): Pool => {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: statementWithinMs,
    idle_in_transaction_session_timeout: CONNECT_WITHIN_MS,
    keepAlive: true,
    types: ownTypes,
  });
  // A connection that the server has ended: whoever uses it is told by the query, and nobody else needs to be.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};

/** Everything in it or nothing; `begin` opens the transaction. */
export const inTransaction = async <T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(begin);
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
};

/** Where the database is, without what would let anybody in. */
export const addressOf = (url: string): string => {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return '?';
  }
};

/** What is wrong with an address of read models; undefined: nothing. The text itself is never told: it may hold a password. */
export const addressFault = (text: string): readonly [zh: string, en: string] | undefined => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return ['不是网址，应形如 postgres://用户@主机:5432/数据库', 'is no URL; it looks like postgres://user@host:5432/database'];
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) return ['须以 postgres:// 开头', 'must begin with postgres://'];
  if (url.pathname.length < 2)
    return ['缺数据库名：postgres://用户@主机:5432/数据库', 'names no database: postgres://user@host:5432/database'];
  return undefined;
};
