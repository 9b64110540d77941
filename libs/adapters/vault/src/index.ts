export { loadMasterKey, MASTER_KEY_VARIABLE, type MasterKey, parseMasterKey } from './master-key';
export { openPostgresVault, type PostgresVaultOptions } from './postgres/vault';
export type { VaultAccess } from './sealing-vault';
export { openVault, type VaultOptions } from './sqlite/vault';
export { VaultError, type VaultErrorCode, VaultOutage } from './vault-error';
