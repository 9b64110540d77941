import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreBackup, takeBackup } from '#libs/adapters/backup';
import { verifyFolder } from '../../apps/cli/src/verification';
import { silentLog } from '../../apps/settlement/src/door-log';
import { readSettings } from '../../apps/settlement/src/settings';
import { type Wired, wire } from '../../apps/settlement/src/wiring';
import { City } from '../support/scenario-city';
import { expectSoundLog, must } from '../support/scenario-engine';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-simulation-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const START = '2017-03-31T08:00:00+08:00';
/** Opens an engine on a folder and closes it; undefined, or the code of why not. */
const started = async (folder: string, simulation?: string): Promise<string | undefined> => {
  const { settings } = readSettings({ YIKA_DATA: folder, ...(simulation === undefined ? {} : { YIKA_SIMULATION: simulation }) });
  let wired: Wired | undefined;
  try {
    wired = await wire(settings, {}, silentLog);
    return undefined;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  } finally {
    await wired?.engine.drain();
    await wired?.close();
  }
};

describe('a data folder is a simulation from its first event on, or never', () => {
  it('an empty folder becomes one when it is told to, and goes on as one', async () => {
    const folder = newFolder();
    expect(await started(folder, 'continue')).toBe('simulation-empty');
    expect(await started(folder, START)).toBeUndefined();
    expect(await started(folder, 'continue')).toBeUndefined();
    expect(await started(folder, START)).toBeUndefined();
  });

  it('an engine with the real clock refuses it, and so does one that was told of another beginning', async () => {
    const folder = newFolder();
    await started(folder, START);
    expect(await started(folder)).toBe('simulation-folder');
    expect(await started(folder, '2018-03-31T08:00:00+08:00')).toBe('simulation-other-start');
  });

  it('a folder with a real log never becomes one', async () => {
    const folder = newFolder();
    const { settings } = readSettings({ YIKA_DATA: folder });
    const wired = await wire(settings, {}, silentLog);
    const actor = { principal: 'ann', organisation: 'operator', door: 'admin' } as const;
    await wired.engine.keys.create(
      { organisation: 'agency', rights: ['agency'], institutionCodes: [], note: '-' },
      { actor, correlationId: 'c', causationId: 'c' },
    );
    await wired.engine.drain();
    await wired.close();
    expect(await started(folder, START)).toBe('real-folder');
    expect(await started(folder, 'continue')).toBe('real-folder');
    expect(await started(folder)).toBeUndefined();
  });

  it.each(['2017-03-31', '2017-03-31T08:00:00', 'now', '2017-02-30T08:00:00Z'])('%s is no beginning', (text) => {
    const { faults } = readSettings({ YIKA_DATA: '.', YIKA_SIMULATION: text });
    expect(faults.map(({ setting }) => setting)).toEqual(['YIKA_SIMULATION']);
  });
});

