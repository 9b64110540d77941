import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { ContentStore, Engine, EventStore, LoggedEvent, Vault } from '#libs/application';
import { dataFolderWith, goOnIn, inFile, temporaryFolders } from '../../../test/support/kept-folder';
import { silentLog } from '../src/door-log';
import { guardLog, guardSettings } from '../src/log-guard';

const folders = temporaryFolders();
afterAll(folders.remove);

describe('settings of the guard', () => {
  const faultsOf = (env: Record<string, string>) => guardSettings(env, '/srv/yika').faults.map(({ en }) => en);

  it('need neither a checkpoint outside nor an acceptance', () => {
    expect(guardSettings({}, '/srv/yika')).toEqual({ checkpointFile: undefined, acceptLoss: 'none', faults: [] });
  });

  it('refuse a checkpoint inside the data folder, and one in a folder that is not there', () => {
    expect(faultsOf({ YIKA_CHECKPOINT_FILE: '/srv/yika/deep/c.json' })).toEqual([
      expect.stringContaining('must lie outside the data folder'),
    ]);
    expect(faultsOf({ YIKA_CHECKPOINT_FILE: '/nowhere/c.json' })).toEqual([expect.stringContaining('there is no folder /nowhere')]);
    expect(faultsOf({ YIKA_CHECKPOINT_FILE: '/tmp/c.json' })).toEqual([]);
  });

  it.each([
    ['1234', 1234],
    ['-1', -1],
    [`once-${process.ppid}`, 'any'],
    [`once-${process.ppid + 1}`, 'none'], // Left over from another start.
  ])('take the acceptance %s as %s', (text, acceptLoss) => {
    expect(guardSettings({ YIKA_ACCEPT_LOSS: text }, '/srv/yika')).toMatchObject({ acceptLoss, faults: [] });
  });

  it.each(['yes', 'true', '1.5', 'any', 'once'])('refuse the acceptance %s: it would hold for ever', (text) => {
    expect(faultsOf({ YIKA_ACCEPT_LOSS: text })).toEqual([expect.stringContaining('the index at which the log now ends')]);
  });
});

describe('an engine on a log in doubt', () => {
  it('writes nothing anywhere, reads everything, and says why it is not ready', async () => {
    const folder = folders.next();
    await dataFolderWith(folder, 1);
    const older = folders.copyOf(folder);
    await goOnIn(folder, 2, 1, true);
    cpSync(join(older, 'events.db'), join(folder, 'events.db'));
    const before = inFile(folder, 'events.db', (db) => db.prepare('SELECT count(*) AS n FROM events').get());
    const opened = await openSqliteEventStore({ folder });
    const guard = await guardLog({ dataFolder: folder, env: {}, store: opened, log: silentLog });

    const store = guard.store(opened);
    const { value: event } = (await store.readLog(0)[Symbol.asyncIterator]().next()) as { value: LoggedEvent };
    expect(event.logIndex).toBe(0);
    const append = {
      stream: 's',
      expected: 'no-stream',
      events: [{ ...event, stream: 's', revision: 0 }],
      claims: [],
      lane: 'interactive',
    };
    expect(await store.append(append as unknown as Parameters<EventStore['append']>[0])).toEqual({
      kind: 'unavailable',
      cause: 'readOnly',
    });

    const wrote: string[] = [];
    const part = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => Promise.resolve(wrote.push(name))]));
    const contents = guard.contents(part('put', 'get') as unknown as ContentStore);
    const vault = guard.vault(part('putPerson', 'putCard', 'erasePerson', 'readPerson') as unknown as Vault);
    const nobody = { principal: 'p', purpose: 'q' };
    await expect(contents.put(Buffer.from('x'))).rejects.toMatchObject({ why: 'readOnly' });
    await expect(vault.putCard('c', 'p', '1')).rejects.toMatchObject({ why: 'readOnly' });
    await expect(vault.erasePerson('p', nobody)).rejects.toMatchObject({ why: 'readOnly' });
    await contents.get('h');
    await vault.readPerson('p', nobody);
    expect(wrote).toEqual(['get', 'readPerson']);

    const engine = guard.engine({ readiness: () => Promise.resolve({ ready: true, reasons: [] }) } as unknown as Engine);
    expect(await engine.readiness()).toMatchObject({ ready: false, reasons: [{ code: 'log-shorter-than-seen' }] });
    await guard.close();
    await opened.close();
    expect(inFile(folder, 'events.db', (db) => db.prepare('SELECT count(*) AS n FROM events').get())).toEqual(before);
    expect(existsSync(join(folder, 'checkpoint.json'))).toBe(true); // What views.db has seen outlives its being made anew.
  });
});
