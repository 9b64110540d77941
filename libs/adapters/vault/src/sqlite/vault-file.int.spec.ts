import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Vault } from '#libs/application';
import { openVault } from './vault';

const CLERK = { principal: 'yk_clerk', purpose: 'court order' };
const PERSON = { identityKind: '01', identityNumber: '11010519491231002X', name: '欧阳' };

describe('vault.db', () => {
  let folder: string;
  let vault: Vault;
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
    vault = await openVault({ folder, masterKey: Buffer.alloc(32, 3) });
    await vault.putPerson('P1', PERSON);
  });
  afterEach(async () => {
    await vault.close();
    rmSync(folder, { recursive: true });
  });

  it('of erased persons the wrapped key is gone from file and write-ahead log; the ciphertext stays', async () => {
    const wrapped = withFile((db) => Buffer.from(db.prepare('SELECT wrapped FROM keys').get()?.wrapped as Uint8Array));
    const found = () => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(wrapped));
    expect(found()).toBe(true);
    await vault.erasePerson('P1', CLERK);
    expect(found()).toBe(false);
    expect(withFile((db) => db.prepare('SELECT count(*) AS n FROM persons').get())).toEqual({ n: 1 });
  });
  it('no answer without an entry: when the log cannot be written, nothing is read', async () => {
    withFile((db) => db.exec("CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"));
    await expect(vault.readPerson('P1', CLERK)).rejects.toMatchObject({ code: 'vault-outage' });
  });
});
