import { unquietContract } from '../../../../../test/contract/unquiet.contract';
import { cuttingProxy } from '../../../../../test/support/cutting-proxy';
import { ScriptedKurrentDb } from '../../../../../test/support/scripted-kurrentdb';
import { deleteLog } from '../../../../../test/support/scripted-kurrentdb/delete-log';
import { HASTY } from '../../../../../test/support/scripted-kurrentdb/on-kurrentdb';
import { openKurrentDbEventStore } from './event-store';

unquietContract('KurrentDB, scripted', async () => {
  const server = await ScriptedKurrentDb.start();
  const proxy = await cuttingProxy({ host: 'localhost', port: server.port });
  let n = 0;
  return {
    rounds: 2,
    open: () => openKurrentDbEventStore({ ...HASTY, url: `esdb://localhost:${proxy.port}?tls=false`, startUpMs: 5_000, marksEvery: 10 }),
    disturb: () => {
      n++;
      if (n % 4 === 0) proxy.cut();
      if (server.toCome === 0) server.next(n % 2 === 0 ? 'loseAnswer' : 'late', n % 4 < 2 ? 'spec:' : 'spec.claim:');
      if (n % 5 === 0) server.letGo();
    },
    dispose: async () => {
      server.letGo();
      await proxy.close();
      server.kill();
    },
  };
});

describe('KurrentDB: a suite leaves nothing on the server', () => {
  it('deletes every stream of its log, and none of another', async () => {
    const server = await ScriptedKurrentDb.start();
    for (const log of ['spec', 'spec2']) {
      const store = await openKurrentDbEventStore({ ...HASTY, url: server.url, log });
      await store.close();
    }
    await deleteLog(server.url, 'spec');
    expect(server.log.all.map(({ name }) => name).filter((name) => !name.startsWith('$$'))).toEqual(['spec2.header']);
    server.kill();
  });
});
