import type { Pool } from 'pg';

const LOOK_EVERY_MS = 1_000;
const RELIED_ON_FOR_MS = 30_000;
const NEWEST = `SELECT coalesce(max(seq), 0) AS seq FROM vault_access_log WHERE act = 'erase'`;

/** Hears of persons whom other engines have erased, so that what is kept in memory of them is forgotten here, too. */
export class Erasures {
  private newest: number | undefined;
  private heardAtMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    private readonly pool: Pool,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {}

  /** Whether there can be no erasure that has long been unheard of here. */
  areHeard(): boolean {
    return performance.now() - this.heardAtMs < RELIED_ON_FOR_MS;
  }

  /** Throws: on outage. */
  async start(onErased: () => void): Promise<void> {
    await this.look(onErased);
    this.timer = setInterval(() => {
      if (this.isLooking) return;
      this.isLooking = true;
      void this.look(onErased)
        .catch(() => undefined) // Until it can be asked again, what is kept is relied on for a while and then no more.
        .finally(() => {
          this.isLooking = false;
        });
    }, this.lookEveryMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(onErased: () => void): Promise<void> {
    const askedAtMs = performance.now();
    const { rows } = await this.pool.query<{ seq: number }>(NEWEST);
    const { seq = 0 } = rows[0] ?? {};
    if (this.newest !== undefined && seq > this.newest) onErased();
    this.newest = seq;
    this.heardAtMs = askedAtMs;
  }
}
