import { readSettings, settingsTable } from '../src/settings';

const URL = 'postgres://yika:secret@db:5432/views';

describe('settings of the projector', () => {
  it('without anything it says what is missing; with the address of the read models it starts', () => {
    expect(readSettings({}).faults.map(({ setting }) => setting)).toEqual(['YIKA_READ_MODELS']);
    expect(readSettings({ YIKA_READ_MODELS: URL })).toEqual({
      faults: [],
      settings: { host: '127.0.0.1', port: 7310, store: './data', readModels: URL, leaseSeconds: 5, logLevel: 'info' },
    });
  });
  it('reads the log where it is said to be', () => {
    const storeOf = (env: Record<string, string>) => readSettings({ YIKA_READ_MODELS: URL, ...env }).settings.store;
    expect(storeOf({ YIKA_DATA: '/srv/yika' })).toBe('/srv/yika');
    expect(storeOf({ YIKA_DATA: '/srv/yika', YIKA_STORE: 'sqlite' })).toBe('/srv/yika');
    expect(storeOf({ YIKA_DATA: '/srv/yika', YIKA_STORE: 'esdb+discover://a,b,c' })).toBe('esdb+discover://a,b,c');
  });
  it('tells all faults at once, and of an address nothing that would let anybody in', () => {
    const { faults } = readSettings({
      YIKA_READ_MODELS: 'mysql://yika:secret@db/views',
      YIKA_STORE: 'http://yika:secret@db',
      PORT: '70000',
      YIKA_LEASE_SECONDS: '0',
      YIKA_LOG_LEVEL: 'loud',
    });
    expect(faults.map(({ setting }) => setting)).toEqual([
      'YIKA_READ_MODELS',
      'YIKA_STORE',
      'YIKA_LOG_LEVEL',
      'PORT',
      'YIKA_LEASE_SECONDS',
    ]);
    expect(JSON.stringify(faults)).not.toContain('secret');
    expect(faults[0]?.en).toBe('YIKA_READ_MODELS must begin with postgres://');
  });
  it.each([
    ['nonsense', 'is no URL'],
    ['postgres://db', 'names no database'],
    ['postgres://yika:secret@db:5432/', 'names no database'],
  ])('an address that cannot be one is told: %s', (address, told) => {
    const [fault] = readSettings({ YIKA_READ_MODELS: address }).faults;
    expect(fault?.en).toContain(told);
    expect(JSON.stringify(fault)).not.toContain('secret');
  });
  it('every setting stands in the table, in both languages', () => {
    for (const row of settingsTable().split('\n').slice(2)) expect(row).toMatch(/^\| `[A-Z_]+` \| .*[a-z]{3}.* · \p{Script=Han}/u);
  });
});
