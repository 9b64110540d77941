import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentStoreContract } from '../../../../../test/contract/content-store.contract';
import { eventStoreContract } from '../../../../../test/contract/event-store.contract';
import { openSqliteContentStore } from './content-store';
import { openSqliteEventStore } from './event-store';

const onAFolder = async <Store extends { close(): Promise<void> }>(open: (folder: string) => Promise<Store>) => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-store-'));
  let store = await open(folder);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open(folder);
      return store;
    },
    dispose: async () => rmSync(folder, { recursive: true }),
  };
};

eventStoreContract('SQLite', () => onAFolder((folder) => openSqliteEventStore({ folder })));
contentStoreContract('SQLite', () => onAFolder((folder) => openSqliteContentStore({ folder })));
