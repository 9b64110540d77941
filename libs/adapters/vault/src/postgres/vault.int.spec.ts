import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Vault } from '#libs/application';
import { emptyPostgres, inPostgres, noPostgres } from '../../../../../test/support/postgres-server';
import type { VaultError } from '../vault-error';
import { MASTER } from '../vaults.fixture';
import { openPostgresVault } from './vault';

const CLERK = { principal: 'yk_clerk', purpose: 'court order' };
const PERSON = { identityKind: '01', identityNumber: '11010519491231002X', name: '欧阳' };
const without = noPostgres();

(without === undefined ? describe : describe.skip)(`the vault on a server ${without ? `(not run: ${without})` : ''}`, () => {
  let url: string;
  /** The user that the engines of these specs come as; whoever else uses the server is left alone. */
  let user: string;
  let open: Vault[];
  const opened = async (at = url, masterKey = MASTER): Promise<Vault> => {
    const vault = await openPostgresVault({ url: at, masterKey, hearErasuresEveryMs: 20 });
    open.push(vault);
    return vault;
  };
  const ask = (sql: string) => inPostgres(url, sql);
  const addressWith = (change: (address: URL) => void): string => {
    const address = new URL(url);
    change(address);
    return address.href;
  };
  const asUser = () => addressWith((address) => Object.assign(address, { username: user, password: 'not-told' }));
  const cutAll = () => ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'`);
  const faultOf = (attempt: Promise<unknown>): Promise<VaultError> =>
    attempt.then(
      () => Promise.reject(new Error('it was done')),
      (error: unknown) => error as VaultError,
    );
  const schema = async () => String((await ask('SELECT current_schema() AS schema'))[0]?.schema);
  /** What the how-to gives to the user of an engine, once the tables are there. */
  const grantUsual = async () => {
    await ask(`GRANT USAGE ON SCHEMA ${await schema()} TO ${user}`);
    await ask(`GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA ${await schema()} TO ${user}`);
    await ask(`GRANT UPDATE (wrapped) ON vault_keys TO ${user}; GRANT UPDATE (version) ON vault_changes TO ${user}`);
  };

  beforeEach(async () => {
    open = [];
    url = await emptyPostgres();
    user = `engine_${randomBytes(6).toString('hex')}`;
    await ask(`CREATE ROLE ${user} LOGIN`);
  });
  afterEach(async () => {
    await Promise.all(open.map((vault) => vault.close()));
    await cutAll();
    await ask(`DROP SCHEMA ${await schema()} CASCADE; DROP OWNED BY ${user}; DROP ROLE ${user}`);
  });

  it.each([
    ['vault-unreachable', () => 'postgres://yika:not-told@127.0.0.1:1/vault'],
    ['vault-no-database', () => addressWith((address) => Object.assign(address, { pathname: '/nowhere' }))],
    ['vault-credentials', () => addressWith((address) => Object.assign(address, { username: 'nobody' }))],
    ['vault-rights', asUser],
    [
      'vault-read-only',
      () =>
        addressWith(({ searchParams }) =>
          searchParams.set('options', `${searchParams.get('options')} -c default_transaction_read_only=on`),
        ),
    ],
  ])('a start that fails says why, in both languages and without the password: %s', async (code, address) => {
    const fault = await faultOf(opened(address()));
    expect(fault).toMatchObject({ name: 'VaultError', code });
    expect(fault.message).toMatch(/[\u4e00-\u9fff].* \/ .*PostgreSQL|[\u4e00-\u9fff].* \/ .*this user/);
    expect(JSON.stringify(fault) + fault.message + String(fault.stack)).not.toContain('not-told');
    expect(await ask(`SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`)).toEqual([]);
  });
  it('a vault that a newer program has made is refused and left as it is', async () => {
    await (await opened()).close();
    await ask('INSERT INTO vault_migrations (version) VALUES (99)');
    expect(await faultOf(opened())).toMatchObject({ code: 'vault-newer' });
    expect(await ask('SELECT version FROM vault_migrations ORDER BY version')).toMatchObject([{ version: '1' }, { version: '99' }]);
  });
  it('many engines that start at once make one vault; of those with another master key none has a part in it', async () => {
    const started = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => opened(url, i % 2 === 0 ? MASTER : new Uint8Array(32))));
    const refusedOnes = started.flatMap((one) => (one.status === 'rejected' ? [(one.reason as VaultError).code] : []));
    expect(refusedOnes).toEqual(Array.from({ length: 4 }, () => 'master-key-wrong'));
    expect(await ask('SELECT version FROM vault_migrations')).toMatchObject([{ version: '1' }]);
    expect(await ask('SELECT name FROM vault_marks')).toHaveLength(1);
  });

  it('an engine whose user may do no more than it must works, and cannot shorten the access log or stop what guards it', async () => {
    await (await opened()).close();
    await grantUsual();
    const vault = await opened(asUser());
    await vault.putHolder('P1', PERSON, [{ cardId: 'K1', cardNumber: 'A12345678' }]);
    await vault.putPersonChange('P1', 'C1', { ...PERSON, name: '李四' }, { grounds: 'correction', document: 'D-1' });
    await vault.applyPersonChange('C1');
    expect(await vault.readPerson('P1', CLERK)).toMatchObject({ name: '李四' });
    await vault.erasePerson('P1', CLERK);
    expect(await vault.readPerson('P1', CLERK)).toBeUndefined();
    for (const sql of ['DELETE FROM vault_access_log', 'TRUNCATE vault_access_log', 'ALTER TABLE vault_access_log DISABLE TRIGGER ALL'])
      await expect(inPostgres(asUser(), sql)).rejects.toThrow(/permission denied|must be owner/);
    await expect(ask('TRUNCATE vault_access_log')).rejects.toThrow('append only'); // Nor its owner by mistake.
  });
  it('no answer without an entry: when the log cannot be written, nothing is read', async () => {
    const vault = await opened();
    await vault.putPerson('P1', PERSON);
    await ask(`CREATE TRIGGER full_disk BEFORE INSERT ON vault_access_log FOR EACH ROW EXECUTE FUNCTION vault_append_only()`);
    expect(await faultOf(vault.readPerson('P1', CLERK))).toMatchObject({ code: 'vault-outage' });
  });
  it('an entry waits for the one before it, of whichever engine: nobody who reads the log on misses one', async () => {
    const vault = await opened();
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('yika vault access log ' || current_schema()));
      INSERT INTO vault_access_log VALUES (1, 'now', 'other', 'p', 's', 'read')`);
    const read = Promise.allSettled([vault.readPerson('P1', CLERK)]);
    while ((await ask('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted'))[0]?.n === 0) await pause(5);
    await other.query('COMMIT');
    await other.end();
    expect(await read).toMatchObject([{ status: 'fulfilled' }]);
    expect((await vault.accessLog(0, 9)).map(({ seq, principal }) => [seq, principal])).toEqual([
      [1, 'other'],
      [2, 'yk_clerk'],
    ]);
  });
  it('is durable when it answers, also where the database is set to be quick', async () => {
    await (await opened()).close();
    await grantUsual();
    await ask(`ALTER ROLE ${user} SET synchronous_commit = off`);
    await ask(`CREATE TABLE seen (setting text); GRANT INSERT ON seen TO ${user};
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
      CREATE TRIGGER sees BEFORE INSERT ON vault_access_log FOR EACH ROW EXECUTE FUNCTION see()`);
    const vault = await opened(asUser());
    await vault.readPerson('P1', CLERK);
    expect(await ask('SELECT setting FROM seen')).toEqual([{ setting: 'on' }]);
  });

  it('what the server cannot keep takes nobody with it who came in the same moment', async () => {
    const vault = await opened();
    const puts = await Promise.allSettled(['P1', 'P\0', 'P2'].map((personId) => vault.putPerson(personId, PERSON)));
    expect(puts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ask('SELECT person_id AS id FROM vault_persons ORDER BY id')).toEqual([{ id: 'P1' }, { id: 'P2' }]);
  });

  it('whom one engine erases, the others forget: also the last characters that they have in memory', async () => {
    const [here, there] = [await opened(), await opened()];
    await here.putCard('K1', 'P1', 'A12345678');
    expect([await here.cardTail('K1'), await there.cardTail('K1')]).toEqual(['5678', '5678']);
    await here.erasePerson('P1', CLERK);
    expect(await here.cardTail('K1')).toBe('****');
    while ((await there.cardTail('K1')) !== '****') await pause(5);
  });
  it('who waits for another engine sees what it has left: nothing, or a person who is not to be put again', async () => {
    const vault = await opened();
    const other = new Client({ connectionString: url });
    await other.connect();
    const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`;
    for (const [personId, end, outcome] of [
      ['P1', 'ROLLBACK', 'fulfilled'],
      ['P2', 'COMMIT', 'rejected'],
    ]) {
      await other.query(`BEGIN; INSERT INTO vault_keys VALUES ('${personId}', NULL)`);
      const put = Promise.allSettled([vault.putPerson(personId ?? '', PERSON)]);
      while ((await ask(waiting))[0]?.n === 0) await pause(5);
      await other.query(end ?? '');
      expect(await put).toMatchObject([{ status: outcome }]);
    }
    await other.end();
    expect(await ask('SELECT person_id AS id FROM vault_persons')).toEqual([{ id: 'P1' }]);
  });

  it('while the server is away puts and reads say so, tills go on with what is in memory; then all goes on as before', async () => {
    await (await opened()).close();
    await grantUsual();
    const vault = await opened(asUser());
    await vault.putHolder('P1', PERSON, [
      { cardId: 'K1', cardNumber: 'A12345678' },
      { cardId: 'K2', cardNumber: 'A12349999' },
    ]);
    expect(await vault.cardTail('K1')).toBe('5678');
    await ask(`ALTER ROLE ${user} NOLOGIN`);
    await cutAll();
    expect(await faultOf(vault.putPerson('P2', PERSON))).toMatchObject({ code: 'vault-outage', why: 'outage' });
    expect(await faultOf(vault.readPerson('P1', CLERK))).toMatchObject({ code: 'vault-outage' });
    expect(await faultOf(vault.accessLog(0, 1))).toMatchObject({ code: 'vault-outage' });
    expect([await vault.cardTail('K1'), await vault.cardTail('K2')]).toEqual(['5678', '****']);
    await ask(`ALTER ROLE ${user} LOGIN`);
    expect(await vault.readPerson('P1', CLERK)).toEqual(PERSON);
    expect(await vault.cardTail('K2')).toBe('9999');
  });
  it('connections that are cut again and again lose nobody: each is there once, with the commitments that were answered', async () => {
    await (await opened()).close();
    await grantUsual();
    const engines = [await opened(asUser()), await opened(asUser())];
    let faults = 0;
    const stubborn = async (vault: Vault, personId: string): Promise<unknown> => {
      for (;;) {
        try {
          return await vault.putHolder(personId, PERSON, [{ cardId: `K${personId}`, cardNumber: `A${personId}` }]);
        } catch (fault) {
          if ((fault as VaultError).code !== ('vault-outage' as string)) throw fault;
          faults += 1;
          await pause(2);
        }
      }
    };
    const stop = new AbortController();
    const cutting = (async () => {
      while (!stop.signal.aborted) {
        await cutAll();
        await pause(5);
      }
    })();
    const ids = Array.from({ length: 60 }, (_, i) => `P${i}`);
    const answers = await Promise.all(
      engines.map(async (vault) => {
        const told: unknown[] = [];
        for (let i = 0; i < ids.length; i += 6) told.push(...(await Promise.all(ids.slice(i, i + 6).map((id) => stubborn(vault, id)))));
        return told;
      }),
    );
    stop.abort();
    await cutting;
    expect(answers[1]).toEqual(answers[0]);
    expect(await ask('SELECT count(*)::int AS n FROM vault_persons')).toEqual([{ n: ids.length }]);
    expect(faults).toBeGreaterThan(0);
  });
});
