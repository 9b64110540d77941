import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventSchemas, shapeOf } from './event-schemas';
import { refusalsPage } from './refusals-page';
import { sortedJson } from './sorted-json';

const row = { messageZh: '卡已停用', messageEn: 'stopped', remedyZh: '换卡', remedyEn: 'take the new card | ask' };

describe('the page of refusals', () => {
  it('puts each code under the status that it leaves the engine with', () => {
    const page = refusalsPage({ 'card-stopped': { family: 'barred', ...row }, 'key-missing': { status: 401, ...row } });
    expect(page.indexOf('## 401')).toBeLessThan(page.indexOf('`key-missing`'));
    expect(page.indexOf('`key-missing`')).toBeLessThan(page.indexOf('## 422'));
    expect(page.indexOf('## 422')).toBeLessThan(page.indexOf('`card-stopped`'));
    expect(page).toContain('take the new card \\| ask');
  });

  it('refuses a row that does not say how it leaves the engine', () => {
    expect(() => refusalsPage({ odd: row })).toThrow('no status for odd');
  });
});

describe('the schemas of stored events', () => {
  it('say what each field holds', () => {
    expect(shapeOf({ a: 1, b: 'x', c: null, d: true, legs: [{ n: 1 }, { n: 2 }], e: [] })).toEqual({
      a: 'integer',
      b: 'string',
      c: 'null',
      d: 'boolean',
      legs: [{ n: 'integer' }],
      e: [],
    });
  });

  it('are read off every golden file, sorted by type and version', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'yika-golden-'));
    mkdirSync(path.join(folder, 'room', 'golden'), { recursive: true });
    const store = (file: string, golden: object) => writeFileSync(path.join(folder, 'room', file), JSON.stringify(golden));
    store('golden/b.json', { type: 'SwipeSettled.v2', data: { key: 'x' } });
    store('golden/a.json', { type: 'SwipeSettled.v1', data: {} });
    store('golden/c.json', { type: 'AccountOpened.v1', data: {} });
    store('golden/not-an-event.json', { rows: [] });
    store('elsewhere.json', { type: 'Other.v1', data: {} });
    expect(eventSchemas(folder)).toEqual([
      { type: 'AccountOpened', version: 1, data: {} },
      { type: 'SwipeSettled', version: 1, data: {} },
      { type: 'SwipeSettled', version: 2, data: { key: 'string' } },
    ]);
  });
});

it('writes JSON in one order, whatever the order it came in', () => {
  expect(sortedJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(sortedJson({ a: 1, b: [{ c: 2, d: 1 }] }));
});
