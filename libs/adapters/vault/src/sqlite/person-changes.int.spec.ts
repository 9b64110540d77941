import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vault } from '#libs/application';
import { openVault } from './vault';

const WRONG = { identityKind: '01', identityNumber: '110105194912310021', name: '欧阳' };
const RIGHT = { ...WRONG, identityNumber: '11010519491231002X' };
const WHY = { grounds: 'correction', document: 'HUKOU-9' };
const CLERK = { principal: 'clerk', purpose: 'test' };

describe('vault: changed persons', () => {
  let folder: string;
  let vault: Vault;
  let at = 0;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yika-vault-'));
    vault = await openVault({ folder, masterKey: Buffer.alloc(32, 3), now: () => new Date(Date.UTC(2026, 0, ++at)).toISOString() });
  });
  afterEach(async () => {
    await vault.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a change is unseen until it is applied; then what was before stays, with its dates and the proof', async () => {
    const before = await vault.putPerson('P1', WRONG);
    const after = await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
    expect(after.name).toBe(before.name); // What keeps its value keeps its commitment.
    expect(after.identityNumber).not.toBe(before.identityNumber);
    expect(await vault.readPerson('P1', CLERK)).toEqual(WRONG);
    for (let n = 0; n < 2; n++) await vault.applyPersonChange('C1');
    expect(await vault.readPerson('P1', CLERK)).toEqual(RIGHT);
    const [now, then, ...more] = await vault.personHistory('P1', CLERK);
    expect([now, then, more]).toMatchObject([{ record: RIGHT, until: null, ...WHY }, { record: WRONG, grounds: null, document: null }, []]);
    expect(then?.until).toBe(now?.from);
    expect((await vault.accessLog(0, 99)).map(({ act }) => act)).toEqual(['read', 'read', 'read-history']);
  });
  it('the same change again has the same commitments, whatever it says by then; one that was never put is not applied', async () => {
    await vault.putPerson('P1', WRONG);
    const first = await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
    expect(await vault.putPersonChange('P1', 'C1', { ...RIGHT, name: '李四' }, WHY)).toEqual(first);
    await expect(vault.applyPersonChange('C2')).rejects.toMatchObject({ code: 'vault-damaged' });
  });
  it('nothing of it stands in the file in the clear, and an erased person has no history', async () => {
    await vault.putPerson('P1', WRONG);
    await vault.putPersonChange('P1', 'C1', RIGHT, WHY);
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    for (const personal of [WRONG.identityNumber, RIGHT.identityNumber, '欧阳', 'HUKOU-9'])
      expect(bytes.some((file) => file.includes(personal))).toBe(false);
    await vault.erasePerson('P1', CLERK);
    expect(await vault.personHistory('P1', CLERK)).toEqual([]);
    await vault.applyPersonChange('C1'); // Nobody brings him back.
    expect(await vault.readPerson('P1', CLERK)).toBeUndefined();
  });
});
