import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from './seeded';
import type { Change, Trace } from './trace';

/** What a disk may make of a change that nobody has synced when the power goes. */
export type Fate = 'lost' | 'kept' | 'torn';
/** A disk that keeps what was synced and nothing else. */
export const keepsOnlySynced = (): Fate => 'lost';
/** A disk that has got to some of what was not synced, in any order; and to a part of a write. */
export const keepsSome =
  (random: Random, share: number) =>
  (change: Change): Fate =>
    random() >= share ? 'lost' : change.what === 'write' && random() < 0.2 ? 'torn' : 'kept';

const SECTOR_BYTES = 512;
/** An index of the write-ahead log, made anew by who opens the file first; and two files that nothing is read from. */
const NOT_OF_THE_DISK = /(-shm|lock\.db|writer\.pid)$/;

/** Whether a sync that was over at `cut` was asked for when the change had been made. */
const isSynced = (trace: Trace, change: Change, cut: number): boolean =>
  trace.syncs.some(({ node, issued, returned }) => node === change.node && issued > change.returned && returned < cut);

/** Which changes are on the disk after the power went at place `cut` of the trace. */
export const survivors = (
  trace: Trace,
  cut: number,
  fateOf: (change: Change) => Fate,
): readonly Readonly<{ change: Change; fate: Fate }>[] =>
  trace.changes
    .filter(({ issued }) => issued < cut)
    .map((change) => ({ change, fate: isSynced(trace, change, cut) ? ('kept' as const) : fateOf(change) }))
    .filter(({ fate }) => fate !== 'lost');

type Contents = { bytes: Buffer };
const grown = (contents: Contents, size: number): void => {
  if (contents.bytes.length < size) contents.bytes = Buffer.concat([contents.bytes, Buffer.alloc(size - contents.bytes.length)]);
};

/** Sector by sector: a disk writes whole ones. */
const tornWrite = (contents: Contents, { at, bytes }: Readonly<{ at: number; bytes: Buffer }>, random: Random): void => {
  for (let from = 0; from < bytes.length; ) {
    const until = Math.min(bytes.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    if (random() < 0.5) {
      grown(contents, at + until);
      bytes.copy(contents.bytes, at + from, from, until);
    }
    from = until;
  }
};

const written = (file: Contents, change: Readonly<{ at: number; bytes: Buffer }>, torn: Random | undefined): void => {
  if (torn) {
    tornWrite(file, change, torn);
    return;
  }
  grown(file, change.at + change.bytes.length);
  change.bytes.copy(file.bytes, change.at);
};
const truncated = (file: Contents, size: number): void => {
  grown(file, size);
  file.bytes = file.bytes.subarray(0, size);
};

type Kept = ReturnType<typeof survivors>;

const replayed = (kept: Kept, random: Random) => {
  const contents = new Map<number, Contents>();
  const of = (node: number): Contents => {
    const standing = contents.get(node) ?? { bytes: Buffer.alloc(0) };
    contents.set(node, standing);
    return standing;
  };
  const folders = new Map<number, Map<string, number>>();
  for (const { change, fate } of kept) {
    if (change.what === 'write') written(of(change.node), change, fate === 'torn' ? random : undefined);
    else if (change.what === 'truncate') truncated(of(change.node), change.size);
    else {
      const folder = folders.get(change.node) ?? new Map<string, number>();
      folders.set(change.node, folder);
      if (change.what === 'link') folder.set(change.name, change.target);
      else folder.delete(change.name);
    }
  }
  return { folders, of };
};

/** Writes into `target` the data folder as the disk has it. Returns whether the folder itself is there. */
export const rebuildFolder = (kept: Kept, target: string, random: Random): boolean => {
  const { folders, of } = replayed(kept, random);
  const [root] = folders.get(0)?.values() ?? [];
  if (root === undefined) return false;
  mkdirSync(target, { recursive: true });
  for (const [name, node] of folders.get(root) ?? []) {
    if (!NOT_OF_THE_DISK.test(name) && !folders.has(node)) writeFileSync(path.join(target, name), of(node).bytes);
  }
  return true;
};
