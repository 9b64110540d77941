import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { dataFolderWith, goOnIn, idsIn, inFile, temporaryFolders } from '../../../../test/support/kept-folder';
import {
  isRestoreAbandoned,
  type Preview,
  previewRestore,
  Refused,
  type Restored,
  restoreBackup,
  resumeRestore,
  Stopped,
  takeBackup,
} from './index';

const folders = temporaryFolders();
const data = folders.next();
const backup = folders.next();
/** The folder of the backup, some swipes later. */
let later = '';
const work = (signal = new AbortController().signal) => ({ report: () => undefined, signal });
const now = () => '2026-03-03T00:00:00.000Z';
type Choices = Readonly<{ acceptLoss?: boolean; atStep?: (step: string) => void; signal?: AbortSignal }>;
const restore = (dataFolder: string, { acceptLoss = false, atStep, signal }: Choices = {}): Promise<Restored> =>
  restoreBackup({ backup, dataFolder, acceptLoss, now, ...(atStep ? { atStep } : {}) }, work(signal));
const preview = (dataFolder: string): Promise<Preview> => previewRestore({ backup, dataFolder }, work());
const codesOfFailed = async (attempt: Promise<unknown>): Promise<readonly string[]> => {
  try {
    await attempt;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.faults.map(({ code }) => code);
    throw thrown;
  }
  return [];
};
const NO_LOSS = {
  events: 0,
  firstLogIndex: null,
  firstDecidedAt: null,
  lastDecidedAt: null,
  persons: 0,
  cards: 0,
  accessLogEntries: 0,
  erasedPersonIds: [],
  unreadable: [],
};
const everythingIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/lock\.db|writer\.pid|-shm$/.test(file) && statSync(file).size > 0) // Reading makes an empty WAL.
      .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );

beforeAll(async () => {
  await dataFolderWith(data, 3, true);
  await takeBackup({ dataFolder: data, target: backup, engineVersion: '1', now }, work());
  later = folders.copyOf(data);
  await goOnIn(later, 4, 2, true);
});
afterAll(folders.remove);

describe('restore: preview', () => {
  it('tells of an empty place that nothing would be replaced or lost, and makes nothing there', async () => {
    const place = folders.next();
    expect(await preview(place)).toMatchObject({
      faults: [],
      replaced: [],
      presentLastLogIndex: undefined,
      engineRunning: false,
      loss: NO_LOSS,
    });
    expect(existsSync(place)).toBe(false);
  });

  it('tells which events would be lost, from where and from when, and changes nothing', async () => {
    const folder = folders.copyOf(later);
    const before = everythingIn(folder);
    const kept = idsIn(data).length;
    expect(await preview(folder)).toMatchObject({
      replaced: ['events.db', 'content.db', 'vault.db', 'views.db'],
      presentLastLogIndex: idsIn(folder).length - 1,
      loss: {
        ...NO_LOSS,
        events: idsIn(folder).length - kept,
        firstLogIndex: kept,
        firstDecidedAt: '2026-03-02T03:00:00.000Z',
        lastDecidedAt: '2026-03-02T03:00:00.000Z',
      },
    });
    expect(everythingIn(folder)).toEqual(before);
  });

  it('counts an event that is another than in the backup as lost, wherever it stands', async () => {
    const other = folders.copyOf(data);
    inFile(other, 'events.db', (db) =>
      db.exec("UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'correlation', 'correlatio_') AS BLOB) WHERE log_index = 2"),
    );
    expect((await preview(other)).loss).toMatchObject({ events: 1, firstLogIndex: 2 });
  });

  it('tells of the vault: persons, cards and log of reads that would be gone, and who was erased and would come back', async () => {
    const folder = folders.copyOf(data);
    const erased = inFile(folder, 'vault.db', (db) => {
      const { id } = db.prepare('SELECT person_id AS id FROM keys').get() as { id: string };
      db.exec("INSERT INTO persons VALUES ('p-new', 0, x'01'); INSERT INTO cards VALUES ('c-new', 'p-new', x'01', x'02');");
      db.exec("INSERT INTO access_log (at, principal, purpose, subject, act) VALUES ('t', 'p', 'q', 's', 'read');");
      db.prepare('UPDATE keys SET wrapped = NULL WHERE person_id = ?').run(id);
      return id;
    });
    expect((await preview(folder)).loss).toEqual({ ...NO_LOSS, persons: 1, cards: 1, accessLogEntries: 1, erasedPersonIds: [erased] });
    expect(await codesOfFailed(restore(folder))).toEqual(['loss-not-accepted']);
  });

  it('counts who was erased since as a loss of its own: nobody comes back unasked', async () => {
    const folder = folders.copyOf(data);
    inFile(folder, 'vault.db', (db) => db.exec('UPDATE keys SET wrapped = NULL'));
    expect((await preview(folder)).loss).toEqual({ ...NO_LOSS, erasedPersonIds: [expect.any(String)] });
    expect(await codesOfFailed(restore(folder))).toEqual(['loss-not-accepted']);
  });

  it('says that an engine is running', async () => {
    const folder = folders.copyOf(data);
    const store = await openSqliteEventStore({ folder });
    expect((await preview(folder)).engineRunning).toBe(true);
    await store.close();
    expect((await preview(folder)).engineRunning).toBe(false);
  });
});

