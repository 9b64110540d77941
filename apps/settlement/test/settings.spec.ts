import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../src/settings';
import { SETTINGS, settingsHelp, settingsTable } from '../src/settings-table';
import { LIMITS_OTHERWISE } from '../src/wire/limits';

const KEY = 'ab'.repeat(32);
const faultsOf = (env: Readonly<Record<string, string>>) => readSettings(env).faults.map(({ setting }) => setting);

describe('the settings', () => {
  it('need none: each has a value otherwise, and the door on its own has the same limits', () => {
    const { settings, faults, unknown } = readSettings({});
    expect([faults, unknown]).toEqual([[], []]);
    const { heldBytesPerKey: _fixed, ...limits } = LIMITS_OTHERWISE;
    expect({ ...settings, bodyBytesMax: settings.bodyKib * 1_024 }).toMatchObject(limits);
  });

  it('are told with all that is wrong with them at once, in both languages', () => {
    const { faults } = readSettings({
      PORT: '70000',
      YIKA_CACHE_MB: '1e3',
      YIKA_LISTEN: 'udp',
      YIKA_BODY_SECONDS: '0',
      YIKA_MASTER_KEY: 'short',
    });
    expect(faults.map(({ setting }) => setting)).toEqual(['PORT', 'YIKA_LISTEN', 'YIKA_CACHE_MB', 'YIKA_BODY_SECONDS', 'YIKA_MASTER_KEY']);
    for (const { setting, zh, en } of faults) {
      expect([zh.includes(setting), /[\u4e00-\u9fff]/.test(zh), en.includes(setting), /^[\x20-\x7e]+$/.test(en)]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
  });

  it('never tell the master key', () => {
    expect(JSON.stringify(readSettings({ YIKA_MASTER_KEY: 'my-secret-key' }).faults)).not.toContain('my-secret-key');
  });

  it('name what looks like a setting and is none', () => {
    expect(readSettings({ YIKA_RATE_PERSECOND: '5', YIKA_SAMPLE_SCALE: '1', OTHER: '1' }).unknown).toEqual(['YIKA_RATE_PERSECOND']);
  });

  it('know a key file before anything is opened: that it is there, and that a key is in it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'yika-key-'));
    const [good, bad] = [join(folder, 'good'), join(folder, 'bad')];
    try {
      writeFileSync(good, `${KEY}\n`);
      writeFileSync(bad, 'hello');
      expect(faultsOf({ YIKA_MASTER_KEY_FILE: good })).toEqual([]);
      for (const file of [bad, join(folder, 'none'), folder])
        expect(faultsOf({ YIKA_MASTER_KEY_FILE: file })).toEqual(['YIKA_MASTER_KEY_FILE']);
      expect(faultsOf({ YIKA_MASTER_KEY_FILE: good, YIKA_MASTER_KEY: KEY })).toEqual(['YIKA_MASTER_KEY']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('know of a vault for several engines that it needs an address, a key that all have, and a log that all share; the address is never told', () => {
    const whole = { YIKA_VAULT: 'postgres://yika:secret@db/vault', YIKA_MASTER_KEY: KEY, YIKA_STORE: 'esdb://localhost:2113?tls=false' };
    expect(readSettings(whole)).toMatchObject({ faults: [], unknown: [], settings: { vault: whole.YIKA_VAULT } });
    const { YIKA_MASTER_KEY: _key, ...withoutKey } = whole;
    const { YIKA_STORE: _store, ...inTheFolder } = whole;
    for (const env of [withoutKey, inTheFolder, { ...whole, YIKA_VAULT: 'mysql://yika:secret@db/vault' }])
      expect(faultsOf(env)).toEqual(['YIKA_VAULT']);
    const { faults } = readSettings({ YIKA_VAULT: 'postgres//yika:secret@db/vault' });
    expect(faults).toHaveLength(3);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  it('are all in the help and in the documents, in both languages', () => {
    for (const { name, zh, en } of Object.values(SETTINGS)) {
      for (const text of [settingsHelp(), settingsTable()])
        expect([text.includes(name), text.includes(zh), text.includes(en)]).toEqual([true, true, true]);
    }
  });
});
