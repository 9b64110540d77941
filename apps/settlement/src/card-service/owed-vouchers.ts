import { Inject, Injectable } from '@nestjs/common';
import { type Engine, issueOwedVouchers, type ReadModels } from '#libs/application';
import { type DoorLog, LOG } from '../door-log';
import { EveryMinute } from '../every-minute';
import { ENGINE, READ_MODELS } from '../tokens';

/** Vouchers that a stop left out between an act and its voucher are issued. */
@Injectable()
export class OwedVouchers extends EveryMinute {
  protected readonly firstAfterMs = 2_000;

  constructor(
    @Inject(ENGINE) readonly engine: Engine,
    @Inject(READ_MODELS) readonly readModels: ReadModels,
    @Inject(LOG) private readonly log: DoorLog,
  ) {
    super();
  }

  protected async work(): Promise<void> {
    const issued = await issueOwedVouchers(this);
    if (issued > 0) this.log.warn({ code: 'vouchers-issued-late', issued }, '补出业务凭证 · vouchers issued that a stop had left out');
  }

  protected tellFailed(fault: string): void {
    this.log.warn({ code: 'vouchers-still-owed', fault }, '业务凭证稍后补出 · vouchers will be issued later');
  }
}
