import type { Workshop } from './workshop';

/** One measured value and what it must reach; `ok` is null when it could not be measured, and `notRun` says why. */
export type Figure = Readonly<{
  name: string;
  value: number | null;
  unit: string;
  atLeast?: number;
  atMost?: number;
  ok: boolean | null;
  notRun?: string;
}>;
/** `beside`: what was measured in the same run to read the figures by; it has no bound. */
export type Outcome = Readonly<{ figures: readonly Figure[]; beside: Readonly<Record<string, number | string>> }>;
export type Benchmark = Readonly<{ name: string; what: string; run: (workshop: Workshop) => Promise<Outcome> }>;

type Bound = Readonly<{ atLeast: number }> | Readonly<{ atMost: number }>;

export const figure = (name: string, value: number, unit: string, bound: Bound): Figure => ({
  name,
  value: rounded(value),
  unit,
  ...bound,
  ok: 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost,
});
export const notRun = (name: string, unit: string, bound: Bound, why: string): Figure => ({
  name,
  value: null,
  unit,
  ...bound,
  ok: null,
  notRun: why,
});

/** Three digits that count; whole above a hundred. */
export const rounded = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** The value below which this share of them lies. */
export const quantile = (values: Iterable<number>, share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
export const median = (values: Iterable<number>): number => quantile(values, 0.5);
