import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { creditWaitingTransfers, type Engine, type ReadModels, type Tracing } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { LocalOperator } from '../auth/rights';
import { inOrder } from '../ndjson/in-order';
import { Streams } from '../ndjson/streams';
import { doorProblem } from '../problem/problem';
import type { Caller, Reply, Request } from '../request';
import { ENGINE, READ_MODELS } from '../tokens';
import { ProjectionPathDto } from './admin.dto';
import { progressLines } from './progress-lines';

const ACCOUNTS_AT_ONCE_MAX = 16;
const PAGE_ROWS = 500;
const REPORT_EVERY = 500;

/** Work that takes a while and says how far it is, a JSON line at a time. */
@ApiExcludeController()
@Controller('admin/v1')
export class JobsController {
  constructor(
    @Inject(ENGINE) readonly engine: Engine,
    @Inject(READ_MODELS) readonly readModels: ReadModels,
    @Inject(Streams) private readonly streams: Streams,
  ) {}

  @Get('projections')
  @LocalOperator()
  async status(): Promise<object> {
    return { projections: await this.readModels.status(), logIndex: await this.engine.log.last() };
  }

  @Post('projections/:name/rebuild')
  @LocalOperator()
  async rebuild(@Param() { name }: ProjectionPathDto, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    const known = await this.readModels.status();
    if (!known.some((projection) => projection.name === name)) throw doorProblem('projection-not-found');
    this.streams.send(request, reply, () => progressLines((report) => this.readModels.rebuild(name, report)));
  }

  /**
   * Visits every account and records what time has brought about: stopping that or never running it changes no balance. Then credits the
   * transfers in that waited and need not any more.
   */
  @Post('due')
  @LocalOperator()
  due(@CallerOf() { tracing }: Caller, @Req() request: Request, @Res() reply: Reply): void {
    const asJob: Tracing = { ...tracing, actor: { ...tracing.actor, door: 'job' } };
    this.streams.send(request, reply, (signal) => this.settleAllDue(asJob, signal));
  }

  private async *settleAllDue(tracing: Tracing, signal: AbortSignal): AsyncGenerator<string> {
    const counts = { visited: 0, withEvents: 0, notDone: 0 };
    const visits = inOrder(this.accountIds(signal), ACCOUNTS_AT_ONCE_MAX, (accountId: string) =>
      this.engine.accounts.settleDue(accountId, tracing).catch(() => ({ kind: 'fault' }) as const),
    );
    for await (const ready of visits) {
      for (const answer of ready) {
        counts.visited += 1;
        if (answer.kind !== 'done') counts.notDone += 1;
        else if (answer.value.events.length > 0) counts.withEvents += 1;
        if (counts.visited % REPORT_EVERY === 0) yield `${JSON.stringify({ state: 'running', ...counts })}\n`;
      }
    }
    const transfersCredited = signal.aborted ? 0 : await creditWaitingTransfers(this, tracing);
    yield `${JSON.stringify({ state: signal.aborted ? 'stopped' : 'done', ...counts, transfersCredited })}\n`;
  }

  private async *accountIds(signal: AbortSignal): AsyncGenerator<readonly string[]> {
    for (let cursor: string | null | undefined; cursor !== null && !signal.aborted; ) {
      const page = await this.readModels.accountIds(cursor === undefined ? { limit: PAGE_ROWS } : { cursor, limit: PAGE_ROWS });
      yield page.rows;
      cursor = page.next;
    }
  }
}
