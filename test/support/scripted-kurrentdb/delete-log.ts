import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';

const AT_ONCE = 32;

/** The names of all streams that begin with one of these. */
const namesOf = (client: EventStoreDBClient, prefixes: string[]): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const names = new Set<string>();
    const reading = client.subscribeToAll({ filter: streamNameFilter({ prefixes }) });
    reading.on('data', ({ event }) => event && names.add(event.streamId));
    reading.on('error', reject);
    reading.on('caughtUp', () => void reading.unsubscribe().then(() => resolve([...names])));
  });

/** Deletes every stream of a log; for suites, which may leave nothing on the server. Throws: what the client throws. */
export const deleteLog = async (url: string, log: string): Promise<void> => {
  const client = EventStoreDBClient.connectionString(url);
  const names = await namesOf(client, [`${log}:`, `${log}.`]);
  const deleteNext = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await client.deleteStream(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, deleteNext));
  await client.dispose();
};
