/** Tokens a caller has left, filled up with time. Units: tokens a second, milliseconds. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** Takes one token; returns 0, or the whole seconds after which there is one again. `keyId` comes from a checked key, so the map stays small. */
  take(keyId: string, nowMs: number): number {
    const bucket = this.buckets.get(keyId) ?? { tokens: this.burst, atMs: nowMs };
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    const tokens = Math.min(this.burst, bucket.tokens + (elapsedMs / 1000) * this.perSecond);
    const taken = tokens >= 1;
    this.buckets.set(keyId, { tokens: taken ? tokens - 1 : tokens, atMs: Math.max(nowMs, bucket.atMs) });
    return taken ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.perSecond));
  }
}
