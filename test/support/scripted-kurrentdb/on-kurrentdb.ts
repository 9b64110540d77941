import { type KurrentDbOptions, openKurrentDbEventStore } from '#libs/adapters/event-store/kurrentdb';
import type { EventStore } from '#libs/application';
import { ScriptedKurrentDb, type ScriptedOptions } from './index';

/** Quick to try again and slow to give up, so that a busy machine changes no outcome. */
export const HASTY = { callDeadlineMs: 10_000, tryMs: 50, claimPatienceMs: 50, startUpMs: 10_000, outageMs: 10_000, log: 'spec' } as const;

/** Servers and stores of one spec, all let go of at its end. */
export const onKurrentDb = () => {
  const servers: ScriptedKurrentDb[] = [];
  const stores: EventStore[] = [];
  return {
    serve: async (options: ScriptedOptions = {}): Promise<ScriptedKurrentDb> => {
      const server = await ScriptedKurrentDb.start(options);
      servers.push(server);
      return server;
    },
    open: async (server: ScriptedKurrentDb, more: Partial<KurrentDbOptions> = {}): Promise<EventStore> => {
      const store = await openKurrentDbEventStore({ ...HASTY, url: server.url, ...more });
      stores.push(store);
      return store;
    },
    letGo: async (): Promise<void> => {
      for (const store of stores.splice(0)) await store.close();
      for (const server of servers.splice(0)) server.kill();
    },
  };
};
