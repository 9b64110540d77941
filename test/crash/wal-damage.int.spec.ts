import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedLogError, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { appendOf, collect, storedEvent } from '../contract/appends';

const HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4_096;
const APPENDS = 30;

/** A folder as a killed engine leaves it: everything in the write-ahead log, nothing of it moved yet. */
const leftBehind = async (): Promise<Readonly<{ folder: string; logAfter: (frames: number) => number; frames: number }>> => {
  const work = mkdtempSync(join(tmpdir(), 'yika-wal-'));
  const folder = mkdtempSync(join(tmpdir(), 'yika-left-'));
  const store = await openSqliteEventStore({ folder: work });
  const ends: number[] = [];
  for (let n = 0; n < APPENDS; n++) {
    const events = [storedEvent('account-1', n, { filler: 'x'.repeat(700) })] as const;
    expect(await store.append(appendOf('account-1', n === 0 ? 'no-stream' : n - 1, 1, { events }))).toEqual({ kind: 'appended' });
    ends.push(readFileSync(join(work, 'events.db-wal')).length);
  }
  for (const name of ['events.db', 'events.db-wal']) cpSync(join(work, name), join(folder, name));
  await store.close();
  rmSync(work, { recursive: true });
  const bytesOf = (frames: number) => HEADER_BYTES + frames * FRAME_BYTES;
  const frames = ((ends.at(-1) ?? 0) - HEADER_BYTES) / FRAME_BYTES;
  return { folder, frames, logAfter: (kept) => ends.filter((end) => end <= bytesOf(kept)).length };
};

describe('SQLite: a damaged write-ahead log', () => {
  let folder: string;
  let frames: number;
  let logAfter: (frames: number) => number;
  beforeEach(async () => {
    ({ folder, frames, logAfter } = await leftBehind());
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const wal = () => join(folder, 'events.db-wal');
  const change = (alter: (bytes: Buffer) => Buffer) => writeFileSync(wal(), alter(readFileSync(wal())));
  const flip = (at: number) =>
    change((bytes) => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
      return bytes;
    });
  const logged = async (): Promise<number> => {
    const store = await openSqliteEventStore({ folder });
    const log = await collect(store.readLog(0));
    await store.close();
    return log.length;
  };

  it('whole, it opens with all that was appended', async () => {
    expect(await logged()).toBe(APPENDS);
  });

  it.each([
    ['a page of the first commits', 24 + 2_000],
    ['the checksum of a frame', 18],
    ['the mark of a frame', 9],
    ['the number of a page', 2],
  ])('a flipped bit in %s, with acknowledged writes behind it, is refused in both languages; nothing is changed', async (_where, at) => {
    for (const frame of [0, Math.floor(frames / 2)]) {
      const sound = readFileSync(wal());
      flip(HEADER_BYTES + frame * FRAME_BYTES + at);
      const damagedBytes = readFileSync(wal());
      const opening = openSqliteEventStore({ folder });
      await expect(opening).rejects.toThrow(DamagedLogError);
      await expect(opening).rejects.toThrow(/events\.db-wal 已损坏.*events\.db-wal is damaged: frame \d+.*recover-from-faults/s);
      expect(readFileSync(wal()).equals(damagedBytes)).toBe(true);
      expect(existsSync(join(folder, 'events.db-shm'))).toBe(false);
      writeFileSync(wal(), sound);
    }
    expect(await logged()).toBe(APPENDS);
  });

  it.each([
    ['its checksum', 25],
    ['its marks', 17],
  ])('a flipped bit in the header, in %s, is refused', async (_where, at) => {
    flip(at);
    await expect(openSqliteEventStore({ folder })).rejects.toThrow(DamagedLogError);
  });

  it('a tail that a power cut tore opens with every commit before it: at any place', async () => {
    const sound = readFileSync(wal());
    for (let cut = HEADER_BYTES; cut < sound.length; cut += 13_333) {
      rmSync(join(folder, 'events.db-shm'), { force: true });
      writeFileSync(wal(), sound.subarray(0, cut));
      const copy = mkdtempSync(join(tmpdir(), 'yika-torn-'));
      cpSync(folder, copy, { recursive: true });
      const store = await openSqliteEventStore({ folder: copy });
      expect([cut, (await collect(store.readLog(0))).length]).toEqual([cut, logAfter(Math.floor((cut - HEADER_BYTES) / FRAME_BYTES))]);
      await store.close();
      rmSync(copy, { recursive: true });
    }
  });

  it('so does one whose last commit lacks a part in the midst, which no answer can have followed', async () => {
    const before = logAfter(frames - 1);
    change((bytes) => bytes.fill(0xa5, bytes.length - FRAME_BYTES + 24 + 100, bytes.length - FRAME_BYTES + 24 + 600));
    expect(await logged()).toBe(before);
  });
});
