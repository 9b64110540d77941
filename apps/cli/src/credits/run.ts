import path from 'node:path';
import type { EngineClient } from '../engine/client';
import type { Progress } from '../screen/progress';
import { Failure } from '../startup/checks';
import { type Control, controlTotals, fenOfYuan, type Totals, totalsNowInLog } from './control-totals';
import type { Credit, Heading } from './credit-file';
import { type Examined, yuan } from './examine';
import { type LineAnswer, type LineExchange, type Reason, sendUntilAnswered, tookNothing } from './line-exchange';
import { piecesOf, workedOn } from './pieces';
import { CODE_OF, type ResultsFile, type RunBegun } from './results-file';
import { count, emptyTally, keepRefusal, type Tally } from './tally';

export const PIECE_LINES = 256;
const PIECES_AT_ONCE = 2; // One is being credited while the next is already there.

export type Run = Readonly<{
  examined: Examined & Readonly<{ heading: Heading }>;
  results: ResultsFile;
  admin: EngineClient;
  exchange: LineExchange;
  dataFolder: string;
  operator: string;
  signal: AbortSignal;
  progress: Progress;
  onWait: (reasons: readonly Reason[]) => void;
  now: () => string;
}>;
export type RunEnd = Readonly<{
  tally: Tally;
  stopped: boolean;
  control: Control;
  stoodBefore: Readonly<{ lines: number; sumFen: number }>;
}>;

/**
 * Credits what of the file is not credited yet, and holds the totals against each other. Idempotency: by source and reference, in the engine;
 * the results file only saves asking again. Throws: Failure; whatever keeps the engine out of reach.
 */
export const runCredits = async (run: Run): Promise<RunEnd> => {
  const { examined, results, signal, now, operator } = run;
  const before = await beginning(run);
  const tally = emptyTally();
  const pieces = piecesOf(examined.file, PIECE_LINES, (line) => !isDone(results, line));
  const givenUp = new AbortController();
  const ending = AbortSignal.any([signal, givenUp.signal]);
  const work = (piece: readonly Credit[]) => sendUntilAnswered(run.exchange, piece, { signal: ending, onWait: run.onWait });
  for await (const { piece, result } of workedOn(pieces, PIECES_AT_ONCE, { work, signal: ending })) {
    // An engine that takes nothing for so long (a full disk, read-only) takes no more of the rest: better to say so than to go on asking.
    if (tookNothing(result)) givenUp.abort();
    results.append(piece.flatMap((credit, i) => recordOf(credit, result[i])));
    for (const [i, credit] of piece.entries()) tell(run, tally, credit, result[i]);
    run.progress.advance(piece.length);
  }
  results.sync();
  const { control, stoodBefore } = await checked(run, before, tally);
  results.append([{ kind: 'ended', at: now(), operator, stopped: signal.aborted, control: controlJson(control) }]);
  results.sync();
  return { tally, stopped: signal.aborted, control, stoodBefore };
};

const isDone = ({ outcomes }: ResultsFile, line: number): boolean => {
  const code = outcomes.of(line);
  return code === CODE_OF.credited || code === CODE_OF.replayed;
};

/** What all holders had before the first line of this file was sent, also when that was in an earlier run. */
const beginning = async ({ examined, results, admin, dataFolder, operator, now }: Run): Promise<Totals> => {
  const { file, sha256, heading, credits, sumFen } = examined;
  const { begun } = results;
  if (begun) {
    demandSame(begun, { sha256, dataFolder, path: results.path });
    results.append([{ kind: 'resumed', operator, at: now() }]);
    return { balanceFen: fenOfYuan(begun.before.balance), logIndex: begun.before.logIndex };
  }
  const { balanceFen, logIndex } = await totalsNowInLog(admin);
  const before = { balance: yuan(balanceFen), logIndex };
  const about = { file: path.basename(file), sha256, ...heading, count: credits, sum: yuan(sumFen) };
  results.append([{ kind: 'begun', ...about, dataFolder, operator, at: now(), before } satisfies RunBegun]);
  results.sync();
  return { balanceFen, logIndex };
};

const demandSame = (
  begun: RunBegun,
  { sha256, dataFolder, path: results }: Readonly<{ sha256: string; dataFolder: string; path: string }>,
): void => {
  if (begun.sha256 !== sha256)
    throw new Failure({
      zh: `${results} 是此文件改动之前的结果。改过的文件请另起名办理：已划的不会重复划。`,
      en: `${results} are the results of this file before it was changed. Give the changed file a name of its own: nothing is credited twice.`,
    });
  if (begun.dataFolder !== dataFolder)
    throw new Failure({
      zh: `${results} 是数据目录 ${begun.dataFolder} 的结果。请移走后再办。`,
      en: `${results} are results of the data folder ${begun.dataFolder}. Move them away first.`,
    });
};

const recordOf = ({ line, reference, amount }: Credit, answer: LineAnswer | undefined): object[] => {
  if (!answer || answer.kind === 'busy') return []; // Still open: the next run asks again.
  const { kind: outcome, ...more } = answer;
  return [{ line, reference, outcome, amount, ...('reasons' in more ? { reasons: more.reasons.map(brief) } : more) }];
};
const brief = ({ remedyZh: _z, remedyEn: _e, ...reason }: Reason): object => reason;

const tell = ({ results }: Run, tally: Tally, credit: Credit, answer: LineAnswer | undefined): void => {
  if (!answer || answer.kind === 'busy') return;
  results.outcomes.set(credit.line, CODE_OF[answer.kind]);
  if (answer.kind === 'refused') keepRefusal(tally, credit, answer.reasons);
};

/** What every line has come to by the results, and what the log has of it. */
const checked = async (
  { examined, results, admin }: Run,
  before: Totals,
  tally: Tally,
): Promise<Pick<RunEnd, 'control' | 'stoodBefore'>> => {
  const control = await controlTotals(admin, examined.heading, before, (reference) => examined.creditOf.get(reference));
  const stoodBefore = { lines: 0, sumFen: 0 };
  const missing: string[] = [];
  for (const [reference, { line, amountFen }] of examined.creditOf) {
    const part = PARTS[results.outcomes.of(line)] ?? 'open';
    count(tally, part, { amountFen });
    if (control.seen.has(line)) continue;
    if (part === 'credited') missing.push(`${reference}: 已答计入，日志中没有 · answered as credited, not in the log`);
    if (part !== 'replayed') continue;
    stoodBefore.lines += 1;
    stoodBefore.sumFen += amountFen;
  }
  return { control: { ...control, faults: [...control.faults, ...missing.slice(0, MISSING_SHOWN_MAX)] }, stoodBefore };
};

const PARTS = ['open', 'credited', 'replayed', 'refused'] as const;
const MISSING_SHOWN_MAX = 20;

export const controlJson = (control: Control): object => ({
  before: { balance: yuan(control.before.balanceFen), logIndex: control.before.logIndex },
  credited: { lines: control.credited.lines, sum: yuan(control.credited.sumFen) },
  others: { credits: control.others.credits, sum: yuan(control.others.sumFen) },
  allCredits: yuan(control.allCreditsFen),
  setAgainstDebts: yuan(control.setAgainstDebtsFen),
  movedOtherwise: control.movedOtherwise.map(({ type, events, balanceFen }) => ({ type, events, balance: yuan(balanceFen) })),
  after: { balance: yuan(control.after.balanceFen), logIndex: control.after.logIndex },
  difference: yuan(control.differenceFen),
  faults: control.faults,
});
