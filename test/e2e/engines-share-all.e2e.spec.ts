import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineRun, type EngineUnderTest, runEngine, spawnEngine } from '../crash/engine-process';
import { swipeBody } from '../crash/load';
import { type Door, doorOf, must, type Region, setUpRegion } from '../crash/region';
import { emptyPostgres, inPostgres, noPostgres } from '../support/postgres-server';
import { ProjectorProcess } from '../support/projector-process';
import { ScriptedKurrentDb } from '../support/scripted-kurrentdb';

const without = noPostgres();
/** Whom the server of the vault can turn away. */
const USER = `engine_${randomBytes(6).toString('hex')}`;

(without === undefined ? describe : describe.skip)(
  `two engines that have nothing on one machine ${without ? `(not run: ${without})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'yika-shared-'));
    const [east, west] = [join(folder, 'east'), join(folder, 'west')];
    let server: ScriptedKurrentDb;
    let projector: ProjectorProcess;
    let vaultUrl: string;
    let env: Readonly<Record<string, string>>;
    let engines: EngineUnderTest[] = [];
    let doors: Door[] = [];
    let region: Region;

    const start = async (run: EngineRun): Promise<Door> => {
      const engine = await runEngine(run);
      const door = doorOf(engine);
      engines = [...engines, engine];
      doors = [...doors, door];
      return door;
    };
    const ask = (sql: string) => inPostgres(vaultUrl, sql);
    beforeAll(async () => {
      server = await ScriptedKurrentDb.start();
      vaultUrl = await emptyPostgres();
      await ask(
        `CREATE ROLE ${USER} LOGIN; GRANT USAGE, CREATE ON SCHEMA ${String((await ask('SELECT current_schema() AS s'))[0]?.s)} TO ${USER}`,
      );
      const address = new URL(vaultUrl);
      address.username = USER;
      const store = { YIKA_STORE: server.url, YIKA_READ_MODELS: await emptyPostgres() };
      env = { ...store, YIKA_VAULT: address.href, YIKA_MASTER_KEY: 'ab'.repeat(32) };
      await start({ folder: east, env });
      await start({ folder: west, env });
      projector = await ProjectorProcess.start(store);
      region = await setUpRegion(engines[0] as EngineUnderTest, 3);
    });
    afterAll(async () => {
      await Promise.allSettled([...doors.map((door) => door.close()), ...engines.map((engine) => engine.kill('SIGTERM'))]);
      await projector.kill('SIGTERM');
      server.kill();
      await ask(`DROP OWNED BY ${USER}; DROP ROLE ${USER}`);
      rmSync(folder, { recursive: true, force: true });
    });
    const doorAt = (n: number) => doors[n] as Door;

    it('a card that one has registered is settled at the other, last characters and all, and both answer a serial the same', async () => {
      const { pharmacyKey: key, holders } = region;
      for (const [n, holder] of holders.entries()) {
        const body = swipeBody(holder, `serial-${n}`, '12.50');
        const [there, here] = [
          must(await doorAt(1).call('POST', '/v1/settlements', { key, body })),
          must(await doorAt(0).call('POST', '/v1/settlements', { key, body })),
        ];
        expect(there.cardTail).toBe(holder.cardNumber.slice(-4));
        expect({ ...here, replayed: null }).toEqual({ ...there, replayed: null });
      }
    });

    it('a person is found by either under his identity, his name is read from the vault by either, and all looks are one log', async () => {
      const { agencyKey: key, holders } = region;
      const at = `/v1/accounts/${String(holders[0]?.accountId)}/person-history`;
      const [here, there] = [must(await doorAt(0).call('GET', at, { key })), must(await doorAt(1).call('GET', at, { key }))];
      expect(there).toEqual(here);
      expect(JSON.stringify(there)).toContain('张三丰');
      const looks = await ask(`SELECT seq FROM vault_access_log WHERE act = 'read-history' ORDER BY seq`);
      expect(looks).toHaveLength(2);
    });

    it('in their folders there is neither log nor vault nor key nor read model', () => {
      for (const one of [east, west]) {
        const names = readdirSync(one);
        expect(names).toEqual(expect.arrayContaining(['log-in-kurrentdb.txt', 'vault-in-postgresql.txt']));
        expect(names.filter((name) => /\.db|master|\.key$/.test(name) && !name.startsWith('lock.db'))).toEqual([]);
      }
    });

    it('while the server of the vault is away swipes go on; names are not told and nobody is opened until it is back', async () => {
      const { agencyKey, pharmacyKey, holders } = region;
      const [one] = holders as readonly [Region['holders'][number]];
      const swipe = (serial: string) =>
        doorAt(0).call('POST', '/v1/settlements', { key: pharmacyKey, body: swipeBody(one, serial, '1.00') });
      const look = () => doorAt(0).call('GET', `/v1/accounts/${one.accountId}/person-history`, { key: agencyKey });
      const person = { identityKind: '01', identityNumber: '11010519491231002X', name: '张三丰' };
      const body = { reference: 'open-late', poolingArea: '370200', insuranceType: 'employee', person };
      const opening = () => doorAt(1).call('POST', '/v1/accounts', { key: agencyKey, body });
      await ask(`ALTER ROLE ${USER} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${USER}'`);
      expect(must(await swipe('without-vault'))).toMatchObject({ accountPaid: { total: '1.00' } });
      for (const reply of [await look(), await opening()]) expect(reply).toMatchObject({ status: 503, body: { code: 'outage' } });
      await ask(`ALTER ROLE ${USER} LOGIN`);
      expect([(await look()).status, (await opening()).status]).toEqual([200, 201]);
      expect(must(await swipe('without-vault')).cardTail).toBe(one.cardNumber.slice(-4));
    });

    it('when one is killed the other goes on; a folder does not begin a vault of its own, nor does one with another master key start', async () => {
      const { pharmacyKey: key, holders } = region;
      await (engines[0] as EngineUnderTest).kill('SIGKILL');
      const body = swipeBody(holders[1] as Region['holders'][number], 'serial-1', '12.50');
      expect(must(await doorAt(1).call('POST', '/v1/settlements', { key, body })).cardTail).toBe(holders[1]?.cardNumber.slice(-4));
      const { YIKA_VAULT: _vault, ...local } = env;
      const starts = [
        { at: east, wrong: local, code: 'vault-elsewhere' },
        { at: join(folder, 'north'), wrong: { ...env, YIKA_MASTER_KEY: 'cd'.repeat(32) }, code: 'master-key-wrong' },
        {
          at: join(folder, 'south'),
          wrong: { ...env, YIKA_VAULT: 'postgres://yika:not-told@127.0.0.1:1/vault' },
          code: 'vault-unreachable',
        },
      ].map(async ({ at, wrong, code }) => {
        const { lines, exited } = spawnEngine({ folder: at, env: wrong });
        expect(await exited).toMatchObject({ code: 1 });
        expect(lines.at(-1)).toMatchObject({ code });
        expect(JSON.stringify(lines)).not.toContain('not-told');
      });
      await Promise.all(starts);
    });
  },
);
