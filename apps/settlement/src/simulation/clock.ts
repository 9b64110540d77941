import {
  demandFitting,
  type EventStore,
  type ManualClock,
  NoSimulation,
  openManualClock,
  type SimulationWish,
  type Time,
} from '#libs/application';

/** What tells the engine the time: the system, or in a simulation whoever moves the clock. */
export type EngineClock = Readonly<{ nowMs: () => number; manual: ManualClock | null }>;
export const SYSTEM_CLOCK: EngineClock = { nowMs: Date.now, manual: null };

/** A folder and a clock that do not fit together, in the words of who starts the engine. */
export class ClockRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Words = Readonly<Record<NoSimulation['code'], (at: string) => string>>;
const WORDS: Words = {
  'simulation-folder': (at) =>
    `这是模拟数据目录（始于 ${at}），不能当真实数据运行；请用 --simulation continue（YIKA_SIMULATION=continue）继续模拟，或另指 YIKA_DATA · ` +
    `this data folder is a simulation (begun at ${at}) and never runs as a real one: ` +
    'go on with it by --simulation continue (YIKA_SIMULATION=continue), or name another YIKA_DATA',
  'real-folder': () =>
    '这是真实数据目录，不能改作模拟；请另指一个空目录（YIKA_DATA） · ' +
    'this data folder is a real one and can never become a simulation: name an empty one (YIKA_DATA)',
  'simulation-other-start': (at) =>
    `该模拟始于 ${at}，与所给时刻不同；请用 --simulation continue · ` +
    `this simulation began at ${at}, not at the instant that was given: go on with it by --simulation continue`,
  'simulation-empty': () =>
    '空目录没有可继续的模拟；请给出开始时刻，如 --simulation 2017-03-31T08:00:00+08:00 · ' +
    'an empty folder holds no simulation to go on with: say when it begins, as in --simulation 2017-03-31T08:00:00+08:00',
  'simulation-not-begun': () =>
    '模拟标记未能写入日志，引擎不启动 · the mark of the simulation could not be written to the log; the engine does not start',
};

type Order = Readonly<{ store: EventStore; wish: SimulationWish; pause: Time['pause']; deadlineMs: number }>;

/** Reads only. Throws: ClockRefused when this folder cannot run with the clock that is asked for; on outage. */
export const demandClock = ({ store, wish }: Pick<Order, 'store' | 'wish'>): Promise<unknown> => told(demandFitting(store, wish));

/** The clock of this data folder; an empty one becomes a simulation when that is asked for. Throws: ClockRefused; on outage. */
export const openClock = async (order: Order): Promise<EngineClock> => {
  const manual = await told(openManualClock({ ...order, elapsedMs: () => performance.now() }));
  return manual === null ? SYSTEM_CLOCK : { nowMs: manual.nowMs, manual };
};

const told = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((thrown: unknown) => {
    if (thrown instanceof NoSimulation) throw new ClockRefused(thrown.code, WORDS[thrown.code](thrown.at ?? ''));
    throw thrown;
  });
