import { type Append, type AppendResult, type ExpectedRevision, Unavailable } from '#libs/application';
import type { Batches } from './batch-stream';
import { type ClaimParts, claimsOf } from './claims';
import type { Connection } from './connection';
import { putContent } from './content';
import { DamagedLogError } from './errors';
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
const FENCED_STREAMS_MAX = 10_000;
/** Only administrators may delete a stream, or say how much of it is kept. */
export const STREAM_METADATA: Proposed = proposedJson('$metadata', { $acl: { $d: '$admins', $mw: '$admins' }, yika: { layout: 1 } });

const revisionOf = (head: number): ExpectedRevision => (head < 0 ? 'no-stream' : head);
const outage: AppendResult = { kind: 'unavailable', cause: 'outage' };

/** Appends to the server, one at a time for each key among those of this process. */
export const appendsOf = (parts: AppendParts) => {
  const { connection, batches, names, lanes, callDeadlineMs } = parts;
  const fenced = new Map<string, number>(); // Streams that are known to have fences: hardly ever any.
  const page: ClaimParts['page'] = (asked, untilMs) => pageSteadily(connection, asked, untilMs - performance.now());
  const claims = claimsOf({ batches, names, page, patienceMs: parts.claimPatienceMs });
  const taking = new Map<string, Promise<unknown>>();

  const remember = (stream: string, fences: number): void => {
    if (fences === 0) return void fenced.delete(stream);
    fenced.set(stream, fences);
    if (fenced.size > FENCED_STREAMS_MAX) fenced.delete(fenced.keys().next().value ?? '');
  };

  /** Sent before the first event, on the same call; a later try finds it there. */
  const withMetadata = async (plan: Plan, untilMs: number, events: () => Promise<Verdict>): Promise<Verdict> => {
    if (plan.append.expected !== 'no-stream') return events();
    const metadata = { name: metadataOf(names.event(plan.append.stream)), after: -1, events: [STREAM_METADATA] };
    const [, verdict] = await Promise.all([appendSteadily(batches, metadata, untilMs), events()]);
    return verdict;
  };

  const write = (plan: Plan, fences: number, untilMs: number): Promise<Verdict> => {
    const after = plan.first + fences - 1;
    const events = { name: names.event(plan.append.stream), after, events: proposedOf(plan, fences) };
    return withMetadata(plan, untilMs, () => appendSteadily(batches, events, untilMs));
  };

  /** What a definite miss is: a conflict, a claim that was lost meanwhile, or fences that were not known of (then undefined: once more). */
  const missed = async (plan: Plan, fences: number, untilMs: number): Promise<AppendResult | undefined> => {
    const { fences: actual, head } = await claims.fencesFor(plan, untilMs);
    if (actual !== fences) {
      remember(plan.append.stream, actual);
      return;
    }
    const key = await claims.heldByAnother(plan, fences, untilMs);
    return key === undefined ? { kind: 'conflict', actual: revisionOf(head) } : { kind: 'claimTaken', key };
  };

  const answer = (verdict: Exclude<Verdict, { kind: 'elsewhere' }>): AppendResult => {
    if (verdict.kind === 'done') return APPENDED;
    if (verdict.kind === 'open') return { kind: 'unknown', cause: verdict.detail };
    if (verdict.kind === 'notHandled') return outage;
    if (verdict.why === 'rights') return { kind: 'unavailable', cause: 'readOnly' };
    if (verdict.why === 'deleted') throw new DamagedLogError(`a stream of the log was deleted: ${verdict.detail}`);
    throw new RangeError(`KurrentDB refuses the append: ${verdict.detail}`);
  };

  const settle = async (plan: Plan, untilMs: number): Promise<AppendResult> => {
    for (;;) {
      const fences = fenced.get(plan.append.stream) ?? 0;
      const taken = await claims.take(plan, fences, untilMs);
      if (taken.kind === 'taken') return { kind: 'claimTaken', key: taken.key };
      if (taken.kind === 'rights') return { kind: 'unavailable', cause: 'readOnly' };
      if (taken.kind !== 'held') return outage;
      const verdict = await write(plan, fences, untilMs);
      if (verdict.kind !== 'elsewhere') return answer(verdict);
      try {
        const result = await missed(plan, fences, untilMs);
        if (result) return result;
      } catch (thrown) {
        if (thrown instanceof DamagedLogError) throw thrown;
        return { kind: 'unknown', cause: (thrown as Error).message }; // It may stand behind fences that could not be counted.
      }
    }
  };

  /** Appends of this process that want a key wait for each other: cheaper than to outlast one another's claims. */
  const inTurn = async (plan: Plan, untilMs: number): Promise<AppendResult> => {
    const keys = plan.append.claims.map(({ key }) => key);
    const before = keys.map((key) => taking.get(key)).filter((one) => one !== undefined);
    if (keys.length === 0) return settle(plan, untilMs);
    const turn = Promise.all(before).then(() => (performance.now() < untilMs ? settle(plan, untilMs) : outage));
    const done = turn.catch(() => undefined);
    for (const key of keys) taking.set(key, done);
    try {
      return await turn;
    } finally {
      for (const key of keys) if (taking.get(key) === done) taking.delete(key);
    }
  };

  const settleWhole = async (plan: Plan, untilMs: number): Promise<AppendResult> => {
    for (const index of plan.contents.keys())
      await putContent({ connection, batches, names, callDeadlineMs }, plan.bytes[index] ?? new Uint8Array(0), untilMs);
    return inTurn(plan, untilMs);
  };

  return async (append: Append): Promise<AppendResult> => {
    const plan = planOf(append);
    const untilMs = performance.now() + callDeadlineMs;
    if (!(await lanes.enter(append.lane, plan.size, untilMs))) return { kind: 'unavailable', cause: 'busy' };
    try {
      return await settleWhole(plan, untilMs);
    } catch (thrown) {
      if (thrown instanceof Unavailable) return thrown.why === 'readOnly' ? { kind: 'unavailable', cause: 'readOnly' } : outage;
      throw thrown;
    } finally {
      lanes.leave(append.lane, plan.size);
    }
  };
};
