import { Pool, type PoolClient, TypeOverrides, types } from 'pg';
import { isAnswered } from './postgres-faults';

const CONNECT_WITHIN_MS = 3_000;
/** A process that stands still in a transaction keeps nobody waiting for longer, also when its machine is gone. */
const IDLE_IN_TRANSACTION_MS = 3_000;
const STATEMENT_WITHIN_MS = 5_000;
/** When the machine of the server is gone, nobody says so. */
const ANSWER_WITHIN_MS = 7_000;

const ownTypes = new TypeOverrides();
ownTypes.setTypeParser(types.builtins.INT8, (text: string) => {
  const value = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number that can be told exactly: ${text}`);
  return value;
});

/** Connections to the database of the vault. */
export const openPool = (url: string, connectionsMax: number): Pool => {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: 'yika-vault',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    types: ownTypes,
  });
  // A connection that the server has ended: whoever uses it is told by the query, and nobody else needs to be.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};

/** What is answered has to outlast a crash, whatever is usual at this server; a stricter word of its own stands. */
const BEGIN_DURABLY = `BEGIN; SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`;

/** Everything in it, durably, or nothing. Throws: what the work throws, or on outage; a connection that failed is not used again. */
export const inTransaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(BEGIN_DURABLY);
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    broken = !(isAnswered(error) && (await rolledBack(client)));
    throw error;
  } finally {
    client.release(broken);
  }
};

const rolledBack = (client: PoolClient): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  );

/** Where the database is, without what would let anybody in. */
export const placeOf = (url: string): string => {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return '?';
  }
};
