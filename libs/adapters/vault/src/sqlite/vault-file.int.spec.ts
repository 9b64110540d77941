import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PersonRecord, Vault } from '#libs/application';
import { loadMasterKey, openVault, parseMasterKey, type VaultError } from '../index';

const MASTER = Uint8Array.from({ length: 32 }, (_, i) => i);
const CLERK = { principal: 'yk_clerk', purpose: 'loss report' };
const PERSON: PersonRecord = {
  identityKind: '01',
  identityNumber: '11010519491231002X',
  name: '欧阳𠮷吉',
  birthDate: '1949-12-31',
  telephone: '13800138000',
};

let folder: string;
let vault: Vault;
const open = (masterKey = MASTER) => openVault({ folder, masterKey, now: () => '2026-03-01T01:00:00.000Z' });
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error as VaultError).code,
  );
const withFile = <T>(use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(join(folder, 'vault.db'));
  try {
    return use(db);
  } finally {
    db.close();
  }
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  vault = await open();
});
afterEach(async () => {
  await vault.close();
  rmSync(folder, { recursive: true });
});

describe('vault: what is stored', () => {
  it('comes back as it was, also after a restart', async () => {
    await vault.putPerson('P1', PERSON);
    await vault.putCard('K1', 'P1', 'A12345678');
    await vault.close();
    vault = await open();
    expect(await vault.readPerson('P1', CLERK)).toEqual(PERSON);
    expect(await vault.readCardNumber('K1', CLERK)).toBe('A12345678');
    expect(await vault.cardTail('K1')).toBe('5678');
  });
  it('stands nowhere in the clear: not in the file, not in its write-ahead log', async () => {
    await vault.putPerson('P1', PERSON);
    await vault.putCard('K1', 'P1', 'A12345678');
    await vault.readPerson('P1', CLERK);
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(Buffer.concat(bytes).includes('yk_clerk')).toBe(true); // The scan does see what is there in the clear.
    for (const secret of [...Object.values(PERSON).slice(1), 'A12345678', '5678', '19491231', '欧阳', Buffer.from(MASTER)]) {
      expect(bytes.some((file) => file.includes(secret as string))).toBe(false);
    }
  });
  it('has one ciphertext a person: the same name twice is not seen to be the same', async () => {
    await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P2', PERSON)]);
    const sealed = withFile((db) =>
      db
        .prepare('SELECT hex(sealed) AS s FROM persons')
        .all()
        .map((row) => String(row.s)),
    );
    expect(new Set(sealed).size).toBe(2);
  });
  it('an unknown person, card or tail is told as absent', async () => {
    expect(await vault.readPerson('P9', CLERK)).toBeUndefined();
    expect(await vault.readCardNumber('K9', CLERK)).toBeUndefined();
    expect(await vault.cardTail('K9')).toBe('****');
    await vault.putCard('K9', 'P9', 'A12340009');
    expect(await vault.cardTail('K9')).toBe('0009');
  });
  it('all that comes in together is committed together, and one that is refused takes nobody with it', async () => {
    await vault.putCard('K0', 'P0', 'A00000000');
    const many = Array.from({ length: 200 }, (_, i) => vault.putPerson(`P${i}`, PERSON));
    expect(await codeOf(vault.putCard('K0', 'P0', 'B11111111'))).toBe('vault-card-differs');
    await Promise.all(many);
    expect(withFile((db) => db.prepare('SELECT count(*) AS n FROM persons').get())).toEqual({ n: 200 });
    expect(await vault.readCardNumber('K0', CLERK)).toBe('A00000000');
  });
});

describe('vault: commitments', () => {
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
    await vault.close();
    vault = await open();
    expect([second, await vault.putPerson('P1', PERSON)]).toEqual([first, first]);
    expect(await vault.putCard('K1', 'P1', 'A12345678')).toEqual(card);
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
    expect(await codeOf(vault.putCard('K1', 'P1', 'A12345679'))).toBe('vault-card-differs');
    expect(await codeOf(vault.putCard('K1', 'P2', 'A12345678'))).toBe('vault-card-differs');
    expect(withFile((db) => db.prepare('SELECT person_id AS personId FROM keys').all())).toEqual([{ personId: 'P1' }]); // Refused: no trace.
  });
});

