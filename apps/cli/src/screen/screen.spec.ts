import { progressLine, progressOn } from './progress';
import { columnsOf, grouped, textTable } from './text-table';

describe('a table on the screen', () => {
  it('lines up Chinese and Latin labels', () => {
    expect(textTable([['结算 settled', '1,234'], ['撤销', '5'], ['only a heading']])).toEqual([
      '结算 settled  1,234',
      '撤销              5',
      'only a heading',
    ]);
  });

  it('counts a Han character, also beyond the BMP, and a full-width sign as two columns', () => {
    expect(columnsOf('𠅤：a')).toBe(5);
  });

  it('groups thousands', () => {
    expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});

describe('a progress bar', () => {
  const drawn = (isTTY: boolean): string[] => {
    const written: string[] = [];
    const progress = progressOn({ isTTY, write: (text) => written.push(text) }, '刷卡', 1_000);
    for (let i = 0; i < 1_000; i++) progress.advance();
    progress.finish();
    return written;
  };

  it('writes a line for each tenth where nobody looks at a terminal', () => {
    const lines = drawn(false);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe(`${progressLine('刷卡', 1_000, 1_000)}\n`);
  });

  it('draws one line again and again on a terminal, and ends it', () => {
    const texts = drawn(true);
    expect(texts.at(-1)).toBe('\n');
    expect(texts.slice(0, -1).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
  });

  it('is full when there is nothing to do', () => {
    expect(progressLine('x', 0, 0)).toContain('100 %');
  });
});
