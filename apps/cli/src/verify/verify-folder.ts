import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { doubtsAbout } from '#libs/adapters/backup';
import { type CheckResult, type Finding, NOWHERE, Tally, type Verdict, verdictOf, words } from '#libs/audit';
import { Failure } from '../startup/checks';
import { damagedLog, isUnreadable } from './damage';
import { LogFile } from './log-file';
import type { ProjectionOutcome } from './projection-work';
import type { Run } from './resume-file';
import { Resumption } from './resumption';
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
  /** Where what was covered is kept when it is stopped, and gone on from; only for the whole log. Undefined: nowhere. */
  resumeFile?: string | undefined;
  signal: AbortSignal;
  onProgress: (stage: 'log' | 'projections', done: number, total: number) => void;
}>;
export type Verification = Readonly<{
  verdict: Verdict;
  folder: string;
  range: Readonly<{ from: number; to: number; whole: boolean }>;
  events: number;
  /** Which run has covered how many of them: one, or all those that were stopped and gone on with. */
  runs: readonly Run[];
  lastLogIndex: number;
  /** The log is one of a simulation: its first event is the mark. */
  simulation: boolean;
  stopped: boolean;
  /** null: it was not asked to be resumable. */
  resumeFile: string | null;
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
  const resumption = new Resumption(order);
  const range = rangeOf(order, lastLogIndex, resumption);
  const [tally, ofLog] = [new Tally(), new Tally()];
  const projections = order.projections && !isRange ? projectionsOf(order) : NO_PROJECTIONS;
  const onLog = (done: number, total: number) => onProgress('log', done, total);
  try {
    await verifySeen(order, tally);
    await verifyLog({ folder, range, decide, tally: ofLog, stopped: () => signal.aborted, resuming: resumption.ways, onProgress: onLog });
    tally.join(ofLog.asKept());
  } catch (thrown) {
    projections.stop();
    throw isUnreadable(thrown) ? damagedLog(folder, thrown) : thrown;
  }
  const logSeconds = (performance.now() - began) / 1000;
  add(tally, await projections.outcome);
  const stopped = signal.aborted;
  if (!stopped) resumption.end();
  const checks = tally.results();
  const events = checks.find(({ check }) => check === 'log')?.checked ?? 0;
  return {
    verdict: verdictOf(checks, isRange || stopped),
    folder,
    range: { ...range, whole: !isRange },
    events,
    runs: resumption.runsWith(events),
    lastLogIndex,
    simulation,
    stopped,
    resumeFile: order.resumeFile ?? null,
    seconds: (performance.now() - began) / 1000,
    eventsPerSecond: Math.round((events - resumption.before) / logSeconds),
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
    throw damagedLog(folder, thrown);
  } finally {
    log.close();
  }
};

/** A run that goes on with others looks at the log as it was for the first of them. Throws: Failure where there is nothing to look at. */
const rangeOf = ({ from, to }: VerifyOrder, last: number, { to: begunTo }: Resumption): Readonly<{ from: number; to: number }> => {
  if (from === null || from <= last) return { from: from ?? 0, to: begunTo ?? Math.min(to ?? last, last) };
  throw new Failure({
    zh: `--from ${from} 在日志末尾之后：末条序号为 ${last}，没有可查的事件。`,
    en: `--from ${from} is beyond the end of the log: its last index is ${last}, there is nothing to verify.`,
  });
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
