import { LRUCache } from 'lru-cache';
import type { Time } from '../streams/request';

const WINDOW_MS = 60_000;
const WATCHED_MAX = 100_000;

/** How often the same thing came within a minute of its first coming; forgets the least recent when too many are watched. */
export class RepeatRate {
  private readonly seen = new LRUCache<string, { sinceMs: number; times: number }>({ max: WATCHED_MAX });

  constructor(
    private readonly time: Pick<Time, 'nowMs'>,
    private readonly timesMax: number,
  ) {}

  /** Counts this coming. Undefined: within the rate; else in how many seconds to come again. */
  tooOften(name: string): number | undefined {
    const nowMs = this.time.nowMs();
    const watched = this.seen.get(name);
    if (!watched || nowMs - watched.sinceMs >= WINDOW_MS) {
      this.seen.set(name, { sinceMs: nowMs, times: 1 });
      return undefined;
    }
    watched.times += 1;
    return watched.times > this.timesMax ? Math.max(1, Math.ceil((watched.sinceMs + WINDOW_MS - nowMs) / 1000)) : undefined;
  }
}
