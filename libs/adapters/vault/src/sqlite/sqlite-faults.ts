import { VaultError, VaultOutage } from '../vault-error';

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;

/** Why SQLite failed: a full disk is told as an I/O error where it is met outside the database file. */
export const outageOf = (fault: unknown): VaultOutage => {
  const { errcode, message } = fault as { errcode?: number; message?: string };
  const primary = errcode === undefined ? undefined : errcode & 0xff;
  const isFull = primary === SQLITE_FULL || (primary === SQLITE_IOERR && /full|no space/i.test(message ?? ''));
  return new VaultOutage(isFull ? 'full' : 'outage');
};

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Why the vault could not be opened, in words for who starts the engine; what is no error of SQLite stays as it is. */
export const openingFault = (fault: unknown): unknown => {
  const { errcode, message } = fault as { errcode?: number; message?: string };
  if (errcode === undefined) return fault;
  const isDamaged = [SQLITE_CORRUPT, SQLITE_NOTADB].includes(errcode & 0xff);
  return new VaultError(isDamaged ? 'vault-file-damaged' : 'vault-not-writable', message);
};
