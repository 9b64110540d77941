import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteContentStore, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { APPENDED, appendOf, claimOn, collect, fresh, revisionsOf } from '../../contract/appends';
import { contentStoreContract } from '../../contract/content-store.contract';
import { eventStoreContract } from '../../contract/event-store.contract';
import { openStoreClient, type StoreClient } from './client';
import { type Mishap, openStoreServer, type ServerOptions } from './server';

/** A server on a folder of its own, started again with its client when it is asked to. */
const served = async (over: Partial<ServerOptions> & { callDeadlineMs?: number } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-served-'));
  const { callDeadlineMs = 5_000, ...options } = over;
  let stop: () => Promise<void>;
  const start = async (): Promise<StoreClient> => {
    const [store, contents] = [await openSqliteEventStore({ folder }), await openSqliteContentStore({ folder })];
    const server = await openStoreServer({ store, contents, ...options });
    stop = async () => {
      await server.close();
      await store.close();
      await contents.close();
    };
    return openStoreClient({ port: server.port, callDeadlineMs });
  };
  const client = await start();
  return {
    client,
    reopen: async () => {
      await stop();
      return start();
    },
    dispose: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
};

const part = async <K extends keyof StoreClient>(which: K) => {
  const { client, reopen, dispose } = await served();
  return { store: client[which], reopen: async () => (await reopen())[which], dispose };
};

eventStoreContract('store server', () => part('store'));
contentStoreContract('store server', () => part('contents'));

describe('a store server that loses things', () => {
  const meets = async (mishap: Mishap) => {
    const mishaps: Mishap[] = [mishap];
    return served({ mishap: () => mishaps.shift() ?? 'none', lateMs: 300, callDeadlineMs: 100 });
  };

  it.each<[Mishap, number]>([
    ['questionLost', 0],
    ['answerLost', 1],
    ['answerLate', 1],
    ['landsLate', 0],
    ['cut', 1],
  ])('%s: the outcome is unknown, %i events stand at that moment; the same append again makes it one', async (mishap, standing) => {
    const { client, dispose } = await meets(mishap);
    const [stream, key] = [fresh('account'), fresh('settlement')];
    const append = appendOf(stream, 'no-stream', 1, { claims: [claimOn(key)] });
    expect(await client.store.append(append)).toMatchObject({ kind: 'unknown' });
    expect(await collect(client.store.readForward(stream))).toHaveLength(standing);
    expect(await client.store.append(append)).toEqual(APPENDED);
    await new Promise((resolve) => setTimeout(resolve, 400)); // What was under way has landed.
    expect(revisionsOf(await collect(client.store.readForward(stream)))).toEqual([0]);
    await client.store.close();
    await dispose();
  });
});
