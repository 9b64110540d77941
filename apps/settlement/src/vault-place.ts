import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ELSEWHERE } from '#libs/adapters/backup';
import { openPostgresVault, openVault } from '#libs/adapters/vault';
import type { Vault } from '#libs/application';

/** Says in the data folder that its vault stands elsewhere, so that nobody begins a second one here. */
const MARK = ELSEWHERE.vault;
const MARK_TEXT = '保管库在 PostgreSQL 中（YIKA_VAULT） · the vault of this folder is in PostgreSQL (YIKA_VAULT)\n';

export type VaultPlaceOptions = Readonly<{ folder: string; url: string | undefined; masterKey: () => Uint8Array }>;

/** The data folder belongs to the other place: in two vaults nobody would be found again. */
export class OtherVaultError extends Error {
  override readonly name = 'OtherVaultError';
  readonly code = 'vault-elsewhere';
}

const assertHere = (folder: string, url: string | undefined): void => {
  if (url === undefined && existsSync(join(folder, MARK)))
    throw new OtherVaultError(
      `数据目录 ${folder} 的保管库在 PostgreSQL 中：请设 YIKA_VAULT，或另指数据目录。` +
        `The vault of the data folder ${folder} is in PostgreSQL: set YIKA_VAULT, or name another data folder.`,
    );
  if (url !== undefined && existsSync(join(folder, 'vault.db')))
    throw new OtherVaultError(
      `数据目录 ${folder} 中已有保管库 vault.db：不能改用 PostgreSQL，请另指空的数据目录。` +
        `The data folder ${folder} has a vault of its own, vault.db: it cannot go on in PostgreSQL; name an empty data folder.`,
    );
};

/**
 * Opens the vault where the setting says; the master key is asked for once it is known that the vault may be opened.
 * Throws: OtherVaultError when the folder's vault stands elsewhere, or what the place itself throws.
 */
export const openVaultPlace = async ({ folder, url, masterKey }: VaultPlaceOptions): Promise<Vault> => {
  assertHere(folder, url);
  if (url === undefined) return openVault({ folder, masterKey: masterKey() });
  const vault = await openPostgresVault({ url, masterKey: masterKey() });
  const mark = join(folder, MARK);
  if (existsSync(mark)) return vault;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, MARK_TEXT);
    return vault;
  } catch (thrown) {
    await vault.close();
    throw thrown;
  }
};
