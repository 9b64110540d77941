import type { AppendResult } from '#libs/application';

const BUSY = 5;
const READ_ONLY = 8;
const FULL = 13;
const SHM_CANNOT_GROW = 10 | (19 << 8); // SQLITE_IOERR_SHMSIZE: the index of the WAL is a file, too.

const codeOf = (error: unknown): number => (error as { errcode?: number }).errcode ?? 0;

/** True when the disk, or the space that the log may take, is used up. */
export const isFull = (error: unknown): boolean => (codeOf(error) & 0xff) === FULL || codeOf(error) === SHM_CANNOT_GROW;

/** Why nothing could be stored, for an error met before COMMIT: the transaction is rolled back, so the answer is definite. */
export const unavailableBy = (error: unknown): AppendResult => {
  const primary = codeOf(error) & 0xff;
  if (isFull(error)) return { kind: 'unavailable', cause: 'full' };
  if (primary === READ_ONLY) return { kind: 'unavailable', cause: 'readOnly' };
  return { kind: 'unavailable', cause: primary === BUSY ? 'busy' : 'outage' };
};
