import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { openReadModels } from '#libs/adapters/read-models';
import type { EventReader } from '#libs/application';
import { dataFolderWith, goOnIn, idsIn, inFile, temporaryFolders } from '../../../../test/support/kept-folder';
import type { Checkpoint } from './guard/checkpoint-file';
import { type AcceptLoss, type Judgement, judgeLog, keepCheckpoints } from './index';
import { leafHash } from './leaf';

const folders = temporaryFolders();
const data = folders.next();
let before = '';
let at = 0;
const now = () => `2026-03-03T00:00:${String(++at % 60).padStart(2, '0')}.000Z`;
type Place = Readonly<{ folder: string; checkpointFile?: string }>;

/** Starts as the engine does: judges, and keeps the checkpoints when there is no doubt; `work` runs while it would write. */
const start = async (
  { folder, checkpointFile }: Place,
  { acceptLoss = 'none', work }: Readonly<{ acceptLoss?: AcceptLoss; work?: () => Promise<void> }> = {},
): Promise<Judgement> => {
  const store = await openSqliteEventStore({ folder });
  try {
    const judged = await judgeLog({ folder, checkpointFile, reader: store, acceptLoss, now });
    if (judged.doubts.length === 0) {
      const onFault = () => undefined;
      const keeper = await keepCheckpoints({
        folder,
        checkpointFile,
        reader: store,
        checkpoint: judged.checkpoint,
        now,
        everyMs: 5,
        onFault,
      });
      await work?.();
      await keeper.close();
    }
    return judged;
  } finally {
    await store.close();
  }
};
const codes = ({ doubts }: Judgement): readonly string[] => doubts.map(({ code, source }) => `${code} ${source}`);
const doubtsOf = async (place: Place, acceptLoss: AcceptLoss = 'none'): Promise<readonly string[]> =>
  codes(await start(place, { acceptLoss }));
const checkpointIn = (file: string): Checkpoint => JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
const truncate = (folder: string, events = 2): void =>
  inFile(folder, 'events.db', (db) => {
    db.exec(`DELETE FROM claims WHERE log_index > (SELECT max(log_index) FROM events) - ${events}`);
    db.exec(`DELETE FROM events WHERE log_index > (SELECT max(log_index) FROM events) - ${events}`);
  });
const rewriteLast = (folder: string): void =>
  inFile(folder, 'events.db', (db) => {
    const last = db.prepare('SELECT log_index AS i, bytes FROM events ORDER BY log_index DESC').get() as { i: number; bytes: Uint8Array };
    const bytes = Buffer.from(Buffer.from(last.bytes).toString('utf8').replace('correlation', 'correlatio_'));
    db.prepare('UPDATE events SET bytes = ?, crc = ? WHERE log_index = ?').run(bytes, crc32(bytes), last.i);
  });
/** A folder whose engine has kept both checkpoints, with read models. */
const kept = async (): Promise<Required<Place>> => {
  const folder = folders.copyOf(data);
  const checkpointFile = `${folder}.outside.json`;
  expect(await doubtsOf({ folder, checkpointFile })).toEqual([]);
  return { folder, checkpointFile };
};

beforeAll(async () => {
  await dataFolderWith(data, 2, true);
  before = folders.copyOf(data);
  await goOnIn(data, 3, 3, true);
});
afterAll(folders.remove);

