import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { LineByLine } from '../ndjson/line-by-line';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr } from '../problem/problem';
import type { Caller, Reply, Request } from '../request';
import { ENGINE } from '../tokens';
import { EnablementLineDto, toEnablementLine } from './enablement-batch.dto';
import { EnableCardLine } from './enablement-batch-messages';

const AT_ONCE_MAX = 32; // What one commit answers at once: more would keep the swipes behind it waiting.
const LINE_BYTES_MAX = 4 * 1024;
const DESCRIPTION = [
  'Newline-delimited JSON in UTF-8, of any number of lines; one line is one EnablementLineDto and at most 4 KiB. Blank lines are counted, and',
  'not answered; every other line gets one line of answer, in the order of the lines sent: `line` is its number, from 1; `status` is 201 for a',
  'card that was enabled, 200 for one that was so under this reference already (`replayed: true`), else that of the `problem`. A line that',
  'fails stops none. Each enablement, what it cancels and the money that it moves are one append; batches go behind swipes and take at most',
  'half of a commit. When the connection drops, send all lines again: under its reference a card is enabled once.',
].join(' ');

/** Cards of a school, an employer or an exchange, enabled by file. Source: Q9. */
@ApiTags('cards')
@Controller('v1/cards/enablement')
export class EnablementBatchController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(LineByLine) private readonly lines: LineByLine,
  ) {}

  @Post('batch')
  @May('enableCard:batch')
  @Answers({
    summary: 'Enable many cards, one a line; read the results while you send',
    description: DESCRIPTION,
    schema: 'EnablementBatchResult',
    ndjson: 'both',
    lineSchema: 'EnablementLineDtoLine',
    example: example.enablementBatch,
    answerExample: example.enablementBatchAnswer,
  })
  post(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    this.lines.answer<EnablementLineDto>(
      { body, caller, request, reply },
      {
        route: '/v1/cards/enablement',
        form: EnablementLineDto,
        lineBytesMax: LINE_BYTES_MAX,
        atOnceMax: AT_ONCE_MAX,
        decide: async (form, tracing) => {
          const answer = await this.commands.execute(new EnableCardLine(toEnablementLine(form), tracing));
          const { value, replayed } = doneOr(this.engine.catalogue, answer);
          return { replayed, result: value };
        },
      },
    );
  }
}
