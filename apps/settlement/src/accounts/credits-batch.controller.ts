import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Answer, CreditedLine, CreditLine, Engine, Tracing } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { LineByLine, type LinesAsked } from '../ndjson/line-by-line';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr } from '../problem/problem';
import { yuanOf } from '../problem/yuan-text';
import type { Caller, Reply, Request } from '../request';
import { ENGINE } from '../tokens';
import { CreditLineDto, toCreditLine } from './credits-batch.dto';
import { PostCreditLine, QuoteCreditLine } from './credits-batch-messages';

const AT_ONCE_MAX = 32; // What one commit answers at once: more would keep the swipes behind it waiting.
const LINE_BYTES_MAX = 64 * 1024;
const LINES_DESCRIPTION = [
  'Newline-delimited JSON in UTF-8, of any number of lines; one line is one CreditLineDto and at most 64 KiB. Blank lines are counted, and not',
  'answered; every other line gets one line of answer, in the order of the lines sent: `line` is its number, from 1; `status` is 201 for a',
  'credit, 200 for one that stood already (`replayed: true`), else that of the `problem`. A line that fails stops none.',
];
const BATCH_DESCRIPTION = [
  ...LINES_DESCRIPTION,
  'Credits go behind swipes and take at most half of a commit. A source credits once under a reference, in whatever month and by whichever',
  'door: the same again changes nothing, and another account, amount or period under it is refused with 409, saying which.',
  'When the connection drops, lines that were answered are credited, those on their way may be: send all of them again.',
].join(' ');
const QUOTE_DESCRIPTION = [...LINES_DESCRIPTION, 'Decides each line as it would be now, and records nothing.'].join(' ');

type Decide = (line: CreditLine, tracing: Tracing) => Promise<Answer<CreditedLine>>;

/** A month's credits. */
@ApiTags('accounts')
@Controller('v1/credits')
export class CreditsBatchController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(LineByLine) private readonly lines: LineByLine,
  ) {}

  /** One credit a line in, one result a line out, in order; the client reads while it writes. */
  @Post('batch')
  @May('credit')
  @Answers({
    summary: 'Credit many accounts, one a line; read the results while you send',
    description: BATCH_DESCRIPTION,
    schema: 'CreditBatchResult',
    ndjson: 'both',
    lineSchema: 'CreditLineDtoLine',
    example: example.creditBatch,
    answerExample: example.creditBatchAnswer,
  })
  post(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    const decide: Decide = (line, tracing) => this.commands.execute(new PostCreditLine(line, tracing));
    this.answer({ body, caller, request, reply }, decide);
  }

  /** The same decisions, recorded nowhere. */
  @Post('quote')
  @May('credit')
  @Answers({
    summary: 'Decide many credits without recording any',
    description: QUOTE_DESCRIPTION,
    schema: 'CreditBatchResult',
    ndjson: 'both',
    lineSchema: 'CreditLineDtoLine',
    example: example.creditBatch,
    answerExample: example.creditBatchAnswer,
  })
  quote(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    const decide: Decide = (line, tracing) => this.queries.execute(new QuoteCreditLine(line, tracing));
    this.answer({ body, caller, request, reply }, decide);
  }

  private answer(asked: LinesAsked, decide: Decide): void {
    this.lines.answer<CreditLineDto>(asked, {
      route: '/v1/credits',
      form: CreditLineDto,
      lineBytesMax: LINE_BYTES_MAX,
      atOnceMax: AT_ONCE_MAX,
      decide: async (form, tracing) => {
        const { value, replayed } = doneOr(this.engine.catalogue, await decide(toCreditLine(form), tracing));
        const { amountFen, ...credited } = value;
        return { replayed, result: { ...credited, amount: yuanOf(amountFen) } };
      },
    });
  }
}