describe('guard: what is kept', () => {
  it('is how far the log is, in the folder and outside of it, from the first start on', async () => {
    const { folder, checkpointFile } = await kept();
    for (const file of [checkpointFile, join(folder, 'checkpoint.json')])
      expect(checkpointIn(file)).toMatchObject({ logIndex: idsIn(folder).length - 1, external: true, standing: [], acceptedLosses: [] });
  });

  it('goes on with the log', async () => {
    const { folder, checkpointFile } = await kept();
    const seen = checkpointIn(checkpointFile).logIndex;
    await goOnIn(folder, 6, 1);
    await start({ folder, checkpointFile });
    expect(checkpointIn(checkpointFile).logIndex).toBe(idsIn(folder).length - 1);
    expect(checkpointIn(checkpointFile).logIndex).toBeGreaterThan(seen);
  });

  it('follows the log while it grows, and is up to date at the end; a disk that is away meanwhile is told once, and when it is back', async () => {
    const file = `${folders.next()}.json`;
    const folder = folders.copyOf(before);
    let last = 0;
    const event = (logIndex: number) => ({
      id: '-',
      type: '-',
      stream: '-',
      revision: 0,
      logIndex,
      bytes: Buffer.from(`event ${logIndex}`),
    });
    const reader = {
      lastLogIndex: () => Promise.resolve(last),
      readLog: async function* (from: number) {
        yield await Promise.resolve(event(from));
      },
    } as unknown as EventReader;
    const told: (readonly [string, boolean])[] = [];
    const { checkpoint } = await start({ folder });
    const keeper = await keepCheckpoints({
      folder,
      checkpointFile: file,
      reader,
      checkpoint: { ...checkpoint, logIndex: 0 },
      now,
      everyMs: 2,
      onFault: (name, reason) => told.push([basename(name), reason === null]),
    });
    const seen = (): Checkpoint => checkpointIn(file);
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    last = 3;
    await until(() => seen().logIndex === 3);
    expect(seen().eventHash).toBe(leafHash(event(3).bytes));
    mkdirSync(`${file}.next`); // Nothing can be written there.
    last = 4;
    await until(() => told.length === 1);
    last = 5;
    await new Promise((resolve) => setTimeout(resolve, 20));
    rmSync(`${file}.next`, { recursive: true });
    await until(() => seen().logIndex === 5 && told.length === 2); // It is told after the file is there.
    expect(told).toEqual([
      [basename(file), false],
      [basename(file), true],
    ]);
    last = 6;
    await keeper.close();
    expect(seen().logIndex).toBe(6);
    expect(checkpointIn(join(folder, 'checkpoint.json')).logIndex).toBe(6);
  });

  it('finds an empty log sound', async () => {
    const folder = folders.next();
    expect(await doubtsOf({ folder, checkpointFile: `${folder}.outside.json` })).toEqual([]);
    expect(await doubtsOf({ folder, checkpointFile: `${folder}.outside.json` })).toEqual([]);
  });

  it('does not start where the file outside cannot be written', async () => {
    const folder = folders.copyOf(data);
    await expect(start({ folder, checkpointFile: join(folders.next(), 'nowhere', 'c.json') })).rejects.toThrow('cannot be written');
  });
});

describe('guard: a log that is not the one that was seen', () => {
  it('is doubted when it is shorter, by each witness alone', async () => {
    const all = await kept();
    truncate(all.folder);
    expect(await doubtsOf(all)).toEqual([
      'log-shorter-than-seen external checkpoint',
      'log-shorter-than-seen checkpoint.json',
      'log-shorter-than-seen views.db',
    ]);
    const inside = await kept();
    truncate(inside.folder);
    rmSync(join(inside.folder, 'views.db'));
    expect(await doubtsOf({ folder: inside.folder })).toEqual(['log-shorter-than-seen checkpoint.json']);
    const outside = await kept();
    truncate(outside.folder);
    for (const name of ['views.db', 'checkpoint.json']) rmSync(join(outside.folder, name));
    expect(await doubtsOf(outside)).toEqual(['log-shorter-than-seen external checkpoint']);
    const views = folders.copyOf(data);
    truncate(views);
    expect(await doubtsOf({ folder: views })).toEqual(['log-shorter-than-seen views.db']);
  });

  it('tells in both languages how many events are missing, and what to do', async () => {
    const place = await kept();
    truncate(place.folder, 2);
    const [doubt] = (await start(place)).doubts;
    expect(doubt?.messageEn).toMatch(
      /the log ends at \d+, and the checkpoint outside the data folder has seen \d+: 2 events are missing.*--accept-loss/,
    );
    expect(doubt?.messageZh).toMatch(/日志止于 \d+，而数据目录外的检查点见过 \d+，缺 2 个事件.*--accept-loss/);
    expect(JSON.stringify(doubt)).not.toContain(dirname(place.folder));
  });

  it('is doubted when its tail was rewritten, though it is as long or longer', async () => {
    const place = await kept();
    rewriteLast(place.folder);
    expect(await doubtsOf(place)).toEqual([
      'log-differs-from-seen external checkpoint',
      'log-differs-from-seen checkpoint.json',
      'log-differs-from-seen views.db',
    ]);
  });

  it('is doubted when an older copy of the whole folder was put in its place: only the file outside can tell', async () => {
    const { folder, checkpointFile } = await kept();
    rmSync(folder, { recursive: true });
    cpSync(before, folder, { recursive: true });
    expect(await doubtsOf({ folder, checkpointFile })).toEqual(['log-shorter-than-seen external checkpoint']);
    expect(await doubtsOf({ folder: folders.copyOf(before) })).toEqual([]);
  });

  it('is doubted when only an older events.db was put in its place', async () => {
    const folder = folders.copyOf(data);
    cpSync(join(before, 'events.db'), join(folder, 'events.db'));
    expect(await doubtsOf({ folder })).toEqual(['log-shorter-than-seen views.db']);
  });

  it('stays doubted although the read models were made anew from it meanwhile, until the right log is back', async () => {
    const folder = folders.copyOf(data);
    const right = readFileSync(join(folder, 'events.db'));
    truncate(folder);
    expect(await doubtsOf({ folder })).toEqual(['log-shorter-than-seen views.db']);
    const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } };
    const views = await openReadModels({ folder, reader, onNotice: () => undefined });
    await views.caughtUp(idsIn(folder).length - 1);
    await views.close();
    expect(await doubtsOf({ folder })).toEqual(['log-shorter-than-seen views.db']);
    writeFileSync(join(folder, 'events.db'), right);
    expect(await doubtsOf({ folder })).toEqual([]);
  });

  it('is doubted when vault or content is older than it, and not opened when one of them is missing', async () => {
    const folder = folders.copyOf(data);
    cpSync(join(before, 'content.db'), join(folder, 'content.db'));
    inFile(folder, 'vault.db', (db) => db.exec('DELETE FROM cards'));
    expect([...(await doubtsOf({ folder }))].sort()).toEqual(['content-older-than-log content.db', 'vault-older-than-log vault.db']);
    rmSync(join(folder, 'vault.db'));
    await expect(start({ folder })).rejects.toThrow('the log names what stands in vault.db, and there is no such file');
    expect(existsSync(join(folder, 'vault.db'))).toBe(false);
  });
});

