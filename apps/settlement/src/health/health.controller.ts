import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Engine, Readiness, ReadModels } from '#libs/application';
import { Open } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { notReadyProblem } from '../problem/problem';
import type { Reply } from '../request';
import type { EngineClock } from '../simulation/clock';
import { CLOCK, ENGINE, READ_MODELS } from '../tokens';
import { type ListBehind, listsBehind } from './lists-behind';
import { DoorMetrics } from './metrics';
import { sharedWhileUnderWay } from './shared';
import { StateMetrics } from './state-metrics';

/** Open to everybody who can connect, so none of it may cost more the more people ask. */
@ApiTags('health')
@Controller()
export class HealthController {
  private readonly readiness: () => Promise<Readiness>;
  private readonly behind: () => Promise<readonly ListBehind[]>;
  private readonly figures: () => Promise<string>;

  constructor(
    @Inject(ENGINE) engine: Engine,
    @Inject(READ_MODELS) readModels: ReadModels,
    @Inject(DoorMetrics) private readonly metrics: DoorMetrics,
    @Inject(CLOCK) clock: EngineClock,
  ) {
    const state = new StateMetrics(metrics.registry, { engine, readModels, nowMs: clock.nowMs });
    this.readiness = sharedWhileUnderWay(() => engine.readiness());
    this.behind = sharedWhileUnderWay(listsBehind(readModels));
    this.figures = sharedWhileUnderWay(async () => {
      await state.refresh();
      return metrics.registry.metrics();
    });
  }

  @Get('health/live')
  @Open()
  @Answers({ summary: 'The process answers', schema: 'Live', open: true })
  live(): object {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Open()
  @Answers({
    summary: 'The engine takes swipes; 503 with reasons when not. `readModels` names lists that are not complete',
    schema: 'Ready',
    open: true,
  })
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<object> {
    const [{ ready, reasons }, readModels] = await Promise.all([this.readiness(), this.behind()]);
    if (!ready) throw notReadyProblem(reasons);
    void reply.header('cache-control', 'no-store');
    return readModels.length === 0 ? { status: 'ready' } : { status: 'ready', readModels };
  }

  @Get('metrics')
  @Open()
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiProduces('text/plain')
  async metricsText(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    void reply.type(this.metrics.registry.contentType);
    return this.figures();
  }
}
