import { setTimeout as pause } from 'node:timers/promises';
import { dumpPostgresReadModel, dumpReadModel, openPostgresReadModels, openReadModels } from '#libs/adapters/read-models';
import { holderWithCard, type TestEngine, testEngine, withRegion } from '../support/engine-fixture';
import { settle } from '../support/kept-folder';
import { emptyPostgres, noPostgres } from '../support/postgres-server';
import { leaderOf, ProjectorProcess } from '../support/projector-process';
import { seeded } from './seeded';

const ROUNDS = Number.parseInt(process.env.YIKA_ROUNDS ?? '2', 10);
const SWIPES = 12;
const LEASE_SECONDS = '1';
const without = noPostgres();

const all = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
};

(without === undefined ? describe : describe.skip)(
  `projectors that are killed and stopped ${without ? `(not run: ${without})` : ''}`,
  () => {
    let made: TestEngine;
    let url: string;
    let projectors: ProjectorProcess[];
    let serial = 1;

    const start = () => ProjectorProcess.start({ YIKA_DATA: made.folder, YIKA_READ_MODELS: url, YIKA_LEASE_SECONDS: LEASE_SECONDS });
    const swipe = async (count: number) => {
      await settle(made, serial, count);
      serial += count;
    };
    const others = (one: ProjectorProcess) => projectors.filter((projector) => projector !== one);
    /** Row by row what SQLite makes of the same log. */
    const expectSameAsSqlite = async () => {
      const last = await made.store.lastLogIndex();
      const kept = await openPostgresReadModels({ url, lastLogIndex: () => made.store.lastLogIndex() });
      await kept.caughtUp(last);
      const { folder } = made;
      const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } };
      const views = await openReadModels({ folder, reader });
      await views.caughtUp(last);
      const names = (await views.status()).map(({ name }) => name);
      await views.close();
      await kept.close();
      for (const name of names) {
        const lines = await all(dumpPostgresReadModel(url, name));
        expect([name, lines]).toEqual([name, await all(dumpReadModel(folder, name))]);
      }
      expect(await all(dumpPostgresReadModel(url, 'settlements'))).toHaveLength(serial - 1);
    };

    beforeEach(async () => {
      serial = 1;
      url = await emptyPostgres();
      made = await withRegion(await testEngine());
      await holderWithCard(made, 'A10000001', 1_000_000);
      projectors = [await start(), await start()];
    });
    afterEach(async () => {
      for (const projector of projectors) await projector.kill('SIGKILL');
      await made.close();
    });

    it('another takes over from one that was killed; nothing is skipped, nothing applied twice', async () => {
      const random = seeded(7);
      for (let round = 0; round < ROUNDS; round++) {
        const leader = await leaderOf(projectors);
        const swiping = swipe(SWIPES);
        await pause(random() * 60);
        await leader.kill('SIGKILL');
        projectors = [...others(leader), await start()];
        await swiping;
        await leaderOf(projectors);
      }
      await swipe(1);
      await expectSameAsSqlite();
    });

    it('one that stood still while another took over writes nothing any more, and stands by', async () => {
      const stopped = await leaderOf(projectors);
      await swipe(SWIPES);
      stopped.child.kill('SIGSTOP');
      const next = await leaderOf(others(stopped));
      await swipe(SWIPES);
      stopped.child.kill('SIGCONT');
      while (!stopped.codes.includes('lease-lost')) await pause(20);
      await swipe(SWIPES);
      await expectSameAsSqlite();
      expect([await stopped.leads(), await next.leads()]).toEqual([false, true]);
      await next.kill('SIGTERM'); // An orderly end hands over at once.
      expect(await leaderOf([stopped])).toBe(stopped);
      await swipe(1);
      await expectSameAsSqlite();
    });

    it('health and figures tell who leads and how far the projections are; no password is told anywhere', async () => {
      const leader = await leaderOf(projectors);
      await swipe(2);
      const last = await made.store.lastLogIndex();
      while ((await leader.status()).projections.some(({ logIndex }) => logIndex < last)) await pause(20);
      const figures = (await leader.get('/metrics')).text;
      for (const line of ['yika_projector_leads 1', 'yika_projections_away 0', `yika_log_events ${last + 1}`])
        expect(figures).toContain(line);
      expect(figures).toContain('yika_projection_lag_events{projection="balances"} 0');
      const [standby] = others(leader);
      expect((await standby?.get('/metrics'))?.text).toContain('yika_projector_leads 0');
      for (const projector of projectors) {
        expect(await projector.get('/health/live')).toEqual({ status: 200, text: '{"status":"live"}' });
        expect((await projector.get('/health/ready')).status).toBe(200);
        expect((await projector.get('/')).status).toBe(404);
        const told = [...projector.lines, (await projector.get('/health')).text, (await projector.get('/metrics')).text].join('\n');
        expect(told).not.toContain('not-told');
      }
    });
  },
);
