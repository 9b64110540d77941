import { openSqliteEventReader, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { emptyPostgres, inPostgres, noPostgres } from '../../../../../test/support/postgres-server';
import { readModelsContract } from '../read-models.contract';
import { ViewsUnderTest } from '../views-under-test.fixture';
import { dumpPostgresReadModel } from './dump';
import { LeasedProjector } from './leased-projector';
import { openPostgresReadModels } from './read-models';

const addresses = new Map<string, string>();
const addressFor = async (folder: string): Promise<string> => {
  const url = addresses.get(folder) ?? (await emptyPostgres());
  addresses.set(folder, url);
  return url;
};

const without = noPostgres();
if (without === undefined) {
  const openStore = (folder: string) => openSqliteEventStore({ folder });
  const under = new ViewsUnderTest(openStore, {
    async open({ folder, batchEventsMax, onNotice = () => undefined }) {
      const url = await addressFor(folder);
      const reader = await openSqliteEventReader({ folder });
      const projector = await LeasedProjector.start({
        url,
        reader,
        onNotice,
        leaseMs: 1_000,
        ...(batchEventsMax ? { batchEventsMax } : {}),
      });
      const models = await openPostgresReadModels({ url, lastLogIndex: () => reader.lastLogIndex() });
      await models.caughtUp(-1);
      const close = async () => {
        await models.close();
        await projector.close();
        await reader.close();
      };
      return { ...models, close };
    },
    dump: (folder, name) => dumpPostgresReadModel(addresses.get(folder) ?? '', name),
    async forget(folder) {
      const url = await addressFor(folder);
      const [{ schema } = {}] = await inPostgres(url, 'SELECT current_schema() AS schema');
      await inPostgres(url, `DROP SCHEMA ${String(schema)} CASCADE`);
      addresses.delete(folder);
    },
  });
  readModelsContract('PostgreSQL', under);
} else {
  it.skip(`not run: ${without}`, () => undefined);
}
