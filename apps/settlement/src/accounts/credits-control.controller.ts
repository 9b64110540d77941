import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Engine, LoggedCredit, MonthlySource, Moved, ReadModels } from '#libs/application';
import { LocalOperator } from '../auth/rights';
import { Field } from '../form/field';
import * as rule from '../form/rules';
import { Streams } from '../ndjson/streams';
import { inYuan, yuanOf } from '../problem/yuan-text';
import type { Reply, Request } from '../request';
import { ENGINE, READ_MODELS } from '../tokens';

const place = rule.numeral(0, 1e15);
export class MovedQueryDto {
  @Field(place) from: string;
  @Field(place) until: string;
  @Field(rule.oneOf(['contribution', 'retiree'])) source: MonthlySource;
  @Field(rule.month) period: string;
}

/** What control totals are made of, for who may open the admin socket. */
@ApiExcludeController()
@Controller('admin/v1/credits')
export class CreditsControlController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(Streams) private readonly streams: Streams,
  ) {}

  /** What all holders have together, as the projection of balances has it, and the place in the log that it stands for. */
  @Get('totals')
  @LocalOperator()
  async totals(): Promise<object> {
    const { balanceFen, asOfLogIndex } = await this.readModels.totals();
    return { balance: yuanOf(balanceFen), asOfLogIndex, lastLogIndex: await this.engine.log.last() };
  }

  /** The credits of a source and period between two places of the log, one a line; the last line says what every kind of event moved there. */
  @Get('moved')
  @LocalOperator()
  moved(@Query() { from, until, source, period }: MovedQueryDto, @Req() request: Request, @Res() reply: Reply): void {
    const range = { from: Number(from), until: Number(until), source, period };
    this.streams.send(request, reply, (signal) => linesOf(this.engine.credits.moved(range, signal), signal));
  }
}

const LINES_AT_ONCE = 256;

async function* linesOf(credits: AsyncGenerator<LoggedCredit, Moved>, signal: AbortSignal): AsyncGenerator<string> {
  let lines: string[] = [];
  for (;;) {
    const next = await credits.next();
    if (next.done === true) {
      if (!signal.aborted) yield `${lines.join('')}${JSON.stringify(inYuan(next.value))}\n`;
      return;
    }
    lines.push(`${JSON.stringify(inYuan(next.value))}\n`);
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines.join('');
    lines = [];
  }
}
