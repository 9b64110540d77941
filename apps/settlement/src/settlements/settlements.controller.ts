import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf, has } from '../auth/caller';
import { May } from '../auth/rights';
import { demandOwnOrSuccessor } from '../auth/succession';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { toCancellationOrder, toReversalOrder, toSwipeOrder } from './orders';
import { CancelSettlement, FindSettlement, PostSettlement, QuoteSettlement, ReadBillLines, ReverseSettlement } from './settlement-messages';
import { settlementText, swipeOf, undoText, viewText } from './settlement-text';
import { SwipeDto } from './swipe.dto';
import { demandSwipeRight } from './swipe-right';
import { CancellationDto, ReversalDto, SettlementKeyDto } from './undo.dto';

@ApiTags('settlements')
@Controller('v1/settlements')
export class SettlementsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('postSettlement', 'approveLateEntry')
  @Answers({
    summary: 'Settle a swipe',
    description: 'A repeat is answered with the first answer, also when the settlement has been undone since: ask GET for its `state`.',
    schema: 'Settlement',
    created: true,
    body: SwipeDto,
    example: example.swipe,
    absent: true,
    write: true,
  })
  async post(@Body() form: SwipeDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    demandSwipeRight(caller, form);
    const { value, replayed } = doneOr(
      this.engine.catalogue,
      await this.commands.execute(new PostSettlement(toSwipeOrder(form), caller.tracing)),
    );
    void reply.status(replayed ? 200 : 201);
    return { ...settlementText(value), replayed };
  }

  @Post('quote')
  @HttpCode(200)
  @May('quoteSettlement', 'approveLateEntry')
  @Answers({
    summary: 'The same decision, nothing recorded',
    schema: 'Quote',
    body: SwipeDto,
    example: example.swipe,
    absent: true,
    write: true,
  })
  async quote(@Body() form: SwipeDto, @CallerOf() caller: Caller): Promise<object> {
    demandSwipeRight(caller, form);
    const { value } = doneOr(this.engine.catalogue, await this.queries.execute(new QuoteSettlement(toSwipeOrder(form), caller.tracing)));
    return { ...settlementText(value), quoted: true };
  }

  @Get(':institutionCode/:serial')
  @May('readSettlement')
  @Answers({ summary: 'What stands under a serial today', schema: 'SettlementView', absent: true })
  async find(@Param() key: SettlementKeyDto, @CallerOf() caller: Caller): Promise<object> {
    if (!has(caller, 'agency') && !has(caller, 'auditor')) await demandOwnOrSuccessor(caller, key.institutionCode, this.engine);
    const view = await this.queries.execute(new FindSettlement(key));
    if (view.kind === 'absent') throw doorProblem('settlement-not-found');
    if (view.kind === 'undo') return undoText(view.answer);
    return viewText(view, await this.queries.execute(new ReadBillLines(swipeOf(view).linesHash)));
  }

  @Post(':institutionCode/:serial/cancellation')
  @May('cancelOwn', 'cancelAfterDeclaration')
  @Answers({
    summary: 'Cancel a known settlement, in full or in part (撤销)',
    schema: 'Undo',
    created: true,
    body: CancellationDto,
    example: example.cancellation,
    absent: true,
    write: true,
  })
  async cancel(
    @Param() key: SettlementKeyDto,
    @Body() form: CancellationDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const byAgency = await this.undoneByAgency(caller, key);
    const command = new CancelSettlement(toCancellationOrder(key, form, byAgency), caller.tracing);
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...undoText(value), replayed };
  }

  @Post(':institutionCode/:serial/reversal')
  @May('reverseOwn', 'reverseAfterDeclaration')
  @Answers({
    summary: 'Reverse an unknown outcome (冲正), also of a cancellation, also before it arrives',
    schema: 'Undo',
    created: true,
    body: ReversalDto,
    example: example.reversal,
    write: true,
  })
  async reverse(
    @Param() key: SettlementKeyDto,
    @Body() form: ReversalDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const byAgency = await this.undoneByAgency(caller, key);
    const command = new ReverseSettlement(toReversalOrder(key, form, byAgency), caller.tracing);
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...undoText(value), replayed };
  }

  /** The agency may still undo once the month is declared. Throws: Problem 403 for who is neither agency nor owner nor successor. */
  private async undoneByAgency(caller: Caller, { institutionCode }: SettlementKeyDto): Promise<boolean> {
    if (has(caller, 'agency')) return true;
    await demandOwnOrSuccessor(caller, institutionCode, this.engine);
    return false;
  }
}
