import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Vault } from '#libs/application';
import { openPostgresVault, openVault } from './index';

export const MASTER = Uint8Array.from({ length: 32 }, (_, i) => i);
type Opening = Readonly<{ masterKey?: Uint8Array; now?: () => string }>;

/** Where a vault of a spec stands, and how to look and meddle there past it. In `sql` a table is named `:persons`. */
export interface VaultPlace {
  open(opening?: Opening): Promise<Vault>;
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  bytes(value: Uint8Array): string;
  /** Everything that is stored. */
  everything(): Promise<Buffer>;
  clear(): Promise<void>;
}

const NOW = () => '2026-03-01T01:00:00.000Z';

export const inFolder = (): Promise<VaultPlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-'));
  return Promise.resolve({
    open: ({ masterKey = MASTER, now = NOW } = {}) => openVault({ folder, masterKey, now }),
    sql: (text) => {
      const db = new DatabaseSync(join(folder, 'vault.db'));
      try {
        const plain = text.replace(/:([a-z_]+)/g, '$1');
        if (plain.startsWith('SELECT')) return Promise.resolve(db.prepare(plain).all());
        db.exec(plain);
        return Promise.resolve([]);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      } finally {
        db.close();
      }
    },
    bytes: (value) => `x'${Buffer.from(value).toString('hex')}'`,
    everything: () => Promise.resolve(Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))),
    clear: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  });
};

const TABLES = ['marks', 'keys', 'persons', 'changes', 'cards', 'access_log', 'migrations'];

type Rows = readonly Record<string, unknown>[];

/** `url`: of an empty schema; `inPostgres` asks there. */
export const inServer = (url: string, inPostgres: (url: string, sql: string) => Promise<Rows>): VaultPlace => {
  const sql = (text: string) => inPostgres(url, text.replace(/:([a-z_]+)/g, 'vault_$1'));
  return {
    open: ({ masterKey = MASTER, now = NOW } = {}) => openPostgresVault({ url, masterKey, now }),
    sql,
    bytes: (value) => `'\\x${Buffer.from(value).toString('hex')}'`,
    everything: async () => {
      const all: Buffer[] = [];
      for (const table of TABLES)
        for (const row of await sql(`SELECT * FROM :${table}`))
          for (const value of Object.values(row)) all.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
      return Buffer.concat(all);
    },
    clear: async () => {
      const [{ schema } = {}] = await inPostgres(url, 'SELECT current_schema() AS schema');
      await inPostgres(url, `DROP SCHEMA ${String(schema)} CASCADE`);
    },
  };
};
