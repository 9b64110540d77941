import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import { type EngineProcess, startEngine } from './suite/engine-process';
import { writeLegacyFiles } from './suite/legacy-files';
import { openEngine } from './suite/parts';
import { setUpRegion } from './suite/region';
import { cpuSecondsOf, memoryOf, watchThreads } from './suite/watched-process';
import type { Workshop } from './suite/workshop';

const YIKA = path.join(__dirname, '../../apps/cli/src/main.js');
const LOOK_EVERY_MS = 200;
/** What the command says of its progress, in order. */
const STAGES = ['reading', 'judging', 'writing', '核对 adding'] as const;
type Stage = (typeof STAGES)[number];
type Report = Readonly<{ state: string; accounts: Readonly<{ written: number }>; totals: Readonly<{ ok: boolean }> }>;
type Imported = Readonly<{ report: Report; seconds: number; ownCpu: number; stages: Readonly<Record<string, string>> }>;

/** Follows the stages of the command by what it says of its progress: until another begins, what is done belongs to the one that was named last. */
const watchStages = (command: ChildProcess, engine: EngineProcess, accounts: number) => {
  const seconds: Record<string, string> = {};
  let stage: Stage | undefined;
  let [from, threads] = [performance.now(), watchThreads(engine.pid)];
  const end = (): void => {
    if (stage !== undefined)
      seconds[`${stage.replace('核对 ', '')}: s; engine, µs an account`] =
        `${rounded((performance.now() - from) / 1_000)}; ${threads(accounts)}`;
  };
  command.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const named = STAGES.findLast((one) => text.includes(one));
    if (named === undefined || named === stage) return;
    end();
    [stage, from, threads] = [named, performance.now(), watchThreads(engine.pid)];
  });
  return () => {
    end();
    return seconds;
  };
};

const runCommand = async (
  workshop: Workshop,
  engine: EngineProcess,
  { folder, files, accounts }: Readonly<{ folder: string; files: string; accounts: number }>,
): Promise<Imported> => {
  const from = performance.now();
  const command = workshop.spawn(process.execPath, [YIKA, '--data', folder, '--json', 'import', 'run', files, '--source', 'bench']);
  const stages = watchStages(command, engine, accounts);
  let [ownCpu, text] = [0, ''];
  const timer = setInterval(() => {
    ownCpu = cpuSecondsOf(command.pid ?? 0) || ownCpu;
  }, LOOK_EVERY_MS);
  command.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const code = await new Promise((done) => command.once('close', done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`the import ended with ${String(code)}: ${text}`);
  return { report: JSON.parse(text) as Report, seconds: (performance.now() - from) / 1_000, ownCpu, stages: stages() };
};

/** A legacy system's files by `yika import run`, from the start of the command to its three-way total. */
export const importing: Benchmark = {
  name: 'import',
  what: 'yika import of 1,000,000 accounts (quick: 8,000) from the start of the command to its three-way total',
  run: async (workshop) => {
    const accounts = workshop.quick ? 8_000 : 1_000_000;
    const [folder, files] = [workshop.folder('import'), workshop.folder('import-files')];
    await writeLegacyFiles(files, accounts);
    const open = await openEngine(folder);
    await setUpRegion(open.engine);
    await open.close();
    const engine = await startEngine(workshop, folder);
    const memory = memoryOf(engine);
    const { report, seconds, ownCpu, stages } = await runCommand(workshop, engine, { folder, files, accounts });
    const { maxMb } = memory.stop();
    await engine.stop();
    if (report.state !== 'done' || !report.totals.ok || report.accounts.written !== accounts) throw new Error(JSON.stringify(report));
    return {
      figures: [figure('import: accounts a second, all in all', accounts / seconds, 'accounts/s', { atLeast: 5_000 })],
      beside: {
        accounts,
        'resident memory of the engine at its largest, MB': rounded(maxMb),
        'the whole command, s': rounded(seconds),
        'CPU of the command, µs an account': rounded((ownCpu / accounts) * 1e6),
        ...stages,
      },
    };
  },
};
