import { createHash } from 'node:crypto';
import type { PersonRecord, Vault } from '#libs/application';
import { emptyPostgres, inPostgres, noPostgres } from '../../../../test/support/postgres-server';
import type { VaultError } from './index';
import { inFolder, inServer, MASTER, type VaultPlace } from './vaults.fixture';

/** Every vault there is; that of a server only where one can run. */
const VAULTS: readonly Readonly<{ name: string; place: () => Promise<VaultPlace> }>[] = [
  { name: 'SQLite', place: inFolder },
  ...(noPostgres() === undefined ? [{ name: 'PostgreSQL', place: async () => inServer(await emptyPostgres(), inPostgres) }] : []),
];

const CLERK = { principal: 'yk_clerk', purpose: 'loss report' };
const PERSON: PersonRecord = {
  identityKind: '01',
  identityNumber: '11010519491231002X',
  name: '欧阳𠮷吉',
  birthDate: '1949-12-31',
  telephone: '13800138000',
};
const RIGHT: PersonRecord = { ...PERSON, identityNumber: '110105194912310021' };
const WHY = { grounds: 'correction', document: 'HUKOU-9' };

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error as VaultError).code,
  );

describe.each(VAULTS)('a vault in $name', ({ place }) => {
  let at: VaultPlace;
  let vault: Vault;
  /** Another engine on the same vault. */
  let beside: Vault;
  const restart = async () => {
    await vault.close();
    vault = await at.open();
  };
  const count = async (table: string) => Number((await at.sql(`SELECT count(*) AS n FROM :${table}`))[0]?.n);
  const bytesOf = async (sql: string) => Buffer.from(Object.values((await at.sql(sql))[0] ?? {})[0] as Uint8Array);

  beforeEach(async () => {
    at = await place();
    vault = await at.open();
    beside = await at.open();
  });
  afterEach(async () => {
    await Promise.all([vault.close(), beside.close()]);
    await at.clear();
  });

  describe('what is stored', () => {
    it('comes back as it was, at once to another engine, and after a restart', async () => {
      await vault.putPerson('P1', PERSON);
      await vault.putCard('K1', 'P1', 'A12345678');
      expect(await beside.readPerson('P1', CLERK)).toEqual(PERSON);
      await restart();
      expect(await vault.readPerson('P1', CLERK)).toEqual(PERSON);
      expect(await vault.readCardNumber('K1', CLERK)).toBe('A12345678');
      expect(await vault.cardTail('K1')).toBe('5678');
    });
    it('stands nowhere in the clear: not in the file, not in its write-ahead log, not in a column', async () => {
      await vault.putPerson('P1', PERSON);
      await vault.putCard('K1', 'P1', 'A12345678');
      await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
      await vault.readPerson('P1', CLERK);
      const bytes = await at.everything();
      expect(bytes.includes('yk_clerk')).toBe(true); // The scan does see what is there in the clear.
      const secrets = [...Object.values(PERSON).slice(1), RIGHT.identityNumber, 'A12345678', '5678', '19491231', '欧阳', 'HUKOU-9'];
      for (const secret of [...secrets, Buffer.from(MASTER)]) expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
    });
    it('has one ciphertext a person: the same name twice is not seen to be the same', async () => {
      await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P2', PERSON)]);
      const sealed = (await at.sql('SELECT sealed FROM :persons')).map((row) => Buffer.from(row.sealed as Uint8Array).toString('hex'));
      expect([sealed.length, new Set(sealed).size]).toEqual([2, 2]);
    });
    it('an unknown person, card or tail is told as absent', async () => {
      expect(await vault.readPerson('P9', CLERK)).toBeUndefined();
      expect(await vault.personHistory('P9', CLERK)).toEqual([]);
      expect(await vault.readCardNumber('K9', CLERK)).toBeUndefined();
      expect(await vault.cardTail('K9')).toBe('****');
      await vault.putCard('K9', 'P9', 'A12340009');
      expect(await vault.cardTail('K9')).toBe('0009');
    });
    it('all that comes in together is stored, and one that is refused takes nobody with it and leaves nothing', async () => {
      await vault.putCard('K0', 'P0', 'A00000000');
      const many = Array.from({ length: 300 }, (_, i) => vault.putPerson(`P${i}`, PERSON));
      const cards = [
        { cardId: 'K1', cardNumber: 'A11111111' },
        { cardId: 'K0', cardNumber: 'B11111111' },
      ];
      expect(await codeOf(vault.putHolder('P999', PERSON, cards))).toBe('vault-card-differs');
      await Promise.all(many);
      expect([await count('persons'), await count('keys'), await count('cards')]).toEqual([300, 300, 1]);
      expect(await vault.readCardNumber('K0', CLERK)).toBe('A00000000');
    });
  });

  describe('commitments', () => {
    it('there is one for each field that is there, and each can be verified by who has field and salt', async () => {
      const commitments = await vault.putPerson('P1', { identityKind: '01', identityNumber: PERSON.identityNumber, name: PERSON.name });
      expect(Object.keys(commitments).sort()).toEqual(['identityKind', 'identityNumber', 'name']);
      for (const value of Object.values(commitments)) expect(value).toMatch(/^[0-9a-f]{64}$/);
      const unsalted = createHash('sha256').update('name').update(PERSON.name).digest('hex');
      expect(Object.values(commitments)).not.toContain(unsalted);
    });
    it('the same person again has the same commitments, at the same moment and after a restart', async () => {
      const [first, second] = await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P1', { ...PERSON })]);
      const card = await vault.putCard('K1', 'P1', 'A12345678');
      await restart();
      expect([second, await vault.putPerson('P1', PERSON)]).toEqual([first, first]);
      expect(await vault.putCard('K1', 'P1', 'A12345678')).toEqual(card);
    });
    it('two engines that put the same persons, cards and changes at once agree, and each is there once', async () => {
      const names = Array.from({ length: 40 }, (_, i) => `P${i}`);
      const putAll = (engine: Vault, ids: readonly string[]) =>
        Promise.all(ids.map((id) => engine.putHolder(id, PERSON, [{ cardId: `K${id}`, cardNumber: `A${id}` }])));
      const [here, there] = await Promise.all([putAll(vault, names), putAll(beside, [...names].reverse())]);
      expect([...there].reverse()).toEqual(here);
      const change = (engine: Vault) => engine.putPersonChange('P1', 'C1', RIGHT, WHY);
      const [one, other] = await Promise.all([change(vault), change(beside)]);
      expect(other).toEqual(one);
      await Promise.all([vault.applyPersonChange('C1'), beside.applyPersonChange('C1'), vault.putPerson('P1', PERSON)]);
      expect((await beside.personHistory('P1', CLERK)).map(({ record }) => record)).toEqual([RIGHT, PERSON]);
      expect([await count('keys'), await count('persons'), await count('cards')]).toEqual([40, 41, 40]);
    });
    it('two persons with the same data have other commitments: nobody can tell from the log', async () => {
      const [first, second] = await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P2', PERSON)]);
      for (const field of Object.keys(first)) expect(second[field]).not.toBe(first[field]);
    });
    it('a changed field gets a new one, the others keep theirs; going back finds the first ones again', async () => {
      const first = await vault.putPerson('P1', PERSON);
      const moved = await vault.putPerson('P1', { ...PERSON, telephone: '13900139000' });
      expect(Object.keys(first).filter((field) => first[field] !== moved[field])).toEqual(['telephone']);
      expect((await vault.readPerson('P1', CLERK))?.telephone).toBe('13900139000');
      expect(await vault.putPerson('P1', PERSON)).toEqual(first);
    });
    it('a card keeps its number and holder for ever', async () => {
      await vault.putCard('K1', 'P1', 'A12345678');
      expect(await codeOf(beside.putCard('K1', 'P1', 'A12345679'))).toBe('vault-card-differs');
      expect(await codeOf(beside.putCard('K1', 'P2', 'A12345678'))).toBe('vault-card-differs');
      expect(await at.sql('SELECT person_id AS id FROM :keys')).toEqual([{ id: 'P1' }]); // Refused: no trace.
    });
  });

  describe('changed persons', () => {
    it('a change is unseen until it is applied; then what was before stays, with its dates and the proof', async () => {
      let day = 0;
      const dated = await at.open({ now: () => new Date(Date.UTC(2026, 0, ++day)).toISOString() });
      const before = await dated.putPerson('P1', PERSON);
      const after = await dated.putPersonChange('P1', 'C1', RIGHT, WHY);
      expect(after.name).toBe(before.name); // What keeps its value keeps its commitment.
      expect(after.identityNumber).not.toBe(before.identityNumber);
      expect(await dated.readPerson('P1', CLERK)).toEqual(PERSON);
      for (let n = 0; n < 2; n++) await dated.applyPersonChange('C1');
      expect(await dated.readPerson('P1', CLERK)).toEqual(RIGHT);
      const [now, then, ...more] = await dated.personHistory('P1', CLERK);
      expect([now, then, more]).toMatchObject([
        { record: RIGHT, until: null, ...WHY },
        { record: PERSON, grounds: null, document: null },
        [],
      ]);
      expect(then?.until).toBe(now?.from);
      expect((await dated.accessLog(0, 99)).map(({ act }) => act)).toEqual(['read', 'read', 'read-history']);
      await dated.close();
    });
    it('the same change again has the same commitments, whatever it says by then; one that was never put is not applied', async () => {
      await vault.putPerson('P1', PERSON);
      const first = await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
      expect(await vault.putPersonChange('P1', 'C1', { ...RIGHT, name: '李四' }, WHY)).toEqual(first);
      expect(await codeOf(vault.applyPersonChange('C2'))).toBe('vault-damaged');
    });
    it('an erased person has no history, and nobody brings him back', async () => {
      await vault.putPerson('P1', PERSON);
      await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
      await beside.erasePerson('P1', CLERK);
      expect(await vault.personHistory('P1', CLERK)).toEqual([]);
      await vault.applyPersonChange('C1');
      expect(await vault.readPerson('P1', CLERK)).toBeUndefined();
    });
  });

  describe('pseudonyms', () => {
    it('are the same for ever under one master key, and tell kinds, cards and persons apart', async () => {
      const identity = vault.pseudonymOfIdentity('01', PERSON.identityNumber);
      expect(identity).toMatch(/^[0-9a-f]{64}$/);
      expect(vault.pseudonymOfIdentity('01', PERSON.identityNumber.toLowerCase())).toBe(identity);
      const others = [vault.pseudonymOfIdentity('17', PERSON.identityNumber), vault.pseudonymOfCard(PERSON.identityNumber)];
      expect(new Set([identity, ...others]).size).toBe(3);
      const secret = vault.commandHashSecret();
      await restart();
      expect(vault.pseudonymOfIdentity('01', PERSON.identityNumber)).toBe(identity);
      expect([vault.commandHashSecret(), beside.commandHashSecret()]).toEqual([secret, secret]);
    });
  });

  describe('master key', () => {
    it('a wrong one is told at open, in both languages, and changes nothing', async () => {
      await vault.putPerson('P1', PERSON);
      const wrong = await at.open({ masterKey: new Uint8Array(32) }).catch((error: unknown) => error as VaultError);
      expect((wrong as VaultError).code).toBe('master-key-wrong');
      expect((wrong as VaultError).message).toMatch(/主密钥.*does not belong to this vault/);
      await restart();
      expect(await vault.readPerson('P1', CLERK)).toEqual(PERSON);
    });
  });

  describe('access log', () => {
    it('has every read and erasure, also those that found nothing, in order and by page', async () => {
      await vault.putPerson('P1', PERSON);
      await vault.putCard('K1', 'P1', 'A12345678');
      await Promise.all([vault.readPerson('P1', CLERK), vault.readCardNumber('K1', CLERK), vault.readPerson('P9', CLERK)]);
      await vault.erasePerson('P1', { principal: 'yk_agency', purpose: 'court order' });
      const log = await beside.accessLog(0, 10);
      expect(log.map(({ seq, principal, purpose, subject, act }) => [seq, principal, purpose, subject, act])).toEqual([
        [1, 'yk_clerk', 'loss report', 'person:P1', 'read'],
        [2, 'yk_clerk', 'loss report', 'card:K1', 'read'],
        [3, 'yk_clerk', 'loss report', 'person:P9', 'read'],
        [4, 'yk_agency', 'court order', 'person:P1', 'erase'],
      ]);
      expect(log[0]?.at).toBe('2026-03-01T01:00:00.000Z');
      expect((await vault.accessLog(2, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
    });
    it('of several engines is one, without a gap, and a refusal in between takes no number', async () => {
      await vault.putCard('K0', 'P0', 'A00000000');
      const reads = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? vault : beside).readPerson(`P${i}`, CLERK));
      expect(await codeOf(beside.putCard('K0', 'P0', 'B11111111'))).toBe('vault-card-differs');
      await Promise.all(reads);
      expect((await vault.accessLog(0, 99)).map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    });
    it('cannot be changed or shortened', async () => {
      await vault.readPerson('P1', CLERK);
      await expect(at.sql("UPDATE :access_log SET principal = 'x'")).rejects.toThrow('append only');
      await expect(at.sql('DELETE FROM :access_log')).rejects.toThrow('append only');
      expect(await count('access_log')).toBe(1);
    });
  });

  describe('erased persons', () => {
    it('cannot be read by anybody again, nor their cards, nor brought back', async () => {
      await vault.putPerson('P1', PERSON);
      await vault.putCard('K1', 'P1', 'A12345678');
      expect(await vault.cardTail('K1')).toBe('5678');
      await vault.erasePerson('P1', CLERK);
      expect(await vault.readPerson('P1', CLERK)).toBeUndefined();
      expect(await vault.readCardNumber('K1', CLERK)).toBeUndefined();
      expect(await vault.cardTail('K1')).toBe('****');
      for (const engine of [vault, beside]) {
        expect(await codeOf(engine.putPerson('P1', PERSON))).toBe('vault-person-erased');
        expect(await codeOf(engine.putCard('K2', 'P1', 'A12345679'))).toBe('vault-person-erased');
      }
    });
    it('who is erased before he was ever put can never be put, and the ciphertext of who was stays', async () => {
      await vault.putPerson('P1', PERSON);
      const wrapped = await bytesOf('SELECT wrapped FROM :keys');
      await Promise.all([vault.erasePerson('P1', CLERK), beside.erasePerson('P2', CLERK)]);
      expect(await codeOf(vault.putPerson('P2', PERSON))).toBe('vault-person-erased');
      expect([await count('persons'), (await at.sql('SELECT wrapped FROM :keys')).map((row) => row.wrapped)]).toEqual([1, [null, null]]);
      expect([wrapped.length > 32, (await at.everything()).includes(wrapped)]).toEqual([true, false]);
    });
  });

  describe('damage', () => {
    const flipped = (sealed: Buffer) => {
      sealed[40] = (sealed[40] ?? 0) ^ 1;
      return sealed;
    };
    const set = async (table: string, column: string, [id, value]: readonly [string, Buffer]) =>
      at.sql(`UPDATE :${table} SET ${column} = ${at.bytes(value)} WHERE person_id = '${id}'`);
    const sealedOf = (id: string) => bytesOf(`SELECT sealed FROM :persons WHERE person_id = '${id}'`);
    const wrappedOf = (id: string) => bytesOf(`SELECT wrapped FROM :keys WHERE person_id = '${id}'`);

    it.each([
      ['a flipped bit', async () => set('persons', 'sealed', ['P1', flipped(await sealedOf('P1'))])],
      ['a shortened ciphertext', async () => set('persons', 'sealed', ['P1', (await sealedOf('P1')).subarray(0, 20)])],
      ["another person's row", async () => set('persons', 'sealed', ['P1', await sealedOf('P2')])],
      [
        "another person's row and key",
        async () => {
          await set('persons', 'sealed', ['P1', await sealedOf('P2')]);
          await set('keys', 'wrapped', ['P1', await wrappedOf('P2')]);
        },
      ],
    ])('%s is told, logged, and names nobody', async (_what, damage) => {
      await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P2', { ...PERSON, name: '李四' })]);
      await damage();
      const told = await vault.readPerson('P1', CLERK).catch((error: unknown) => error as VaultError);
      expect(told).toMatchObject({ code: 'vault-damaged' });
      expect(JSON.stringify(told) + (told as VaultError).message + String((told as VaultError).stack)).not.toMatch(
        /11010519491231002X|欧阳|李四/,
      );
      expect(await vault.accessLog(0, 9)).toHaveLength(1);
      expect(await vault.readPerson('P2', CLERK)).toMatchObject({ name: '李四' });
    });
    it('a card moved to another holder does not open', async () => {
      await Promise.all([vault.putCard('K1', 'P1', 'A12345678'), vault.putCard('K2', 'P2', 'A99990000')]);
      await at.sql("UPDATE :cards SET person_id = 'P2' WHERE card_id = 'K1'");
      expect(await codeOf(vault.readCardNumber('K1', CLERK))).toBe('vault-damaged');
      expect(await codeOf(vault.cardTail('K1'))).toBe('vault-damaged');
    });
    it('a closed vault finishes what it was asked, and says that it is closed', async () => {
      const pending = vault.putPerson('P1', PERSON);
      await vault.close();
      await expect(pending).resolves.toBeDefined();
      expect(await codeOf(vault.putPerson('P2', PERSON))).toBe('vault-closed');
      expect(await count('persons')).toBe(1);
    });
  });
});
