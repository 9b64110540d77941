import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { writeAtomically } from '../durable-files';

/** A place in the log that somebody has seen. `hash`: how `eventHash` was made, the leaf of the log format or SHA-256 of the bytes alone. */
export type Witness = Readonly<{ source: string; logIndex: number; eventHash: string; hash: 'leaf' | 'plain' }>;
export type AcceptedDoubt = Readonly<{ code: string; source: string; logIndex: number | null; eventHash: string | null }>;
/** A loss that an operator has accepted: from then on the log that ended at this place is the log. */
export type AcceptedLoss = Readonly<{ at: string; lastLogIndex: number; lastEventHash: string | null; doubts: readonly AcceptedDoubt[] }>;
/**
 * How far the log was when it was last looked at. `external`: a second file is kept outside the data folder. `standing`: what contradicts the log
 * and has been accepted by nobody, kept here because where it stood may be made anew meanwhile.
 */
export type Checkpoint = Readonly<{
  format: 'yika-checkpoint';
  formatVersion: 1;
  logIndex: number;
  eventHash: string | null;
  writtenAt: string;
  external: boolean;
  standing: readonly Witness[];
  acceptedLosses: readonly AcceptedLoss[];
}>;

/** In the data folder. */
export const OWN_CHECKPOINT = 'checkpoint.json';

export const writeCheckpoint = (file: string, checkpoint: Checkpoint): Promise<void> =>
  writeAtomically(file, `${JSON.stringify(checkpoint, null, 2)}\n`);

export const readCheckpoint = (file: string): Checkpoint | 'missing' | 'unreadable' => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
  }
  try {
    const found = JSON.parse(text) as Checkpoint;
    return isCheckpoint(found) ? found : 'unreadable';
  } catch {
    return 'unreadable';
  }
};

const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCheckpoint = (found: Partial<Checkpoint> | null): boolean =>
  found?.format === 'yika-checkpoint' &&
  found.formatVersion === 1 &&
  Number.isSafeInteger(found.logIndex) &&
  (found.logIndex === -1 ? found.eventHash === null : isHash(found.eventHash)) &&
  Array.isArray(found.standing) &&
  found.standing.every(
    ({ source, logIndex, eventHash }) => typeof source === 'string' && Number.isSafeInteger(logIndex) && isHash(eventHash),
  ) &&
  Array.isArray(found.acceptedLosses) &&
  found.acceptedLosses.every(({ doubts }) => Array.isArray(doubts));

/** Out of the way, and not lost. */
export const setAside = (file: string, at: string): Promise<void> => rename(file, `${file}.unreadable-${at.replaceAll(/[:.]/g, '')}`);
