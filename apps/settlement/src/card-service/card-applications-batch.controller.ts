import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { LineByLine } from '../ndjson/line-by-line';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import type { Caller, Reply, Request } from '../request';
import { ENGINE } from '../tokens';
import { CardApplicationDto } from './card-service.dto';
import { ApplyForCard, ViewApplication } from './card-service-messages';
import { toApplicationOrder } from './card-service-orders';
import { doneOrNoticed } from './noticed';
import { demandOwnApplication, demandUnitAsKnown, withoutOthers } from './own-business';

const AT_ONCE_MAX = 16; // An application is three appends; more at once would keep the swipes behind them waiting.
const LINE_BYTES_MAX = 64 * 1024;
const DESCRIPTION = [
  'Newline-delimited JSON in UTF-8, of any number of lines; one line is one CardApplicationDto and at most 64 KiB. Blank lines are counted,',
  'and not answered; every other line gets one line of answer, in the order of the lines sent: `line` is its number, from 1; `status` and',
  '`result` or `problem` are what POST /v1/card-applications would have answered. A line that fails stops none. When the connection drops,',
  'lines that were answered are accepted, those on their way may be: send all of them again under the same references.',
].join(' ');

/** What employers and schools apply for, through an outlet. Source: Q9, SX1. */
@ApiTags('card service')
@Controller('v1/card-applications')
export class CardApplicationsBatchController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(LineByLine) private readonly lines: LineByLine,
  ) {}

  @Post('batch')
  @May('applyForCard')
  @Answers({
    summary: 'Apply for many cards, one a line; read the results while you send',
    description: DESCRIPTION,
    schema: 'CardApplicationBatchResult',
    ndjson: 'both',
    lineSchema: 'CardApplicationDtoLine',
    example: example.cardApplicationBatch,
    answerExample: example.cardApplicationBatchAnswer,
  })
  post(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    this.lines.answer<CardApplicationDto>(
      { body, caller, request, reply },
      {
        route: '/v1/card-applications/batch',
        form: CardApplicationDto,
        lineBytesMax: LINE_BYTES_MAX,
        atOnceMax: AT_ONCE_MAX,
        decide: async (form, tracing) => {
          demandOwnApplication(caller, form);
          await demandUnitAsKnown(this.engine.keys, form);
          const answer = await this.commands.execute(new ApplyForCard(toApplicationOrder(form), tracing));
          const own = await withoutOthers(caller, answer, (id) => this.queries.execute(new ViewApplication(id)));
          const { value, replayed } = doneOrNoticed(this.engine.catalogue, own);
          return { replayed, result: value };
        },
      },
    );
  }
}
