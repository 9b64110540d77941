import type { Figure } from './benchmark';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

export const numberText = ({ value }: Figure): string => (value === null ? '–' : number.format(value));
export const boundOf = ({ atLeast, atMost }: Figure): string => {
  if (atLeast !== undefined) return `≥ ${number.format(atLeast)}`;
  return atMost === undefined ? '' : `≤ ${number.format(atMost)}`;
};
export const verdictOf = ({ ok, value }: Figure): string =>
  ok === null ? 'not run' : ok ? 'holds' : value === null ? 'FAILED' : 'FALLS SHORT';

const NUMBERS = [1, 3]; // Columns that stand to the right.

/** The figures as they are printed, one a line. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map((one) => [one.name, numberText(one), one.unit, boundOf(one), verdictOf(one)]);
  const all = [['figure', 'value', 'unit', 'bound', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    NUMBERS.includes(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return all.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
};

/** What was measured beside. */
export const besideText = (beside: Readonly<Record<string, string | number>>): string =>
  Object.entries(beside)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? number.format(value) : value}`)
    .join(' · ');
