import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { dataFolderWith, idsIn, inFile, temporaryFolders } from '../../../../test/support/kept-folder';
import { checkBackup, ELSEWHERE, type Manifest, Refused, type Report, restoreBackup, Stopped, takeBackup } from './index';

const folders = temporaryFolders();
const data = folders.next();
let whole = '';
const now = () => '2026-03-03T00:00:00.000Z';
const work = (report: Report = () => undefined, signal = new AbortController().signal) => ({ report, signal });
const take = (target: string, from = data, report?: Report, signal?: AbortSignal): Promise<Manifest> =>
  takeBackup({ dataFolder: from, target, engineVersion: '9.9.9', now }, work(report, signal));
const codesOfFailed = async (attempt: Promise<unknown>): Promise<readonly string[]> => {
  try {
    await attempt;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.faults.map(({ code }) => code);
    throw thrown;
  }
  return [];
};
const faultsIn = async (backup: string): Promise<readonly string[]> =>
  (await checkBackup(backup, work())).faults.map(({ code, en }) => `${code}: ${en}`);
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
/** Somebody who also writes the manifest anew: hashes of files alone do not find it. */
const resealed = (backup: string): void => {
  const file = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const files = manifest.files.map(({ name }) => ({ name, bytes: statSync(join(backup, name)).size, sha256: sha256(join(backup, name)) }));
  writeFileSync(file, JSON.stringify({ ...manifest, files }));
};

beforeAll(async () => {
  await dataFolderWith(data, 4);
  whole = folders.next();
  await take(whole);
});
afterAll(folders.remove);