describe('a simulation says so wherever it is looked at', () => {
  let city: City;
  beforeAll(async () => {
    city = await City.opened({ poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-31 08:00' });
  });
  afterAll(async () => {
    await city.close();
  });
  const MARK = {
    markZh: '模拟数据，不作凭证',
    markEn: 'simulation: no voucher, no payment',
    clock: expect.stringMatching(/^2017-/) as string,
  };

  it('on /health, live and ready', async () => {
    for (const place of ['live', 'ready'])
      expect((await city.log.send({ method: 'GET', path: `/health/${place}` })).body).toMatchObject({ simulation: MARK });
  });

  it('on every answer of a settlement, a refused one too, and on every line of a batch', async () => {
    const pharmacy = await city.institution();
    const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-01', currentYear: '20.00' });
    const swipe = await city.swipes(card, pharmacy, '3.00');
    expect(swipe).toMatchObject({ status: 201, body: { serial: swipe.serial, simulation: MARK } });
    const key = `/v1/settlements/${pharmacy.code}/${swipe.serial}`;
    expect(await city.as(pharmacy.key, 'GET', key)).toMatchObject({ status: 200, body: { simulation: MARK } });
    expect(await city.cancels(swipe)).toMatchObject({ status: 201, body: { simulation: MARK } });
    expect(await city.swipes({ ...card, number: 'LAB000000' }, pharmacy, '3.00')).toMatchObject({
      status: 422,
      body: { simulation: MARK },
    });
    expect(await city.batch(pharmacy, ['{"no": "swipe"}', '{}'])).toEqual([
      expect.objectContaining({ line: 1, simulation: MARK }),
      expect.objectContaining({ line: 2, simulation: MARK }),
    ]);
  });

  it('on every receipt, at its head and at its foot', async () => {
    const pharmacy = await city.institution();
    const card = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-01', currentYear: '20.00' });
    const swipe = await city.swipes(card, pharmacy, '3.00');
    const lines = (await city.receipt(swipe)).trimEnd().split('\n');
    expect(lines.slice(0, 3).map((line) => line.trim())).toEqual(['【模拟 SIMULATION】', MARK.markZh, MARK.markEn]);
    expect(lines.slice(-4).map((line) => line.trim())).toEqual(['【模拟 SIMULATION】', MARK.markZh, MARK.markEn, '2017-03-31 08:00:00']);
    expect(await city.receipt(swipe, '?format=html&paper=A4')).toMatch(
      /<body class="a4">\n<p class="stamp">【模拟 SIMULATION】模拟数据，不作凭证/,
    );
  });

  it('the log itself goes out as it is: its first event is the mark', async () => {
    const { text } = await city.as('auditor', 'GET', '/v1/events?from=0');
    const [first = ''] = text.split('\n');
    expect(JSON.parse(first)).toMatchObject({ event: { type: 'ManualClockSet.v1', data: { to: '2017-03-31T00:00:00.000Z' } } });
    expect(text).not.toContain('markZh');
  });

  it('its clock moves forward only, over the admin socket only, and stands where it stood after a restart', async () => {
    await city.itIs('2017-04-01 00:00');
    const back = await city.moves('2017-03-31 23:59');
    expect([back.status, back.codes]).toEqual([422, ['clock-not-forward']]);
    expect((await city.moves('2017-04-01 00:00')).body.replayed).toBe(true);
    const overTcp = await city.as('agency', 'POST', '/admin/v1/clock', { to: '2017-05-01T00:00:00Z' });
    expect([overTcp.status, overTcp.codes]).toEqual([404, ['route-not-found']]);
    await city.restarts();
    expect(must(await city.log.local({ method: 'GET', path: '/admin/v1/clock' }))).toMatchObject({
      clock: '2017-03-31T16:00:00.000Z',
      simulation: true,
      startedAt: '2017-03-31T00:00:00.000Z',
    });
    const future = await city.as('auditor', 'GET', `/v1/accounts/${(await city.holder()).accountId}?asOf=2017-04-02T00:00:00Z`);
    expect(future.status).toBeGreaterThanOrEqual(400);
  });

  it('a backup and what is restored from it are the same simulation', async () => {
    const work = { report: () => undefined, signal: new AbortController().signal };
    const [target, dataFolder] = [join(newFolder(), 'backup'), newFolder()];
    const now = () => new Date().toISOString();
    await takeBackup({ dataFolder: city.log.folder, target, engineVersion: 'test', now }, work);
    await restoreBackup({ backup: target, dataFolder, acceptLoss: false, now }, work);
    expect(await started(dataFolder)).toBe('simulation-folder');
    await expectSoundLog(city.log);
    const verified = await verifyFolder({
      folder: dataFolder,
      from: null,
      to: null,
      decide: true,
      projections: false,
      checkpointFile: undefined,
      signal: work.signal,
      onProgress: () => undefined,
    });
    expect([verified.simulation, verified.findings]).toEqual([true, []]);
  });
});
