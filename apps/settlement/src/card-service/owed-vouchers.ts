import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Engine, issueOwedVouchers, type ReadModels } from '#libs/application';
import { type DoorLog, LOG } from '../door-log';
import { ENGINE, READ_MODELS } from '../tokens';

const FIRST_AFTER_MS = 2_000;
const EVERY_MS = 60_000;

/** Soon after the start, and every minute. What fails is tried again the next time. */
@Injectable()
export class OwedVouchers implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    @Inject(ENGINE) readonly engine: Engine,
    @Inject(READ_MODELS) readonly readModels: ReadModels,
    @Inject(LOG) private readonly log: DoorLog,
  ) {}

  onApplicationBootstrap(): void {
    this.after(FIRST_AFTER_MS);
  }

  onApplicationShutdown(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private after(ms: number): void {
    if (!this.ended) this.timer = setTimeout(() => void this.work(), ms).unref();
  }

  private async work(): Promise<void> {
    try {
      const issued = await issueOwedVouchers(this);
      if (issued > 0) this.log.warn({ code: 'vouchers-issued-late', issued }, '补出业务凭证 · vouchers issued that a stop had left out');
    } catch (thrown) {
      if (!this.ended)
        this.log.warn({ code: 'vouchers-still-owed', fault: String(thrown) }, '业务凭证稍后补出 · vouchers will be issued later');
    }
    this.after(EVERY_MS);
  }
}