describe('backup', () => {
  it('holds log, content and vault and a manifest that says what they are; neither the master key nor the read models', async () => {
    const keyed = folders.copyOf(data);
    writeFileSync(join(keyed, 'master.key'), 'secret');
    const target = folders.next();
    const manifest = await take(target, keyed);
    expect(readdirSync(target).sort()).toEqual(['content.db', 'events.db', 'manifest.json', 'vault.db']);
    const events = idsIn(data).length;
    const bytesOfLast = inFile(data, 'events.db', (db) => db.prepare('SELECT bytes FROM events ORDER BY log_index DESC').get()) as {
      bytes: Uint8Array;
    };
    expect(manifest).toEqual({
      format: 'yika-backup',
      formatVersion: 1,
      madeAt: now(),
      engineVersion: '9.9.9',
      log: {
        lastLogIndex: events - 1,
        lastEventHash: createHash('sha256')
          .update(Buffer.from([0]))
          .update(bytesOfLast.bytes)
          .digest('hex'),
        lastDecidedAt: '2026-03-02T02:00:00.000Z',
        rootHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        events,
        claims: inFile(data, 'events.db', (db) => db.prepare('SELECT count(*) AS n FROM claims').get()?.n),
      },
      files: ['events.db', 'content.db', 'vault.db'].map((name) => ({
        name,
        bytes: statSync(join(target, name)).size,
        sha256: sha256(join(target, name)),
      })),
    });
    expect(JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(await faultsIn(target)).toEqual([]);
  });

  it('has what the log names, whatever is settled while it is made', async () => {
    const busy = folders.copyOf(data);
    // The last swipe is taken out, and settled at the very moment when the first file has been copied: first its bill, then the event.
    const [bill, event, claims] = takeOutLastSwipe(busy);
    let settled = false;
    const settleLate: Report = (stage, _subject, done, total) => {
      if (settled || stage !== 'copying' || done !== total) return;
      settled = true;
      inFile(busy, 'content.db', (db) => insert(db, 'content', bill));
      inFile(busy, 'events.db', (db) => insert(db, 'events', event, ...claims.map((claim) => ['claims', claim] as const)));
    };
    const target = folders.next();
    const { log } = await take(target, busy, settleLate);
    expect(settled).toBe(true);
    expect(log.events).toBe(idsIn(data).length - 1);
    expect(await faultsIn(target)).toEqual([]);
  });

  it('goes on from one moment although commits come in between, and copies no half of them', async () => {
    const large = folders.copyOf(data);
    inFile(large, 'content.db', (db) => {
      const add = db.prepare('INSERT INTO content VALUES (?, ?)');
      for (let n = 0; n < 12; n++) {
        const bytes = Buffer.alloc(1024 * 1024, n);
        add.run(createHash('sha256').update(bytes).digest('hex'), bytes);
      }
    });
    let steps = 0;
    const target = folders.next();
    await take(target, large, (stage, subject) => {
      if (stage !== 'copying' || subject !== 'content.db') return;
      steps += 1;
      const bytes = Buffer.from(`late ${steps}`);
      inFile(large, 'content.db', (db) =>
        db.prepare('INSERT INTO content VALUES (?, ?)').run(createHash('sha256').update(bytes).digest('hex'), bytes),
      );
    });
    const count = (folder: string) =>
      inFile(folder, 'content.db', (db) => db.prepare('SELECT count(*) AS n FROM content').get()?.n) as number;
    expect(steps).toBeGreaterThan(2);
    expect(count(target)).toBe(count(data) + 12);
    expect(count(large)).toBe(count(data) + 12 + steps);
  });

  it('is refused into a folder that is not empty, each time for what stands there, and inside the data folder', async () => {
    const other = folders.next();
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), '');
    const unfinished = folders.copyOf(whole);
    rmSync(join(unfinished, 'manifest.json'));
    expect(await codesOfFailed(take(other))).toEqual(['target-not-empty']);
    expect(await codesOfFailed(take(unfinished))).toEqual(['target-unfinished']);
    expect(await codesOfFailed(take(whole))).toEqual(['target-is-backup']);
    expect(await codesOfFailed(take(join(data, 'backup')))).toEqual(['target-inside']);
    expect(existsSync(join(data, 'backup'))).toBe(false);
    expect(readdirSync(other)).toEqual(['letter.txt']);
  });

  it('is refused of a folder without a log, and of one that lacks a file, by name', async () => {
    const lacking = folders.copyOf(data);
    rmSync(join(lacking, 'vault.db'));
    expect(await codesOfFailed(take(folders.next(), folders.next()))).toEqual(['no-data-folder']);
    await expect(take(folders.next(), lacking)).rejects.toThrow('the data folder lacks vault.db');
  });

  it('is refused of a folder whose log or vault stands on a server, in words that say how that is backed up', async () => {
    for (const [mark, words] of [
      [ELSEWHERE.log, /vault\.db.*run-on-kurrentdb\.md/],
      [ELSEWHERE.vault, /pg_dump.*run-several-engines\.md/],
    ] as const) {
      const marked = folders.next();
      mkdirSync(marked);
      writeFileSync(join(marked, mark), '');
      const fault = await take(folders.next(), marked).catch((error: unknown) => error as Refused);
      expect(fault).toMatchObject({ code: 'backed-up-elsewhere', message: expect.stringMatching(words) as string });
    }
  });

  it('leaves nothing behind when it is stopped', async () => {
    const control = new AbortController();
    const target = folders.next();
    const stop: Report = (stage) => (stage === 'reading' ? control.abort() : undefined);
    await expect(take(target, data, stop, control.signal)).rejects.toThrow(Stopped);
    expect(existsSync(target)).toBe(false);
  });

  it('is not made of a log with a damaged event', async () => {
    const damaged = folders.copyOf(data);
    inFile(damaged, 'events.db', (db) => db.exec("UPDATE events SET bytes = CAST(bytes || x'20' AS BLOB) WHERE log_index = 3"));
    const target = folders.next();
    await expect(take(target, damaged)).rejects.toThrow('the bytes of event 3 are not those that were written');
    expect(existsSync(target)).toBe(false);
  });
});

describe('a folder that cannot be made', () => {
  it('is refused by name, for a backup and for a restore', async () => {
    const target = join(whole, 'manifest.json', 'below a file');
    expect(await codesOfFailed(take(target))).toEqual(['folder-not-made']);
    const restored = restoreBackup({ backup: whole, dataFolder: target, acceptLoss: false, now }, work());
    expect(await codesOfFailed(restored)).toEqual(['folder-not-made']);
  });
});

