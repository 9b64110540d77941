import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { doubtsAbout } from '#libs/adapters/backup';
import { type CheckResult, type Finding, NOWHERE, Tally, type Verdict, verdictOf, words } from '#libs/audit';
import { Failure } from '../startup/checks';
import { LogFile } from './log-file';
import type { ProjectionOutcome } from './projection-work';
import { verifyLog } from './verify-log';

export type VerifyOrder = Readonly<{
  folder: string;
  /** Both inclusive; null: from the first, to the last. */
  from: number | null;
  to: number | null;
  decide: boolean;
  projections: boolean;
  /** Outside the data folder; undefined: none is kept. */
  checkpointFile: string | undefined;
  signal: AbortSignal;
  onProgress: (stage: 'log' | 'projections', done: number, total: number) => void;
}>;
export type Verification = Readonly<{
  verdict: Verdict;
  folder: string;
  range: Readonly<{ from: number; to: number; whole: boolean }>;
  events: number;
  lastLogIndex: number;
  /** The log is one of a simulation: its first event is the mark. */
  simulation: boolean;
  stopped: boolean;
  seconds: number;
  eventsPerSecond: number;
  checks: readonly CheckResult[];
  findings: readonly Finding[];
}>;

const LEFT_OUT = words('未比对读模型（--no-projections 或限定了范围）', 'read models were left out (--no-projections, or a range)');
const FAILED = words('读模型线程中断', 'the projections could not be compared');

/**
 * Derives everything in a data folder or a backup again, reading only; beside a running engine as well: what is appended after it began is
 * not looked at. The log is read in this thread, read models are rebuilt in another. Throws: Failure where there is no log.
 */
export const verifyFolder = async (order: VerifyOrder): Promise<Verification> => {
  const { folder, signal, onProgress, decide } = order;
  const began = performance.now();
  const { lastLogIndex, simulation } = beginningAndEnd(folder);
  const isRange = order.from !== null || order.to !== null;
  const range = { from: order.from ?? 0, to: Math.min(order.to ?? lastLogIndex, lastLogIndex) };
  const tally = new Tally();
  const projections = order.projections && !isRange ? projectionsOf(order) : NO_PROJECTIONS;
  const onLog = (done: number, total: number) => onProgress('log', done, total);
  try {
    await verifySeen(order, tally);
    await verifyLog({ folder, range, decide, tally, stopped: () => signal.aborted, onProgress: onLog });
  } catch (thrown) {
    projections.stop();
    throw isUnreadable(thrown) ? damagedLog(thrown) : thrown;
  }
  const logSeconds = (performance.now() - began) / 1000;
  add(tally, await projections.outcome);
  const checks = tally.results();
  const events = checks.find(({ check }) => check === 'log')?.checked ?? 0;
  return {
    verdict: verdictOf(checks, isRange || signal.aborted),
    folder,
    range: { ...range, whole: !isRange },
    events,
    lastLogIndex,
    simulation,
    stopped: signal.aborted,
    seconds: (performance.now() - began) / 1000,
    eventsPerSecond: Math.round(events / logSeconds),
    checks,
    findings: tally.findings(),
  };
};

const UNJUDGED = words('日志损坏，未能与所见比对', 'the log is damaged: not held against what was seen of it');

/** Whether the log has all that others remember of it: a file that was put back from yesterday is sound in itself. */
const verifySeen = async ({ folder, checkpointFile }: VerifyOrder, tally: Tally): Promise<void> => {
  const log = new LogFile(folder);
  try {
    const { doubts, seen } = await doubtsAbout({ folder, checkpointFile, reader: readerOf(log) });
    const ofLog = doubts.filter(({ code }) => code !== 'content-older-than-log'); // Bills have a check of their own.
    const items = Math.max(seen, ofLog.length);
    tally.expect('seen', items);
    tally.checked('seen', items);
    for (const { logIndex, foundZh, foundEn } of ofLog) tally.find('seen', { ...NOWHERE, logIndex }, words(foundZh, foundEn));
  } catch {
    tally.leaveOut('seen', 1, UNJUDGED); // Where it is damaged, and how, the other checks tell.
  } finally {
    log.close();
  }
};

const readerOf = (log: LogFile) => ({
  lastLogIndex: () => Promise.resolve(log.last()),
  readLog: async function* (from: number) {
    for (const page of log.glance(from, log.last())) yield* page;
  },
});

const SIMULATION = 'simulation-clock'; // Source: log-format.md, 4.

const beginningAndEnd = (folder: string): Readonly<{ lastLogIndex: number; simulation: boolean }> => {
  const log = new LogFile(folder);
  try {
    return { lastLogIndex: log.last(), simulation: log.rowAtIndex(0)?.stream === SIMULATION };
  } catch (thrown) {
    throw damagedLog(thrown);
  } finally {
    log.close();
  }
};

/** Of the file as such: SQLite cannot go on where a page of the tables themselves is not what it was. */
const isUnreadable = (thrown: unknown): boolean => (thrown as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';
const damagedLog = (thrown: unknown): Failure => {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure({ zh: `事件日志损坏，无法读完：${why}`, en: `The log is damaged, it cannot be read to its end: ${why}` });
};

type Told = ProjectionOutcome | Readonly<{ gap: Readonly<{ zh: string; en: string }>; found?: string }>;

const add = (tally: Tally, told: Told): void => {
  if ('gap' in told) {
    tally.leaveOut(
      'projections',
      1,
      told.found === undefined ? told.gap : words(`${told.gap.zh}：${told.found}`, `${told.gap.en}: ${told.found}`),
    );
    return;
  }
  for (const check of ['projections', 'institutionDays'] as const) {
    tally.expect(check, told.checked[check]);
    tally.checked(check, told.checked[check]);
  }
  for (const finding of told.findings) tally.find(finding.check, finding, finding, finding);
  for (const { check, items, zh, en } of told.gaps) tally.leaveOut(check, items, words(zh, en));
};

type Projections = Readonly<{ outcome: Promise<Told>; stop: () => void }>;
const NO_PROJECTIONS: Projections = { outcome: Promise.resolve({ gap: LEFT_OUT }), stop: () => undefined };

/** A thread cannot be started from TypeScript: specs, which run from the sources, use the build's copy. */
const threadFile = (): string => {
  if (!__filename.endsWith('.ts')) return path.join(__dirname, 'projection-thread.js');
  const root = path.resolve(__dirname, '../../../..');
  return path.join(root, 'dist', path.relative(root, __dirname), 'projection-thread.js');
};

const projectionsOf = ({ folder, signal, onProgress }: VerifyOrder): Projections => {
  const stop = new SharedArrayBuffer(4);
  const tell = () => void Atomics.store(new Int32Array(stop), 0, 1);
  signal.addEventListener('abort', tell, { once: true });
  const worker = new Worker(threadFile(), { workerData: { folder, stop } });
  const outcome = new Promise<Told>((resolve) => {
    worker.on('message', (message: { kind: string; done: number; total: number; outcome: ProjectionOutcome }) => {
      if (message.kind === 'progress') onProgress('projections', message.done, message.total);
      else resolve(message.outcome);
    });
    worker.once('error', (thrown) => resolve({ gap: FAILED, found: thrown instanceof Error ? thrown.message : String(thrown) }));
    worker.once('exit', (code) => resolve({ gap: FAILED, found: `exit ${code}` }));
  });
  return { outcome, stop: tell };
};
