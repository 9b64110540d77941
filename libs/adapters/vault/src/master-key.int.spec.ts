import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMasterKey, parseMasterKey } from './index';
import { MASTER } from './vaults.fixture';

describe('the master key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vault-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

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
