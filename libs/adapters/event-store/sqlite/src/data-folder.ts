import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder when it is not there, and has the disk know its name: the databases sync what they make in it, but a folder whose name a
 * power cut takes away is gone with all that was acknowledged. Throws: when it cannot be made.
 */
export const makeDataFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) syncFolder(dirname(at));
};

const syncFolder = (folder: string): void => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    // A folder that we may not read was not made by us.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};
