import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { reachOf } from '#libs/access';
import type { ApplicationFilter, ApplicationRow, PageRequest, ReadModels } from '#libs/application';
import { businessDateOf, instantOf } from '#libs/kernel';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import type { Caller } from '../request';
import type { EngineClock } from '../simulation/clock';
import { CLOCK, READ_MODELS } from '../tokens';
import { ApplicationCountsDto, PendingApplicationsDto } from './card-service.dto';

const DAY_MS = 86_400_000;
/** Units: calendar days from one business date to another. */
const daysFrom = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** What is still to be done for applications, and what is late. Source: Q11, J9, SX1. */
@ApiTags('card service')
@Controller('v1/card-applications')
export class PendingApplicationsController {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: EngineClock,
  ) {}

  @Get()
  @May('listApplications')
  @Answers({
    summary: 'Applications of which something is still to be done, the earliest deadline first, by cursor',
    schema: 'PendingApplicationPage',
  })
  async pending(@Query() { cursor, limit = '100', ...asked }: PendingApplicationsDto, @CallerOf() caller: Caller): Promise<object> {
    const today = this.today();
    const page: PageRequest = { limit: Number(limit), ...(cursor === undefined ? {} : { cursor }) };
    const { rows, next, asOfLogIndex } = await this.readModels.pendingApplications(filterOf(asked, caller, today), page);
    return { today, rows: rows.map((row) => withAge(row, today)), next, asOfLogIndex };
  }

  @Get('counts')
  @May('listApplications')
  @Answers({
    summary: 'How many applications are pending, and how many of these are late, by outlet and kind',
    schema: 'ApplicationCounts',
  })
  async counts(@Query() asked: ApplicationCountsDto, @CallerOf() caller: Caller): Promise<object> {
    const today = this.today();
    const { overdueOn: _all, ...filter } = filterOf(asked, caller, today);
    return { today, ...(await this.readModels.applicationCounts({ ...filter, overdueOn: today })) };
  }

  private today(): string {
    return businessDateOf(instantOf(this.clock.nowMs()));
  }
}

/** Due on a day means in time on that day: late from the next one on. */
const filterOf = (
  { overdue, waitsFor, kind, outletCode }: Partial<PendingApplicationsDto>,
  { principal, local }: Caller,
  today: string,
): ApplicationFilter => {
  const { rights, outletCodes = [], bankCode } = principal;
  const seesAll = local || rights.some((right) => reachOf(right, 'listApplications') === 'all');
  const ofBank = bankCode === undefined || !rights.includes('bankOutlet') ? {} : { bankCode };
  return {
    ...(seesAll ? {} : { reach: { outletCodes, ...ofBank } }),
    ...(overdue === 'true' ? { overdueOn: today } : {}),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(kind === undefined ? {} : { kind }),
    ...(outletCode === undefined ? {} : { outletCode }),
  };
};

const withAge = (row: ApplicationRow, today: string): object => {
  const overdueDays = row.deadline === null ? 0 : Math.max(0, daysFrom(row.deadline, today));
  return { ...row, ageDays: daysFrom(row.acceptedOn, today), overdueDays };
};
