import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs } from '#libs/kernel';
import type { Call, EngineClient, Reply } from '../engine/client';
import { bodyOf, isReplay, judge } from './judge';
import type { Step, Story } from './step';
import { count, emptyTally, mismatch, type Tally } from './tally';

export type Stage = Readonly<{
  client: EngineClient;
  /** Access keys by their name in the plan. */
  keys: Readonly<Record<string, string>>;
  now: () => string;
  /** When the day began: after everything was set up. Late entries say that they happened then. */
  morning: string;
  signal: AbortSignal;
}>;
/** Ids that the engine gave, by the names that the plan uses for them. */
export type Names = Map<string, string>;

const TRIES_MAX = 8;
const PAUSE_MS = 250;
const MINUTE_MS = 60_000;
const NAMED = /\{([a-zA-Z]+(?::[a-zA-Z]+)?)([+-]\d+)?\}/g;

/** The playing was stopped from outside; what was sent is answered, nothing else was begun. */
export class Stopped extends Error {}

const filled = (value: unknown, names: Names, stage: Stage): unknown => {
  if (typeof value === 'string')
    return value.includes('{') ? value.replace(NAMED, (_all, name: string, minutes?: string) => meant(name, minutes, names, stage)) : value;
  if (Array.isArray(value)) return value.map((item) => filled(item, names, stage));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, names, stage)]));
};

const meant = (name: string, minutes: string | undefined, names: Names, { now, morning }: Stage): string => {
  if (name === 'morning') return morning;
  if (name === 'now') return minutes === undefined ? now() : plusMs(now(), Number(minutes) * MINUTE_MS);
  const id = names.get(name);
  if (id === undefined) throw new Error(`the plan names ${name} before any answer gave it`);
  return id;
};

/**
 * Sends until there is an answer that says something: a lost connection, "busy", "too fast" and "outcome unknown" are asked again with the
 * very same message, which is what an institution is told to do. Throws: Stopped.
 */
export const send = async ({ client, signal }: Pick<Stage, 'client' | 'signal'>, call: Call): Promise<Reply> => {
  for (let tries = 1; ; tries++) {
    if (signal.aborted) throw new Stopped();
    const reply = await client.call(call).catch((fault: unknown) => {
      if (tries >= TRIES_MAX || signal.aborted) throw fault;
      return null;
    });
    if (reply !== null && ((reply.status !== 503 && reply.status !== 429) || tries >= TRIES_MAX)) return reply;
    await sleep(reply?.retryAfterMs ?? PAUSE_MS * tries);
  }
};

const callOf = ({ call }: Step, names: Names, stage: Stage): Call => {
  const key = stage.keys[call.keyName];
  if (key === undefined) throw new Error(`the plan names a key that was not made: ${call.keyName}`);
  const path = String(filled(call.path, names, stage));
  return { method: call.method, path, key, body: filled(call.body, names, stage) };
};

/** Sets one holder up. Throws: Error when the engine refuses: then the sample cannot go on. Idempotency: by the references of the plan. */
export const setUpHolder = async (story: Story, stage: Stage): Promise<Names> => {
  const names: Names = new Map();
  for (const step of story.setUp) {
    const reply = await send(stage, callOf(step, names, stage));
    const wrong = judge(step.expect, reply, []);
    if (wrong !== null) throw new Error(`${step.call.path} (${story.kind}): ${wrong}`);
    if (step.saves !== undefined) names.set(step.saves, String(bodyOf(reply)[step.saves === 'account' ? 'accountId' : 'id']));
  }
  return names;
};

/** Plays one holder's day, step after step, and holds every answer against the plan. */
export const playDay = async (story: Story, names: Names, stage: Stage): Promise<Tally> => {
  const tally = emptyTally();
  const wrongs: string[] = [];
  const replies: Reply[] = [];
  let playedBefore = false;
  let repeated: Call | undefined;
  const calls: Call[] = [];
  for (const [i, step] of story.day.entries()) {
    // A repeat is the very same message, to the last byte.
    repeated = step.expect.kind === 'replayed' ? calls[step.expect.of] : undefined;
    const call = repeated ?? callOf(step, names, stage);
    const reply = await send(stage, call);
    const wrong = judge(step.expect, reply, replies);
    calls[i] = call;
    replies[i] = reply;
    playedBefore ||= isReplay(reply) && step.expect.kind !== 'replayed';
    count(tally, step.what, reply);
    if (wrong !== null) wrongs.push(`${story.kind} #${story.number}.${i + 1} ${step.what}: ${wrong}`);
  }
  // What was played before the sample was interrupted finds the account further on than the plan says.
  if (!playedBefore) for (const words of wrongs) mismatch(tally, words);
  return tally;
};
