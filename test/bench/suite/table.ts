import type { Figure } from './benchmark';

const widthOf = (text: string): number => text.length;
const bound = ({ atLeast, atMost }: Figure): string => (atLeast === undefined ? `≤ ${atMost ?? ''}` : `≥ ${atLeast}`);
const word = ({ ok }: Figure): string => (ok === null ? 'not run' : ok ? 'holds' : 'FALLS SHORT');
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** The figures as they are printed, one a line. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map((one) => [one.name, one.value === null ? '–' : number.format(one.value), one.unit, bound(one), word(one)]);
  const all = [['figure', 'value', 'unit', 'bound', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 1 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
};

/** What was measured beside, under its benchmark. */
export const besideText = (beside: Readonly<Record<string, string | number>>): string =>
  Object.entries(beside)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? number.format(value) : value}`)
    .join(' · ');