describe('backup check', () => {
  it('knows no folder without a manifest, and no manifest of another form', async () => {
    const bare = folders.copyOf(whole);
    rmSync(join(bare, 'manifest.json'));
    expect(await codesOfFailed(checkBackup(bare, work()))).toEqual(['no-backup']);
    const later = folders.copyOf(whole);
    writeFileSync(
      join(later, 'manifest.json'),
      readFileSync(join(later, 'manifest.json'), 'utf8').replace('"formatVersion": 1', '"formatVersion": 2'),
    );
    expect(await codesOfFailed(checkBackup(later, work()))).toEqual(['manifest-form']);
  });

  it('names each file that is missing, shorter, changed or written to', async () => {
    const broken = folders.copyOf(whole);
    rmSync(join(broken, 'vault.db'));
    truncateSync(join(broken, 'content.db'), 4096);
    const bytes = readFileSync(join(broken, 'events.db'));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(broken, 'events.db'), bytes);
    expect((await faultsIn(broken)).map((text) => text.split(':')[0])).toEqual(['file-hash', 'file-size', 'file-missing']);
    const written = folders.copyOf(whole);
    writeFileSync(join(written, 'events.db-wal'), '');
    expect(await faultsIn(written)).toEqual(['file-beside: events.db-wal stands beside events.db: somebody wrote to the backup']);
  });

  it('finds a log that is not the one of the manifest, though the files have the hashes that it tells', async () => {
    const shortened = folders.copyOf(whole);
    inFile(shortened, 'events.db', (db) => db.exec('DELETE FROM events WHERE log_index = (SELECT max(log_index) FROM events)'));
    resealed(shortened);
    const found = await faultsIn(shortened);
    expect(found.join('\n')).toMatch(/lastLogIndex is \d+ in the manifest and \d+ in the log/);
    expect(found.join('\n')).toMatch(/rootHash is/);
    expect(found.join('\n')).toMatch(/claims name events that are not there/);
  });

  it('finds an event in the middle that is missing', async () => {
    const holed = folders.copyOf(whole);
    inFile(holed, 'events.db', (db) => db.exec('DELETE FROM events WHERE log_index = 5'));
    resealed(holed);
    expect(await faultsIn(holed)).toEqual(['event-missing: event 5 is missing in the log']);
  });

  it('finds what the log names and the other files lack, and a bill that is another than its hash says', async () => {
    const older = folders.copyOf(whole);
    inFile(older, 'content.db', (db) => db.exec('DELETE FROM content WHERE rowid = 1'));
    inFile(older, 'content.db', (db) => db.exec("UPDATE content SET bytes = x'00' WHERE rowid = 2"));
    inFile(older, 'vault.db', (db) => db.exec('DELETE FROM cards'));
    resealed(older);
    const found = (await faultsIn(older)).join('\n');
    expect(found).toMatch(/2 things that the log names are not in the backup \(.*vault\.db card; .*content\.db content\)/);
    expect(found).toMatch(/1 contents of content\.db are not what their hash says/);
  });
});

type Row = Readonly<Record<string, SQLInputValue>>;

const takeOutLastSwipe = (folder: string): readonly [bill: Row, event: Row, claims: readonly Row[]] => {
  const event = inFile(folder, 'events.db', (db) => db.prepare('SELECT * FROM events ORDER BY log_index DESC').get() as Row);
  const claims = inFile(folder, 'events.db', (db) => {
    const found = db.prepare('SELECT * FROM claims WHERE log_index = ?').all(event.log_index ?? null) as Row[];
    db.prepare('DELETE FROM claims WHERE log_index = ?').run(event.log_index ?? null);
    db.prepare('DELETE FROM events WHERE log_index = ?').run(event.log_index ?? null);
    return found;
  });
  const bill = inFile(folder, 'content.db', (db) => {
    const found = db.prepare('SELECT * FROM content ORDER BY rowid DESC').get() as Row;
    db.prepare('DELETE FROM content WHERE hash = ?').run(found.hash ?? null);
    return found;
  });
  return [bill, event, claims];
};

const insert = (db: DatabaseSync, table: string, row: Row, ...others: readonly (readonly [string, Row])[]): void => {
  for (const [into, values] of [[table, row] as const, ...others]) {
    const names = Object.keys(values);
    db.prepare(`INSERT INTO ${into} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(values));
  }
};
