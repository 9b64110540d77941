const WIDE = /[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/u;

/** How many columns of a terminal a text takes: a Han character takes two. */
export const columnsOf = (text: string): number => Array.from(text).reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0);

const padded = (text: string, columns: number, side: 'left' | 'right'): string => {
  const space = ' '.repeat(Math.max(0, columns - columnsOf(text)));
  return side === 'left' ? text + space : space + text;
};

export type Row = readonly [label: string, ...cells: string[]];

/** Labels stand at the left, cells at the right of their column; a row with a label alone is a heading. */
export const textTable = (rows: readonly Row[]): string[] => {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.filter((row) => row.length > 1).map((row) => columnsOf(row[i] ?? ''))),
  );
  return rows.map((row) =>
    row.length === 1
      ? row[0]
      : row
          .map((cell, i) => padded(cell, widths[i] ?? 0, i === 0 ? 'left' : 'right'))
          .join('  ')
          .trimEnd(),
  );
};

/** Rows of words under their headings; empty without rows. */
export const tableOf = (headings: Row, rows: readonly Row[]): string => {
  if (rows.length === 0) return '';
  const all = [headings, ...rows];
  const widths = headings.map((_, i) => Math.max(...all.map((row) => columnsOf(row[i] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, i) => padded(cell, widths[i] ?? 0, 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** 12345 → "12,345". */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
