import type { Pool, PoolClient } from 'pg';
import { demandOwnKey, type VaultKeys } from '../sealing';
import { VaultError } from '../vault-error';
import { inTransaction } from './pool';

type Migration = Readonly<{ version: number; sql: string }>;

/**
 * Forwards only: a migration that has been in a release never changes; a further change is a further one. No column holds personal data in
 * the clear. `vault_keys.wrapped` is null once the person is erased. The access log is numbered without gaps: one that is missing is seen.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE vault_marks (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
      CREATE TABLE vault_keys (person_id text COLLATE "C" PRIMARY KEY, wrapped bytea);
      CREATE TABLE vault_persons (
        person_id text COLLATE "C" NOT NULL, version integer NOT NULL, sealed bytea NOT NULL, at text, change_id text COLLATE "C",
        PRIMARY KEY (person_id, version)
      );
      CREATE TABLE vault_changes (
        change_id text COLLATE "C" PRIMARY KEY, person_id text COLLATE "C" NOT NULL, sealed bytea NOT NULL, version integer
      );
      CREATE INDEX ON vault_changes (person_id);
      CREATE TABLE vault_cards (
        card_id text COLLATE "C" PRIMARY KEY, person_id text COLLATE "C" NOT NULL, sealed bytea NOT NULL, tail bytea NOT NULL
      );
      CREATE INDEX ON vault_cards (person_id);
      CREATE TABLE vault_access_log (
        seq bigint PRIMARY KEY, at text NOT NULL, principal text NOT NULL, purpose text NOT NULL, subject text NOT NULL, act text NOT NULL
      );
      CREATE INDEX ON vault_access_log (seq) WHERE act = 'erase';
      CREATE FUNCTION vault_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
      CREATE TRIGGER vault_access_log_is_never_changed BEFORE UPDATE OR DELETE ON vault_access_log
        FOR EACH ROW EXECUTE FUNCTION vault_append_only();
      CREATE TRIGGER vault_access_log_is_never_emptied BEFORE TRUNCATE ON vault_access_log
        FOR EACH STATEMENT EXECUTE FUNCTION vault_append_only();`,
  },
];
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

const TABLE = `CREATE TABLE vault_migrations (version bigint PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`;

/** Undefined: nobody has made a vault here. */
const versionAt = async (client: PoolClient): Promise<number | undefined> => {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('vault_migrations') IS NOT NULL AS there`);
  if (rows[0]?.there !== true) return undefined;
  const versions = await client.query<{ version: number | null }>('SELECT max(version) AS version FROM vault_migrations');
  return versions.rows[0]?.version ?? 0;
};

/** Throws: VaultError master-key-wrong. */
const checkMasterKey = async (client: PoolClient, keys: VaultKeys): Promise<void> => {
  const { rows } = await client.query<{ value: Buffer }>(`SELECT value FROM vault_marks WHERE name = 'key check'`);
  if (rows[0]) demandOwnKey(keys, rows[0].value);
  else await client.query(`INSERT INTO vault_marks (name, value) VALUES ('key check', $1)`, [keys.keyCheck]);
};

/**
 * Brings the schema to this program's version, one process at a time, and holds the master key against the one that the vault was made under;
 * both or neither. Who finds everything there needs no right to make tables. Throws: VaultError vault-newer, master-key-wrong; on outage.
 */
export const prepareVault = (pool: Pool, keys: VaultKeys): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('yika vault ' || current_schema()))`);
    const standing = await versionAt(client);
    if (standing === undefined) await client.query(TABLE);
    else if (standing > SCHEMA_VERSION) throw new VaultError('vault-newer', `${standing} > ${SCHEMA_VERSION}`);
    for (const { version, sql } of MIGRATIONS.filter((one) => one.version > (standing ?? 0))) {
      await client.query(sql);
      await client.query('INSERT INTO vault_migrations (version) VALUES ($1)', [version]);
    }
    await checkMasterKey(client, keys);
  });
