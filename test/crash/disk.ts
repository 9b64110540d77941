import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, as small as a spec wants it. */
export type Disk = Readonly<{ at: string; fill: () => void; empty: () => void; readOnly: () => void; remove: () => void }>;

const run = (program: string, ...words: string[]) => spawnSync(program, words).status === 0;

/** Undefined where nobody may mount: then what needs it is not run. */
export const smallDisk = (mebibytes: number): Disk | undefined => {
  const at = mkdtempSync(join(tmpdir(), 'yika-disk-'));
  if (process.getuid?.() !== 0 || !run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', at)) {
    rmSync(at, { recursive: true });
    return undefined;
  }
  const filler = join(at, 'filler');
  return {
    at,
    fill: () => {
      for (let piece = 4 * 1024 * 1024; piece >= 4_096; ) {
        try {
          appendFileSync(filler, Buffer.alloc(piece, 1));
        } catch {
          piece /= 2; // Others write beside us.
        }
      }
    },
    empty: () => rmSync(filler, { force: true }),
    readOnly: () => {
      if (!run('mount', '-o', 'remount,ro', at)) throw new Error('cannot be made read-only');
    },
    remove: () => {
      run('umount', at);
      rmSync(at, { recursive: true, force: true });
    },
  };
};
