import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EngineGone, type EngineUnderTest, runEngine } from './engine-process';
import { swipeBody } from './load';
import { doorOf, type Holder, must, PHARMACY, type Region, setUpRegion } from './region';

jest.setTimeout(120_000);

describe('an engine on damaged files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-damaged-'));
  let region: Region;
  let hurt: Holder;
  let well: Holder;

  const withDoor = async <T>(engine: EngineUnderTest, use: (door: ReturnType<typeof doorOf>) => Promise<T>): Promise<T> => {
    const door = doorOf(engine);
    return use(door).finally(() => door.close());
  };
  const settle = (holder: Holder, serial: string) => ({ key: region.pharmacyKey, body: swipeBody(holder, serial, '1.00') });
  const alter = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = readFileSync(join(folder, name));
    change(bytes);
    writeFileSync(join(folder, name), bytes);
  };
  const wordsOfStart = async (): Promise<string> => {
    const gone = await runEngine({ folder }).catch((thrown: unknown) => thrown);
    expect(gone).toBeInstanceOf(EngineGone);
    return (gone as EngineGone).lines.map(({ msg }) => msg).join('\n');
  };

  beforeAll(async () => {
    const engine = await runEngine({ folder });
    region = await setUpRegion(engine, 2);
    [hurt, well] = region.holders as [Holder, Holder];
    await withDoor(engine, async (door) => {
      for (const serial of ['DMG-0001', 'DMG-0002']) must(await door.call('POST', '/v1/settlements', settle(hurt, serial)));
      for (let n = 0; n < 5; n++) must(await door.call('POST', '/v1/settlements', settle(well, `SND-000${n}`)));
    });
    await engine.kill('SIGTERM');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('an event that is not what was written: who asks for it gets 503 log-damaged, others go on; the next start names it', async () => {
    const sound = readFileSync(join(folder, 'events.db'));
    const engine = await runEngine({ folder });
    const db = new DatabaseSync(join(folder, 'events.db'));
    const hurtWhere = "type = 'SwipeSettled.v1' AND instr(bytes, CAST('DMG-0001' AS BLOB)) > 0";
    const { event } = db.prepare(`SELECT log_index AS event FROM events WHERE ${hurtWhere}`).get() as { event: number };
    db.exec(`UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'DMG-0001', 'DMG-0009') AS BLOB) WHERE ${hurtWhere}`);
    db.close();
    await withDoor(engine, async (door) => {
      const find = (serial: string) => door.call('GET', `/v1/settlements/${PHARMACY}/${serial}`, { key: region.pharmacyKey });
      const refused = await find('DMG-0001');
      expect([refused.status, refused.body.code]).toEqual([503, 'log-damaged']);
      expect((await find('DMG-0002')).status).toBe(200);
      expect((await door.call('POST', '/v1/settlements', settle(well, 'SND-1000'))).status).toBe(201);
    });
    await engine.kill('SIGTERM');
    expect(engine.lines.find(({ code }) => code === 'log-damaged')?.msg).toContain(`the bytes of event ${event}`);
    expect(await wordsOfStart()).toMatch(new RegExp(`第 ${event} 条事件.*the bytes of event ${event} `));
    writeFileSync(join(folder, 'events.db'), sound);
    for (const end of ['-wal', '-shm']) rmSync(join(folder, `events.db${end}`), { force: true });
  });

  it.each([
    ['events.db', 100],
    ['events.db', 0],
    ['content.db', 0],
    ['vault.db', 0],
  ])('%s overwritten from byte %i on: the start names the file, in both languages, and ends', async (name, from) => {
    const sound = readFileSync(join(folder, name));
    alter(name, (bytes) => bytes.fill(0xa5, from));
    const words = await wordsOfStart();
    expect(words).toContain(name);
    expect(words).toMatch(/[\u4e00-\u9fff]/);
    expect(words).toMatch(/damaged|cannot be read|not a database/);
    writeFileSync(join(folder, name), sound);
  });
});
