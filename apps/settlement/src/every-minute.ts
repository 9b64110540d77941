import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 60_000;

/** Work that comes by soon after the start, and every minute. What fails is told, and tried the next time. */
export abstract class EveryMinute implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Units: milliseconds after the start. */
  protected abstract readonly firstAfterMs: number;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  protected abstract work(): Promise<void>;
  protected abstract tellFailed(fault: string): void;

  onApplicationBootstrap(): void {
    this.after(this.firstAfterMs);
  }

  onApplicationShutdown(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private after(ms: number): void {
    if (!this.ended) this.timer = setTimeout(() => void this.comeBy(), ms).unref();
  }

  private async comeBy(): Promise<void> {
    try {
      await this.work();
    } catch (thrown) {
      if (!this.ended) this.tellFailed(String(thrown));
    }
    this.after(EVERY_MS);
  }
}
