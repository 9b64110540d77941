import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Address } from './client';

/**
 * Where the engine that holds this data folder takes an operator's commands; undefined when none has said so. The path of a socket is
 * short by law of the system, the data folder's may be long: so the engine writes down where its socket is.
 */
export const adminAddress = (dataFolder: string): Address | undefined => {
  try {
    const written: unknown = JSON.parse(readFileSync(path.join(dataFolder, 'admin.json'), 'utf8'));
    const socketPath = typeof written === 'object' && written !== null && 'socketPath' in written ? written.socketPath : undefined;
    return typeof socketPath === 'string' ? { socketPath } : undefined;
  } catch {
    return undefined;
  }
};
