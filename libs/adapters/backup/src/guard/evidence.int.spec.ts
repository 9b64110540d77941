import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import type { EventReader, LoggedEvent } from '#libs/application';
import { dataFolderWith, inFile, temporaryFolders } from '../../../../../test/support/kept-folder';
import { missingBeside } from './evidence';

const folders = temporaryFolders();
const data = folders.next();
beforeAll(() => dataFolderWith(data, 4));
afterAll(folders.remove);

/** The log of a folder, followed by so many events that name nothing. */
const followedBy = async (folder: string, others: number): Promise<Readonly<{ reader: EventReader; last: number }>> => {
  const store = await openSqliteEventStore({ folder });
  const real: LoggedEvent[] = [];
  for await (const event of store.readLog(0)) real.push(event);
  await store.close();
  const [first] = real;
  if (first === undefined) throw new Error('the log is empty');
  const last = real.length + others - 1;
  const readLog = async function* (from: number): AsyncGenerator<LoggedEvent> {
    for (let i = from; i <= last; i++) yield real[i] ?? { ...first, logIndex: i, stream: 'other', type: 'Other.v1' };
  };
  return { reader: { readLog } as unknown as EventReader, last };
};

describe('a vault that is older than the log', () => {
  it.each([0, 4_999, 12_000, 60_000])('is found although %i events came after the newest person and card', async (others) => {
    const folder = folders.copyOf(data);
    const { reader, last } = await followedBy(folder, others);
    const codes = async () => (await missingBeside(reader, folder, last)).map(({ code }) => code);
    expect(await codes()).toEqual([]);
    inFile(folder, 'vault.db', (db) => db.exec('DELETE FROM cards'));
    expect(await codes()).toEqual(['vault-older-than-log']);
  });
});

it('an event that this version cannot read is told by file, log index and stream, and what to do', async () => {
  const { reader, last } = await followedBy(data, 0);
  const newer = async function* (from: number): AsyncGenerator<LoggedEvent> {
    for await (const event of reader.readLog(from))
      yield event.logIndex === last
        ? { ...event, bytes: Buffer.from(Buffer.from(event.bytes).toString().replaceAll('.v1"}', '.v9"}')) }
        : event;
  };
  const found = await missingBeside({ ...reader, readLog: newer }, data, last).then(
    () => undefined,
    (thrown: unknown) => thrown as Error & { code: string },
  );
  expect(found?.code).toBe('event-not-understood');
  expect(found?.message).toMatch(
    new RegExp(`Event ${last} of events.db \\(medicalAccount-.*cannot be read by this version: .*unknown type .*\\.v9`),
  );
  expect(found?.message).toContain(`yika verify --from ${last}`);
});
