import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminAddress } from './admin-address';
import { type Address, engineClient } from './client';

export type Listen = Readonly<{ host: string; port: number }> | 'none';
/** `acceptLoss`: this one start takes the log as it is, whatever has seen more of it. */
export type EngineStart = Readonly<{
  dataFolder: string;
  listen: Listen;
  logFile: string;
  acceptLoss?: boolean;
  simulation?: string | undefined;
}>;
export type EngineProcess = Readonly<{
  address: Address;
  pid: number;
  /** Settles with the exit code when the engine has gone, whoever ended it. */
  exited: Promise<number>;
  /** Asks the engine to finish what is under way and to close; settles when it has gone. Idempotency: asking again changes nothing. */
  stop: () => Promise<number>;
}>;

/** The engine said no before it was ready; `lastWords` is what it wrote. */
export class EngineDidNotStart extends Error {
  constructor(readonly lastWords: string) {
    super('the engine did not start');
  }
}

const READY_DEADLINE_MS = 60_000;
const ASK_EVERY_MS = 40;
const STOP_DEADLINE_MS = 30_000;
const LAST_WORDS_LINES = 12;

/** The built engine, also when this file runs from its source. */
export const ENGINE_MAIN = path.resolve(
  __dirname.replace(/([\\/])apps([\\/])cli([\\/])src/, (found) => (__filename.endsWith('.ts') ? `${path.sep}dist${found}` : found)),
  '../../../settlement/src/main.js',
);

const WARNING = 40;

/** The engine writes JSON lines; a person at a terminal wants the message, and only of what is a warning or worse. */
const messagesOf = (line: string): string[] => {
  try {
    const { level = WARNING, msg, code } = JSON.parse(line) as { level?: number; msg?: string; code?: string };
    if (level < WARNING) return [];
    return [msg === undefined ? line : `${msg}${code === undefined ? '' : ` (${code})`}`];
  } catch {
    return [line];
  }
};

const lastWordsIn = (logFile: string, from: number): string =>
  readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n').slice(-LAST_WORDS_LINES).flatMap(messagesOf).join('\n');

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });

const addressOf = ({ listen, dataFolder }: EngineStart): Address | undefined =>
  listen === 'none'
    ? adminAddress(dataFolder)
    : { origin: `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}` };

/** True when an engine answers there. */
export const answers = async (address: Address): Promise<boolean> => {
  const client = engineClient(address);
  try {
    return (await client.call({ method: 'GET', path: '/health/live' })).status === 200;
  } catch {
    return false;
  } finally {
    await client.close();
  }
};

const whenReady = async (start: EngineStart, gone: () => boolean): Promise<Address | undefined> => {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!gone() && performance.now() < deadline) {
    const address = addressOf(start);
    if (address !== undefined && (await answers(address)) && !gone()) return address;
    await sleep(ASK_EVERY_MS);
  }
  return undefined;
};

const stopped = async (child: ChildProcess, exited: Promise<number>): Promise<number> => {
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  const code = await exited;
  clearTimeout(timer);
  return code;
};

/** Starts the engine as a child and waits until it answers. Throws: EngineDidNotStart; then nothing is left running. */
export const startEngine = async (start: EngineStart): Promise<EngineProcess> => {
  const log = openSync(start.logFile, 'a', 0o600);
  const logged = fstatSync(log).size;
  const env = {
    ...process.env,
    YIKA_DATA: start.dataFolder,
    ...(start.acceptLoss ? { YIKA_ACCEPT_LOSS: `once-${process.pid}` } : {}),
    ...(start.simulation === undefined ? {} : { YIKA_SIMULATION: start.simulation }),
    ...(start.listen === 'none'
      ? { YIKA_LISTEN: 'none' }
      : { YIKA_LISTEN: 'tcp', HOST: start.listen.host, PORT: String(start.listen.port) }),
  };
  // A process group of its own: Ctrl-C at the terminal reaches this process alone, and the engine is asked to stop once, not twice.
  // The channel carries nothing: when it breaks, this process has gone, however it went, and the engine stops by itself.
  const child = spawn(process.execPath, ['--enable-source-maps', ENGINE_MAIN], { stdio: ['ignore', log, log, 'ipc'], env, detached: true });
  child.channel?.unref();
  closeSync(log);
  let ended = false;
  const leaveNothingRunning = () => child.kill('SIGTERM');
  process.once('exit', leaveNothingRunning);
  const exited = exitOf(child).finally(() => {
    ended = true;
    process.off('exit', leaveNothingRunning);
  });
  let stopping: Promise<number> | undefined;
  const stop = (): Promise<number> => (stopping ??= stopped(child, exited));
  const address = await whenReady(start, () => ended);
  if (address !== undefined && child.pid !== undefined) return { address, pid: child.pid, exited, stop };
  await stop();
  throw new EngineDidNotStart(lastWordsIn(start.logFile, logged));
};
