import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from './damaged-log';

/** Source: SQLite, "Database File Format", 4 (The Write-Ahead Log). */
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const FRAMES_AT_ONCE = 256;

type Sum = Readonly<{ one: number; two: number }>;
type Words = 'readUInt32LE' | 'readUInt32BE';

const summed = (before: Sum, bytes: Buffer, words: Words): Sum => {
  let { one, two } = before;
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + bytes[words](at) + two) >>> 0;
    two = (two + bytes[words](at + 4) + one) >>> 0;
  }
  return { one, two };
};
const sumAt = (bytes: Buffer, at: number): Sum => ({ one: bytes.readUInt32BE(at), two: bytes.readUInt32BE(at + 4) });
const same = (a: Sum, b: Sum): boolean => a.one === b.one && a.two === b.two;

/**
 * Refuses a write-ahead log in which SQLite would find less than was committed: it reads up to the first frame that is not sound and takes the
 * rest for a write that a crash cut short, without a word. Which it is not, if behind it a frame stands that was written upon a later commit:
 * nothing is written upon a commit that was not synced. Damage within the last commit cannot be told from a cut; who else has seen the log knows.
 * To be asked before the database is opened: opening it forgets those frames.
 * @throws DamagedLogError
 */
export const assertWalWhole = (folder: string, file: string): void => {
  const path = join(folder, `${file}-wal`);
  if (!existsSync(path)) return;
  const descriptor = openSync(path, 'r');
  try {
    const frame = firstLostFrame(descriptor);
    if (frame === undefined) return;
    throw damaged(
      `${file}-wal`,
      `第 ${frame} 帧校验不符，而其后另有已确认的写入；文件未被打开，也未被改动`,
      `frame ${frame} is not what was written, and acknowledged writes stand behind it; nothing was opened or changed`,
    );
  } finally {
    closeSync(descriptor);
  }
};

type WalHeader = Readonly<{ words: Words; pageBytes: number; salts: Buffer; sum: Sum; isSound: boolean }>;

const headerOf = (descriptor: number): WalHeader | undefined => {
  const header = Buffer.alloc(WAL_HEADER_BYTES);
  const read = readSync(descriptor, header, 0, WAL_HEADER_BYTES, 0);
  if (read < WAL_HEADER_BYTES || header.readUInt32BE(0) >>> 1 !== MAGIC >>> 1) return undefined;
  const words: Words = header.readUInt32BE(0) === MAGIC ? 'readUInt32LE' : 'readUInt32BE';
  const sum = sumAt(header, 24);
  const isSound = same(summed({ one: 0, two: 0 }, header.subarray(0, 24), words), sum);
  return { words, pageBytes: header.readUInt32BE(8), salts: header.subarray(16, 24), sum, isSound };
};

/** The first frame, from 1, that acknowledged writes stand behind although it is not sound; 0: the header. */
const firstLostFrame = (descriptor: number): number | undefined => {
  const header = headerOf(descriptor);
  if (!header) return undefined;
  let lost = header.isSound ? undefined : 0;
  let before = header.sum; // What the frame before says of itself, true or not: so that each frame is judged on its own.
  let uponCommit = !header.isSound;
  let no = 0;
  let { salts } = header;
  for (const frame of framesOf(descriptor, header.pageBytes)) {
    no += 1;
    if (no === 1 && !header.isSound) salts = Buffer.from(frame.subarray(8, 16)); // Whose frames they are, the frames themselves know.
    const isSound = frame.subarray(8, 16).equals(salts) && same(sumAt(frame, 16), sumOfFrame(frame, before, header.words));
    if (isSound && uponCommit) return lost;
    if (!isSound) lost ??= no;
    uponCommit = lost !== undefined && isCommit(frame, salts); // What was written upon a commit proves that it was synced.
    before = sumAt(frame, 16);
  }
  return undefined;
};

const sumOfFrame = (frame: Buffer, before: Sum, words: Words): Sum =>
  summed(summed(before, frame.subarray(0, 8), words), frame.subarray(FRAME_HEADER_BYTES), words);
const isCommit = (frame: Buffer, salts: Buffer): boolean => frame.subarray(8, 16).equals(salts) && frame.readUInt32BE(4) > 0;

function* framesOf(descriptor: number, pageBytes: number): Generator<Buffer> {
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  if (pageBytes < 512 || pageBytes > 65_536) return;
  const { size } = fstatSync(descriptor);
  const block = Buffer.alloc(frameBytes * FRAMES_AT_ONCE);
  for (let at = WAL_HEADER_BYTES; at + frameBytes <= size; at += block.length) {
    const read = readSync(descriptor, block, 0, block.length, at);
    for (let from = 0; from + frameBytes <= read; from += frameBytes) yield block.subarray(from, from + frameBytes);
  }
}
