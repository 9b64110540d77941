import type { Readable } from 'node:stream';
import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Answer, CreditedLine, CreditLine, Engine, Tracing } from '#libs/application';
import { CallerOf, tracingOfLine } from '../auth/caller';
import { May } from '../auth/rights';
import { type DoorLog, LOG } from '../door-log';
import { readForm } from '../form/read-form';
import { NotOurJson, parseStrictJson } from '../form/strict-json';
import { inOrder } from '../ndjson/in-order';
import { type Line, linesOf } from '../ndjson/lines';
import { Streams } from '../ndjson/streams';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem, formProblem, Problem } from '../problem/problem';
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
    @Inject(Streams) private readonly streams: Streams,
    @Inject(LOG) private readonly log: DoorLog,
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
    this.answer(body, { caller, request, reply, decide });
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
    this.answer(body, { caller, request, reply, decide });
  }

  private answer(body: unknown, asked: Readonly<{ caller: Caller; request: Request; reply: Reply; decide: Decide }>): void {
    if (!isByteStream(body)) throw doorProblem(body === undefined || body === null ? 'body-missing' : 'content-type-unsupported');
    const { caller, request, reply, decide } = asked;
    this.streams.send(request, reply, () =>
      inOrder(linesOf(body, LINE_BYTES_MAX), AT_ONCE_MAX, async (line) => `${JSON.stringify(await this.result(line, caller, decide))}\n`),
    );
  }

  /** Never throws: whatever is wrong with a line is that line's result. */
  private async result(line: Line, caller: Caller, decide: Decide): Promise<object> {
    try {
      await caller.turn();
      if (!(await caller.inForce())) throw doorProblem('key-invalid');
      if (line.tooLong) throw doorProblem('line-too-long');
      const read = readForm(CreditLineDto, parseStrictJson(line.bytes));
      if (!read.ok) throw formProblem(read.faults);
      const answer = await decide(toCreditLine(read.form), tracingOfLine(caller, line.lineNo));
      const { value, replayed } = doneOr(this.engine.catalogue, answer);
      const { amountFen, ...credited } = value;
      return { line: line.lineNo, status: replayed ? 200 : 201, result: { ...credited, amount: yuanOf(amountFen), replayed } };
    } catch (thrown) {
      const { body } = this.problemOf(thrown);
      return { line: line.lineNo, status: body.status, problem: body };
    }
  }

  private problemOf(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof NotOurJson) return doorProblem(thrown.code);
    this.log.error({ route: '/v1/credits', fault: thrown instanceof Error ? thrown.name : typeof thrown }, 'internal fault');
    return doorProblem('internal-fault');
  }
}

const isByteStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'pipe' in body;
