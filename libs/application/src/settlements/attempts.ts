import { createHash, randomUUID } from 'node:crypto';
import { businessDateOf, type Json } from '#libs/kernel';
import {
  type AttemptEvent,
  type AttemptState,
  attempts,
  attemptsStream,
  decodeAttemptEvent,
  encodeAttemptEvent,
  type RecordAttempt,
} from '#libs/medical-account';
import type { Answer } from '../engine';
import type { Tracing } from '../envelope';
import { clockOnly, type DecidedAt } from '../streams/clock-only';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Outcome, Refused, Request } from '../streams/request';
import { RepeatRate } from './repeat-rate';

type Reason = Readonly<{ code: string }>;
type Decided = Pick<Request<Readonly<{ data: object }>, never, never>, 'stream' | 'command' | 'tracing'>;
type Order = Readonly<{ stream: string; data: RecordAttempt['data']; tracing: Tracing }>;
/** Told to wait, and not in the log yet. */
type Uncounted = { order: Order; times: number };

const SHARDS = 4;
const CACHE_BYTES = 32_000_000;
const UNCOUNTED_MAX = 1_000;

/**
 * Keeps refused attempts in the log, beside the accounts. The same one too often in a minute is told to wait and counted with the next that
 * is written, or at the end: what a killed process had not written yet is lost from the count, and nothing else is.
 */
export class Attempts {
  private readonly runner: CommandRunner<RecordAttempt, AttemptEvent, AttemptState, never, DecidedAt>;
  private readonly rate: RepeatRate;
  private readonly uncounted = new Map<string, Uncounted>();

  /** `repeatsMax`: identical refusals a minute that are written each. */
  constructor(
    private readonly parts: StreamParts,
    repeatsMax: number,
  ) {
    this.rate = new RepeatRate(parts.time, repeatsMax);
    const aggregate = {
      decider: attempts,
      decode: decodeAttemptEvent,
      encode: { event: encodeAttemptEvent },
      sizeOf: (state: AttemptState) => 500 + state.size * 300,
    };
    this.runner = new CommandRunner({ ...parts, cacheBytes: CACHE_BYTES, aggregate });
  }

  /** Keeps the attempt when it was refused. Undefined: go on with the answer; else what the client is told instead. */
  async keep<E>(outcome: Outcome<E, Reason>, institutionCode: string, request: Decided): Promise<Answer<never> | undefined> {
    if (outcome.kind !== 'refused') return undefined;
    const order = orderOf(outcome, institutionCode, request);
    const name = nameOf(order);
    const waiting = this.uncounted.get(name);
    if (waiting && codesOf(waiting.order) !== codesOf(order)) await this.flushOne(name); // What was refused before stands before it.
    const retryAfterSeconds = this.rate.tooOften(`${name} ${codesOf(order)}`);
    if (retryAfterSeconds === undefined) return this.write(order, 1 + this.takeUncounted(name));
    this.hold(order, 1);
    const [oldest] = this.uncounted.keys();
    if (oldest !== undefined && this.uncounted.size > UNCOUNTED_MAX) await this.flushOne(oldest);
    return { kind: 'throttled', retryAfterSeconds };
  }

  /** Writes every count that is still open, and finishes what is under way. */
  async drain(): Promise<void> {
    await Promise.all([...this.uncounted.keys()].map((name) => this.flushOne(name)));
    await this.parts.turns.idle();
  }

  private hold(order: Order, times: number): void {
    const name = nameOf(order);
    this.uncounted.set(name, { order, times: times + this.takeUncounted(name) });
  }

  private takeUncounted(name: string): number {
    const times = this.uncounted.get(name)?.times ?? 0;
    this.uncounted.delete(name);
    return times;
  }

  private async flushOne(name: string): Promise<void> {
    const waiting = this.uncounted.get(name);
    if (waiting) await this.write(waiting.order, this.takeUncounted(name));
  }

  private async write(order: Order, times: number): Promise<Answer<never> | undefined> {
    const outcome = await this.runner.run({
      stream: order.stream,
      key: `attempt-${randomUUID()}`,
      command: { type: 'RecordAttempt', data: { ...order.data, times } },
      gather: clockOnly(),
      tracing: order.tracing,
      lane: 'interactive',
    });
    if (outcome.kind === 'outcomeUnknown') return outcome;
    if (outcome.kind !== 'unavailable' && outcome.kind !== 'contended') return undefined;
    if (times > 1) this.hold(order, times - 1); // Those were told to wait already; this one hears that it was not kept.
    return outcome;
  }
}

const nameOf = ({ stream, data }: Order): string => `${stream} ${data.attemptKey}`;
const codesOf = ({ data }: Order): string => data.reasons.map(({ code }) => code).join(' ');

const orderOf = (outcome: Refused<Reason>, institutionCode: string, { stream, command, tracing }: Decided): Order => {
  const { refusals, recordedFacts, headRevision, decidedAt } = outcome;
  const attemptKey = (command.data as { commandHash: string }).commandHash;
  const shard = createHash('sha256').update(attemptKey).digest().readUInt8(0) % SHARDS;
  return {
    stream: attemptsStream(institutionCode, businessDateOf(decidedAt), shard),
    data: {
      attemptKey,
      command: command as unknown as Json,
      facts: recordedFacts,
      reasons: refusals,
      account: headRevision < 0 ? null : { stream, revision: headRevision },
    },
    tracing,
  };
};
