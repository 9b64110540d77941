import { Inject, Injectable } from '@nestjs/common';
import { creditWaitingTransfers, type Engine, type ReadModels } from '#libs/application';
import { type DoorLog, LOG } from '../door-log';
import { EveryMinute } from '../every-minute';
import { ENGINE, READ_MODELS } from '../tokens';

/** Transfers in that waited are credited without being asked for. */
@Injectable()
export class WaitingTransfers extends EveryMinute {
  protected readonly firstAfterMs = 3_000;

  constructor(
    @Inject(ENGINE) readonly engine: Engine,
    @Inject(READ_MODELS) readonly readModels: ReadModels,
    @Inject(LOG) private readonly log: DoorLog,
  ) {
    super();
  }

  protected async work(): Promise<void> {
    const credited = await creditWaitingTransfers(this);
    if (credited > 0) this.log.info({ code: 'transfers-credited', credited }, '计入此前等待的转入 · transfers credited that had waited');
  }

  protected tellFailed(fault: string): void {
    this.log.warn({ code: 'transfers-still-waiting', fault }, '转入稍后计入 · waiting transfers will be credited later');
  }
}
