import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeLegacyFiles } from './legacy-files';

/**
 * `yika import run` of made-up accounts into a new engine, both on this machine: accounts a second of each stage, and CPU seconds a thousand
 * accounts of engine and command, which tell more than the clock on a machine that others use, too.
 * Usage: node dist/test/bench/import.js [accounts]
 * YIKA_BENCH_KEEP=1 leaves the folders; YIKA_BENCH_PROF=<folder> writes a CPU profile of the engine.
 */
const [accounts = 50_000] = process.argv.slice(2).map(Number);
const ROOT = resolve(__dirname, '../../..');
const ENGINE = join(ROOT, 'dist/apps/settlement/src/main.js');
const YIKA = join(ROOT, 'dist/apps/cli/src/main.js');
const TICKS_A_SECOND = 100;
const PROFILES = process.env.YIKA_BENCH_PROF;

/** CPU seconds of a process and all its threads; 0 where the system does not say. */
const cpuSecondsOf = ({ pid }: ChildProcess): number => {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
};

const node = (args: readonly string[], env: Readonly<Record<string, string>>, stderr: 'pipe' | number): ChildProcess =>
  spawn(process.execPath, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', stderr] });

const textOf = async (args: readonly string[]): Promise<string> => {
  const child = node([YIKA, ...args], {}, 'pipe');
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
  return text;
};

const startEngine = async (folder: string): Promise<ChildProcess> => {
  const profiled = PROFILES === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`];
  const engine = node([...profiled, ENGINE], { YIKA_DATA: folder, YIKA_LISTEN: 'none' }, openSync(join(folder, 'engine.log'), 'a'));
  const data = ['--data', folder, '--json'];
  for (let tries = 0; ; tries++) {
    const answer = await textOf([...data, 'packs', 'list']).catch(() => undefined);
    if (answer !== undefined) break;
    if (tries > 60) throw new Error('the engine did not start');
    await sleep(250);
  }
  const pack = join(ROOT, 'libs/policy/packs/qingdao.yaml');
  const { packId, hash } = JSON.parse(await textOf([...data, '--operator', 'ann', 'packs', 'propose', pack])) as Record<string, string>;
  await textOf([...data, '--operator', 'ben', 'packs', 'approve', String(packId), String(hash)]);
  return engine;
};

type Stage = { began: number; ended: number; cpuBegan: number; cpuEnded: number };

/** Follows the stages by what the command says of its progress. */
const imported = async (
  engine: ChildProcess,
  folder: string,
  files: string,
): Promise<Readonly<{ stages: Map<string, Stage>; ownCpu: number }>> => {
  const command = node([YIKA, '--data', folder, '--json', 'import', 'run', files, '--source', 'bench'], {}, 'pipe');
  const stages = new Map<string, Stage>();
  let ownCpu = 0;
  command.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const name of ['reading', 'judging', 'writing', '核对 adding']) {
      if (!text.includes(name)) continue;
      const [now, cpu] = [performance.now(), cpuSecondsOf(engine)];
      const stage = stages.get(name) ?? { began: now, ended: now, cpuBegan: cpu, cpuEnded: cpu };
      stages.set(name, Object.assign(stage, { ended: now, cpuEnded: cpu }));
    }
    ownCpu = Math.max(ownCpu, cpuSecondsOf(command));
  });
  const code = await new Promise((done) => command.once('close', done));
  if (code !== 0) throw new Error(`the import ended with ${String(code)}`);
  return { stages, ownCpu };
};

const main = async (): Promise<void> => {
  const [folder, files] = [mkdtempSync(join(tmpdir(), 'yika-bench-')), mkdtempSync(join(tmpdir(), 'yika-bench-files-'))];
  await writeLegacyFiles(files, accounts);
  const engine = await startEngine(folder);
  const began = performance.now();
  try {
    const { stages, ownCpu } = await imported(engine, folder, files);
    const seconds = (performance.now() - began) / 1000;
    for (const [name, { began: from, ended: to, cpuBegan, cpuEnded }] of stages) {
      const perSecond = Math.round(accounts / ((to - from) / 1000));
      const cpu = ((cpuEnded - cpuBegan) / accounts) * 1000;
      process.stdout.write(`${name.replace('核对 ', '').padEnd(10)} ${perSecond} accounts/s, engine ${cpu.toFixed(3)} CPU s a thousand\n`);
    }
    process.stdout.write(
      `all in     ${Math.round(accounts / seconds)} accounts/s, command ${((ownCpu / accounts) * 1000).toFixed(3)} CPU s a thousand\n`,
    );
  } finally {
    const gone = new Promise((done) => engine.once('exit', done));
    engine.kill('SIGTERM');
    await gone;
    if (process.env.YIKA_BENCH_KEEP === undefined) for (const one of [folder, files]) rmSync(one, { recursive: true, force: true });
  }
};

void main();