describe('vault: pseudonyms', () => {
  it('are the same for ever under one master key, and tell kinds, cards and persons apart', async () => {
    const identity = vault.pseudonymOfIdentity('01', PERSON.identityNumber);
    expect(identity).toMatch(/^[0-9a-f]{64}$/);
    expect(vault.pseudonymOfIdentity('01', PERSON.identityNumber.toLowerCase())).toBe(identity);
    const others = [vault.pseudonymOfIdentity('17', PERSON.identityNumber), vault.pseudonymOfCard(PERSON.identityNumber)];
    expect(new Set([identity, ...others]).size).toBe(3);
    const secret = vault.commandHashSecret();
    await vault.close();
    vault = await open();
    expect(vault.pseudonymOfIdentity('01', PERSON.identityNumber)).toBe(identity);
    expect(vault.commandHashSecret()).toEqual(secret);
  });
});

describe('vault: master key', () => {
  it('a wrong one is told at open, in both languages, and changes nothing', async () => {
    await vault.putPerson('P1', PERSON);
    await vault.close();
    const wrong = await open(new Uint8Array(32)).catch((error: unknown) => error as VaultError);
    expect((wrong as VaultError).code).toBe('master-key-wrong');
    expect((wrong as VaultError).message).toMatch(/主密钥.*does not belong to this vault/);
    vault = await open();
    expect(await vault.readPerson('P1', CLERK)).toEqual(PERSON);
  });
  it('is read as hex or base64 from the environment before the file', () => {
    const hex = Buffer.from(MASTER).toString('hex');
    const file = join(folder, 'master.key');
    for (const text of [
      hex,
      ` ${hex.toUpperCase()}\n`,
      Buffer.from(MASTER).toString('base64'),
      Buffer.from(MASTER).toString('base64url'),
    ]) {
      expect(loadMasterKey({ file, env: { YIKA_MASTER_KEY: text } })).toMatchObject({ key: Buffer.from(MASTER), origin: 'environment' });
    }
    expect(() => parseMasterKey(hex.slice(2))).toThrow('32 bytes');
    expect(() => loadMasterKey({ file, env: {} })).toThrow('no master key');
  });
  it('is made when asked, for the owner alone, and is the same the next time', () => {
    const file = join(folder, 'master.key');
    const made = loadMasterKey({ file, env: {}, createIfMissing: true });
    expect(made).toMatchObject({ origin: 'created', file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadMasterKey({ file, env: {}, createIfMissing: true })).toEqual({ ...made, origin: 'file', key: Buffer.from(made.key) });
  });
});

describe('vault: access log', () => {
  it('has every read and erasure, also those that found nothing, in order and by page', async () => {
    await vault.putPerson('P1', PERSON);
    await vault.putCard('K1', 'P1', 'A12345678');
    await Promise.all([vault.readPerson('P1', CLERK), vault.readCardNumber('K1', CLERK), vault.readPerson('P9', CLERK)]);
    await vault.erasePerson('P1', { principal: 'yk_agency', purpose: 'court order' });
    const log = await vault.accessLog(0, 10);
    expect(log.map(({ seq, principal, purpose, subject, act }) => [seq, principal, purpose, subject, act])).toEqual([
      [1, 'yk_clerk', 'loss report', 'person:P1', 'read'],
      [2, 'yk_clerk', 'loss report', 'card:K1', 'read'],
      [3, 'yk_clerk', 'loss report', 'person:P9', 'read'],
      [4, 'yk_agency', 'court order', 'person:P1', 'erase'],
    ]);
    expect(log[0]?.at).toBe('2026-03-01T01:00:00.000Z');
    expect((await vault.accessLog(2, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
  });
  it('cannot be changed or shortened', () => {
    const attempt = (sql: string) => () => withFile((db) => db.exec(sql));
    withFile((db) => db.exec("INSERT INTO access_log (at, principal, purpose, subject, act) VALUES ('t', 'p', 'q', 's', 'read')"));
    expect(attempt("UPDATE access_log SET principal = 'x'")).toThrow('append only');
    expect(attempt('DELETE FROM access_log')).toThrow('append only');
  });
  it('no answer without an entry: when the log cannot be written, nothing is read', async () => {
    await vault.putPerson('P1', PERSON);
    withFile((db) => db.exec("CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"));
    expect(await codeOf(vault.readPerson('P1', CLERK))).toBe('vault-outage');
  });
});

describe('vault: erased persons', () => {
  it('cannot be read by anybody again, nor their cards, nor brought back', async () => {
    await vault.putPerson('P1', PERSON);
    await vault.putCard('K1', 'P1', 'A12345678');
    expect(await vault.cardTail('K1')).toBe('5678');
    await vault.erasePerson('P1', CLERK);
    expect(await vault.readPerson('P1', CLERK)).toBeUndefined();
    expect(await vault.readCardNumber('K1', CLERK)).toBeUndefined();
    expect(await vault.cardTail('K1')).toBe('****');
    expect(await codeOf(vault.putPerson('P1', PERSON))).toBe('vault-person-erased');
    expect(await codeOf(vault.putCard('K2', 'P1', 'A12345679'))).toBe('vault-person-erased');
  });
  it('their wrapped key is gone from file and write-ahead log; the ciphertext stays', async () => {
    await vault.putPerson('P1', PERSON);
    const wrapped = withFile((db) => Buffer.from(db.prepare('SELECT wrapped FROM keys').get()?.wrapped as Uint8Array));
    const found = () => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(wrapped));
    expect(found()).toBe(true);
    await vault.erasePerson('P1', CLERK);
    expect(found()).toBe(false);
    expect(withFile((db) => db.prepare('SELECT count(*) AS n FROM persons').get())).toEqual({ n: 1 });
  });
});

describe('vault: damage', () => {
  it.each([
    [
      'a flipped bit',
      `UPDATE persons SET sealed = CAST(substr(sealed, 1, 40) || iif(substr(sealed, 41, 1) = x'00', x'01', x'00') || substr(sealed, 42) AS BLOB)
       WHERE person_id = 'P1'`,
    ],
    ['a shortened ciphertext', "UPDATE persons SET sealed = substr(sealed, 1, 20) WHERE person_id = 'P1'"],
    ["another person's row", "UPDATE persons SET sealed = (SELECT sealed FROM persons WHERE person_id = 'P2') WHERE person_id = 'P1'"],
    [
      "another person's row and key",
      `UPDATE persons SET sealed = (SELECT sealed FROM persons WHERE person_id = 'P2') WHERE person_id = 'P1';
      UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE person_id = 'P2') WHERE person_id = 'P1'`,
    ],
  ])('%s is told, logged, and names nobody', async (_what, sql) => {
    await Promise.all([vault.putPerson('P1', PERSON), vault.putPerson('P2', { ...PERSON, name: '李四' })]);
    withFile((db) => db.exec(sql));
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
    withFile((db) => db.exec("UPDATE cards SET person_id = 'P2' WHERE card_id = 'K1'"));
    expect(await codeOf(vault.readCardNumber('K1', CLERK))).toBe('vault-damaged');
    expect(await codeOf(vault.cardTail('K1'))).toBe('vault-damaged');
  });
  it('a closed vault says so', async () => {
    const pending = vault.putPerson('P1', PERSON);
    await vault.close();
    await expect(pending).resolves.toBeDefined();
    expect(await codeOf(vault.putPerson('P2', PERSON))).toBe('vault-closed');
    vault = await open();
  });
});
