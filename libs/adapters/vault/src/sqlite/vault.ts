import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Vault } from '#libs/application';
import { CardTails } from '../card-tails';
import { demandOwnKey, keysOf, type VaultKeys } from '../sealing';
import { SealingVault } from '../sealing-vault';
import { openingFault } from './sqlite-faults';
import { SqliteKeeper } from './sqlite-keeper';
import { openVaultFile } from './vault-file';

export type VaultOptions = Readonly<{ folder: string; masterKey: Uint8Array; now?: () => string; cachedTailsMax?: number }>;

/**
 * Opens the vault in `folder` (vault.db), or creates it under this master key.
 * @throws VaultError master-key-wrong when the vault was made under another key, master-key-form.
 */
export const openVault = async ({ folder, masterKey, now, cachedTailsMax }: VaultOptions): Promise<Vault> => {
  const keys = keysOf(masterKey);
  await mkdir(folder, { recursive: true });
  const db = openVaultFile(join(folder, 'vault.db'));
  try {
    checkMasterKey(db, keys);
    return new SealingVault({ keeper: new SqliteKeeper(db), keys, tails: new CardTails(cachedTailsMax), now });
  } catch (error) {
    db.close();
    throw openingFault(error);
  }
};

const checkMasterKey = (db: DatabaseSync, keys: VaultKeys): void => {
  db.prepare("INSERT OR IGNORE INTO vault (name, value) VALUES ('key check', ?)").run(keys.keyCheck);
  const row = db.prepare("SELECT value FROM vault WHERE name = 'key check'").get() as { value: Uint8Array };
  demandOwnKey(keys, row.value);
};
