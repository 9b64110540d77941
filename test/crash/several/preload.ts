import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openStoreClient } from '../../support/store-server/client';

/**
 * Loaded into an engine under test before anything else, in each of its threads: its log and bills are those of a store server, its vault is
 * one that others use too, and its clock goes wrong, as on one of several machines.
 * YIKA_TEST_STORE_PORT, YIKA_TEST_VAULT (a folder), YIKA_TEST_AHEAD_MS.
 */
const { YIKA_TEST_STORE_PORT = '', YIKA_TEST_VAULT = '', YIKA_TEST_AHEAD_MS = '0' } = process.env;
const CALL_DEADLINE_MS = 400;

const load = createRequire(__filename);

const replaced = (room: string, by: (own: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>): void => {
  const own = load(room) as Readonly<Record<string, unknown>>;
  const loaded = load.cache[load.resolve(room)];
  if (loaded) loaded.exports = { ...own, ...by(own) };
};

const client = () => openStoreClient({ port: Number(YIKA_TEST_STORE_PORT), callDeadlineMs: CALL_DEADLINE_MS });
replaced('#libs/adapters/event-store/sqlite', () => ({
  openSqliteEventStore: async ({ folder }: { folder: string }) => {
    mkdirSync(folder, { recursive: true });
    return client().store;
  },
  openSqliteEventReader: async () => client().store,
  openSqliteContentStore: async () => client().contents,
}));
replaced('#libs/adapters/vault', ({ openVault }) => ({
  openVault: (options: object) => (openVault as (options: object) => unknown)({ ...options, folder: YIKA_TEST_VAULT }),
}));

const { now } = Date;
Date.now = () => now() + Number(YIKA_TEST_AHEAD_MS);
