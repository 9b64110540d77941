import { randomBytes } from 'node:crypto';
import { type KurrentDbOptions, openKurrentDbContentStore, openKurrentDbEventStore } from '#libs/adapters/event-store/kurrentdb';
import { contentStoreContract } from '../contract/content-store.contract';
import { eventStoreContract } from '../contract/event-store.contract';
import { unquietContract } from '../contract/unquiet.contract';
import { cuttingProxy } from '../support/cutting-proxy';
import { deleteLog } from '../support/scripted-kurrentdb/delete-log';

const url = process.env.KURRENTDB_URL ?? '';
const freshLog = (): string => `yikaTest_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;

const onTheServer = async <Store extends { close(): Promise<void> }>(open: (options: KurrentDbOptions) => Promise<Store>) => {
  const log = freshLog();
  const options = { url, log, marksEvery: 100, callDeadlineMs: 20_000 };
  let store = await open(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open(options);
      return store;
    },
    dispose: () => deleteLog(url, log),
  };
};

eventStoreContract('KurrentDB', () => onTheServer(openKurrentDbEventStore));
contentStoreContract('KurrentDB', () => onTheServer(openKurrentDbContentStore));

const single = /^(esdb:\/\/(?:[^@/]+@)?)([^:,/?]+):(\d+)(\/?\?.*)?$/.exec(url);
if (single) {
  const [, before = '', host = '', port = '', rest = ''] = single;
  unquietContract('KurrentDB', async () => {
    const log = freshLog();
    const proxy = await cuttingProxy({ host, port: Number.parseInt(port, 10) });
    return {
      rounds: 20,
      open: () => openKurrentDbEventStore({ url: `${before}localhost:${proxy.port}${rest}`, log, marksEvery: 100 }),
      disturb: proxy.cut,
      dispose: async () => {
        await proxy.close();
        await deleteLog(url, log);
      },
    };
  });
} else {
  describe('KurrentDB: several engines over connections that break', () => {
    it.skip('not run: through one node only, and the connection string names several', () => undefined);
  });
}
