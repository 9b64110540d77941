import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteContentStore, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { type OpenReadModels, openReadModels } from '#libs/adapters/read-models';
import { loadMasterKey, openVault } from '#libs/adapters/vault';
import { type Engine, type EventStore, makeEngine, type Vault } from '#libs/application';

/** An engine in this process on a data folder, with all that the bench needs to reach behind it. */
export type OpenEngine = Readonly<{ engine: Engine; store: EventStore; vault: Vault; close: () => Promise<void> }>;
type Wrapped = Readonly<{ store: EventStore; vault: Vault }>;
type Options = Readonly<{ cacheMb?: number; wrap?: (parts: Wrapped) => Wrapped }>;

const DEADLINE_MS = 30_000;

/** The same parts as the engine of `npm start`, opened without its doors; `wrap` looks on at what goes to the log and the vault. */
export const openEngine = async (folder: string, { cacheMb = 256, wrap = (parts) => parts }: Options = {}): Promise<OpenEngine> => {
  const opened = await openSqliteEventStore({ folder, callDeadlineMs: DEADLINE_MS });
  const { key } = loadMasterKey({ file: join(folder, 'master.key'), env: {}, createIfMissing: true });
  const vault = await openVault({ folder, masterKey: key });
  const contents = await openSqliteContentStore({ folder });
  const engine = await makeEngine({
    ...wrap({ store: opened, vault }),
    contents,
    time: { nowMs: Date.now, pause: () => sleep(2) },
    deadlineMs: DEADLINE_MS,
    cacheBytes: cacheMb * 1024 * 1024,
    repeatedAttemptsMax: 1_000,
    randomBytes,
  });
  const close = async () => {
    await engine.drain();
    await contents.close();
    await opened.close();
    await vault.close();
  };
  return { engine, store: opened, vault, close };
};

/** The projections of a data folder, in their own thread. */
export const openProjections = (folder: string): Promise<OpenReadModels> =>
  openReadModels({
    folder,
    reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
  });

/** Calls `one` for 0 … count-1, so many at once. */
export const inParallel = async (count: number, atOnce: number, one: (n: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
