import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fault, goOn, Refused, type Work } from './words';

/** Makes a folder, and those above it; only this user may look into it. Throws: Refused when that cannot be. */
export const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    throw new Refused([
      fault(
        'folder-not-made',
        `不能新建目录 ${folder}（${why}）：请检查路径、权限，或磁盘是否只读`,
        `the folder ${folder} cannot be made (${why}): look at its path, permissions, or a read-only mount`,
      ),
    ]);
  }
};

/** Makes sure that a file, or the names in a folder, outlast a power cut. */
export const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Either the old text or the new one is there, at every moment and after a power cut. */
export const writeAtomically = async (file: string, text: string): Promise<void> => {
  const next = `${file}.next`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(next, { force: true });
    throw error;
  }
  await handle.close();
  await rename(next, file);
  await sync(dirname(resolve(file)));
};

/** The SHA-256 of a file that nothing writes to; hex. Never of one that SQLite has open: closing it would drop SQLite's locks. */
export const sha256Of = async (file: string, name: string, work: Work): Promise<string> => {
  const hash = createHash('sha256');
  const total = sizeOf(file);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    goOn(work);
    hash.update(chunk);
    done += chunk.length;
    work.report('hashing', name, done, total);
  }
  return hash.digest('hex');
};

/** Units: bytes. */
export const sizeOf = (file: string): number => statSync(file).size;

/** Units: bytes free to this user on the disk that holds the folder, or will hold it. */
export const spaceAt = (folder: string): number => {
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
};

/** The names in a folder; none when it is not there. */
export const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
