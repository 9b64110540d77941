import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LogFile } from './log-file';

/** Bytes as they may stand in a file that somebody wrote into, and what a reader may take them for: a text, or no text at all. */
const STORED: readonly (readonly [what: string, bytes: Buffer, isText: boolean])[] = [
  ['plain letters', Buffer.from('{"a":1}'), true],
  ['Chinese', Buffer.from('{"a":"医保"}'), true],
  ['beyond the basic plane', Buffer.from('{"a":"😀"}'), true],
  ['Latin letters of two bytes', Buffer.from('{"a":"é"}'), true],
  ['the replacement character, as such', Buffer.from('{"a":"\ufffd"}'), true],
  ['a byte order mark', Buffer.from('\ufeff{}'), true],
  ['a zero byte', Buffer.from('{"a":"\0"}'), true],
  ['nothing', Buffer.alloc(0), true],
  ['a byte of no text, as long as what stands for it', Buffer.from([0x22, 0xff, 0x22]), false],
  ['three bytes cut off a letter of four, as long as what stands for them', Buffer.from([0x22, 0xf0, 0x9f, 0x98, 0x22]), false],
  ['a letter written too long', Buffer.from([0x22, 0xc1, 0xa1, 0x22]), false],
  ['half of a pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), false],
  ['a byte of no text beside Chinese', Buffer.concat([Buffer.from('医'), Buffer.of(0x80)]), false],
];

let folder: string;
let log: LogFile;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'yika-log-file-'));
  const db = new DatabaseSync(path.join(folder, 'events.db'));
  db.exec(`PRAGMA application_id = 0x59694b61; PRAGMA user_version = 2;
    CREATE TABLE events (log_index INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
      crc INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (stream, revision)) STRICT;
    CREATE TABLE claims (key TEXT NOT NULL PRIMARY KEY, command_hash TEXT NOT NULL, log_index INTEGER NOT NULL) STRICT, WITHOUT ROWID;`);
  const insert = db.prepare("INSERT INTO events VALUES (?, 's', ?, ?, 't', 0, ?)");
  STORED.forEach(([, bytes], n) => void insert.run(n, n, `id${n}`, bytes));
  for (let n = STORED.length; n < 600; n++) insert.run(n, n, `id${n}`, Buffer.from(`${n}`));
  db.close();
  log = new LogFile(folder);
});
afterAll(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the log, read as text', () => {
  it.each(STORED.map(([what, bytes, isText], n) => [what, n, bytes, isText] as const))('%s', (_what, n, bytes, isText) => {
    for (const row of [log.rowAtIndex(n), log.rowAt('s', n), log.stream('s', n).at(-1), [...log.events(n, n)].flat()[0]]) {
      expect(row).toMatchObject({ logIndex: n, stream: 's', revision: n, id: `id${n}`, type: 't', crc: 0 });
      expect(typeof row?.stored).toBe(isText ? 'string' : 'object');
      expect(Buffer.from(row?.stored as string)).toEqual(bytes);
    }
    expect(Buffer.from(log.bytesAtIndex(n)?.bytes ?? [])).toEqual(bytes);
  });
  it('gives every row once, over all pages, by stream and in the order of the log', () => {
    const indexes = Array.from({ length: 600 }, (_, n) => n);
    expect([...log.events(0, 599)].flat().map(({ logIndex }) => logIndex)).toEqual(indexes);
    expect([...log.log(0, 599)].flat().map(({ logIndex }) => logIndex)).toEqual(indexes);
    expect([...log.streams({ from: '', to: 't' }, 599)].flat().map(({ logIndex }) => logIndex)).toEqual(indexes);
  });
});
