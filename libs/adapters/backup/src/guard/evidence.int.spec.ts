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