describe('restore', () => {
  it('into an empty place gives the log, the bills and the vault of the backup', async () => {
    const place = folders.next();
    expect((await restore(place)).replacedFolder).toBeNull();
    expect(idsIn(place)).toEqual(idsIn(data));
    for (const name of ['events.db', 'content.db', 'vault.db'])
      expect(readFileSync(join(place, name)).equals(readFileSync(join(backup, name)))).toBe(true);
    await goOnIn(place, 4, 1); // The engine takes it up.
    expect(idsIn(place).length).toBeGreaterThan(idsIn(data).length);
  });

  it('is refused when anything newer would be lost, until that is accepted; what was there is kept whole beside', async () => {
    const folder = folders.copyOf(later);
    writeFileSync(join(folder, 'master.key'), 'kept');
    expect(await codesOfFailed(restore(folder))).toEqual(['loss-not-accepted']);
    expect(idsIn(folder)).toEqual(idsIn(later));
    const { replacedFolder } = await restore(folder, { acceptLoss: true });
    expect(idsIn(folder)).toEqual(idsIn(data));
    expect(idsIn(replacedFolder ?? '')).toEqual(idsIn(later));
    expect(readdirSync(replacedFolder ?? '')).toEqual(
      expect.arrayContaining(['events.db', 'content.db', 'vault.db', 'views.db', 'restore.json']),
    );
    expect(existsSync(join(folder, 'views.db'))).toBe(false);
    expect(readFileSync(join(folder, 'master.key'), 'utf8')).toBe('kept');
  });

  it('of a folder whose engine was killed moves its write-ahead log away with the rest, and loses nothing that stands in it', async () => {
    const killed = folders.next();
    inFile(folders.copyOf(later), 'events.db', (db) => {
      db.exec('INSERT INTO fences VALUES (77)');
      cpSync(dirname(db.location() ?? ''), killed, { recursive: true }); // As it is on the disk now: the row is in the WAL alone.
    });
    expect(statSync(join(killed, 'events.db-wal')).size).toBeGreaterThan(0);
    const { replacedFolder } = await restore(killed, { acceptLoss: true });
    expect(existsSync(join(killed, 'events.db-wal'))).toBe(false);
    const fences = (folder: string) => inFile(folder, 'events.db', (db) => db.prepare('SELECT log_index AS n FROM fences').all());
    expect(fences(killed)).toEqual([]);
    expect(fences(replacedFolder ?? '')).toEqual([{ n: 77 }]);
  });

  it('needs nothing accepted where the folder holds nothing that the backup does not', async () => {
    const folder = folders.copyOf(data);
    inFile(folder, 'events.db', (db) => db.exec('DELETE FROM claims; DELETE FROM events WHERE log_index > 4'));
    await restore(folder);
    expect(idsIn(folder)).toEqual(idsIn(data));
  });

  it('needs the loss accepted when the present log cannot be read: nobody knows what is in it', async () => {
    const folder = folders.copyOf(later);
    writeFileSync(join(folder, 'events.db'), 'no database');
    expect((await preview(folder)).loss.unreadable).toEqual([expect.stringContaining('events.db')]);
    expect(await codesOfFailed(restore(folder))).toEqual(['loss-not-accepted']);
    const { replacedFolder } = await restore(folder, { acceptLoss: true });
    expect(idsIn(folder)).toEqual(idsIn(data));
    expect(readFileSync(join(replacedFolder ?? '', 'events.db'), 'utf8')).toBe('no database');
  });

  it('is refused while an engine holds the folder, and an engine while it works', async () => {
    const folder = folders.copyOf(data);
    const store = await openSqliteEventStore({ folder });
    expect(await codesOfFailed(restore(folder))).toEqual(['engine-running']);
    await store.close();
    const attempts: Promise<unknown>[] = [];
    await restore(folder, {
      atStep: () => void attempts.push(openSqliteEventStore({ folder }).catch((thrown: unknown) => (thrown as { code?: string }).code)),
    });
    expect(attempts.length).toBeGreaterThan(5);
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(['data-folder-in-use']));
  });

  it('is refused of a damaged backup, naming what is wrong with it', async () => {
    const damaged = folders.copyOf(backup);
    writeFileSync(join(damaged, 'vault.db'), '');
    const place = folders.next();
    expect(await codesOfFailed(restoreBackup({ backup: damaged, dataFolder: place, acceptLoss: true, now }, work()))).toEqual([
      'file-size',
    ]);
    expect(existsSync(join(place, 'events.db'))).toBe(false);
  });

  it('changes nothing when it is stopped before it took effect', async () => {
    const folder = folders.copyOf(later);
    const control = new AbortController();
    const stopAt = (step: string) => (step === 'staged content.db' ? control.abort() : undefined);
    await expect(restore(folder, { acceptLoss: true, atStep: stopAt, signal: control.signal })).rejects.toThrow(Stopped);
    expect(idsIn(folder)).toEqual(idsIn(later));
    expect(isRestoreAbandoned(folder)).toBe(false);
  });
});