describe('guard: the checkpoint itself', () => {
  it('is doubted when the file outside is gone, but made at the first start that names it', async () => {
    const place = await kept();
    rmSync(place.checkpointFile);
    expect(await doubtsOf(place)).toEqual(['checkpoint-missing external checkpoint']);
    const first = folders.copyOf(data);
    await start({ folder: first });
    expect(await doubtsOf({ folder: first, checkpointFile: `${first}.outside.json` })).toEqual([]);
  });

  it.each(['', '{', '{"format":"yika-checkpoint"}', '{"format":"yika-checkpoint","formatVersion":2}'])(
    'is doubted when it is damaged: %j',
    async (text) => {
      const place = await kept();
      writeFileSync(place.checkpointFile, text);
      writeFileSync(join(place.folder, 'checkpoint.json'), text);
      expect(await doubtsOf(place)).toEqual(['checkpoint-unreadable checkpoint.json', 'checkpoint-unreadable external checkpoint']);
      expect(readFileSync(place.checkpointFile, 'utf8')).toBe(text);
    },
  );

  it('that was damaged is set aside, not lost, when an operator goes on without it', async () => {
    const place = await kept();
    writeFileSync(place.checkpointFile, 'damaged');
    expect(await doubtsOf(place, 'any')).toEqual([]);
    const beside = readdirSync(dirname(place.checkpointFile)).filter((name) =>
      name.startsWith(`${basename(place.checkpointFile)}.unreadable-`),
    );
    expect(beside).toHaveLength(1);
    expect(readFileSync(join(dirname(place.checkpointFile), beside[0] ?? ''), 'utf8')).toBe('damaged');
    expect(await doubtsOf(place)).toEqual([]);
  });
});

describe('guard: an accepted loss', () => {
  it('is accepted once, recorded in both files with all that was in doubt, and not asked again', async () => {
    const place = await kept();
    const seen = checkpointIn(place.checkpointFile).logIndex;
    truncate(place.folder);
    const { doubts, accepted } = await start(place, { acceptLoss: 'any' });
    expect([doubts.length, accepted.length]).toEqual([0, 3]);
    for (const file of [place.checkpointFile, join(place.folder, 'checkpoint.json')]) {
      const [loss, ...others] = checkpointIn(file).acceptedLosses;
      expect(others).toEqual([]);
      expect(loss).toMatchObject({ lastLogIndex: seen - 2 });
      expect(loss?.doubts.map(({ source, logIndex }) => [source, logIndex])).toEqual([
        ['external checkpoint', seen],
        ['checkpoint.json', seen],
        ['views.db', seen],
      ]);
    }
    // Also while the read models still stand where they stood, the log having grown past that place with other events.
    expect(await doubtsOf(place)).toEqual([]);
    await goOnIn(place.folder, 80, 4);
    expect(await doubtsOf(place)).toEqual([]);
  });

  it('does not cover the next one', async () => {
    const place = await kept();
    truncate(place.folder);
    await start(place, { acceptLoss: 'any' });
    truncate(place.folder);
    expect(await doubtsOf(place)).toContain('log-shorter-than-seen external checkpoint');
  });

  it('that names an index is accepted of a log that ends there, and of no other', async () => {
    const place = await kept();
    truncate(place.folder);
    const last = idsIn(place.folder).length - 1;
    expect(await doubtsOf(place, last + 1)).toHaveLength(3);
    expect(await doubtsOf(place, last)).toEqual([]);
    truncate(place.folder);
    expect(await doubtsOf(place, last)).not.toEqual([]);
  });

  it('leaves the log that was given up doubted, should it come back', async () => {
    const place = await kept();
    const old = readFileSync(join(place.folder, 'events.db'));
    truncate(place.folder);
    await start(place, { acceptLoss: 'any' });
    await goOnIn(place.folder, 90, 2);
    await start(place);
    writeFileSync(join(place.folder, 'events.db'), old);
    expect(await doubtsOf(place)).toContain('log-differs-from-seen external checkpoint');
  });
});
