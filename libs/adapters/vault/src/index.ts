export { loadMasterKey, MASTER_KEY_VARIABLE, type MasterKey, parseMasterKey } from './master-key';
export type { VaultAccess } from './sealing-vault';
export { openVault, type VaultOptions } from './sqlite/vault';
export { VaultError, type VaultErrorCode, VaultOutage } from './vault-error';