describe('restore: cut short', () => {
  const steps: string[] = [];
  beforeAll(async () => {
    await restore(folders.copyOf(later), { acceptLoss: true, atStep: (step) => void steps.push(step) });
  });

  it('leaves the old folder or gives the new one, whole, wherever it ends; the next start knows which', async () => {
    expect(steps.length).toBeGreaterThan(8);
    for (const [i, last] of steps.entries()) {
      const folder = folders.copyOf(later);
      let n = 0;
      const dies = () => {
        if (n++ === i) throw new Error('power cut');
      };
      await expect(restore(folder, { acceptLoss: true, atStep: dies })).rejects.toThrow('power cut');
      const took = i >= steps.indexOf('committed');
      expect({ last, abandoned: isRestoreAbandoned(folder) }).toEqual({ last, abandoned: !took });
      const journal = await resumeRestore(folder);
      expect({ last, ended: journal?.replaced !== undefined }).toEqual({ last, ended: took });
      expect({ last, ids: idsIn(folder) }).toEqual({ last, ids: idsIn(took ? data : later) });
      if (journal) {
        expect(idsIn(join(folder, journal.replaced))).toEqual(idsIn(later));
        for (const name of ['events.db', 'content.db', 'vault.db'])
          expect(readFileSync(join(folder, name)).equals(readFileSync(join(backup, name)))).toBe(true);
      }
      expect(await resumeRestore(folder)).toBeUndefined();
    }
  });

  it('is ended by the next restore, too, and not backed up in between', async () => {
    const folder = folders.copyOf(later);
    const dies = (step: string) => {
      if (step === 'placed events.db') throw new Error('power cut');
    };
    await expect(restore(folder, { acceptLoss: true, atStep: dies })).rejects.toThrow('power cut');
    expect(await codesOfFailed(takeBackup({ dataFolder: folder, target: folders.next(), engineVersion: '1', now }, work()))).toEqual([
      'restore-unfinished',
    ]);
    await restore(folder);
    expect(idsIn(folder)).toEqual(idsIn(data));
    expect(readdirSync(folder).filter((name) => name.startsWith('replaced-'))).toHaveLength(2);
  });

  it('touches nothing when its journal cannot be read', async () => {
    const folder = folders.copyOf(later);
    mkdirSync(join(folder, 'restoring'));
    writeFileSync(join(folder, 'restore.json'), '{"format":"yika-restore","formatVersion":1,"replaced":"../elsewhere"}');
    expect(await codesOfFailed(resumeRestore(folder))).toEqual(['restore-journal']);
    expect(idsIn(folder)).toEqual(idsIn(later));
  });
});
