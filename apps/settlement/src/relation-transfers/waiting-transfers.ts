import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { creditWaitingTransfers, type Engine, type ReadModels } from '#libs/application';
import { type DoorLog, LOG } from '../door-log';
import { ENGINE, READ_MODELS } from '../tokens';

const FIRST_AFTER_MS = 3_000;
const EVERY_MS = 60_000;

/** Soon after the start, and every minute: transfers in that waited are credited without being asked for. What fails is tried the next time. */
@Injectable()
export class WaitingTransfers implements OnApplicationBootstrap, OnApplicationShutdown {
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
      const credited = await creditWaitingTransfers(this);
      if (credited > 0) this.log.info({ code: 'transfers-credited', credited }, '计入此前等待的转入 · transfers credited that had waited');
    } catch (thrown) {
      if (!this.ended)
        this.log.warn(
          { code: 'transfers-still-waiting', fault: String(thrown) },
          '转入稍后计入 · waiting transfers will be credited later',
        );
    }
    this.after(EVERY_MS);
  }
}
