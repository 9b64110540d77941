import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPENDED, appendOf } from '../../../test/contract/appends';
import { ScriptedKurrentDb } from '../../../test/support/scripted-kurrentdb';
import { IN_THE_FOLDER, openLogPlace, placeFault } from '../src/log-place';

let folder: string;
let server: ScriptedKurrentDb;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yika-place-'));
  server = await ScriptedKurrentDb.start();
});
afterEach(() => {
  server.kill();
  rmSync(folder, { recursive: true });
});
const closing = async <T>({ store }: Awaited<ReturnType<typeof openLogPlace>>, work: () => Promise<T>): Promise<T> =>
  work().finally(() => store.close());

describe('where the log stands', () => {
  it('keeps it in the data folder by itself', async () => {
    const place = await openLogPlace({ folder, where: IN_THE_FOLDER });
    await closing(place, async () => expect(await place.store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED));
    expect(existsSync(join(folder, 'events.db'))).toBe(true);
  });

  it('keeps it, and what stands beside it, in KurrentDB, and nothing of it in the data folder', async () => {
    const place = await openLogPlace({ folder, where: server.url });
    await closing(place, async () => {
      expect(await place.store.append(appendOf('account-1', 'no-stream'))).toEqual(APPENDED);
      const contents = await place.openContents();
      await contents.put(Buffer.from('[]'));
      await contents.close();
    });
    const names = server.log.all.map(({ name }) => name);
    expect(names).toContain('yika:account-1');
    expect(names.some((name) => name.startsWith('yika.content:'))).toBe(true);
    expect(existsSync(join(folder, 'events.db'))).toBe(false);
  });

  it('gives a data folder to one engine, also when its log stands elsewhere: vault and read models are in it', async () => {
    const place = await openLogPlace({ folder, where: server.url });
    await closing(place, async () => {
      await expect(openLogPlace({ folder, where: server.url })).rejects.toMatchObject({ code: 'data-folder-in-use' });
    });
    await closing(await openLogPlace({ folder, where: server.url }), async () => undefined);
  });

  it('refuses to begin a second log for a folder, either way round', async () => {
    await closing(await openLogPlace({ folder, where: IN_THE_FOLDER }), async () => undefined);
    await expect(openLogPlace({ folder, where: server.url })).rejects.toThrow(/已有日志 events\.db.*has a log of its own/s);
    const other = mkdtempSync(join(tmpdir(), 'yika-place-'));
    await closing(await openLogPlace({ folder: other, where: server.url }), async () => undefined);
    await expect(openLogPlace({ folder: other, where: IN_THE_FOLDER })).rejects.toThrow(/日志在 KurrentDB 中.*set YIKA_STORE/s);
    rmSync(other, { recursive: true });
  });

  it('lets go of the folder when the server cannot be used', async () => {
    const where = 'esdb://localhost:1?tls=true&tlsCAFile=/nowhere';
    await expect(openLogPlace({ folder, where })).rejects.toMatchObject({ code: 'kurrentdb-url' });
    await closing(await openLogPlace({ folder, where: server.url }), async () => undefined);
  });

  it('knows a setting that names neither, and does not repeat it', () => {
    expect(placeFault('sqlite')).toBeUndefined();
    expect(placeFault('esdb://yika:s3cret@a:2113,b:2113?tls=true')).toBeUndefined();
    expect(placeFault('kurrentdb+discover://yika:s3cret@cluster')).toBeUndefined();
    for (const wrong of ['SQLite', 'http://yika:s3cret@a', 'esdb://', ''])
      expect(placeFault(wrong)?.join(' ')).toMatch(/须为.*must be (?!.*s3cret)/);
  });
});
