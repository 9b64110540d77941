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

it('writes JSON in one order, whatever the order it came in', () => {
  expect(sortedJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(sortedJson({ a: 1, b: [{ c: 2, d: 1 }] }));
});
