import { BENCHMARKS, SHARING } from './benchmarks';
import type { Benchmark, Figure } from './suite/benchmark';
import { keep, writePage } from './suite/report';
import { besideText, tableOf } from './suite/table';
import { Workshop } from './suite/workshop';
import { type Machine, machine } from './suite/yardstick';

const HELP = `npm run bench [-- --only <name>] [--quick] [--json]

测量引擎并与各项界限比较；结果写入 test/bench/results/<name>.json（--quick：<name>.quick.json）。
Measures the engine against its bounds; writes test/bench/results/<name>.json (--quick: <name>.quick.json) and results.md.

  --only <name>  只跑一项，可重复     one benchmark; may be given several times
  --quick        小规模，共 90 秒内   small sizes, 90 seconds in all; only good for comparing with another --quick
  --json         末行一个 JSON 对象   one JSON object on the last line
  --help         显示本帮助           show this

${BENCHMARKS.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n')}

Exit code: 0 every figure that was measured holds, 1 a figure falls short or a benchmark failed, 2 not understood.
Set YIKA_BENCH_FOLDER to work on another disk than that of the system's temporary folder. Nothing else should run on the machine.
`;

type Asked = Readonly<{ only: readonly string[]; quick: boolean; json: boolean }>;

/** Undefined: not understood. */
const read = (argv: readonly string[]): Asked | undefined => {
  const only: string[] = [];
  let [quick, json] = [false, false];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--quick') quick = true;
    else if (word === '--json') json = true;
    else if (word === '--only') only.push(...(argv[++i] ?? '?').split(','));
    else if (word?.startsWith('--only=')) only.push(...word.slice(7).split(','));
    else return undefined;
  }
  return only.every((name) => BENCHMARKS.some((one) => one.name === name)) ? { only, quick, json } : undefined;
};

type Run = Readonly<{ workshop: Workshop; on: Machine; quick: boolean }>;

const runOne = async ({ name, what, run }: Benchmark, { workshop, on, quick }: Run): Promise<readonly Figure[]> => {
  process.stderr.write(`${name}: ${what}\n`);
  const began = performance.now();
  const { figures, beside } = await run(workshop);
  const seconds = Math.round((performance.now() - began) / 1_000);
  keep({ name, what, at: new Date().toISOString(), quick, seconds, figures, beside, machine: on });
  process.stderr.write(`  ${besideText(beside)} · ${seconds} s\n`);
  return figures;
};

const failed = ({ name }: Benchmark, thrown: unknown): Figure => {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`  failed: ${thrown instanceof Error ? (thrown.stack ?? why) : why}\n`);
  return { name, value: null, unit: '', ok: false, notRun: `failed: ${why}` };
};

const runAll = async ({ only, quick, json }: Asked): Promise<boolean> => {
  const workshop = new Workshop(quick);
  const stop = () => {
    workshop.leaveNothing();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const figures: Figure[] = [];
  try {
    const on = machine(workshop);
    process.stderr.write(`${besideText(on)}${quick ? ' · quick: small sizes' : ''}\n`);
    for (const benchmark of BENCHMARKS.filter(({ name }) => only.length === 0 || only.includes(name))) {
      if (!SHARING.has(benchmark)) await workshop.close();
      figures.push(...(await runOne(benchmark, { workshop, on, quick }).catch((thrown: unknown) => [failed(benchmark, thrown)])));
    }
    await workshop.close();
    if (!quick) writePage(BENCHMARKS);
    process.stdout.write(`\n${tableOf(figures)}\n`);
    for (const { name, notRun } of figures) if (notRun !== undefined) process.stdout.write(`${name}: ${notRun}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ figures, quick, machine: on })}\n`);
  } finally {
    workshop.leaveNothing();
  }
  return figures.every(({ ok }) => ok !== false);
};

const main = async (argv: readonly string[]): Promise<number> => {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const asked = read(argv);
  if (!asked) {
    process.stderr.write(HELP);
    return 2;
  }
  return (await runAll(asked)) ? 0 : 1;
};

void main(process.argv.slice(2)).then((code) => process.exit(code));
