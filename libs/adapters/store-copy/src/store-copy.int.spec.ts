import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteContentStore, openSqliteEventReader, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { AppendResult, EventStore, LoggedEvent } from '#libs/application';
import { dataFolderWith, goOnIn, temporaryFolders } from '../../../../test/support/kept-folder';
import { ScriptedKurrentDb } from '../../../../test/support/scripted-kurrentdb';
import { compareLogs } from './compare-logs';
import { copyLog } from './copy-log';
import { copyStore, type NamedStore } from './copy-store';
import type { CopyParts } from './parts';

const SWIPES = 12;
const folders = temporaryFolders();
let source: string;

const sqlite = (folder: string): NamedStore => ({
  module: '#libs/adapters/event-store/sqlite',
  reader: 'openSqliteEventReader',
  store: 'openSqliteEventStore',
  contents: 'openSqliteContentStore',
  options: { folder },
  inFlightMax: 16,
});
const copy = (to: NamedStore, { from = source, report = () => undefined, signal = new AbortController().signal }: Partial<Asked> = {}) =>
  copyStore({ from: sqlite(from), to, report, signal });
type Asked = Readonly<{ from: string; report: CopyParts['report']; signal: AbortSignal }>;

const rowsIn = (folder: string, file: string, sql: string): unknown[] => {
  const db = new DatabaseSync(join(folder, file), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};
const everythingIn = (folder: string) => [
  rowsIn(folder, 'events.db', 'SELECT * FROM events ORDER BY log_index'),
  rowsIn(folder, 'events.db', 'SELECT * FROM claims ORDER BY key'),
  rowsIn(folder, 'content.db', 'SELECT * FROM content ORDER BY hash'),
];
const countIn = (folder: string, table: string): number =>
  (rowsIn(folder, 'events.db', `SELECT count(*) AS n FROM ${table}`)[0] as { n: number }).n;

beforeAll(async () => {
  source = folders.next();
  await dataFolderWith(source, SWIPES);
});
afterAll(() => folders.remove());

describe('store copy', () => {
  it('log, claims and bill lines are the same afterwards, at the same places', async () => {
    const target = folders.next();
    const copied = await copy(sqlite(target));
    expect(everythingIn(target)).toEqual(everythingIn(source));
    expect(copied).toMatchObject({
      events: countIn(source, 'events'),
      copiedNow: countIn(source, 'events'),
      claims: countIn(source, 'claims'),
      contents: SWIPES,
      balanceFen: 1_000_000 - SWIPES * 100,
      sourceGrownBy: 0,
    });
  });
  it('one that was stopped goes on where it was; a source that has grown since is caught up with', async () => {
    const from = folders.copyOf(source);
    const target = folders.next();
    const control = new AbortController();
    const report: CopyParts['report'] = (_, done) => {
      if (done >= 10) control.abort();
    };
    await expect(copy(sqlite(target), { from, report, signal: control.signal })).rejects.toThrow('given again it goes on');
    const standing = countIn(target, 'events');
    expect(standing).toBeGreaterThanOrEqual(10);
    expect(standing).toBeLessThan(countIn(from, 'events'));
    expect((await copy(sqlite(target), { from })).copiedNow).toBe(countIn(from, 'events') - standing);
    await goOnIn(from, SWIPES + 1, 3);
    const { copiedNow, events } = await copy(sqlite(target), { from });
    expect([copiedNow > 0, events]).toEqual([true, countIn(from, 'events')]);
    expect(everythingIn(target)).toEqual(everythingIn(from));
  });
  it('a target that holds anything else is refused, and stays as it is', async () => {
    const other = folders.next();
    await dataFolderWith(other, 1);
    const before = everythingIn(other);
    await expect(copy(sqlite(other))).rejects.toMatchObject({ name: 'CopyRefused', code: 'target-not-a-copy' });
    expect(everythingIn(other)).toEqual(before);
    const longer = folders.copyOf(source);
    await goOnIn(longer, SWIPES + 1, 1);
    await expect(copy(sqlite(longer))).rejects.toMatchObject({ code: 'source-shorter' });
  });
  it('into KurrentDB: the same events in the same order, found by stream and by claim', async () => {
    const server = await ScriptedKurrentDb.start();
    try {
      const to: NamedStore = {
        module: '#libs/adapters/event-store/kurrentdb',
        reader: 'openKurrentDbEventReader',
        store: 'openKurrentDbEventStore',
        contents: 'openKurrentDbContentStore',
        options: { url: server.url },
        inFlightMax: 1,
      };
      const first = await copy(to);
      expect(first).toMatchObject({ events: countIn(source, 'events'), claims: countIn(source, 'claims'), contents: SWIPES });
      expect(await copy(to)).toEqual({ ...first, copiedNow: 0 });
      expect((await copy(sqlite(folders.next()))).hash).toBe(first.hash);
    } finally {
      server.kill();
    }
  });
});

describe('store copy: what is held against each other', () => {
  let parts: CopyParts;
  let last: number;
  let closing: (() => Promise<void>)[];

  beforeEach(async () => {
    const folder = folders.next();
    const from = await openSqliteEventReader({ folder: source });
    const to = await openSqliteEventStore({ folder });
    const sourceContents = await openSqliteContentStore({ folder: source, readOnly: true });
    const targetContents = await openSqliteContentStore({ folder });
    closing = [targetContents, sourceContents, to, from].map((store) => () => store.close());
    last = await from.lastLogIndex();
    const rest = { sourceContents, targetContents, inFlightMax: 4, report: () => undefined, signal: new AbortController().signal };
    parts = { source: from, target: to, ...rest };
  });
  afterEach(async () => {
    for (const close of closing) await close();
  });
  const withTarget = (changed: Partial<EventStore>): CopyParts => ({ ...parts, target: { ...parts.target, ...changed } });
  const altered = (event: LoggedEvent): LoggedEvent => ({ ...event, bytes: Buffer.concat([event.bytes, Buffer.from(' ')]) });

  it('an append whose outcome is not known is made again until it is', async () => {
    let unknown = 5;
    const append: EventStore['append'] = async (wanted): Promise<AppendResult> => {
      const result = await parts.target.append(wanted);
      return unknown-- > 0 ? { kind: 'unknown', cause: 'lost' } : result;
    };
    await copyLog(withTarget({ append }), last);
    expect((await compareLogs(parts, last)).hash).toMatch(/^[0-9a-f]{64}$/);
  });
  it('a target that takes nothing more is told, and the copy stops there', async () => {
    let room = 6;
    const append: EventStore['append'] = async (wanted) =>
      room-- > 0 ? parts.target.append(wanted) : { kind: 'unavailable', cause: 'full' };
    await expect(copyLog({ ...withTarget({ append }), inFlightMax: 1 }, last)).rejects.toMatchObject({ code: 'target-unavailable' });
    expect(await parts.target.lastLogIndex()).toBeGreaterThanOrEqual(5);
    await copyLog(parts, last);
    await compareLogs(parts, last);
  });
  it.each([
    [
      'an event that differs',
      (target: EventStore): Partial<EventStore> => ({
        async *readLog(from) {
          for await (const event of target.readLog(from)) yield event.logIndex === 9 ? altered(event) : event;
        },
      }),
      'event 9 differs',
    ],
    [
      'an event too many',
      (target: EventStore): Partial<EventStore> => ({
        async *readLog(from) {
          yield* target.readLog(from);
          yield* target.readLog(last);
        },
      }),
      'the target has more than',
    ],
    ['a claim that is missing', (): Partial<EventStore> => ({ findClaim: async () => undefined }), 'a claim of event'],
    [
      'a claim of another event',
      (target: EventStore): Partial<EventStore> => ({
        findClaim: async (key) => {
          const claim = await target.findClaim(key);
          return claim && { ...claim, eventId: 'other' };
        },
      }),
      'a claim of event',
    ],
    [
      'a stream that is cut short',
      (target: EventStore): Partial<EventStore> => ({
        async *readForward(stream) {
          let first = true;
          for await (const event of target.readForward(stream)) {
            if (!first || !stream.startsWith('medicalAccount-')) yield event;
            first = false;
          }
        },
      }),
      'events or balances differ',
    ],
  ] as const)('%s is found', async (_, change, told) => {
    await copyLog(parts, last);
    await expect(compareLogs(withTarget(change(parts.target)), last)).rejects.toThrow(told);
  });
  it('bill lines that are missing are found', async () => {
    await copyLog(parts, last);
    const targetContents = { ...parts.targetContents, get: async () => undefined };
    await expect(compareLogs({ ...parts, targetContents }, last)).rejects.toThrow('the bill lines of event');
  });
});
