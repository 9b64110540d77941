import { type Command, type Decider, type Event, instantOf, isInstant, msOf, type Recorded } from '#libs/kernel';
import type { Answer } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader, EventStore } from '../event-store.port';
import { clockOnly, type DecidedAt } from '../streams/clock-only';
import { CommandRunner } from '../streams/command-runner';
import type { Time } from '../streams/request';
import { recordedOf } from '../streams/stored-form';
import { Turns } from '../streams/turns';

type SetClock = Command<'SetClock', { to: string }>;
/** The mark of a simulation when it is the first event of a log; where the clock stands ever since, when it is a later one. */
export type ManualClockSet = Event<'ManualClockSet.v1', { to: string }>;
type ClockNotForward = Readonly<{ code: 'clock-not-forward'; at: string }>;
type State = { last: Recorded<ManualClockSet> | null };

export const SIMULATION_STREAM = 'simulation-clock';
const FIRST_TYPE = 'ManualClockSet.v1';
const SETTING: Tracing = {
  actor: { principal: 'operator', organisation: 'operator', door: 'admin' },
  correlationId: 'simulation-begins',
  causationId: 'simulation-begins',
};

/** Forward only: what an account was told it is past stays past. */
export const manualClockDecider: Decider<SetClock, ManualClockSet, State, ClockNotForward, DecidedAt> = {
  decide: ({ data }, { last }, { decidedAt }) => {
    if (last?.data.to === data.to) return { kind: 'replayed', original: last };
    if (last && data.to < last.data.to) return { kind: 'refused', refusals: [{ code: 'clock-not-forward', at: last.data.to }] };
    return { kind: 'accepted', events: [{ type: 'ManualClockSet.v1', decidedAt, data }] };
  },
  due: () => [],
  evolve: (_state, event) => ({ last: event }),
  initialState: () => ({ last: null }),
  isClosing: () => true, // Each holds all that counts: where the clock stands.
};

export const decodeManualClock = (type: string, data: unknown): Pick<ManualClockSet, 'type' | 'data'> => {
  const { to } = data as Readonly<{ to?: unknown }>;
  if (type !== FIRST_TYPE || !isInstant(to)) throw new Error(`${type} is no event of a manual clock`);
  return { type, data: { to } };
};

/** Why a data folder and the clock that is asked for do not fit together; nothing was written. */
export class NoSimulation extends Error {
  constructor(
    readonly code: 'simulation-folder' | 'real-folder' | 'simulation-other-start' | 'simulation-empty' | 'simulation-not-begun',
    readonly at: string | null = null,
  ) {
    super(code);
  }
}

/**
 * When the simulation of this log began; null: it is none. The first event tells, and no later one can. Where it is damaged, a log without a
 * clock is a real one, whose other accounts go on; with one it is not opened. Throws: on outage; on damage of a simulation's log.
 */
export const simulationStartOf = async (reader: EventReader): Promise<string | null> => {
  try {
    for await (const first of reader.readLog(0))
      return first.stream === SIMULATION_STREAM ? recordedOf<ManualClockSet>(decodeManualClock, first).data.to : null;
    return null;
  } catch (thrown) {
    for await (const _ of reader.readForward(SIMULATION_STREAM)) throw thrown;
    return null;
  }
};

/** When the simulation begins or began; null for a real folder and clock. Reads only. Throws: NoSimulation when they do not fit; on outage. */
export const demandFitting = async (reader: EventReader, wish: SimulationWish): Promise<string | null> => {
  const marked = await simulationStartOf(reader);
  if (wish === null) {
    if (marked !== null) throw new NoSimulation('simulation-folder', marked);
    return null;
  }
  const isEmpty = (await reader.lastLogIndex()) < 0;
  if (marked === null && !isEmpty) throw new NoSimulation('real-folder');
  if (wish === 'continue') {
    if (marked === null) throw new NoSimulation('simulation-empty');
    return marked;
  }
  if (marked !== null && marked !== wish.startsAt) throw new NoSimulation('simulation-other-start', marked);
  return wish.startsAt;
};

/** A clock that stands still until somebody moves it forward. */
export type ManualClock = Readonly<{
  startedAt: string;
  nowMs: () => number;
  /** Recorded before it counts. Idempotency: by instant. Refusals: `clock-not-forward`. */
  moveTo: (instant: string, tracing: Tracing) => Promise<Answer<string>>;
}>;
export type SimulationWish = Readonly<{ startsAt: string }> | 'continue' | null;
type Parts = Readonly<{
  store: EventStore;
  pause: Time['pause'];
  elapsedMs: () => number;
  deadlineMs: number;
  wish: SimulationWish;
}>;

/**
 * The manual clock of a simulation, which an empty log becomes here and now; null for a real folder with the real clock.
 * Throws: NoSimulation when folder and wish do not fit; on outage.
 */
export const openManualClock = async ({ store, pause, elapsedMs, deadlineMs, wish }: Parts): Promise<ManualClock | null> => {
  const startedAt = await demandFitting(store, wish);
  if (startedAt === null) return null;
  let nowMs = msOf(startedAt);
  const time: Time = { nowMs: () => nowMs, pause, elapsedMs };
  const runner = new CommandRunner<SetClock, ManualClockSet, State, ClockNotForward, DecidedAt>({
    store,
    time,
    deadlineMs,
    cacheBytes: 10_000,
    turns: new Turns(),
    sawDecidedAt: () => undefined,
    aggregate: { decider: manualClockDecider, decode: decodeManualClock, sizeOf: () => 100 },
  });
  const moveTo = async (instant: string, tracing: Tracing): Promise<Answer<string>> => {
    const to = instantOf(msOf(instant));
    const outcome = await runner.run({
      stream: SIMULATION_STREAM,
      key: `${SIMULATION_STREAM}-${to}`,
      command: { type: 'SetClock', data: { to } },
      gather: clockOnly(),
      tracing,
      lane: 'interactive',
    });
    if (outcome.kind === 'refused') return { kind: 'refused', reasons: outcome.refusals };
    if (outcome.kind === 'nothingDue' || outcome.kind === 'claimTaken') throw new Error(`setting the clock ended as ${outcome.kind}`);
    if (outcome.kind !== 'recorded' && outcome.kind !== 'replayed') return outcome;
    const set = outcome.kind === 'recorded' ? outcome.events[0].data.to : outcome.original.data.to;
    nowMs = Math.max(nowMs, msOf(set));
    return { kind: 'done', replayed: outcome.kind === 'replayed', value: set };
  };
  const { last } = (await runner.load(SIMULATION_STREAM)).state;
  if (last) nowMs = msOf(last.data.to);
  else if ((await moveTo(startedAt, SETTING)).kind !== 'done') throw new NoSimulation('simulation-not-begun');
  return { startedAt, nowMs: () => nowMs, moveTo };
};
