import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Engine, ReadModels } from '#libs/application';
import { Open } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { notReadyProblem } from '../problem/problem';
import type { Reply } from '../request';
import { ENGINE, READ_MODELS } from '../tokens';
import { DoorMetrics } from './metrics';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(DoorMetrics) private readonly metrics: DoorMetrics,
  ) {}

  @Get('health/live')
  @Open()
  @Answers({ summary: 'The process answers', schema: 'Live', open: true })
  live(): object {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Open()
  @Answers({ summary: 'The engine takes swipes; 503 with reasons when not', schema: 'Ready', open: true })
  async ready(): Promise<object> {
    const { ready, reasons } = await this.engine.readiness();
    if (!ready) throw notReadyProblem(reasons);
    return { status: 'ready' };
  }

  @Get('metrics')
  @Open()
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiProduces('text/plain')
  async metricsText(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.text(await this.engine.log.last(), await this.readModels.status());
  }
}
