import { type Append, type AppendResult, type ExpectedRevision, Unavailable } from '#libs/application';
import type { Batches } from './batch-stream';
import { claimsOf } from './claims';
import type { Connection } from './connection';
import { putContent } from './content';
import { DamagedLogError } from './errors';
import { type FenceParts, fencesOf } from './fences';
import { keyTurns } from './key-turns';
import type { Lanes } from './lanes';
import { metadataOf, type Names } from './names';
import { pageSteadily } from './pages';
import { type Plan, planOf, proposedOf } from './record';
import { appendSteadily } from './steady-append';
import type { Verdict } from './verdict';
import { type Proposed, proposedJson } from './wire-append';

export type AppendParts = Readonly<{
  connection: Connection;
  batches: Batches;
  names: Names;
  lanes: Lanes;
  callDeadlineMs: number;
  claimPatienceMs: number;
}>;

const APPENDED: AppendResult = { kind: 'appended' };
const OUTAGE: AppendResult = { kind: 'unavailable', cause: 'outage' };
const READ_ONLY: AppendResult = { kind: 'unavailable', cause: 'readOnly' };
const FENCED_STREAMS_MAX = 10_000;
/** Only administrators may delete a stream, or say how much of it is kept. */
export const STREAM_METADATA: Proposed = proposedJson('$metadata', { $acl: { $d: '$admins', $mw: '$admins' }, yika: { layout: 1 } });

const revisionOf = (head: number): ExpectedRevision => (head < 0 ? 'no-stream' : head);

const answerOf = (verdict: Exclude<Verdict, { kind: 'elsewhere' }>): AppendResult => {
  if (verdict.kind === 'done') return APPENDED;
  if (verdict.kind === 'open') return { kind: 'unknown', cause: verdict.detail };
  if (verdict.kind === 'notHandled') return OUTAGE;
  if (verdict.why === 'rights') return READ_ONLY;
  if (verdict.why === 'deleted') throw new DamagedLogError(`日志的一条流已被删除 · a stream of the log was deleted: ${verdict.detail}`);
  throw new RangeError(`KurrentDB 拒绝此次追加 · KurrentDB refuses the append: ${verdict.detail}`);
};

/** How many fences streams have that have any: hardly ever one. What is not known here is found out by a miss. */
const knownFences = () => {
  const fenced = new Map<string, number>();
  return {
    of: (stream: string): number => fenced.get(stream) ?? 0,
    remember: (stream: string, fences: number): void => {
      fenced.delete(stream);
      if (fences > 0) fenced.set(stream, fences);
      if (fenced.size > FENCED_STREAMS_MAX) fenced.delete(fenced.keys().next().value ?? '');
    },
  };
};

/** Writes the events of a plan behind so many fences; a stream's metadata goes before its first event, on the same call. */
const eventWriter =
  ({ batches, names }: Pick<AppendParts, 'batches' | 'names'>) =>
  async (plan: Plan, fences: number, untilMs: number): Promise<Verdict> => {
    const name = names.event(plan.append.stream);
    const after = plan.first + fences - 1;
    const events = () => appendSteadily(batches, { name, after, events: proposedOf(plan, fences) }, untilMs);
    if (plan.append.expected !== 'no-stream') return events();
    const metadata = { name: metadataOf(name), after: -1, events: [STREAM_METADATA] };
    const [, verdict] = await Promise.all([appendSteadily(batches, metadata, untilMs), events()]);
    return verdict;
  };

/** Claims first, then the events; a miss is explained, and tried again where it was only fences that were not known of. */
const settler = (parts: AppendParts) => {
  const { connection, batches, names } = parts;
  const page: FenceParts['page'] = (asked, untilMs) => pageSteadily(connection, asked, untilMs - performance.now());
  const claims = claimsOf({ batches, names, page, patienceMs: parts.claimPatienceMs });
  const { fencesFor } = fencesOf({ batches, names, page });
  const known = knownFences();
  const write = eventWriter(parts);

  /** Undefined: once more. Throws: on outage or damage. */
  const missed = async (plan: Plan, fences: number, untilMs: number): Promise<AppendResult | undefined> => {
    const { fences: actual, head } = await fencesFor(plan, untilMs);
    if (actual !== fences) {
      known.remember(plan.append.stream, actual);
      return;
    }
    const key = await claims.heldByAnother(plan, fences, untilMs);
    return key === undefined ? { kind: 'conflict', actual: revisionOf(head) } : { kind: 'claimTaken', key };
  };

  const once = async (plan: Plan, untilMs: number): Promise<AppendResult | undefined> => {
    const fences = known.of(plan.append.stream);
    const taking = await claims.take(plan, fences, untilMs);
    if (taking.kind === 'taken') return { kind: 'claimTaken', key: taking.key };
    if (taking.kind !== 'held') return taking.kind === 'rights' ? READ_ONLY : OUTAGE;
    const verdict = await write(plan, fences, untilMs);
    if (verdict.kind !== 'elsewhere') return answerOf(verdict);
    try {
      return await missed(plan, fences, untilMs);
    } catch (thrown) {
      if (thrown instanceof DamagedLogError) throw thrown;
      return { kind: 'unknown', cause: (thrown as Error).message }; // It may stand behind fences that could not be counted.
    }
  };

  return async (plan: Plan, untilMs: number): Promise<AppendResult> => {
    for (;;) {
      const result = await once(plan, untilMs);
      if (result) return result;
    }
  };
};

/** The appends of a store. Throws: for bugs, and for damage; an outage is an answer. */
export const appendsOf = (parts: AppendParts) => {
  const { lanes, callDeadlineMs } = parts;
  const settle = settler(parts);
  const inTurn = keyTurns(); // Cheaper than to outlast the claims of one's own process.

  const settleWhole = async (plan: Plan, untilMs: number): Promise<AppendResult> => {
    for (const index of plan.contents.keys()) await putContent(parts, plan.bytes[index] ?? new Uint8Array(0), untilMs);
    const keys = plan.append.claims.map(({ key }) => key);
    return inTurn(keys, async () => (performance.now() < untilMs ? settle(plan, untilMs) : OUTAGE));
  };

  return async (append: Append): Promise<AppendResult> => {
    const plan = planOf(append);
    const untilMs = performance.now() + callDeadlineMs;
    if (!(await lanes.enter(append.lane, plan.size, untilMs))) return { kind: 'unavailable', cause: 'busy' };
    try {
      return await settleWhole(plan, untilMs);
    } catch (thrown) {
      if (thrown instanceof Unavailable) return thrown.why === 'readOnly' ? READ_ONLY : OUTAGE;
      throw thrown;
    } finally {
      lanes.leave(append.lane, plan.size);
    }
  };
};
