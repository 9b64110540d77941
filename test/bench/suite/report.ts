import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark, Figure, Outcome } from './benchmark';
import { besideText, boundOf, numberText, verdictOf } from './table';
import type { Machine } from './yardstick';

/** What a run of one benchmark leaves behind. */
export type Result = Readonly<{ name: string; what: string; at: string; quick: boolean; seconds: number; machine: Machine }> & Outcome;

const inDist = __dirname.includes(`${path.sep}dist${path.sep}`);
const BENCH = path.resolve(__dirname, inDist ? '../../../../test/bench' : '..');
const RESULTS = path.join(BENCH, 'results');

/** A quick run lies beside the whole one and never takes its place. */
export const keep = (result: Result): void => {
  mkdirSync(RESULTS, { recursive: true });
  const file = `${result.name}${result.quick ? '.quick' : ''}.json`;
  writeFileSync(path.join(RESULTS, file), `${JSON.stringify(result, null, 2)}\n`);
};

const row = ({ at, machine }: Result, one: Figure): string =>
  `| ${[one.name, numberText(one), one.unit, boundOf(one), verdictOf(one), `${at.slice(0, 10)}, ${String(machine.commit)}`].join(' | ')} |`;

const section = (result: Result): string =>
  [`**${result.name}**: ${result.what}.`, '', besideText(result.beside), '', besideText(result.machine)].join('\n');

const HEAD = `# Results

Written by \`npm run bench\` from the whole runs in [results](results/); how they are measured: [performance](../../docs/explanation/performance.md).
Ratios hold between machines; absolute figures only beside the yardstick of the machine, which stands under each.

| figure | value | unit | bound | | measured |
| --- | --- | --- | --- | --- | --- |
`;

/** Writes the page of all whole runs, in the order of the benchmarks. */
export const writePage = (benchmarks: readonly Benchmark[]): void => {
  const files = existsSync(RESULTS) ? readdirSync(RESULTS).filter((file) => file.endsWith('.json') && !file.endsWith('.quick.json')) : [];
  const found = files.map((file) => JSON.parse(readFileSync(path.join(RESULTS, file), 'utf8')) as Result);
  const results = benchmarks.flatMap(({ name }) => found.filter((result) => result.name === name));
  const rows = results.flatMap((result) => result.figures.map((one) => row(result, one)));
  writeFileSync(path.join(BENCH, 'results.md'), `${HEAD}${rows.join('\n')}\n\n## Beside\n\n${results.map(section).join('\n\n')}\n`);
};
