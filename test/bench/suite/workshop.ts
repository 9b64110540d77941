import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Closer = () => unknown;

const ROOT = process.env.YIKA_BENCH_FOLDER ?? path.join(tmpdir(), 'yika-bench');
const KILL_AFTER_MS = 15_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/**
 * Where benchmarks work: folders and processes of this run, all gone when it ends, however it ends. Ready-made cities stay between runs.
 */
export class Workshop {
  private readonly runFolder = path.join(ROOT, `run-${process.pid}`);
  private readonly children = new Set<ChildProcess>();
  private readonly grandchildren = new Set<number>();
  private readonly closers: Closer[] = [];
  private readonly made = new Map<string, unknown>();
  private folders = 0;

  constructor(readonly quick: boolean) {
    mkdirSync(this.runFolder, { recursive: true });
    this.sweep();
    process.once('exit', () => this.leaveNothing());
  }

  /** Kept between runs. */
  readonly cities = path.join(ROOT, 'cities');

  /** A new empty folder, gone at the end of the run. */
  folder(name: string): string {
    const folder = path.join(this.runFolder, `${name}-${++this.folders}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** What is being done, for who waits. */
  readonly say = (text: string): void => void process.stderr.write(`  ${text}\n`);

  /** To be closed when the benchmarks that share it are done, the newest first. */
  onClose(close: Closer): void {
    this.closers.push(close);
  }

  /** Made once a run: engines and rates that several benchmarks share. */
  async once<T>(name: string, make: () => Promise<T>): Promise<T> {
    if (!this.made.has(name)) this.made.set(name, await make());
    return this.made.get(name) as T;
  }

  /** A process that runs a module of this suite and talks by messages. */
  fork(module: string): ChildProcess {
    const child = fork(path.join(__dirname, module), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: false });
    return this.watched(child);
  }

  spawn(
    command: string,
    args: readonly string[],
    options: Readonly<{ env?: NodeJS.ProcessEnv; cwd?: string; uid?: number }> = {},
  ): ChildProcess {
    return this.watched(spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** A process that one of ours has started: it goes with it, and with us when that one could not see to it. */
  alsoKill(pid: number): void {
    this.grandchildren.add(pid);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
    for (const child of this.children) await ended(child);
    this.grandchildren.clear();
    this.made.clear();
  }

  /** Everything at once and without waiting: the process is about to go. */
  leaveNothing(): void {
    const pids = [...[...this.children].map(({ pid }) => pid ?? 0), ...(this.children.size > 0 ? this.grandchildren : [])];
    for (const pid of pids) if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
    rmSync(this.runFolder, { recursive: true, force: true });
  }

  private watched(child: ChildProcess): ChildProcess {
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** Folders of runs that were killed. */
  private sweep(): void {
    for (const name of readdirSync(ROOT)) {
      const pid = Number(/^run-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
      if (pid !== process.pid && pid > 0 && !isAlive(pid)) rmSync(path.join(ROOT, name), { recursive: true, force: true });
    }
    if (!existsSync(this.cities)) mkdirSync(this.cities, { recursive: true });
  }
}

/** Asks a process to end and waits until it has; kills it when it takes too long. */
export const ended = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await gone;
  clearTimeout(timer);
};

/** The next message of a process. Throws: when it ends without one. */
export const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the bench ended (${code ?? 'killed'}) without an answer`));
    child.once('exit', onExit);
    child.once('message', (said) => {
      child.off('exit', onExit);
      resolve(said as T);
    });
  });
