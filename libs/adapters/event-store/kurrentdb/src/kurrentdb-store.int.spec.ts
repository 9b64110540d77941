import { contentStoreContract } from '../../../../../test/contract/content-store.contract';
import { eventStoreContract } from '../../../../../test/contract/event-store.contract';
import { ScriptedKurrentDb } from '../../../../../test/support/scripted-kurrentdb';
import { type KurrentDbOptions, openKurrentDbContentStore, openKurrentDbEventStore } from './event-store';

const onAServer = async <Store extends { close(): Promise<void> }>(open: (options: KurrentDbOptions) => Promise<Store>) => {
  const server = await ScriptedKurrentDb.start();
  const options = { url: server.url, log: 'contract', marksEvery: 100, callDeadlineMs: 20_000 };
  let store = await open(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open(options);
      return store;
    },
    dispose: async () => server.kill(),
  };
};

eventStoreContract('KurrentDB, scripted', () => onAServer(openKurrentDbEventStore));
contentStoreContract('KurrentDB, scripted', () => onAServer(openKurrentDbContentStore));
