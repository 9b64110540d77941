type Bucket = Readonly<{ tokens: number; atMs: number }>;

/** Tokens a caller has left, filled up with time. Units: tokens a second, milliseconds. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** `bucketsMax`: where the names come from outside, the oldest is forgotten for a new one. */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly bucketsMax = Number.POSITIVE_INFINITY,
  ) {}

  /** Takes one token; returns 0, or the milliseconds after which there is one again. */
  take(name: string, nowMs: number): number {
    const bucket = this.filled(name, nowMs);
    const waitMs = this.waitOf(bucket);
    if (!this.buckets.has(name) && this.buckets.size >= this.bucketsMax) this.forgetOldest();
    this.buckets.set(name, waitMs === 0 ? { ...bucket, tokens: bucket.tokens - 1 } : bucket);
    return waitMs;
  }

  /** What `take` would return; nothing is taken. */
  wait(name: string, nowMs: number): number {
    return this.waitOf(this.filled(name, nowMs));
  }

  private filled(name: string, nowMs: number): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) return { tokens: this.burst, atMs: nowMs };
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    return { tokens: Math.min(this.burst, bucket.tokens + (elapsedMs / 1000) * this.perSecond), atMs: Math.max(nowMs, bucket.atMs) };
  }

  private waitOf({ tokens }: Bucket): number {
    return tokens >= 1 ? 0 : ((1 - tokens) / this.perSecond) * 1000;
  }

  private forgetOldest(): void {
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}

/** For the Retry-After header: whole seconds, at least one. */
export const retryAfter = (waitMs: number): string => String(Math.max(1, Math.ceil(waitMs / 1000)));
