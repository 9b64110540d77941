import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './pool';

type Migration = Readonly<{ version: number; sql: string }>;

/**
 * Forwards only: a migration that has been in a release never changes; a further change is a further one. Tables of rows are not here:
 * a projection of another version is built anew.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE projections (
        name text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL CHECK (role IN ('live', 'shadow')), generation bigint NOT NULL,
        version bigint NOT NULL, "logIndex" bigint NOT NULL, "eventHash" text COLLATE "C" NOT NULL, PRIMARY KEY (name, role)
      );
      CREATE TABLE "projectorLease" (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), token bigint NOT NULL, holder text NOT NULL, "heldUntil" timestamptz NOT NULL
      );
      INSERT INTO "projectorLease" (token, holder, "heldUntil") VALUES (0, '', '-infinity');
      CREATE TABLE "projectionStates" (name text COLLATE "C" PRIMARY KEY, state text NOT NULL, detail text);
      CREATE TABLE "askedRebuilds" (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL,
        state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'building', 'done', 'failed')), detail text,
        "askedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
      );`,
  },
];
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/** A newer program has been at this database: what it keeps there, this one cannot know. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
  readonly code = 'read-models-newer';
  constructor(what: Readonly<{ zh: string; en: string }>) {
    super(
      `读模型数据库由更新的程序建立（${what.zh}），本程序较旧，未作任何改动；请用新程序，或另指一个库。` +
        `A newer program made these read models (${what.en}): this one is too old for them and has changed nothing. ` +
        'Use the newer program, or another database.',
    );
  }
}

const newerSchema = (version: number): NewerSchemaError =>
  new NewerSchemaError({
    zh: `表结构版本 ${version}，本程序至 ${SCHEMA_VERSION}`,
    en: `schema version ${version}, this program knows up to ${SCHEMA_VERSION}`,
  });

const TABLE = `CREATE TABLE IF NOT EXISTS "schemaMigrations" (
  version bigint PRIMARY KEY, "appliedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
)`;
const versionAt = async (client: PoolClient | Pool): Promise<number> => {
  const { rows } = await client.query<{ version: number | null }>('SELECT max(version) AS version FROM "schemaMigrations"');
  return rows[0]?.version ?? 0;
};

/** Brings the schema to this program's version, one process at a time. Throws: NewerSchemaError; on outage. */
export const migrate = async (pool: Pool): Promise<void> => {
  await inTransaction(pool, 'BEGIN', async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('yika read models ' || current_schema()))`);
    await client.query(TABLE);
    const standing = await versionAt(client);
    if (standing > SCHEMA_VERSION) throw newerSchema(standing);
    for (const { version, sql } of MIGRATIONS.filter((one) => one.version > standing)) {
      await client.query(sql);
      await client.query('INSERT INTO "schemaMigrations" (version) VALUES ($1)', [version]);
    }
  });
};

/** For who only reads. Throws: NewerSchemaError; on outage. */
export const demandKnownSchema = async (pool: Pool): Promise<void> => {
  const { rows } = await pool.query<{ there: boolean }>(`SELECT to_regclass('"schemaMigrations"') IS NOT NULL AS there`);
  if (rows[0]?.there !== true) return; // No projector has been here yet.
  const standing = await versionAt(pool);
  if (standing > SCHEMA_VERSION) throw newerSchema(standing);
};
