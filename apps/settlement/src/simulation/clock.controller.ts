import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { instantOf } from '#libs/kernel';
import { CallerOf } from '../auth/caller';
import { LocalOperator } from '../auth/rights';
import { Field } from '../form/field';
import * as rule from '../form/rules';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller } from '../request';
import { CLOCK, ENGINE } from '../tokens';
import type { EngineClock } from './clock';

export class SetClockDto {
  @Field(rule.instant) to: string;
}

/** The clock of a simulation, in the hand of who may open the admin socket. */
@ApiExcludeController()
@Controller('admin/v1/clock')
export class ClockController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(CLOCK) private readonly clock: EngineClock,
  ) {}

  @Get()
  @LocalOperator()
  now(): object {
    const { manual, nowMs } = this.clock;
    return { clock: instantOf(nowMs()), simulation: manual !== null, ...(manual ? { startedAt: manual.startedAt } : {}) };
  }

  /** Forward, never back; recorded in the log before it counts. */
  @Post()
  @HttpCode(200)
  @LocalOperator()
  async set(@Body() { to }: SetClockDto, @CallerOf() { tracing }: Caller): Promise<object> {
    const { manual } = this.clock;
    if (manual === null) throw doorProblem('clock-not-manual');
    const { value, replayed } = doneOr(this.engine.catalogue, await manual.moveTo(to, tracing));
    return { clock: value, simulation: true, startedAt: manual.startedAt, replayed };
  }
}
