import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Append, AppendResult, EventStore } from '#libs/application';
import { StoreMetrics } from '../src/health/store-metrics';
import { bearer, done, recorded, type Script, scriptedDoor, settled, swipeForm } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (script: Script = {}) => {
  const { app } = await scriptedDoor(script);
  closing.push(() => app.close());
  const figures = async () => (await app.inject({ url: '/metrics' })).body;
  return { app, figures };
};
const namesIn = (text: string) => [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
const UNITS = /(_seconds|_bytes|_total|_events|_appends|_info|_flight|_ready|_failed|_away|_connections|_waiting|_owed)$/;

describe('figures', () => {
  it('say their unit in their name and in their help', async () => {
    const { figures } = await open();
    const folder = mkdtempSync(join(tmpdir(), 'yika-figures-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const registry = new Registry();
    new StoreMetrics(registry, folder);
    const text = `${await figures()}\n${await registry.metrics()}`;
    expect(namesIn(text).length).toBeGreaterThan(18);
    expect(namesIn(text).filter(({ name }) => !name.startsWith('yika_') || !UNITS.test(name))).toEqual([]);
    expect(namesIn(text).filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
    const helps = [...text.matchAll(/^# HELP (\S+) (.+)$/gm)];
    expect(helps.filter(([, , help = '']) => !/(as a number|in seconds|in bytes|1 when)/.test(help)).map(([, name]) => name)).toEqual([]);
  });

  it('count how often the account was in memory, and how often it was read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yika-figures-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const registry = new Registry();
    const metrics = new StoreMetrics(registry, folder);
    for (const from of ['cache', 'cache', 'log'] as const) metrics.countState(from);
    const text = await registry.metrics();
    expect(text).toMatch(/^yika_account_cache_hits_total 2$/m);
    expect(text).toMatch(/^yika_account_cache_misses_total 1$/m);
  });

  it('have labels that nobody outside can make more of, and nothing of a request in them', async () => {
    const post = recorded(({ serial }) =>
      serial.startsWith('R') ? { kind: 'refused', reasons: [{ code: 'card-stopped' }] } : done(settled()),
    );
    const { app, figures } = await open({ settlements: { post: post.post } });
    const send = async (n: number, code: string) => {
      const payload = swipeForm({ serial: `${code}${n}`, credential: { kind: 'socialSecurityCard', number: `QD90000${n}` } });
      const headers = { ...bearer('p1'), 'x-correlation-id': `corr-${n}`, 'user-agent': `agent-${n}` };
      await app.inject({ method: 'POST', url: '/v1/settlements', payload, headers });
      await app.inject({ url: `/nowhere/${n}`, headers });
      await app.inject({ url: `/v1/settlements/P1/${code}${n}`, headers });
    };
    await send(1, 'S');
    await send(1, 'R');
    await figures(); // Being asked for them is a request, too.
    const before = (await figures()).split('\n').length;
    for (let n = 2; n < 20; n += 1) await send(n, n % 2 ? 'S' : 'R');
    const after = await figures();
    expect(after.split('\n').length).toBe(before);
    expect(after).not.toMatch(/P1\b|QD9|corr-|agent-|nowhere|"S\d|"R\d/);
    expect(after).toMatch(/^yika_settlements_total\{replayed="false"\} 10$/m);
    expect(after).toMatch(/^yika_settlements_refused_total\{code="card-stopped"\} 10$/m);
  });

  it('tell the age of the oldest event that a projection does not have', async () => {
    const decidedAt = new Date(Date.now() - 90_000).toISOString();
    const meta = { actor: { principal: 'p1' }, correlationId: 'c1' };
    const bytes = Buffer.from(JSON.stringify({ data: {}, decidedAt, id: 'E', meta, revision: 0, stream: 'attempts-1', type: 'X.v1' }));
    const read = async function* (from: number) {
      yield { logIndex: from, id: 'E', type: 'X.v1', stream: 'attempts-1', revision: 0, bytes };
    };
    const status = async () => [
      { name: 'balances', logIndex: 4, behind: 3, state: 'catchingUp', detail: null },
      { name: 'freezes', logIndex: 7, behind: 0, state: 'failed', detail: 'x' },
    ];
    const { figures } = await open({ readModels: { status }, log: { read, last: async () => 7 } });
    const text = await figures();
    const figure = (name: string) => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1]);
    expect(figure('yika_projection_lag_events{projection="balances"}')).toBe(3);
    expect(figure('yika_projection_lag_seconds{projection="balances"}')).toBeGreaterThanOrEqual(90);
    expect(figure('yika_projection_lag_seconds{projection="freezes"}')).toBe(0);
    expect(figure('yika_projection_failed{projection="freezes"}')).toBe(1);
  });

  it('are there also when the log is not, and say so', async () => {
    const outage = async () => Promise.reject(new Error('disk gone'));
    const { figures } = await open({ readModels: { status: outage }, log: { last: outage }, readiness: outage });
    expect(await figures()).toMatch(/^yika_ready 0$/m);
  });
});

describe('the log, watched', () => {
  const appendTo = (stream: string, events = 1): Append => ({
    stream,
    expected: 'no-stream',
    events: Array.from({ length: events }, () => ({})) as unknown as Append['events'],
    claims: [],
    lane: 'interactive',
  });
  const watched = async (answer: () => Promise<AppendResult>) => {
    const folder = mkdtempSync(join(tmpdir(), 'yika-watched-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const registry = new Registry();
    const metrics = new StoreMetrics(registry, folder);
    const nothing = async function* () {};
    const store = metrics.watched({ append: answer, readBackward: nothing } as unknown as EventStore);
    return { store, metrics, folder, figures: () => registry.metrics() };
  };

  it('counts appends by result, events by kind of stream, commits by size, and accounts that had to be read', async () => {
    const results: AppendResult[] = [{ kind: 'appended' }, { kind: 'appended' }, { kind: 'conflict', actual: 3 }, { kind: 'appended' }];
    const { store, metrics, figures } = await watched(async () => results.shift() ?? { kind: 'unknown', cause: 'x' });
    await store.append(appendTo('medicalAccount-A1', 2));
    await store.append(appendTo('attempts-P37020000001-2026-03-01-0'));
    await store.append(appendTo('medicalAccount-A2'));
    await store.append(appendTo('something-else'));
    metrics.countCommit(7);
    store.readBackward('medicalAccount-A1');
    store.readBackward('institution-P1');
    const text = await figures();
    for (const line of [
      'yika_appends_total{result="appended"} 3',
      'yika_appends_total{result="conflict"} 1',
      'yika_appends_total{result="unknown"} 0',
      'yika_events_appended_total{category="medicalAccount"} 2',
      'yika_events_appended_total{category="attempts"} 1',
      'yika_events_appended_total{category="other"} 1',
      'yika_append_duration_seconds_count{lane="interactive"} 4',
      'yika_commit_appends_sum 7',
      'yika_account_states_loaded_total 1',
      'yika_appends_waiting 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toMatch(/P37020000001|A1/);
  });

  it('says how many wait, and forgets none when the store throws', async () => {
    let fail: (fault: Error) => void = () => undefined;
    const { store, figures } = await watched(
      () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        }),
    );
    const appending = store.append(appendTo('medicalAccount-A1'));
    expect(await figures()).toMatch(/^yika_appends_waiting 1$/m);
    fail(new Error('gone'));
    await expect(appending).rejects.toThrow('gone');
    expect(await figures()).toMatch(/^yika_appends_waiting 0$/m);
  });

  it('tells what it takes on the disk, and what room is left', async () => {
    const { folder, figures } = await watched(async () => ({ kind: 'appended' }));
    expect(await figures()).toMatch(/^yika_log_wal_bytes 0$/m);
    writeFileSync(join(folder, 'events.db-wal'), 'x'.repeat(1234));
    const text = await figures();
    expect(text).toMatch(/^yika_log_wal_bytes 1234$/m);
    expect(Number(/^yika_data_free_bytes (.+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  });
});
