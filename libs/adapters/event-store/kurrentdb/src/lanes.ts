import type { Lane } from '#libs/application';

export type LaneBounds = Readonly<{
  /** Appends under way at once; jobs take at most half of them. */
  inFlight: number;
  /** Bytes of appends that wait or are under way. */
  bytes: number;
}>;

type Waiting = Readonly<{ lane: Lane; go: () => void }>;

/** Lets appends on their way: interactive ones first, jobs in at most half of the room, and no more than the bounds allow to wait. */
export type Lanes = Readonly<{
  /** False: too many wait already, or its turn has not come in time. Units: bytes; untilMs in milliseconds of performance.now(). */
  enter: (lane: Lane, bytes: number, untilMs: number) => Promise<boolean>;
  leave: (lane: Lane, bytes: number) => void;
  /** Settles when nobody is inside or waits. */
  empty: () => Promise<void>;
}>;

export const openLanes = ({ inFlight, bytes: bytesMax }: LaneBounds): Lanes => {
  const waiting: Record<Lane, Set<Waiting>> = { interactive: new Set(), job: new Set() };
  const under = { interactive: 0, job: 0 };
  let held = 0;
  let whenEmpty: (() => void)[] = [];

  const hasRoom = (lane: Lane): boolean =>
    under.interactive + under.job < inFlight && (lane === 'interactive' || under.job < Math.max(1, inFlight >> 1));
  const admit = (lane: Lane): void => {
    for (const one of waiting[lane]) {
      if (!hasRoom(lane)) return;
      waiting[lane].delete(one);
      under[lane]++;
      one.go();
    }
  };
  const settle = (): void => {
    admit('interactive');
    admit('job');
    if (held > 0 || under.interactive + under.job > 0) return;
    for (const tell of whenEmpty) tell();
    whenEmpty = [];
  };

  return {
    enter: async (lane, bytes, untilMs) => {
      if (held > 0 && held + bytes > bytesMax) return false;
      held += bytes;
      if (waiting[lane].size === 0 && hasRoom(lane)) {
        under[lane]++;
        return true;
      }
      return new Promise((resolve) => {
        const one: Waiting = {
          lane,
          go: () => {
            clearTimeout(timer);
            resolve(true);
          },
        };
        const timer = setTimeout(
          () => {
            waiting[lane].delete(one);
            held -= bytes;
            resolve(false);
            settle();
          },
          Math.max(0, untilMs - performance.now()),
        );
        waiting[lane].add(one);
      });
    },
    leave: (lane, bytes) => {
      under[lane]--;
      held -= bytes;
      settle();
    },
    empty: () =>
      new Promise((resolve) => {
        whenEmpty.push(resolve);
        settle();
      }),
  };
};
