import { setTimeout as pause } from 'node:timers/promises';

/** The projections have not come to the log index that was asked for: the door answers 503, and the reader may ask again. */
export class NotYetProjected extends Error {
  override readonly name = 'NotYetProjected';
  readonly code = 'not-yet-projected';
  constructor(
    readonly minLogIndex: number,
    readonly asOfLogIndex: number,
  ) {
    super(`the projections stand at log index ${asOfLogIndex}, ${minLogIndex} was asked for`);
  }
}

const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 20;

type Waiting = Readonly<{ names: readonly string[]; logIndex: number; deadlineMs: number; settle: (fault?: Error) => void }>;

/** Who waits until projections have come to a log index. However many wait, the checkpoints are looked at once for all of them. */
export class LogIndexWaits {
  private readonly waiting = new Set<Waiting>();
  private looking = false;

  /** `places`: at which log index each projection stands now. */
  constructor(
    private readonly places: () => Promise<ReadonlyMap<string, number>>,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** Throws: NotYetProjected after the time that a reader waits; on outage. */
  async reached(names: readonly string[], logIndex: number): Promise<void> {
    const deadlineMs = performance.now() + this.waitMs;
    await new Promise<void>((resolve, reject) => {
      const settle = (fault?: Error) => (fault === undefined ? resolve() : reject(fault));
      this.waiting.add({ names, logIndex, deadlineMs, settle });
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.size > 0) {
      try {
        this.settleAt(await this.places());
      } catch (error) {
        this.settleEach(() => error as Error);
      }
      if (this.waiting.size > 0) await pause(LOOK_EVERY_MS);
    }
    this.looking = false;
  }

  private settleAt(places: ReadonlyMap<string, number>): void {
    const nowMs = performance.now();
    this.settleEach(({ names, logIndex, deadlineMs }) => {
      const at = Math.min(...names.map((name) => places.get(name) ?? -1));
      if (at >= logIndex) return 'reached';
      return nowMs >= deadlineMs ? new NotYetProjected(logIndex, at) : undefined;
    });
  }

  private settleEach(judge: (one: Waiting) => 'reached' | Error | undefined): void {
    for (const one of this.waiting) {
      const verdict = judge(one);
      if (verdict === undefined) continue;
      this.waiting.delete(one);
      one.settle(verdict === 'reached' ? undefined : verdict);
    }
  }
}

/** The places as the checkpoints tell them. */
export const placesOf = (rows: readonly Readonly<{ name: string; logIndex: number }>[]): ReadonlyMap<string, number> =>
  new Map(rows.map(({ name, logIndex }) => [name, logIndex]));
