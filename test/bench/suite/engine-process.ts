import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, type Workshop } from './workshop';

/** The engine as `npm start` starts it, and what is seen of it from outside. */
export type EngineProcess = Readonly<{
  port: number;
  pid: number;
  /** From the start of the process to the first "ready". */
  startMs: number;
  /** How long the projections took from now until they had all that the log holds now. Units: seconds. */
  lagSeconds: () => Promise<number>;
  /** Resident memory of the engine's process. Units: MB of a million bytes. */
  rssMb: () => number;
  stop: () => Promise<void>;
}>;

const START = path.join(__dirname, '../../../apps/cli/src/start.js');
const READY_DEADLINE_MS = 120_000;
const ASK_EVERY_MS = 20;
const LAG_DEADLINE_MS = 120_000;

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const isReady = (origin: string): Promise<boolean> =>
  fetch(`${origin}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** What `npm start` says of itself: the pid of the engine, its child. */
const enginePidFrom = (child: ChildProcess, said: { text: string }): Promise<number> =>
  new Promise((resolve, reject) => {
    const look = (chunk: Buffer) => {
      said.text += chunk.toString();
      const pid = /\(pid (\d+),/.exec(said.text)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', () => reject(new Error(`the engine did not start:\n${said.text}`)));
  });

/** Log index of the newest event, and that of the projection that is farthest behind. */
const placesOf = async (origin: string): Promise<Readonly<{ last: number; behind: number }>> => {
  const text = await (await fetch(`${origin}/metrics`)).text();
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))].map(([, value]) => Number(value));
  const behind = values('yika_projection_lag_events');
  if (behind.length === 0) throw new Error('the engine tells no projection lag');
  return { last: values('yika_log_events')[0] ?? 0, behind: Math.max(...behind) };
};

const lagSecondsOf = async (origin: string): Promise<number> => {
  const from = performance.now();
  const { last: head } = await placesOf(origin);
  for (;;) {
    const { last, behind } = await placesOf(origin);
    const seconds = (performance.now() - from) / 1_000;
    if (last - behind >= head) return seconds;
    if (seconds * 1_000 > LAG_DEADLINE_MS) return Number.POSITIVE_INFINITY;
    await sleep(ASK_EVERY_MS);
  }
};

const rssMbOf = (pid: number): number => (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1_024) / 1e6;

export const startEngine = async (workshop: Workshop, folder: string): Promise<EngineProcess> => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  // The one thing that is not as it comes: a till's share of the rate, as one load speaks here for thousands of tills.
  const env = { ...process.env, PORT: String(port), YIKA_DATA: folder, YIKA_RATE_PER_SECOND: '1000000', YIKA_RATE_BURST: '1000000' };
  const from = performance.now();
  const child = workshop.spawn(process.execPath, ['--enable-source-maps', START, '--no-sample'], { env });
  const said = { text: '' };
  const pidSaid = enginePidFrom(child, said);
  pidSaid.catch(() => undefined); // Told below, with what it said.
  while (!(await isReady(origin))) {
    if (child.exitCode !== null || performance.now() - from > READY_DEADLINE_MS) throw new Error(`the engine did not start:\n${said.text}`);
    await sleep(ASK_EVERY_MS);
  }
  const startMs = performance.now() - from;
  const pid = await pidSaid;
  workshop.alsoKill(pid);
  const stop = () => ended(child, 'SIGINT');
  return { port, pid, startMs, lagSeconds: () => lagSecondsOf(origin), rssMb: () => rssMbOf(pid), stop };
};
