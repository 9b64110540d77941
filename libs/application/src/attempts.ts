import { createHash, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { businessDateOf, type Json, type NonEmpty } from '#libs/kernel';
import {
  type AttemptEvent,
  type AttemptState,
  attempts,
  attemptsStream,
  decodeAttemptEvent,
  type RecordAttempt,
} from '#libs/medical-account';
import type { Answer } from './engine';
import type { Tracing } from './envelope';
import type { StreamParts } from './keyed-streams';
import { commandRunner } from './run-command';

export type RefusedAttempt = Readonly<{
  institutionCode: string;
  command: Readonly<{ type: string; data: object }>;
  recordedFacts: Json;
  reasons: NonEmpty<Readonly<{ code: string }>>;
  stream: string;
  /** Of the account's newest event at the decision; null: no account was found. */
  revision: number | null;
  decidedAt: string;
  tracing: Tracing;
}>;
export type Attempts = Readonly<{
  /** Undefined: recorded, go on with the refusal. Else what the client is told instead. */
  record: (attempt: RefusedAttempt) => Promise<Answer<never> | undefined>;
}>;

const SHARDS = 4;
const WINDOW_MS = 60_000;
const WATCHED_MAX = 100_000;

/** Keeps refused attempts in the log, beside the accounts; the same one too often in a minute is told to wait. Throws: on a bug. */
export const attemptsOf = (parts: StreamParts, repeatsMax: number): Attempts => {
  const runner = commandRunner<RecordAttempt, AttemptEvent, AttemptState, never, Readonly<{ decidedAt: string }>>({
    ...parts,
    cacheBytes: 32_000_000,
    aggregate: { decider: attempts, decode: decodeAttemptEvent, sizeOf: (state) => 500 + state.size * 300 },
  });
  const seen = new LRUCache<string, { sinceMs: number; times: number }>({ max: WATCHED_MAX });

  const tooOften = (attemptKey: string): number | undefined => {
    const nowMs = parts.time.nowMs();
    const watched = seen.get(attemptKey);
    if (!watched || nowMs - watched.sinceMs >= WINDOW_MS) {
      seen.set(attemptKey, { sinceMs: nowMs, times: 1 });
      return undefined;
    }
    watched.times += 1;
    return watched.times > repeatsMax ? Math.max(1, Math.ceil((watched.sinceMs + WINDOW_MS - nowMs) / 1000)) : undefined;
  };

  const record: Attempts['record'] = async ({ institutionCode, command, recordedFacts, reasons, stream, revision, decidedAt, tracing }) => {
    const attemptKey = (command.data as { commandHash: string }).commandHash;
    const retryAfterSeconds = tooOften(attemptKey);
    if (retryAfterSeconds !== undefined) return { kind: 'throttled', retryAfterSeconds };
    const shard = createHash('sha256').update(attemptKey).digest().readUInt8(0) % SHARDS;
    const outcome = await runner.run({
      stream: attemptsStream(institutionCode, businessDateOf(decidedAt), shard),
      key: `attempt-${randomUUID()}`,
      command: {
        type: 'RecordAttempt',
        data: {
          attemptKey,
          command: command as unknown as Json,
          facts: recordedFacts,
          reasons: reasons as unknown as RecordAttempt['data']['reasons'],
          account: revision === null ? null : { stream, revision },
        },
      },
      gather: async (_state, at) => ({ facts: { decidedAt: at }, recordedFacts: { decidedAt: at }, claims: [] }),
      tracing,
      lane: 'interactive',
    });
    if (outcome.kind === 'outcomeUnknown' || outcome.kind === 'unavailable' || outcome.kind === 'contended') return outcome;
    return undefined;
  };
  return { record };
};
