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
import { toSwipeOrder } from './orders';
import { PostSettlement } from './settlement-messages';
import { settlementText } from './settlement-text';
import { SwipeDto } from './swipe.dto';
import { demandSwipeRight } from './swipe-right';

const AT_ONCE_MAX = 128; // A commit’s worth: while it is synced, the next is decided.
const LINE_BYTES_MAX = 1024 * 1024;
const BATCH_DESCRIPTION = [
  'Newline-delimited JSON in UTF-8, of any number of lines. One line is one SwipeDto and at most 1 MiB; a longer one is answered with 413',
  '`line-too-long` in its place. Blank lines are counted, and not answered. Every other line gets one line of answer, in the order of the',
  'lines sent: `line` is its number, from 1; `status` and `result` or `problem` are what POST /v1/settlements would have answered. A line',
  `that fails stops none. Up to ${AT_ONCE_MAX} lines are decided at once: lines of one account in the order in which they reach it, not by number.`,
  'Read while you send: who does not read is sent no more, and nothing more is taken from him. When the connection drops, lines that',
  'were answered are settled, those on their way may be, the others are not: send all of them again under the same serials; what is',
  'settled answers 200 `replayed: true`. A cut answer ends without its last line: never take the end of the stream for the end of the batch.',
].join(' ');

@ApiTags('settlements')
@Controller('v1/settlements')
export class BatchController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(LineByLine) private readonly lines: LineByLine,
  ) {}

  /** One swipe a line in, one result a line out, in order; the client reads while it writes. */
  @Post('batch')
  @May('postSettlement', 'approveLateEntry')
  @Answers({
    summary: 'Settle many swipes, one a line; read the results while you send',
    description: BATCH_DESCRIPTION,
    schema: 'BatchResult',
    ndjson: 'both',
    example: example.batch,
    answerExample: example.batchAnswer,
  })
  post(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    this.lines.answer<SwipeDto>(
      { body, caller, request, reply },
      {
        route: '/v1/settlements/batch',
        form: SwipeDto,
        lineBytesMax: LINE_BYTES_MAX,
        atOnceMax: AT_ONCE_MAX,
        decide: async (form, tracing) => {
          demandSwipeRight(caller, form);
          const answer = await this.commands.execute(new PostSettlement(toSwipeOrder(form), tracing));
          const { value, replayed } = doneOr(this.engine.catalogue, answer);
          return { replayed, result: settlementText(value) };
        },
      },
    );
  }
}
