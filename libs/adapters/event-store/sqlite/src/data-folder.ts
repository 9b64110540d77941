import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RECIPES } from './damaged-log';

/**
 * Makes the folder when it is not there, and has the disk know its name: the databases sync what they make in it, but a folder whose name a
 * power cut takes away is gone with all that was acknowledged. Throws: when it cannot be made or written.
 */
export const makeDataFolder = (folder: string): void => {
  demandWritable(folder);
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) syncFolder(dirname(at));
};

const demandWritable = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Error(
      `数据目录只读或不可写：${folder}（${code}）。请检查挂载与权限。The data folder is read-only or cannot be written: ${folder} (${code}). ${RECIPES}`,
      { cause: error },
    );
  }
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
