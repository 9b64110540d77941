import { VaultError, type VaultErrorCode, VaultOutage } from '../vault-error';

const DISK_FULL = '53100';
/** Somebody else was first in a way that the server sees: a deadlock, a snapshot that is no longer true. */
const OVERTAKEN = new Set(['40001', '40P01']);

const codeOf = (fault: unknown): string => {
  const code = (fault as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
};

/** Another engine has put what this one was about to put: the acts are to be run again, on what stands now. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

export const wasOvertaken = (fault: unknown): boolean => fault instanceof OvertakenError || OVERTAKEN.has(codeOf(fault));

/** Not a connection that has failed or fallen silent: the server has answered, or the fault is one of ours. */
export const isAnswered = (fault: unknown): boolean =>
  fault instanceof VaultError || fault instanceof OvertakenError || /^[0-9A-Z]{5}$/.test(codeOf(fault));

/** The server has refused the rows themselves (SQLSTATE classes 21 to 23): one act among several may be why. */
export const isAboutRows = (fault: unknown): boolean => /^2[123][0-9A-Z]{3}$/.test(codeOf(fault));

export const outageOf = (fault: unknown): VaultOutage =>
  fault instanceof VaultOutage ? fault : new VaultOutage(codeOf(fault) === DISK_FULL ? 'full' : 'outage');

const STARTING: Readonly<Record<string, VaultErrorCode>> = {
  '28P01': 'vault-credentials',
  '28000': 'vault-credentials',
  '3D000': 'vault-no-database',
  '3F000': 'vault-rights',
  '42501': 'vault-rights',
  '25006': 'vault-read-only',
};

/** Why the vault could not be opened, in words for who starts the engine; the server's own words are left out, a mistake in here is not. */
export const openingFault = (fault: unknown, place: string): unknown => {
  if (fault instanceof VaultError || fault instanceof TypeError || fault instanceof RangeError) return fault;
  const code = codeOf(fault);
  const words = fault instanceof Error ? fault.message : '';
  const subject = code === '' ? place : `${place}, ${code}`;
  const known = STARTING[code];
  if (known !== undefined) return new VaultError(known, subject);
  if (/password must be|no password/i.test(words)) return new VaultError('vault-credentials', subject);
  if (/SSL|TLS|certificate/i.test(words) || /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code))
    return new VaultError('vault-certificate', subject);
  return new VaultError('vault-unreachable', subject);
};
