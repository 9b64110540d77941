import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSqliteEventReader, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { collect } from '../contract/appends';

const CHILD = resolve(__dirname, '../../dist/test/crash/appending-child.js');
const ROUNDS = [1, 2, 3];

/** Lets a process append until `enough` appends are acknowledged, kills it in the middle of its work, and returns what it had printed. */
const killedAfter = (enough: number, folder: string, round: number): Promise<string[]> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [CHILD, folder, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
      if (printed.split('\n').length > enough) child.kill('SIGKILL');
    });
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.on('close', (_code, signal) =>
      signal === 'SIGKILL' ? done(printed.slice(0, printed.lastIndexOf('\n')).split('\n')) : fail(new Error(`the writer ended: ${said}`)),
    );
  });

describe('SQLite: a writer killed with SIGKILL while it appends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-crash-'));
  const acknowledged: string[] = [];
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(ROUNDS)(
    'round %i: all that was acknowledged is there, once; the rest is whole or absent; the folder opens at once',
    async (round) => {
      const before = acknowledged.length;
      acknowledged.push(...(await killedAfter(400 * round, folder, round)));
      expect(acknowledged.length).toBeGreaterThan(before + 399);

      const store = await openSqliteEventStore({ folder });
      const log = await collect(store.readLog(0));
      expect(log.map(({ logIndex }) => logIndex)).toEqual(log.map((_, i) => i));
      const places = new Set(log.map(({ stream, revision }) => `${stream} ${revision}`));
      expect(places.size).toBe(log.length);
      expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
      expect(acknowledged.filter((place) => !places.has(place))).toEqual([]);
      for (const { stream, revision, id } of log) {
        const first = revision - (revision % 2);
        expect(places.has(`${stream} ${first}`) && places.has(`${stream} ${first + 1}`)).toBe(true);
        const claim = await store.findClaim(`settlement-${stream}-${first}`);
        expect(claim).toMatchObject({ stream, revision: first + 1 });
        if (revision % 2 === 1) expect(claim?.eventId).toBe(id);
      }
      await store.close();
    },
  );
});

describe('SQLite: following a writer in another process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-follow-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('brings every event once, in order, while the other process appends, and after it died', async () => {
    await (await openSqliteEventStore({ folder })).close();
    const reader = await openSqliteEventReader({ folder });
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { logIndex } of reader.subscribe(0, stop.signal)) seen.push(logIndex);
    })();
    await killedAfter(300, folder, 1);
    const seenLive = seen.length;
    const store = await openSqliteEventStore({ folder });
    const last = await store.lastLogIndex();
    while (seen.length <= last) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await following;
    expect(seen).toEqual(Array.from({ length: last + 1 }, (_, i) => i));
    expect(seenLive).toBeGreaterThan(0);
    await Promise.all([reader.close(), store.close()]);
  });
});
