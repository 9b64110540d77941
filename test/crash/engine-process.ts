import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ENGINE_MAIN = path.resolve(__dirname.replace(/([\\/])dist(?=[\\/]test[\\/])/, ''), '../../dist/apps/settlement/src/main.js');
const LINES_MAX = 10_000;

/** A line that the engine wrote for its operator. */
export type EngineLine = Readonly<{ msg?: string; code?: string; address?: { port: number } }> & Readonly<Record<string, unknown>>;
export type EngineUnderTest = Readonly<{
  origin: string;
  /** Where the operator of the machine is heard. */
  socketPath: string;
  /** Of the engine itself, also when another program runs it. */
  pid: number;
  lines: readonly EngineLine[];
  /** Settles when the process has gone. */
  exited: Promise<Readonly<{ code: number | null; signal: NodeJS.Signals | null }>>;
  kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}>;
export type EngineRun = Readonly<{
  folder: string;
  /** Programs that run the engine: a tracer, a shell that lowers a limit. */
  within?: readonly string[];
  /** Modules that the engine's process and all its threads load first. */
  preload?: readonly string[];
  env?: Readonly<Record<string, string>>;
}>;

export class EngineGone extends Error {
  constructor(readonly lines: readonly EngineLine[]) {
    super(`the engine ended before it was open: ${lines.map(({ msg }) => msg).join(' | ')}`);
  }
}

/** The built engine as a process of its own, not yet waited for. */
export const spawnEngine = ({ folder, within = [], preload = [], env = {} }: EngineRun) => {
  const own = [process.execPath, ...preload.flatMap((file) => ['--require', file]), ENGINE_MAIN];
  const [program = '', ...words] = [...within, ...own];
  const settings = { YIKA_DATA: folder, HOST: '127.0.0.1', PORT: '0', YIKA_RATE_PER_SECOND: '1000000', YIKA_RATE_BURST: '1000000' };
  const child = spawn(program, words, { env: { ...process.env, ...settings, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: EngineLine[] = [];
  const opened = new Promise<EngineLine | undefined>((resolve) => {
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const line = lineOf(part);
        if (lines.length < LINES_MAX) lines.push(line);
        if (line.msg === 'open') resolve(line);
      }
    });
    child.once('close', () => resolve(undefined));
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, lines, opened, exited };
};

/** Starts the engine and waits until it listens. Throws: EngineGone when it ends before. */
export const runEngine = async (run: EngineRun): Promise<EngineUnderTest> => {
  const { child, lines, opened, exited } = spawnEngine(run);
  const line = await opened;
  if (line?.address === undefined) throw new EngineGone(lines);
  const { socketPath, pid } = JSON.parse(readFileSync(path.join(run.folder, 'admin.json'), 'utf8')) as { socketPath: string; pid: number };
  return {
    origin: `http://127.0.0.1:${line.address.port}`,
    socketPath,
    pid,
    lines,
    exited,
    kill: async (signal) => {
      killIfThere(child, pid, signal);
      await exited;
    },
  };
};

const killIfThere = (child: ChildProcess, pid: number, signal: 'SIGKILL' | 'SIGTERM'): void => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(pid, signal);
  } catch {
    child.kill(signal); // Gone between the look and the kill.
  }
};

const lineOf = (text: string): EngineLine => {
  try {
    return JSON.parse(text) as EngineLine;
  } catch {
    return { msg: text };
  }
};
