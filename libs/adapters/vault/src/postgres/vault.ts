import type { Vault } from '#libs/application';
import { CardTails } from '../card-tails';
import { keysOf } from '../sealing';
import { SealingVault } from '../sealing-vault';
import { Erasures } from './erasures';
import { prepareVault } from './migrations';
import { openPool, placeOf } from './pool';
import { openingFault } from './postgres-faults';
import { PostgresKeeper } from './postgres-keeper';

export type PostgresVaultOptions = Readonly<{
  /** Where the database is: postgres://…; its password is never told. */
  url: string;
  masterKey: Uint8Array;
  now?: () => string;
  cachedTailsMax?: number;
  connectionsMax?: number;
  /** Units: milliseconds. How soon it is heard whom another engine has erased. */
  hearErasuresEveryMs?: number;
}>;

const CONNECTIONS_MAX = 6;

/**
 * Opens the vault in a PostgreSQL that several engines share, or makes it there under this master key.
 * @throws VaultError master-key-wrong, master-key-form, vault-newer, and why the server cannot be used; nothing has been changed then.
 */
export const openPostgresVault = async (options: PostgresVaultOptions): Promise<Vault> => {
  const { url, masterKey, now, cachedTailsMax, connectionsMax = CONNECTIONS_MAX, hearErasuresEveryMs } = options;
  const keys = keysOf(masterKey);
  const pool = openPool(url, connectionsMax);
  const erasures = new Erasures(pool, hearErasuresEveryMs);
  const tails = new CardTails(cachedTailsMax, () => erasures.areHeard());
  try {
    await prepareVault(pool, keys);
    await erasures.start(() => tails.forget());
    return new SealingVault({ keeper: new PostgresKeeper(pool, erasures), keys, tails, now });
  } catch (fault) {
    await pool.end();
    throw openingFault(fault, placeOf(url));
  }
};
