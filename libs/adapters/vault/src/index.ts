export { loadMasterKey, MASTER_KEY_VARIABLE, type MasterKey, parseMasterKey } from './master-key';
export { openVault, type VaultAccess, type VaultOptions } from './vault';
export { VaultError, type VaultErrorCode, VaultOutage } from './vault-error';
